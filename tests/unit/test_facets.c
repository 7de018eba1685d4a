/* More values than a facet lists: the greatest counts are kept, and what is chosen always. */
#include "search_fixture.h"

#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { VILLAGES = 70, RECORDS_OF_LAST = 3 };

static char database[64];

static void add_record(sqlite3 *db, int number, const char *village, const char *item)
{
    char path[16];
    snprintf(path, sizeof(path), "r%03d", number);
    const struct fixture_record record = {.path = path,
                                          .kind = "page",
                                          .title = "公示",
                                          .date = "2026-09-05",
                                          .org = village,
                                          .item = item,
                                          .body = "低保\n"};
    fixture_add(db, &record);
}

/* Seventy villages with an item each, of which the last has most records, and the first none. */
static int set_up(void **state)
{
    snprintf(database, sizeof(database), "/tmp/gongkai-test-facets-%ld.db", (long)getpid());
    sqlite3 *db = fixture_create(database);
    fixture_add_org(db, &(struct fixture_org){"county", "县", "", "/county/"});
    int count = 0;
    for (int i = 0; i < VILLAGES; i++) {
        char key[16], name[16], lineage[40];
        snprintf(key, sizeof(key), "v%02d", i);
        snprintf(name, sizeof(name), "村%02d", i);
        snprintf(lineage, sizeof(lineage), "/county/v%02d/", i);
        fixture_add_org(db, &(struct fixture_org){key, name, "county", lineage});
        fixture_add_item(db, key, name);
        int records = i == 0 ? 0 : i == VILLAGES - 1 ? RECORDS_OF_LAST : 1;
        for (int k = 0; k < records; k++) {
            add_record(db, count++, key, key);
        }
    }
    fixture_finish(db, database);
    return fixture_open(state, database);
}

static int tear_down(void **state)
{
    search_close(*state);
    return unlink(database);
}

static const struct search_facet_row *find_row(const struct search_facet *facet, const char *key)
{
    for (size_t i = 0; i < facet->count; i++) {
        if (str_equal(facet->v[i].key, str_of(key))) {
            return &facet->v[i];
        }
    }
    return NULL;
}

static void assert_row(const struct search_facet *facet, const char *key, long count,
                       bool is_chosen)
{
    const struct search_facet_row *row = find_row(facet, key);
    assert_non_null(row);
    assert_int_equal(row->count, count);
    assert_int_equal(row->is_chosen, is_chosen);
}

static void test_greatest(void **state)
{
    struct arena arena = {0};
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    const struct search_facet *orgs = &result.facets[SEARCH_FACET_ORG];
    assert_int_equal(orgs->count, SEARCH_FACET_ROWS_MAX);
    assert_true(str_equal(orgs->v[0].key, STR("county")));
    assert_row(orgs, "v69", RECORDS_OF_LAST, false);
    assert_null(find_row(orgs, "v00"));
    assert_int_equal(result.facets[SEARCH_FACET_ITEM].count, SEARCH_FACET_ROWS_MAX);
    assert_row(&result.facets[SEARCH_FACET_ITEM], "v69", RECORDS_OF_LAST, false);
    arena_free(&arena);
}

/* Whoever chose a value sees its name and how to take it away, however few records have it. */
static void test_chosen(void **state)
{
    static const struct {
        const char *key;
        long count;
    } rows[] = {{"v68", 1}, {"v00", 0}, {"v69", RECORDS_OF_LAST}, {"v01", 1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = {0};
        struct search_result result;
        struct search_request request = SEARCH_REQUEST_EMPTY;
        request.org = str_of(rows[i].key);
        assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
        assert_row(&result.facets[SEARCH_FACET_ORG], rows[i].key, rows[i].count, true);
        assert_true(result.facets[SEARCH_FACET_ORG].count <= SEARCH_FACET_ROWS_MAX);
        request = SEARCH_REQUEST_EMPTY;
        request.item = str_of(rows[i].key);
        assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
        assert_row(&result.facets[SEARCH_FACET_ITEM], rows[i].key, rows[i].count, true);
        assert_true(result.facets[SEARCH_FACET_ITEM].count <= SEARCH_FACET_ROWS_MAX);
        arena_free(&arena);
    }
}

static void test_chosen_of_few(void **state)
{
    struct arena arena = {0};
    struct search_result result;
    struct search_request request = SEARCH_REQUEST_EMPTY;
    request.kind = STR("meeting");
    request.status = STR("ended");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    assert_row(&result.facets[SEARCH_FACET_KIND], "meeting", 0, true);
    assert_true(
        str_equal(find_row(&result.facets[SEARCH_FACET_KIND], "meeting")->name, STR("会议记录")));
    assert_row(&result.facets[SEARCH_FACET_STATUS], "ended", 0, true);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_greatest),
        cmocka_unit_test(test_chosen),
        cmocka_unit_test(test_chosen_of_few),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
