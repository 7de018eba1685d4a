/*
 * The order of hits and the counts beside them, over random records: ours, found in one pass each,
 * against FTS5's bm25 and plain SQL in a stock connection, which knows nothing of us.
 */
#include "search_fixture.h"

#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORDS = 700, HITS_MAX = RECORDS };

static char database[64];

static const struct fixture_org orgs[] = {
    {"county", "柳溪县", "", "/county/"},
    {"east", "东镇", "county", "/county/east/"},
    {"hill", "山村", "east", "/county/east/hill/"},
    {"west", "西镇", "county", "/county/west/"},
};
static const char *const kinds[] = {"disclosure", "meeting", "page"};
static const char *const items[] = {"welfare", "road", ""};
static const char *const words[] = {"道路", "路灯", "灯",   "村委会", "委员", "2026", "GB",
                                    "road", "低保", "道理", "，",     "。",   "公示", "12"};

#define COUNT(rows) (sizeof(rows) / sizeof(rows[0]))

/* Numbers that are the same on every machine. */
static unsigned next_number(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % below;
}

static void write_text(char *out, size_t size, unsigned *seed, unsigned count)
{
    out[0] = '\0';
    for (unsigned i = 0; i < count; i++) {
        size_t n = strlen(out);
        snprintf(out + n, size - n, "%s%s", words[next_number(seed, COUNT(words))],
                 next_number(seed, 3) == 0 ? " " : "");
    }
    size_t n = strlen(out);
    snprintf(out + n, size - n, "\n");
}

static void add_record(sqlite3 *db, unsigned *seed, int number)
{
    char path[16], title[200], date[16], body[4000], tables[600], names[200], fields[80];
    snprintf(path, sizeof(path), "p%05u", next_number(seed, 90000) * 10 % 100000 + 1);
    snprintf(path + strlen(path), sizeof(path) - strlen(path), "-%d", number);
    snprintf(date, sizeof(date), "20%02u-%02u-11", 20 + next_number(seed, 6),
             1 + next_number(seed, 3));
    write_text(title, sizeof(title), seed, 1 + next_number(seed, 4));
    title[strcspn(title, "\n")] = '\0';
    write_text(body, sizeof(body), seed, next_number(seed, 120));
    write_text(tables, sizeof(tables), seed, next_number(seed, 20));
    write_text(names, sizeof(names), seed, next_number(seed, 3));
    unsigned day = 1 + next_number(seed, 40); /* often none, and sometimes of no day at all */
    snprintf(fields, sizeof(fields),
             "{\"notice_start\":\"2026-09-%02u\",\"notice_end\":\"2026-09-%02u\"}", day,
             day + next_number(seed, 12) - 1);
    const struct fixture_record record = {path,
                                          kinds[next_number(seed, COUNT(kinds))],
                                          title,
                                          date,
                                          orgs[next_number(seed, COUNT(orgs))].key,
                                          items[next_number(seed, COUNT(items))],
                                          body,
                                          tables,
                                          names,
                                          fields};
    fixture_add(db, &record);
}

static int set_up(void **state)
{
    unsigned seed = 20260905;
    snprintf(database, sizeof(database), "/tmp/gongkai-test-rank-%ld.db", (long)getpid());
    sqlite3 *db = fixture_create(database);
    for (size_t i = 0; i < COUNT(orgs); i++) {
        fixture_add_org(db, &orgs[i]);
    }
    fixture_add_item(db, "welfare", "社会救助");
    fixture_add_item(db, "road", "道路");
    for (int i = 0; i < RECORDS; i++) {
        add_record(db, &seed, i);
    }
    fixture_finish(db, database);
    return fixture_open(state, database);
}

static int tear_down(void **state)
{
    search_close(*state);
    return unlink(database);
}

static const struct {
    const char *query, *fts; /* as it is typed; as site/README.md tells to ask for it */
} queries[] = {
    {"道路", "\"道路\""},
    {"路灯", "\"路灯\""},
    {"村委会", "\"村委 委会\""},
    {"道路路灯", "\"道路 路路 路灯\""},
    {"road", "\"road\""},
    {"2026", "\"2026\""},
    {"道路 低保", "\"道路\" AND \"低保\""},
    {"road OR 路灯", "\"road\" OR \"路灯\""},
    {"标题:公示", "title : \"公示\""},
    {"低保 -道理", "\"低保\" NOT \"道理\""},
};

static sqlite3_stmt *ask(sqlite3 *db, const char *sql, const char *value)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, value, -1, SQLITE_STATIC);
    return statement;
}

/* All pages of the answer, one path behind the other. */
static size_t run_whole(struct search *search, struct arena *arena, const char *query,
                        struct str out[HITS_MAX], struct search_result *first)
{
    size_t count = 0;
    for (long page = 1; page <= 10; page++) {
        struct search_request request = SEARCH_REQUEST_EMPTY;
        struct search_result result;
        request.query = str_of(query);
        request.page = page;
        request.per_page = SEARCH_PER_PAGE_MAX;
        assert_int_equal(search_run(search, arena, &request, &result), SEARCH_STATUS_OK);
        if (page == 1) {
            *first = result;
        }
        for (size_t i = 0; i < result.hit_count && count < HITS_MAX; i++) {
            out[count++] = result.hits[i].path;
        }
        if (page >= result.page_count) {
            break;
        }
    }
    return count;
}

/* Lower is better; what is equal is newest first, then by path. Very common words rank by
 * millionths. */
static void test_order(void **state)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct arena arena = {0};
        struct str got[HITS_MAX];
        struct search_result first;
        size_t count = run_whole(*state, &arena, queries[i].query, got, &first);
        sqlite3_stmt *row =
            ask(db,
                "SELECT path, round(bm25(search, 1.0, 10.0, 0.7, 1.0), 15) AS score FROM search"
                " JOIN records ON records.id = search.rowid WHERE search MATCH ?1"
                " ORDER BY score, date DESC, path",
                queries[i].fts);
        size_t at = 0;
        while (sqlite3_step(row) == SQLITE_ROW) {
            const char *want = (const char *)sqlite3_column_text(row, 0);
            if (at >= count || !str_equal(got[at], str_of(want))) {
                fail_msg("%s: hit %zu of %zu is not %s", queries[i].query, at, count, want);
            }
            at++;
        }
        sqlite3_finalize(row);
        assert_true(at > 20);
        assert_int_equal(at, count);
        assert_int_equal(first.total, count);
        arena_free(&arena);
    }
    sqlite3_close(db);
}

#define START "json_extract(fields, '$.notice_start')"
#define END "json_extract(fields, '$.notice_end')"
#define IS_DAY(text) "substr(" text ", 9) BETWEEN '01' AND '30'"
static const char status_sql[] =
    "SELECT iif('2026-09-20' < " START ", 'upcoming', iif('2026-09-20' > " END ", 'ended',"
    " 'notice')), count(*) FROM records WHERE " IS_DAY(START) " AND " IS_DAY(
        END) " AND " START " <= " END
             " AND id IN (SELECT rowid FROM search WHERE search MATCH ?1) GROUP BY 1";

static const struct {
    enum search_facet_kind kind;
    const char *sql; /* key and count */
} facets[] = {
    {SEARCH_FACET_KIND, "SELECT kind, count(*) FROM records WHERE id IN (SELECT rowid FROM search"
                        " WHERE search MATCH ?1) GROUP BY kind"},
    {SEARCH_FACET_ITEM,
     "SELECT item, count(*) FROM records WHERE item <> '' AND id IN (SELECT rowid"
     " FROM search WHERE search MATCH ?1) GROUP BY item"},
    {SEARCH_FACET_YEAR, "SELECT substr(date, 1, 4), count(*) FROM records WHERE id IN (SELECT rowid"
                        " FROM search WHERE search MATCH ?1) GROUP BY 1"},
    {SEARCH_FACET_ORG,
     "SELECT above.key, count(*) FROM organisations AS above JOIN organisations AS"
     " own ON own.lineage LIKE above.lineage || '%' JOIN records ON records.org ="
     " own.key WHERE records.id IN (SELECT rowid FROM search WHERE search MATCH"
     " ?1) GROUP BY above.key"},
    {SEARCH_FACET_STATUS, status_sql},
};

static long count_of(const struct search_facet *facet, const char *key)
{
    for (size_t i = 0; i < facet->count; i++) {
        if (str_equal(facet->v[i].key, str_of(key))) {
            return facet->v[i].count;
        }
    }
    return 0;
}

static void test_counts(void **state)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct arena arena = {0};
        struct str paths[HITS_MAX];
        struct search_result first;
        run_whole(*state, &arena, queries[i].query, paths, &first);
        for (size_t k = 0; k < COUNT(facets); k++) {
            const struct search_facet *facet = &first.facets[facets[k].kind];
            sqlite3_stmt *row = ask(db, facets[k].sql, queries[i].fts);
            size_t rows = 0;
            while (sqlite3_step(row) == SQLITE_ROW) {
                const char *key = (const char *)sqlite3_column_text(row, 0);
                long want = (long)sqlite3_column_int64(row, 1);
                if (count_of(facet, key) != want) {
                    fail_msg("%s: %ld have %s, told %ld", queries[i].query, want, key,
                             count_of(facet, key));
                }
                rows++;
            }
            sqlite3_finalize(row);
            assert_true(rows > 0);
            assert_int_equal(rows, facet->count);
        }
        arena_free(&arena);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
