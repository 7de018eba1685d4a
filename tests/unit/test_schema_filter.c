/* search/: what of a database's schema a search sees. */
#include "search/schema_filter.h"
#include "search/schema_page.h"

#include "base/buf.h"
#include "search_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A database with so many views that its schema stands on several pages. */
static void make_database(const char *path, int view_count)
{
    sqlite3 *db = fixture_create(path);
    for (int i = 0; i < view_count; i++) {
        char sql[600];
        snprintf(sql, sizeof(sql), "CREATE VIEW view_%d AS SELECT '%0500d' AS x", i, i);
        fixture_run(db, sql);
    }
    fixture_finish(db, path);
}

static void open_filtered(sqlite3 **out, struct schema_filter *filter, const char *path)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(schema_filter_register(filter, fd), SQLITE_OK);
    assert_int_equal(sqlite3_open_v2("any", out, SQLITE_OPEN_READONLY, SCHEMA_FILTER_NAME),
                     SQLITE_OK);
}

static void check_schema(const char *path)
{
    struct schema_filter filter = {0};
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    open_filtered(&db, &filter, path);
    const char *sql =
        "SELECT sum(is_read), sum(NOT is_read) FROM (SELECT name IN ('items', 'records', 'search',"
        " 'search_config', 'search_data', 'search_facts', 'search_idx', 'search_pages') AS is_read"
        " FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite_autoindex_%')";
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail_msg("%s", sqlite3_errmsg(db));
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 8);
    assert_int_equal(sqlite3_column_int(statement, 1), 0);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_exec(db, "SELECT path FROM records", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM cells", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM meta", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM view_3", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_not_equal(sqlite3_exec(db, "DELETE FROM records", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    schema_filter_unregister(&filter);
    assert_null(sqlite3_vfs_find(SCHEMA_FILTER_NAME));
}

/* The names of the columns that are stored, with commas between. */
static void columns_of(struct buf *out, sqlite3 *db, const char *table)
{
    sqlite3_stmt *statement = NULL;
    const char *sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    buf_clear(out);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        buf_printf(out, "%s,", (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
}

/* How long the declaration of the table is. */
static int length_of(sqlite3 *db, const char *table)
{
    sqlite3_stmt *statement;
    const char *sql = "SELECT length(sql) FROM sqlite_schema WHERE name = ?1";
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int length = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return length;
}

/* What the filter declares of a table are its first columns, in their order. */
static void test_columns_are_those_of_the_schema(void **state)
{
    (void)state;
    static const char *const tables[] = {"records", "items", "search_pages", "search_facts"};
    char path[] = "/tmp/schema-filter-XXXXXX";
    struct schema_filter filter = {0};
    sqlite3 *whole = NULL, *filtered = NULL;
    struct buf all = BUF_EMPTY, seen = BUF_EMPTY;
    close(mkstemp(path));
    make_database(path, 5);
    assert_int_equal(sqlite3_open_v2(path, &whole, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    open_filtered(&filtered, &filter, path);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        columns_of(&all, whole, tables[i]);
        columns_of(&seen, filtered, tables[i]);
        assert_true(seen.n > 0 && str_starts(buf_str(&all), buf_str(&seen)));
        assert_true(length_of(filtered, tables[i]) < length_of(whole, tables[i]));
    }
    buf_free(&all);
    buf_free(&seen);
    sqlite3_close(whole);
    sqlite3_close(filtered);
    schema_filter_unregister(&filter);
    unlink(path);
}

static void test_what_no_search_reads_is_not_seen(void **state)
{
    (void)state;
    char path[] = "/tmp/schema-filter-XXXXXX";
    static const int view_counts[] = {5, 40, 200};
    close(mkstemp(path));
    for (size_t i = 0; i < sizeof(view_counts) / sizeof(view_counts[0]); i++) {
        make_database(path, view_counts[i]);
        check_schema(path);
    }
    unlink(path);
}

/* Bytes of any kind are filtered within their page. */
static void test_damaged_pages_stay_within_bounds(void **state)
{
    (void)state;
    enum { SIZE = 4096 };
    char path[] = "/tmp/schema-filter-XXXXXX";
    close(mkstemp(path));
    make_database(path, 5);
    unsigned char *good = malloc(SIZE), *page = malloc(SIZE), *out = malloc(SIZE);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(good, 1, SIZE, file), SIZE);
    fclose(file);
    unlink(path);
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        memcpy(page, good, SIZE);
        page[100] = round % 5 == 0 ? 0x05 : 0x0d;
        for (int k = 0; k < 1 + round % 16; k++) {
            seed = seed * 1103515245u + 12345u;
            size_t span = round % 2 == 0 ? 300 : SIZE;
            page[(seed >> 8) % span] = (unsigned char)(seed >> 24);
        }
        struct schema_page seen;
        uint32_t leaves[SCHEMA_LEAVES_MAX];
        assert_true(schema_page_leaves(leaves, page, SIZE) <= SCHEMA_LEAVES_MAX);
        memcpy(out, good, SIZE);
        schema_page_begin(&seen, out, SIZE);
        for (int twice = 0; twice < 2; twice++) { /* the second does not fit, or only in part */
            schema_page_add(&seen, page, round % 3 == 0 ? 0 : 100);
        }
        assert_true(100 + 8 + 2 * seen.count <= seen.content && seen.content <= SIZE);
    }
    free(good);
    free(page);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_no_search_reads_is_not_seen),
        cmocka_unit_test(test_columns_are_those_of_the_schema),
        cmocka_unit_test(test_damaged_pages_stay_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
