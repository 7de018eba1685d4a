/* A small database asked: who matches, in what order, with what counts; and what is refused. */
#include "search_fixture.h"

#include "search/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char database[64];

static const struct fixture_org orgs[] = {
    {"county", "柳溪县", "", "/county/"},
    {"east", "东镇", "county", "/county/east/"},
    {"hill", "山村", "east", "/county/east/hill/"},
    {"west", "西镇", "county", "/county/west/"},
};

static const struct fixture_record records[] = {
    {"a", "disclosure", "低保公示", "2026-09-05", "hill", "welfare",
     "现将第12条 所列名单公示。\n共1,234.56元，见GB/T 41374。\n", "姓名\t金额\n张三\t800\n",
     "名单.pdf\n", "{\"notice_start\":\"2026-09-05\",\"notice_end\":\"2026-09-25\"}"},
    {"b", "meeting", "村民会议记录", "2025-03-01", "hill", "", "讨论最低生活保障。\n研究道路。\n",
     NULL, NULL, NULL},
    {"c", "page", "道路养护", "2026-01-02", "west", "road", "道路养护计划，12、5两项。\nbuilding\n",
     NULL, NULL, NULL},
    {"d", "disclosure", "年度报告", "2026-01-02", "west", "road",
     "提到道路一次，第。12条，12.5公里。\n<b>道路</b>\n", NULL, NULL,
     "{\"notice_start\":\"2026-01-02\",\"notice_end\":\"2026-01-20\"}"},
    {"e", "page", "无日期", "", "", "", "没有单位的页面\n", NULL, NULL,
     "{\"notice_start\":\"2026-09-21\",\"notice_end\":\"2026-10-20\"}"},
};

static void make_database(void)
{
    snprintf(database, sizeof(database), "/tmp/gongkai-test-search-%ld.db", (long)getpid());
    sqlite3 *db = fixture_create(database);
    for (size_t i = 0; i < sizeof(orgs) / sizeof(orgs[0]); i++) {
        fixture_add_org(db, &orgs[i]);
    }
    fixture_add_item(db, "welfare", "社会救助");
    fixture_add_item(db, "road", "道路");
    fixture_add_synonym(db, "低保", "最低生活保障");
    fixture_add_synonym(db, "查问", "一一");
    fixture_add_synonym(db, "查问", "丁丁");
    fixture_add_synonym(db, "查问", "丙丙");
    fixture_add_synonym(db, "查问", "没有单位");
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        fixture_add(db, &records[i]);
    }
    fixture_run(db, "INSERT INTO search_pages VALUES ('zh-CN', 'search', x'610062')");
    fixture_finish(db, database);
}

static int set_up(void **state)
{
    make_database();
    return fixture_open(state, database);
}

static int tear_down(void **state)
{
    search_close(*state);
    return unlink(database);
}

/* The paths of the results, one letter each. */
static void paths_of(char out[32], const struct search_result *result)
{
    size_t n = 0;
    for (size_t i = 0; i < result->hit_count && n < 31; i++) {
        out[n++] = result->hits[i].path.p[0];
    }
    out[n] = '\0';
}

static const struct {
    const char *query, *want;
} queries[] = {
    {"公示", "a"},
    {"条", "ad"},
    {"第12条", "a"},
    {"第。12条", "d"},
    {"1234.56元", "a"},
    {"1,234.56", "a"},
    {"1234", "a"},
    {"234", ""},
    {"gb/t", "a"},
    {"GB/T 41374", "a"},
    {"\"GB/T 41374\"", "a"},
    {"\"GB T 41374\"", ""},
    {"4137", ""},
    {"4137*", "a"},
    {"build", ""},
    {"build*", "c"},
    {"12.5", "d"},
    {"12、5", "c"},
    {"低保", "ab"},
    {"\"低保\"", "a"},    /* as it is written: no synonyms */
    {"查问|低保", "abe"}, /* four synonyms of a word, where the words are few, */
    {"查问|甲一|甲二|甲三|甲四|甲五|甲六|低保", "ab"}, /* and two where they are eight */
    {"title:低保", "a"},
    {"类型:会议", "b"},
    {"kind:会议记录", "b"},
    {"类型：公开 道路", "d"},
    {"kind:Meeting", "b"},
    {"kind:meet", ""},
    {"-类型:页面 道路", "bd"},
    {"标题:道路", "c"},
    {"table:张三", "a"},
    {"body:张三", ""},
    {"file:名单", "a"},
    {"\"金额张三\"", ""},
    {"道路", "bcd"},
    {"道路 -养护", "bd"},
    {"公示 OR 养护", "ac"},
    {"道路 kind:meeting", "b"},
    {"道路 org:东镇", "b"},
    {"道路 -org:县", ""},
    {"org:山村 OR org:西镇", "abcd"},
    {"<b>道路</b>", "d"},
};

static int compare_letters(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

/* Who matches, in whatever order. */
static void test_queries(void **state)
{
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        struct arena arena = {0};
        struct search_request request = SEARCH_REQUEST_EMPTY;
        struct search_result result;
        char paths[32];
        request.query = str_of(queries[i].query);
        assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
        paths_of(paths, &result);
        qsort(paths, strlen(paths), 1, compare_letters);
        const char *got = result.is_nearest ? "" : paths;
        if (strcmp(got, queries[i].want) != 0) {
            fail_msg("%s: %s, not %s", queries[i].query, got, queries[i].want);
        }
        arena_free(&arena);
    }
}

/* A word in the title weighs more than in the text. */
static void test_relevance(void **state)
{
    struct arena arena = {0};
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    char paths[32];
    request.query = STR("道路");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    paths_of(paths, &result);
    assert_int_equal(paths[0], 'c');
    request.sort = SEARCH_SORT_DATE;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    paths_of(paths, &result);
    assert_string_equal(paths, "cdb");
    arena_free(&arena);
}

static void test_nearest(void **state)
{
    struct arena arena = {0};
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    char paths[32];
    request.query = STR("道路维护计划");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    assert_true(result.is_nearest);
    paths_of(paths, &result);
    assert_string_equal(paths, "cdb"); /* 计划 is the rarest pair that stands anywhere */
    request.query = STR("路障");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    assert_true(result.is_nearest && result.hit_count == 3); /* by the character 路 */
    request.query = STR("魑魅");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    assert_int_equal(result.total, 0);
    arena_free(&arena);
}

/* Everything, by date; equal dates by path; none last. */
static void test_all(void **state)
{
    struct arena arena = {0};
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    char paths[32];
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    paths_of(paths, &result);
    assert_string_equal(paths, "acdbe");
    request.per_page = 2;
    request.page = 2;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    paths_of(paths, &result);
    assert_string_equal(paths, "db");
    assert_int_equal(result.page_count, 3);
    assert_int_equal(result.total, 5);
    arena_free(&arena);
}

struct filter_row {
    const char *name;
    struct search_request request;
    const char *want;
};

#define T(text)                                                                                    \
    {                                                                                              \
        "" text, sizeof(text) - 1                                                                  \
    }

static const struct filter_row filters[] = {
    {"organisation with all below", {.org = T("east")}, "ab"},
    {"the top", {.org = T("county")}, "acdb"},
    {"unknown organisation", {.org = T("nowhere")}, ""},
    {"kind", {.kind = T("page")}, "ce"},
    {"item", {.item = T("road")}, "cd"},
    {"year", {.year = T("2026")}, "acd"},
    {"from", {.from = T("2026-01-03")}, "a"},
    {"to", {.to = T("2026-01-02")}, "cdb"},
    {"range", {.from = T("2026-01-01"), .to = T("2026-01-31")}, "cd"},
    {"on display", {.status = T("notice")}, "a"},
    {"with a query", {.query = T("道路"), .year = T("2026")}, "cd"},
    {"two", {.org = T("west"), .kind = T("page")}, "c"},
};

static void test_filters(void **state)
{
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
        struct arena arena = {0};
        struct search_request request = filters[i].request;
        struct search_result result;
        char paths[32];
        request.page = 1;
        request.per_page = SEARCH_PER_PAGE;
        assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
        paths_of(paths, &result);
        if (strcmp(paths, filters[i].want) != 0) {
            fail_msg("%s: %s, not %s", filters[i].name, paths, filters[i].want);
        }
        arena_free(&arena);
    }
}

static const struct filter_row refused[] = {
    {"year", {.year = T("20x6")}, NULL},          {"date", {.from = T("2026-02-30")}, NULL},
    {"date's form", {.to = T("2026-2-3")}, NULL}, {"status", {.status = T("open")}, NULL},
    {"UTF-8", {.org = T("\xff")}, NULL},
};

static void test_refused(void **state)
{
    struct arena arena = {0};
    struct search_result result;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct search_request request = refused[i].request;
        request.page = 1;
        request.per_page = SEARCH_PER_PAGE;
        assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_BAD_FILTER);
    }
    struct search_request request = SEARCH_REQUEST_EMPTY;
    request.page = SEARCH_PAGE_MAX + 1;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_BAD_PAGE);
    request.page = 0;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_BAD_PAGE);
    arena_free(&arena);
}

/* Facets as "key:count" in their order. */
static void facet_of(struct buf *out, const struct search_facet *facet)
{
    buf_clear(out);
    for (size_t i = 0; i < facet->count; i++) {
        buf_printf(out, "%s%.*s:%ld%s", i > 0 ? " " : "", STR_ARG(facet->v[i].key),
                   facet->v[i].count, facet->v[i].is_chosen ? "!" : "");
    }
}

/* A facet counts what all other filters leave, so that its own can be changed. */
static void test_facets(void **state)
{
    struct arena arena = {0};
    struct buf out = BUF_EMPTY;
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    facet_of(&out, &result.facets[SEARCH_FACET_ORG]);
    assert_string_equal(out.p, "county:4 east:2 hill:2 west:2");
    assert_int_equal(result.facets[SEARCH_FACET_ORG].v[2].depth, 2);
    facet_of(&out, &result.facets[SEARCH_FACET_YEAR]);
    assert_string_equal(out.p, "2026:3 2025:1");
    facet_of(&out, &result.facets[SEARCH_FACET_ITEM]);
    assert_string_equal(out.p, "road:2 welfare:1");
    assert_true(str_equal(result.facets[SEARCH_FACET_ITEM].v[0].name, STR("道路")));
    facet_of(&out, &result.facets[SEARCH_FACET_STATUS]);
    assert_string_equal(out.p, "ended:1 notice:1 upcoming:1");
    request.status = STR("ended");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    assert_int_equal(result.total, 1);
    facet_of(&out, &result.facets[SEARCH_FACET_STATUS]);
    assert_string_equal(out.p, "ended:1! notice:1 upcoming:1");
    request.status = (struct str){NULL, 0};
    request.kind = STR("disclosure");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    facet_of(&out, &result.facets[SEARCH_FACET_KIND]);
    assert_string_equal(out.p, "disclosure:2! page:2 meeting:1");
    facet_of(&out, &result.facets[SEARCH_FACET_ORG]);
    assert_string_equal(out.p, "county:2 east:1 hill:1 west:1");
    assert_int_equal(result.total, 2);
    assert_int_equal(result.total_unfiltered, 5);
    buf_free(&out);
    arena_free(&arena);
}

static void test_json_and_csv(void **state)
{
    struct arena arena = {0};
    struct buf out = BUF_EMPTY;
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    request.query = STR("<b>道路</b>");
    request.wants_facets = false;
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    search_write_json(&out, &request, &result);
    assert_string_equal(
        out.p,
        "{\"version\":1,\"query\":\"\\u003cb>道路\\u003c/b>\",\"total\":1,\"page\":1,"
        "\"pages\":1,\"nearest\":false,\"by_date\":false,\"results\":[{\"url\":\"/d/\","
        "\"title\":\"年度报告\",\"date\":\"2026-01-02\",\"org\":\"west\",\"org_name\":\"西镇\","
        "\"kind\":\"disclosure\",\"kind_name\":\"公开事项\",\"path\":\"d\",\"snippet\":\"…\\u003cb>"
        "道路\\u003c/b>\"}],"
        "\"facets\":{\"org\":[],\"kind\":[],\"item\":[],\"year\":[],\"status\":[]}}");
    buf_clear(&out);
    search_write_csv(&out, &result);
    assert_string_equal(out.p, "\xef\xbb\xbf标题,日期,单位,类型,网址,摘录\r\n"
                               "年度报告,2026-01-02,西镇,公开事项,/d/,…<b>道路</b>\r\n");
    request.query = STR("道路骉");
    assert_int_equal(search_run(*state, &arena, &request, &result), SEARCH_STATUS_OK);
    assert_true(result.is_nearest && result.hit_count > 0);
    buf_clear(&out);
    search_write_csv(&out, &result); /* has no place to say that these do not match */
    assert_string_equal(out.p, "\xef\xbb\xbf标题,日期,单位,类型,网址,摘录\r\n");
    buf_free(&out);
    arena_free(&arena);
}

static void test_lookups(void **state)
{
    struct arena arena = {0};
    assert_true(str_equal(search_meta(*state, STR("as_of")), STR("2026-09-20")));
    assert_int_equal(search_meta(*state, STR("none")).n, 0);
    struct str page = search_page_bytes(*state, &arena, STR("zh-CN"), STR("search"));
    assert_true(str_equal(page, (struct str){"a\0b", 3}));
    assert_int_equal(search_page_bytes(*state, &arena, STR("en"), STR("search")).n, 0);
    arena_free(&arena);
}

static void patch(off_t at, const void *bytes, size_t n)
{
    FILE *file = fopen(database, "r+b");
    assert_non_null(file);
    assert_int_equal(fseeko(file, at, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static enum search_status try_to_open(void)
{
    struct fault fault;
    struct search *search;
    enum search_status status = search_open(&search, database, &fault);
    search_close(search);
    return status;
}

/* Only a whole database of ours, that only its owner may write, is opened. */
static void test_what_is_opened(void **state)
{
    (void)state;
    make_database();
    assert_int_equal(try_to_open(), SEARCH_STATUS_OK);
    assert_int_equal(chmod(database, 0664), 0);
    assert_int_equal(try_to_open(), SEARCH_STATUS_NOT_OURS);
    assert_int_equal(chmod(database, 0644), 0);
    patch(68, "XONG", 4);
    assert_int_equal(try_to_open(), SEARCH_STATUS_NOT_OURS);
    patch(68, "GONG\0\0\0\x02", 4);
    patch(60, (const char[]){0, 0, 0, SEARCH_SCHEMA_VERSION + 1}, 4);
    assert_int_equal(try_to_open(), SEARCH_STATUS_NOT_OURS);
    patch(60, (const char[]){0, 0, 0, SEARCH_SCHEMA_VERSION}, 4);
    assert_int_equal(try_to_open(), SEARCH_STATUS_OK);
    assert_int_equal(truncate(database, 8192), 0);
    assert_int_equal(try_to_open(), SEARCH_STATUS_CORRUPT);
    assert_int_equal(truncate(database, 50), 0);
    assert_int_equal(try_to_open(), SEARCH_STATUS_NOT_OURS);
    unlink(database);
    assert_int_equal(try_to_open(), SEARCH_STATUS_NOT_OURS);
    assert_int_equal(mkdir(database, 0755), 0);
    assert_int_equal(try_to_open(), SEARCH_STATUS_NOT_OURS);
    rmdir(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),      cmocka_unit_test(test_relevance),
        cmocka_unit_test(test_nearest),      cmocka_unit_test(test_all),
        cmocka_unit_test(test_filters),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_facets),       cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_json_and_csv),
    };
    int failed = cmocka_run_group_tests(tests, set_up, tear_down);
    const struct CMUnitTest opening[] = {cmocka_unit_test(test_what_is_opened)};
    return failed + cmocka_run_group_tests(opening, NULL, NULL);
}
