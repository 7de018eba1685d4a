/* A whole file as a record: titles, dates, organisations, texts, tags, links. */
#include "record_site.h"

static void test_titles_and_dates(void **state)
{
    static const struct row {
        const char *path, *input, *title, *date;
    } rows[] = {
        {"a/b.md", "---\ntitle: 甲\ndate: 2020-02-03\n---\n# 乙\n", "甲", "2020-02-03"},
        {"a/2019-05-06-b.md", "# 乙 *丙*\n", "乙 丙", "2019-05-06"},
        {"a/b.md", "text\n\n## 二\n\n# 一\n", "二", ""},
        {"a/b.v2.md", "text\n", "b.v2", ""},
        {"a/README.md", "text\n", "a", ""},
        {"x/a/index.md", "", "a", ""},
        {"README.md", "text\n", "", ""},
        {"20200101.md", "---\ndate: 2021-01-01T23:00:00-05:00\n---\n", "20200101", "2021-01-01"},
        {"2020-13-01.md", "---\ndate: never\n---\n", "2020-13-01", ""},
        {".md", "", ".md", ""},
        {"a.md", "---\ntitle: |\n  two\n  lines\n---\n", "two lines", ""},
        {"a.md", "---\n标题: 甲\n日期: 2020-02-03\n---\n", "甲", "2020-02-03"},
        {"a.md", "---\n\n# 一\n\n---\n\ntext\n", "一", ""}, /* a heading between two rules */
    };
    (void)state;
    struct site site;
    site_open(&site);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record record;
        struct diag diag = {0};
        char date[DATE_TEXT_SIZE] = "";
        site_parse(&site, &record, &diag, rows[i].path, str_of(rows[i].input), true);
        if (record.date.year > 0) {
            date_format(date, record.date);
        }
        if (!str_equal(record.title, str_of(rows[i].title)) || strcmp(date, rows[i].date) != 0) {
            fail_msg("%s: got %.*s, %s", rows[i].path, STR_ARG(record.title), date);
        }
        assert_int_equal(diag.error_count, 0);
        diag_free(&diag);
    }
    site_close(&site);
}

static void test_texts(void **state)
{
    (void)state;
    struct site site;
    site_open(&site);
    struct record record;
    struct diag diag = {0};
    struct record_file csv = {STR("柳湾镇/a.csv"), STR("项目,金额\n\"电\t费\n二\",3\n")};
    struct record_input input = {
        .path = STR("柳湾镇/a.md"),
        .bytes = STR("---\nattachments: [甲.pdf]\ntags: [x, y]\ncategories: y, z\n---\n# 标题\n\n"
                     "正文。\n\n|p|q|\n|-|-|\n|1|2|\n\n![图](b/乙.png)\n"),
        .csv_files = &csv,
        .csv_count = 1,
        .schema = &site.schema,
        .config = &site.config,
        .resolver = {NULL, site_address, NULL},
    };
    record_parse(&record, &site.arena, &input, &diag);
    assert_int_equal(diag.count, 0);
    assert_true(str_equal(record.org, STR("liuwan-town")));
    assert_true(str_equal(record.kind, STR("page")));
    assert_true(record.has_title_in_body);
    assert_true(str_equal(record.summary, STR("正文。")));
    assert_int_equal(record.tag_count, 3);
    assert_int_equal(record.table_count, 2);
    assert_int_equal(record.link_count, 2);
    assert_true(str_equal(record.links[0].target, STR("柳湾镇/甲.pdf")));
    assert_true(record.links[0].is_attachment);
    assert_true(str_equal(record.names_text, STR("甲.pdf\n乙.png\n")));
    assert_true(str_equal(record.table_text, STR("p\tq\n1\t2\n项目\t金额\n电 费 二\t3\n")));
    assert_true(str_ends(record.text, STR("项目\t金额\n电 费 二\t3\n甲.pdf\n乙.png\n")));
    assert_true(str_starts(record.text, STR("标题\n正文。\np\tq\n1\t2\n")));
    assert_true(str_equal(diag.source_path, STR("柳湾镇/a.md")));
    diag_free(&diag);
    site_close(&site);
}

static void test_summary(void **state)
{
    (void)state;
    struct site site;
    site_open(&site);
    struct buf bytes = BUF_EMPTY;
    for (int i = 0; i < 100; i++) {
        buf_add_text(&bytes, i == 80 ? "句。" : "字");
    }
    for (int i = 0; i < 100; i++) {
        buf_add_text(&bytes, "字");
    }
    struct record record;
    struct diag diag = {0};
    site_parse(&site, &record, &diag, "a.md", buf_str(&bytes), true);
    assert_int_equal(record.summary.n, 82 * 3);
    buf_clear(&bytes);
    for (int i = 0; i < 100; i++) {
        buf_add_text(&bytes, "word ");
    }
    site_parse(&site, &record, &diag, "a.md", buf_str(&bytes), true);
    assert_true(str_ends(record.summary, STR("word…")));
    assert_true(record.summary.n <= 123);
    buf_free(&bytes);
    diag_free(&diag);
    site_close(&site);
}

/* Encodings that a free site understands give the same record. */
static void test_encodings(void **state)
{
    static const struct row {
        const char *name;
        struct str bytes;
    } rows[] = {
        {"UTF-8", {"# \xe6\xa0\x87\xe9\xa2\x98\n", 9}},
        {"byte-order mark", {"\xef\xbb\xbf# \xe6\xa0\x87\xe9\xa2\x98\n", 12}},
        {"GB18030", {"# \xb1\xea\xcc\xe2\n", 7}},
        {"UTF-16LE", {"\xff\xfe#\0 \0\x07\x68\x98\x98\n\0", 12}},
        {"UTF-16BE", {"\xfe\xff\0#\0 \x68\x07\x98\x98\0\n", 12}},
        {"UTF-16LE without a mark", {"#\0 \0\x07\x68\x98\x98\n\0", 10}},
        {"UTF-16BE without a mark", {"\0#\0 \x68\x07\x98\x98\0\n", 10}},
        {"CR", {"# \xe6\xa0\x87\xe9\xa2\x98\r", 9}},
    };
    (void)state;
    struct site site;
    site_open(&site);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record record;
        struct diag diag = {0};
        site_parse(&site, &record, &diag, "a.md", rows[i].bytes, true);
        if (!str_equal(record.title, STR("标题"))) {
            fail_msg("%s: got %.*s", rows[i].name, STR_ARG(record.title));
        }
        diag_free(&diag);
    }
    site_close(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles_and_dates),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
