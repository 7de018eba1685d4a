/* What people type: as a tree, as an FTS5 expression, and never a syntax error. */
#include "search/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

static const struct {
    const char *name, *input, *want;
} rows[] = {
    {"nothing", "", ""},
    {"blanks", " \t　 ", ""},
    {"a word", "低保", "((\"低保\"))"},
    {"two words", "低保　医保", "((\"低保\") AND (\"医保\"))"},
    {"a phrase", "\"hello world\"", "((\"hello world\"))"},
    {"Chinese quotes", "“hello world”「低保」", "((\"hello world\") AND (\"低保\"))"},
    {"an open quote", "\"hello world", "((\"hello world\"))"},
    {"an empty quote", "\"\" 低保", "((\"低保\"))"},
    {"a lone quote", "\"", ""},
    {"not", "低保 -医保", "((\"低保\")) NOT (\"医保\")"},
    {"not in front", "-医保 低保", "((\"低保\")) NOT (\"医保\")"},
    {"not twice", "低保 -ab -\"c d\"", "((\"低保\")) NOT (\"ab\") NOT (\"c d\")"},
    {"or", "低保 OR 医保", "((\"低保\" OR \"医保\"))"},
    {"bars", "低保|医保 | ab", "((\"低保\" OR \"医保\" OR \"ab\"))"},
    {"or binds tighter", "ab cd OR ef", "((\"ab\") AND (\"cd\" OR \"ef\"))"},
    {"or at the ends", "| 低保 |", "((\"低保\"))"},
    {"OR as the first word", "OR 低保", "((\"or\") AND (\"低保\"))"},
    {"OR as a part of a word", "低保 ORAL", "((\"低保\") AND (\"oral\"))"},
    {"or and not", "低保 OR -ab", "((\"低保\")) NOT (\"ab\")"},
    {"the title", "title:低保", "((title : \"低保\"))"},
    {"fields in Chinese", "标题：低保 表格:ab 附件:cd 正文:ef",
     "((title : \"低保\") AND (tables : \"ab\") AND (names : \"cd\") AND (body : \"ef\"))"},
    {"a field and a phrase", "TITLE:\"a b\"", "((title : \"a b\"))"},
    {"not in the title", "低保 -title:ab", "((\"低保\")) NOT (title : \"ab\")"},
    {"an organisation is no text", "低保 org:柳溪", "((\"低保\"))"},
    {"a prefix", "build*", "((\"build\"*))"},
    {"a star behind Han", "低保*", "((\"低保\"))"},
    {"a quoted prefix", "\"a build\"*", "((\"a build\"*))"},
    {"what is invisible parts no word", "低\u200b保 医\ufeff保", "((\"低保\") AND (\"医保\"))"},
    {"nor hides a sign", "低保 \u200b-ab \ufefftitle:cd\u00ad \u2060|\u200e ef",
     "((\"低保\") AND (title : \"cd\" OR \"ef\")) NOT (\"ab\")"},
    {"one Han character", "路", "((\"路\"*))"},
    {"a common one", "村", "((\"村\"))"},
    {"FTS5's own words", "AND NOT NEAR(a b)",
     "((\"and\") AND (\"not\") AND (\"near \xee\x90\x80\xee\xa0\xa8 a\") AND"
     " (\"b \xee\x90\x80\xee\xa0\xa9\"))"},
};

static void test_expressions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = {0};
        struct query query;
        struct buf out = BUF_EMPTY;
        assert_int_equal(query_parse(&query, &arena, str_of(rows[i].input)), SEARCH_STATUS_OK);
        query_write_fts(&out, NULL, &query);
        if (strcmp(out.p, rows[i].want) != 0) {
            fail_msg("%s: %s, not %s", rows[i].name, out.p, rows[i].want);
        }
        buf_free(&out);
        arena_free(&arena);
    }
}

static void test_filters(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct query query;
    query_parse(&query, &arena, STR("kind:meeting OR 类型:page -org:柳溪 低保"));
    assert_int_equal(query.count, 3);
    assert_int_equal(query.groups[0].count, 2);
    assert_int_equal(query.groups[0].operands[1].field, QUERY_FIELD_KIND);
    assert_true(query.groups[1].operands[0].is_excluded);
    assert_int_equal(query.groups[1].operands[0].field, QUERY_FIELD_ORG);
    arena_free(&arena);
}

static const struct {
    const char *name, *input;
    enum search_status want;
} limits[] = {
    {"eight words", "a b c d e f g h", SEARCH_STATUS_OK},
    {"nine words", "a b c d e f g h i", SEARCH_STATUS_TOO_MANY_WORDS},
    {"a phrase counts once", "\"a b c d e f g h i j\"", SEARCH_STATUS_OK},
    {"a rare and two common characters", "镇 村 第 低保", SEARCH_STATUS_OK},
    {"two single characters", "镇 县", SEARCH_STATUS_TOO_MANY_SINGLES},
    {"stars count too", "镇 ab*", SEARCH_STATUS_TOO_MANY_SINGLES},
    {"nothing but exclusions", "-低保", SEARCH_STATUS_ONLY_EXCLUSIONS},
    {"an exclusion and a filter", "kind:page -低保", SEARCH_STATUS_ONLY_EXCLUSIONS},
    {"invalid UTF-8", "低\xff", SEARCH_STATUS_NOT_UTF8},
    {"an overlong form", "\xc0\xaf", SEARCH_STATUS_NOT_UTF8},
};

static void test_limits(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct query query;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (query_parse(&query, &arena, str_of(limits[i].input)) != limits[i].want) {
            fail_msg("%s", limits[i].name);
        }
    }
    char text[QUERY_BYTES_MAX + 1];
    memset(text, 'a', sizeof(text));
    assert_int_equal(query_parse(&query, &arena, (struct str){text, QUERY_BYTES_MAX}),
                     SEARCH_STATUS_OK);
    assert_int_equal(query_parse(&query, &arena, (struct str){text, QUERY_BYTES_MAX + 1}),
                     SEARCH_STATUS_TOO_LONG);
    arena_free(&arena);
}

static const char *const pieces[] = {
    "\"",     "“",
    "”",      "-",
    "－",     "|",
    "OR",     " OR ",
    "*",      "title:",
    "：",     "org:",
    " ",      "　",
    "村",     "低保",
    "a",      "12",
    "(",      ")",
    "NEAR",   "^",
    "+",      "{",
    "}",      ":",
    ",",      "'",
    "\\",     "\n",
    "AND",    "NOT",
    "1,234",  "\xee\x80\x80",
    "é",      "㎡",
    "😀",      ".",
    "body",   "标题:",
    "kind:x", "「",
    "」",     "<",
    "\x01",
};

/* Any mixture of what has a meaning somewhere is taken by FTS5. */
static void test_never_a_syntax_error(void **state)
{
    (void)state;
    sqlite3 *db;
    sqlite3_stmt *statement;
    unsigned seed = 42;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    sqlite3_exec(db, "CREATE VIRTUAL TABLE search USING fts5 (body, title, tables, names)", NULL,
                 NULL, NULL);
    sqlite3_prepare_v2(db, "SELECT 1 FROM search WHERE search MATCH ?1", -1, &statement, NULL);
    for (int round = 0; round < 40000; round++) {
        struct arena arena = {0};
        struct query query;
        struct buf text = BUF_EMPTY, fts = BUF_EMPTY;
        for (int i = 0; i < 10; i++) {
            seed = seed * 1103515245u + 12345u;
            buf_add_text(&text, pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))]);
        }
        if (query_parse(&query, &arena, buf_str(&text)) == SEARCH_STATUS_OK) {
            query_write_fts(&fts, NULL, &query);
            sqlite3_bind_text(statement, 1, fts.n > 0 ? fts.p : "a", -1, SQLITE_TRANSIENT);
            if (sqlite3_step(statement) != SQLITE_DONE) {
                fail_msg("%s: %s: %s", text.p, fts.p, sqlite3_errmsg(db));
            }
            sqlite3_reset(statement);
        }
        buf_free(&text);
        buf_free(&fts);
        arena_free(&arena);
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void test_statuses(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_int_equal(search_status_http(SEARCH_STATUS_TOO_LONG), 400);
    assert_int_equal(search_status_http(SEARCH_STATUS_OUT_OF_TIME), 503);
    struct str text = search_status_text(&arena, SEARCH_STATUS_TOO_MANY_WORDS, LANGUAGE_ZH);
    assert_true(str_equal(text, STR("词太多：一次最多 8 个词。")));
    text = search_status_text(&arena, SEARCH_STATUS_BAD_PAGE, LANGUAGE_EN);
    assert_true(str_equal(text, STR("No such page: at most page 50.")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions), cmocka_unit_test(test_filters),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_never_a_syntax_error),
        cmocka_unit_test(test_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
