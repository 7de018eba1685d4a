/*
 * The text of every fault of encoding, front matter, configuration and CSV, with its caret: each
 * file of tests/golden/record gives what stands in the .out beside it. UPDATE_GOLDEN=1 writes them
 * anew; look at the difference then.
 */
#include "record/field.h"
#include "record/table_type.h"
#include "record_site.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#define FOLDER "tests/golden/record/"

static bool seen[DIAG_CODE_COUNT];

static void collect(const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        seen[diag->entries[i].code] = true;
    }
}

static void run(struct site *site, struct diag *diag, const char *name, struct str bytes)
{
    struct record record;
    struct config config;
    struct table table;
    struct str path = str_of(name);
    bool is_free = str_starts(path, STR("free-"));
    diag->is_lenient = is_free;
    if (str_ends(path, STR(".md"))) {
        site_parse(site, &record, diag, name, bytes, is_free);
    } else if (str_ends(path, STR(".yml"))) {
        config_parse(&config, &site->arena, path, bytes, diag);
    } else {
        table_read_csv(&table, &site->arena, path, bytes, diag);
        table_type_read(&table, &site->arena, &site->schema, diag);
    }
}

static void check_file(struct site *site, const char *name)
{
    struct fault fault = {.text = ""};
    struct diag diag = {0};
    struct buf input = BUF_EMPTY, want = BUF_EMPTY, got = BUF_EMPTY, path = BUF_EMPTY;
    buf_printf(&path, FOLDER "%s", name);
    assert_int_equal(file_read(&input, AT_FDCWD, path.p, 1 << 20, &fault), 0);
    run(site, &diag, name, buf_str(&input));
    collect(&diag);
    diag_write_text(&got, &diag, LANGUAGE_ZH);
    buf_add_text(&got, "----\n");
    diag_write_text(&got, &diag, LANGUAGE_EN);
    buf_add_text(&path, ".out");
    if (getenv("UPDATE_GOLDEN") != NULL) {
        unlink(path.p);
        assert_int_equal(file_create(AT_FDCWD, path.p, buf_str(&got), 0644, false, &fault), 0);
    }
    assert_int_equal(file_read(&want, AT_FDCWD, path.p, 1 << 20, &fault), 0);
    if (!str_equal(buf_str(&want), buf_str(&got))) {
        fprintf(stderr, "%s differs; got:\n%s", name, got.p);
    }
    assert_string_equal(want.p, got.p);
    buf_free(&input);
    buf_free(&want);
    buf_free(&got);
    buf_free(&path);
    diag_free(&diag);
}

static void test_golden(void **state)
{
    (void)state;
    struct site site;
    site_open(&site);
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        bool is_input = entry->d_name[0] != '.' && !str_ends(str_of(entry->d_name), STR(".out"));
        if (is_input) {
            check_file(&site, entry->d_name);
            count++;
        }
    }
    closedir(folder);
    assert_true(count > 40);
    site_close(&site);
}

static void check_large(const char *name, struct str head, struct str part, size_t times,
                        const char *want)
{
    struct site site;
    struct diag diag = {0};
    struct buf bytes = BUF_EMPTY, got = BUF_EMPTY;
    site_open(&site);
    buf_add(&bytes, head);
    for (size_t i = 0; i < times; i++) {
        buf_add(&bytes, part);
    }
    buf_add_text(&bytes, "\n---\n");
    run(&site, &diag, name, buf_str(&bytes));
    collect(&diag);
    assert_true(diag.count > 0);
    diag.count = 1;
    diag.entries[0].line_text.n = 0;
    diag_write_text(&got, &diag, LANGUAGE_ZH);
    assert_string_equal(got.p, want);
    buf_free(&bytes);
    buf_free(&got);
    diag_free(&diag);
    site_close(&site);
}

/* Bombs end at a limit that is named. */
static void test_limits(void **state)
{
    (void)state;
    check_large("a.md", STR("---\ntitle: x\n"), STR("# 注注注注注注注注注注\n"), 3000,
                "a.md:1:1: error[E231]: 开头 --- 之间的内容超过了 64 KiB\n"
                "  = 改法：正文写在第二个 --- 下面，成批的数据放进 CSV 表格\n");
    check_large("a.md", STR("---\ntags:\n"), STR("  - a\n"), 2100,
                "a.md:2000:5: error[E225]: 名称和内容加起来超过了 2000 个\n"
                "  = 改法：把成批的数据放进 CSV 表格\n");
    check_large("a.csv", STR("a\n"), STR("1\n"), 20001,
                "a.csv:20002:1: error[E348]: 表格超过了 20000 行\n  = 改法：拆成几个表格文件\n");
    check_large("a.csv", STR("a0"), STR(",b"), 100,
                "a.csv:1:1: error[E347]: 表格超过了 100 列\n  = 改法：拆成几个表格文件\n");
    check_large("a.yml", STR("title: x\n"), STR("# 12345678901234567890\n"), 200000,
                "a.yml: error[E273]: 配置文件超过了 4 MiB\n  = 改法：核对是不是放错了文件\n");
}

/* The schema has no field of the type number yet. */
static void test_number(void **state)
{
    (void)state;
    struct site site;
    struct diag diag = {0};
    struct buf got = BUF_EMPTY;
    site_open(&site);
    struct field_reader reader = {
        .arena = &site.arena, .path = STR("a.md"), .config = &site.config, .diag = &diag};
    struct schema_field row = {.key = STR("rate"), .type = SCHEMA_TYPE_NUMBER};
    struct yaml_node node = {.is_plain = true, .line = 2, .column = 7, .text = STR("1e5")};
    struct record_field field;
    assert_false(field_read(&reader, &field, &row, STR("rate"), &node));
    diag_write_text(&got, &diag, LANGUAGE_EN);
    assert_string_equal(got.p, "a.md:2:7: error[E243]: \"1e5\" is no number for \"rate\"\n"
                               "  = help: write digits only, like 12.5\n");
    node.text = STR("-1,200.50");
    assert_true(field_read(&reader, &field, &row, STR("rate"), &node));
    assert_true(str_equal(field.text, STR("-1200.50")));
    collect(&diag);
    buf_free(&got);
    diag_free(&diag);
    site_close(&site);
}

/* No row of ours in diag.def goes without a text that is pinned above. E28x is check/'s. */
static void test_all_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIAG_CODE_COUNT; i++) {
        struct str code = str_of(diag_code_text((enum diag_code)i));
        bool is_ours = (str_starts(code, STR("E2")) && !str_starts(code, STR("E28"))) ||
                       (str_compare(code, STR("E341")) >= 0 && str_compare(code, STR("E350")) <= 0);
        if (is_ours && !seen[i]) {
            fail_msg("no golden text for %s", code.p);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_number),
        cmocka_unit_test(test_all_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
