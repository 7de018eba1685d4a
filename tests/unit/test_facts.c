/* What stands in search_facts: bytes, and rows that come and go. */
#include "search/facts.h"

#include "base/buf.h"
#include "store/facts_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void test_days(void **state)
{
    (void)state;
    static const struct {
        const char *iso;
        uint32_t date, day;
        unsigned year;
    } rows[] = {
        {"", 0, 0, 0},
        {"2026-02-30", 0, 0, 0},
        {"2026", 0, 0, 0},
        {"0001-01-01", 1 << 9 | 1 << 5 | 1, 1, 1},
        {"2026-09-05", 2026 << 9 | 9 << 5 | 5, 739864, 2026},
        {"9999-12-31", 9999 << 9 | 12 << 5 | 31, 3652059, 9999},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(facts_date(str_of(rows[i].iso)), rows[i].date);
        assert_int_equal(facts_day(str_of(rows[i].iso)), rows[i].day);
        assert_int_equal(facts_year(rows[i].date), rows[i].year);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    static const unsigned char want[FACTS_BYTES] = {0x0f, 0xd5, 0x25, 0x01, 0x86, 0xa0, 0x01, 0x02,
                                                    0xff, 0xff, 0x03, 0x0b, 0x4a, 0x18, 0x00, 0x14};
    struct facts facts = {.date = facts_date(STR("2026-09-05")),
                          .words = 100000,
                          .org = 258,
                          .item = 1 << 20, /* more than there is room for */
                          .kind = 3};
    struct facts got;
    unsigned char bytes[FACTS_BYTES];
    facts_set_notice(&facts, STR("2026-09-05"), STR("2026-09-25"));
    facts_write(bytes, &facts);
    assert_memory_equal(bytes, want, FACTS_BYTES);
    facts_read(&got, bytes);
    facts.item = FACTS_IDS_MAX;
    assert_memory_equal(&got, &facts, sizeof(got));
    facts_set_notice(&facts, STR("2026-09-05"), STR("2026-09-04"));
    assert_int_equal(facts.notice_start, 0);
    facts_set_notice(&facts, STR("2026-09-05"), STR(""));
    assert_int_equal(facts.notice_start, 0);
    facts_set_notice(&facts, STR("2026-09-05"), STR("2026-09-05"));
    assert_int_equal(facts.notice_start, 739864);
    assert_int_equal(facts.notice_days, 0);
}

#define COUNT_RECORDS                                                                              \
    "WITH RECURSIVE n (id) AS (SELECT ?1 UNION ALL SELECT id + ?3 FROM n WHERE id + ?3 <= ?2)"     \
    " SELECT id, '2026-09-05', iif(id % 2, 'page', 'meeting'), NULL, NULL, NULL, NULL FROM n"

/* Ids from `first` to `last`, each `step`th. */
static void put(struct database *db, int64_t first, int64_t last, int64_t step)
{
    struct facts_table table;
    struct query *query = database_query(db, COUNT_RECORDS);
    query_bind_int(query, 1, first);
    query_bind_int(query, 2, last);
    query_bind_int(query, 3, step);
    facts_table_begin(&table, db);
    while (query_next(query)) {
        facts_table_put(&table, query, 0, 7);
    }
    facts_table_finish(&table);
}

/* "block:bytes" of every row. */
static void assert_rows(struct database *db, const char *want)
{
    struct buf got = BUF_EMPTY;
    struct query *query =
        database_query(db, "SELECT block, length(bytes) FROM search_facts ORDER BY block");
    while (query_next(query)) {
        buf_printf(&got, "%s%lld:%lld", got.n > 0 ? " " : "", (long long)query_int(query, 0),
                   (long long)query_int(query, 1));
    }
    assert_string_equal(got.p, want);
    buf_free(&got);
}

/* `path`, of such a name, becomes a file with nothing in it but a table of facts. */
#define FACTS_PATH "/tmp/gongkai-test-facts-XXXXXX"
static struct database *open_facts(char *path)
{
    struct database *db;
    struct fault fault;
    close(mkstemp(path));
    assert_int_equal(database_open(&db, path, DATABASE_WRITE, &fault), 0);
    database_run(db, "CREATE TABLE search_facts (block INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
    return db;
}

static void close_facts(struct database *db, const char *path)
{
    struct fault fault;
    assert_int_equal(database_close(db, &fault), 0);
    unlink(path);
}

static void test_rows(void **state)
{
    (void)state;
    char path[] = FACTS_PATH;
    struct database *db = open_facts(path);
    database_run(db, "CREATE TABLE organisations (id INTEGER PRIMARY KEY, key);"
                     "CREATE TABLE items (id INTEGER PRIMARY KEY, key)");
    put(db, 1, 2500, 1);
    assert_rows(db, "-1:13 0:16000 1:16000 2:8016");
    put(db, 2502, 4000, 2); /* goes on in a block that is there, and over one that is not */
    assert_rows(db, "-1:13 0:16000 1:16000 2:15984 3:15984 4:16");
    facts_table_remove(db, 4000);
    facts_table_remove(db, 3998);
    facts_table_remove(db, 17);
    facts_table_remove(db, 123456);
    assert_rows(db, "-1:13 0:16000 1:16000 2:15984 3:15952");
    struct query *query =
        database_query(db, "SELECT hex(substr(bytes, 257, 48)) FROM search_facts WHERE block = 0");
    assert_true(query_next(query));
    assert_memory_equal(query_str(query, 0).p,
                        "0FD52500000700000000020000000000" /* 16: a meeting */
                        "00000000000000000000000000000000"
                        "0FD52500000700000000020000000000",
                        96);
    query_reset(query);
    facts_table_clear(db);
    assert_rows(db, "-1:13"); /* the kinds */
    close_facts(db, path);
}

static void assert_copied(struct database *db, int64_t row, const char *want)
{
    struct query *query = database_query(db, "SELECT bytes FROM search_facts WHERE block = ?1");
    query_bind_int(query, 1, row);
    assert_true(query_next(query));
    struct str got = query_blob(query, 0);
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.p, want, got.n);
    query_reset(query);
}

/* Whatever line feeds and tabs a name has: a line for each row, in as many parts as it says. */
static void test_copies(void **state)
{
    (void)state;
    char path[] = FACTS_PATH;
    struct database *db = open_facts(path);
    database_run(db, "CREATE TABLE meta (key, value);"
                     "CREATE TABLE organisations (id INTEGER PRIMARY KEY, key, name, lineage);"
                     "CREATE TABLE synonyms (word, same);"
                     "INSERT INTO meta VALUES ('title', 'our' || char(10) || 'village');"
                     "INSERT INTO organisations VALUES (7, 'liuwan',"
                     " 'Liu' || char(9) || '/all/' || char(10) || '9', '/liuwan/');"
                     "INSERT INTO synonyms VALUES ('a' || char(9) || 'b', 'c' || char(10) || 'd')");
    facts_table_copy_site(db);
    assert_copied(db, FACTS_META, "title\tour village\n");
    assert_copied(db, FACTS_ORGANISATIONS, "7\tliuwan\tLiu /all/ 9\t/liuwan/\n");
    assert_copied(db, FACTS_SYNONYMS, "a b\tc d\n");
    close_facts(db, path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
