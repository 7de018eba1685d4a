/* Where front matter begins and ends, and what its values become. */
#include "record_site.h"

/* The fields as JSON, then the text of the body. */
static void check(struct site *site, const char *name, const char *input, bool is_free,
                  const char *fields, const char *body)
{
    struct record record;
    struct diag diag = {0};
    site_parse(site, &record, &diag, "柳湾镇/a.md", str_of(input), is_free);
    struct str json = record_fields_json(&site->arena, &record);
    if (!str_equal(json, str_of(fields)) || !str_equal(record.body_text, str_of(body)) ||
        diag.error_count > 0) {
        fail_msg("%s: got %.*s and %.*s, %zu errors", name, STR_ARG(json),
                 STR_ARG(record.body_text), diag.error_count);
    }
    diag_free(&diag);
}

static void test_fences(void **state)
{
    static const struct row {
        const char *name, *input, *fields, *body;
    } rows[] = {
        {"none", "text\n", "{}", "text\n"},
        {"plain", "---\ntitle: a\n---\ntext\n", "{\"title\":\"a\"}", "text\n"},
        {"blanks behind the fences", "--- \ntitle: a\n---  \ntext\n", "{\"title\":\"a\"}",
         "text\n"},
        {"dots at the end", "---\ntitle: a\n...\ntext\n", "{\"title\":\"a\"}", "text\n"},
        {"CR LF, byte-order mark", "\xef\xbb\xbf---\r\ntitle: a\r\n---\r\ntext\r\n",
         "{\"title\":\"a\"}", "text\n"},
        {"no body", "---\ntitle: a\n---", "{\"title\":\"a\"}", ""},
        {"empty", "---\n---\ntext\n", "{}", "text\n"},
        {"never closed", "---\ntext\n", "{}", "text\n"},
        {"a thematic break and a heading", "---\ntext\n---\n", "{}", "text\n"},
        {"a list is body", "---\n- a\n- b\n---\n", "{}", "a\nb\n"},
        {"not at the start", "\n---\ntitle: a\n---\n", "{}", "title: a\n"},
        {"four dashes", "----\ntext\n", "{}", "text\n"},
        {"TOML",
         "+++\ntitle = \"a\"\ndate = 2020-01-02\ntags = [\"x\", 'y']\n[z]\nq = 1\n+++\ntext\n",
         "{\"title\":\"a\",\"date\":\"2020-01-02\",\"tags\":[\"x\",\"y\"]}", "text\n"},
        {"no TOML", "+++\ntext\n+++\n", "{}", "+++ text +++\n"},
        {"broken", "---\ntitle: a: b\ntags:\n- x\n---\ntext\n",
         "{\"title\":\"a: b\",\"tags\":[\"x\"]}", "text\n"},
        {"unknown keys", "---\nlayout: post\nmenu: {main: {weight: 3}}\nlist: [1, {a: b}]\n---\n",
         "{\"layout\":\"post\",\"menu\":{\"main\":{\"weight\":\"3\"}},\"list\":[\"1\",{\"a\":\"b\"}"
         "]}",
         ""},
        {"tags as text", "---\ntags: a, b,c\nkeywords: d\n---\n",
         "{\"tags\":[\"a\",\"b\",\"c\"],\"keywords\":\"d\"}", ""},
        {"a value that is no date is kept", "---\ndate: someday\n---\n", "{\"date\":\"someday\"}",
         ""},
        {"a key given twice", "---\ntitle: a\ntitle: b\n---\n", "{\"title\":\"a\"}", ""},
    };
    (void)state;
    struct site site;
    site_open(&site);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&site, rows[i].name, rows[i].input, true, rows[i].fields, rows[i].body);
    }
    site_close(&site);
}

/* The line where an opening fence is told to be damaged; 0 where none is. */
static int damage_line(const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (diag->entries[i].code == DIAG_FRONT_MATTER_DAMAGED) {
            return diag->entries[i].place.line;
        }
    }
    return 0;
}

#define HEAD "标题: 甲\n类型: 公开事项\n---\n正文\n"

static void test_damaged_fence(void **state)
{
    static const struct row {
        const char *name, *input;
        int line;
    } rows[] = {
        {"two dashes", "--\n" HEAD, 1},
        {"four dashes", "----\n" HEAD, 1},
        {"em dashes", "———\n" HEAD, 1},
        {"full-width dashes", "－－－\n" HEAD, 1},
        {"a blank within", "-- -\n" HEAD, 1},
        {"a blank before", " ---\n" HEAD, 1},
        {"a full-width blank before", "\u3000---\n" HEAD, 1},
        {"the closing one too", "———\n标题：甲\n类型：公开事项\n———\n正文\n", 1},
        {"a line above", "杨柳村公示\n---\n" HEAD, 1},
        {"a line and a blank one above", "杨柳村公示\n\n---\n" HEAD, 1},
        {"blank lines above", "\n \n---\n" HEAD, 3},
        {"none", HEAD, 1},
        {"none, English", "title: a\nkind: item\n---\ntext\n", 1},
        {"none, full-width colons", "标题：甲\n类型：公开事项\n---\n正文\n", 1},
        {"none, CR LF", "标题: 甲\r\n类型: 公开事项\r\n---\r\n正文\r\n", 1},
        {"lists, groups, comments",
         "----\n\n# 注\n标题: 甲\n附件:\n- 甲.pdf\n  - 乙.pdf\n别的: 乙\n类型: 公开事项\n\n---\n",
         1},

        {"right", "---\n" HEAD, 0},
        {"one known key", "标题: 甲\n别的: 乙\n---\n正文\n", 0},
        {"no rule below", "标题: 甲\n类型: 公开事项\n正文\n", 0},
        {"keys of another text", "----\n甲: 乙\n丙: 丁\n---\n正文\n", 0},
        {"a thematic break", "----\n正文\n\n---\n标题: 甲\n类型: 乙\n", 0},
        {"fields between rules set apart", "# 会议\n\n---\n\n标题: 甲\n日期: 乙\n\n---\n正文\n", 0},
        {"fields and a rule set apart", "标题: 甲\n日期: 乙\n\n---\n正文\n", 0},
        {"an example in code", "```yaml\n---\n" HEAD "```\n", 0},
        {"an example further down", "# 怎样写\n\n先写表头。\n\n---\n" HEAD, 0},
        {"a sentence between", "标题: 甲\n这里不是表头\n类型: 乙\n---\n正文\n", 0},
        {"nothing", "", 0},
        {"blank lines alone", "\n\n", 0},
    };
    (void)state;
    struct site site;
    site_open(&site);
    for (size_t i = 0; i < 2 * (sizeof rows / sizeof rows[0]); i++) {
        const struct row *row = &rows[i / 2];
        bool is_free = i % 2 == 1;
        struct record record;
        struct diag diag = {0};
        site_parse(&site, &record, &diag, "柳湾镇/a.md", str_of(row->input), is_free);
        int want = is_free ? 0 : row->line, got = damage_line(&diag);
        if (got != want) {
            fail_msg("%s: got line %d, not %d", row->name, got, want);
        }
        diag_free(&diag);
    }
    site_close(&site);
}

static void test_values(void **state)
{
    static const struct row {
        const char *name, *line, *want;
    } rows[] = {
        {"text", "标题: 甲", "\"title\":\"甲\""},
        {"quoted colon", "title: \"a: b\"", "\"title\":\"a: b\""},
        {"no value is no field", "summary:", ""},
        {"date", "date: 2026-09-05", "\"date\":\"2026-09-05\""},
        {"date and time", "date: 2026-09-05 10:00", "\"date\":\"2026-09-05\""},
        {"Chinese date", "date: 2026 年 9 月 5 日", "\"date\":\"2026-09-05\""},
        {"full-width date", "date: ２０２６-０９-０５", "\"date\":\"2026-09-05\""},
        {"money", "amount: 120000.5", "\"amount\":\"120000.50\""},
        {"money below nothing", "amount: -0.05", "\"amount\":\"-0.05\""},
        {"money with signs", "amount: ￥1,234,567.8元", "\"amount\":\"1234567.80\""},
        {"the largest money", "amount: 999999999999999.99", "\"amount\":\"999999999999999.99\""},
        {"boolean", "草稿: 是", "\"draft\":true"},
        {"boolean in English", "draft: No", "\"draft\":false"},
        {"organisation by name", "org: 柳湾村", "\"org\":\"liuwan\""},
        {"choice by name", "公开范围: 公示栏", "\"scope\":\"board\""},
        {"period", "period: 2026年9月", "\"period\":\"2026-09\""},
        {"half a year", "period: 2026年上半年", "\"period\":\"2026-H1\""},
        {"quarter", "period: 2026Q4", "\"period\":\"2026-Q4\""},
        {"map", "review: {审核人: 张三, date: 2026-01-02}",
         "\"review\":{\"by\":\"张三\",\"date\":\"2026-01-02\"}"},
        {"list of files", "attachments: 甲,乙.pdf", "\"attachments\":[\"甲,乙.pdf\"]"},
        {"full-width colon", "标题\xef\xbc\x9a甲", "\"title\":\"甲\""},
        {"tight colon", "标题:甲", "\"title\":\"甲\""},
        {"a full-width colon in a value", "title: 甲\xef\xbc\x9a乙",
         "\"title\":\"甲\xef\xbc\x9a乙\""},
        {"a block of text keeps its colons", "summary: |\n  标题\xef\xbc\x9a甲",
         "\"summary\":\"标题\xef\xbc\x9a甲\""},
    };
    (void)state;
    struct site site;
    site_open(&site);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str input = arena_printf(
            &site.arena, "---\nkind: disclosure\nitem: 财务收支\n%s\n---\n", rows[i].line);
        struct str want =
            arena_printf(&site.arena, "{\"kind\":\"disclosure\",\"item\":\"finance-monthly\"%s%s}",
                         rows[i].want[0] != '\0' ? "," : "", rows[i].want);
        check(&site, rows[i].name, input.p, false, want.p, "");
    }
    site_close(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fences),
        cmocka_unit_test(test_damaged_fence),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
