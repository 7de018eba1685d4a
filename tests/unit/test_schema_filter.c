/* search/: what of a database's schema a search sees. */
#include "search/schema_filter.h"

#include "search_fixture.h"

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

static void check_schema(const char *path)
{
    struct schema_filter filter = {0};
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    char uri[200];
    snprintf(uri, sizeof(uri), "file:%s?immutable=1", path);
    assert_int_equal(schema_filter_register(&filter), SQLITE_OK);
    assert_int_equal(sqlite3_open_v2(uri, &db, flags, SCHEMA_FILTER_NAME), SQLITE_OK);
    const char *sql =
        "SELECT sum(is_read), sum(NOT is_read) FROM (SELECT name IN ('items', 'meta',"
        " 'organisations', 'records', 'search', 'search_config', 'search_data', 'search_facts',"
        " 'search_idx', 'search_pages', 'synonyms') AS is_read FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite_autoindex_%')";
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail_msg("%s", sqlite3_errmsg(db));
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 11);
    /* Of a leaf of what no search reads one stays. */
    assert_true(sqlite3_column_int(statement, 1) < 40);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_exec(db, "SELECT path FROM records", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM cells", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM tags", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_equal(sqlite3_exec(db, "SELECT * FROM view_3", NULL, NULL, NULL), SQLITE_ERROR);
    assert_int_not_equal(sqlite3_exec(db, "DELETE FROM records", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    schema_filter_unregister(&filter);
    assert_null(sqlite3_vfs_find(SCHEMA_FILTER_NAME));
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
    unsigned char *good = malloc(SIZE), *page = malloc(SIZE);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(good, 1, SIZE, file), SIZE);
    fclose(file);
    unlink(path);
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        memcpy(page, good, SIZE);
        page[100] = 0x0d;
        for (int k = 0; k < 1 + round % 16; k++) {
            seed = seed * 1103515245u + 12345u;
            size_t span = round % 2 == 0 ? 300 : SIZE;
            page[(seed >> 8) % span] = (unsigned char)(seed >> 24);
        }
        schema_filter_page(page, SIZE, round % 3 == 0 ? 0 : 100);
    }
    free(good);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_no_search_reads_is_not_seen),
        cmocka_unit_test(test_damaged_pages_stay_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
