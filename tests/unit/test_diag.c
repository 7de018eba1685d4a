/* base/diag: in which order faults are shown, what remains past the limit, the line at the end. */
#include "base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add(struct diag *diag, enum diag_code code, const char *path, int line)
{
    diag_add(diag, code, (struct place){str_of(path), line, 1}, DIAG_WITH(STR("x")));
}

/* Whoever sees only the end of a push's answer must see the errors. */
static void test_errors_come_last(void **state)
{
    struct diag diag = {0};
    struct buf text = BUF_EMPTY;
    (void)state;
    add(&diag, DIAG_FIELD_UNKNOWN, "b.md", 2);
    add(&diag, DIAG_RULE_STALE_COLUMN, "z.md", 1);
    add(&diag, DIAG_TEXT_RECODED, "z.md", 1);
    add(&diag, DIAG_FIELD_UNKNOWN, "a.md", 9);
    add(&diag, DIAG_RULE_STALE_COLUMN, "a.md", 10);
    diag_write_text(&text, &diag, LANGUAGE_EN);
    static const char *const order[] = {"z.md:1:1: note", "a.md:10:1: warning", "z.md:1:1: warning",
                                        "a.md:9:1: error", "b.md:2:1: error"};
    const char *at = text.p;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        at = strstr(at, order[i]);
        assert_non_null(at);
    }
    buf_free(&text);
    diag_free(&diag);
}

static void test_an_error_finds_room(void **state)
{
    struct diag diag = {0}, more = {0};
    struct buf text = BUF_EMPTY;
    (void)state;
    for (int i = 0; i < DIAG_LIMIT; i++) {
        add(&diag, DIAG_RULE_STALE_COLUMN, "a.md", i + 1);
    }
    add(&diag, DIAG_FIELD_UNKNOWN, "b.md", 1);
    add(&more, DIAG_FIELD_UNKNOWN, "c.md", 1);
    add(&more, DIAG_RULE_STALE_COLUMN, "c.md", 2);
    diag_merge(&diag, &more);
    assert_int_equal(diag.count, DIAG_LIMIT);
    assert_int_equal(diag.error_count, 2);
    diag_write_text(&text, &diag, LANGUAGE_EN);
    assert_non_null(strstr(text.p, "3 more left out\n"));
    assert_non_null(strstr(text.p, "b.md:1:1: error"));
    assert_non_null(strstr(text.p, "c.md:1:1: error"));
    assert_null(strstr(text.p, "c.md:2:1"));
    for (int i = 0; i < DIAG_LIMIT; i++) {
        add(&diag, DIAG_FIELD_UNKNOWN, "d.md", i + 1);
    }
    assert_int_equal(diag.error_count, DIAG_LIMIT + 2);
    assert_int_equal(diag.count, DIAG_LIMIT);
    buf_free(&text);
    diag_free(&diag);
}

static void check_summary(struct diag *diag, enum language language, const char *want)
{
    struct buf text = BUF_EMPTY;
    diag_write_summary(&text, diag, language);
    assert_string_equal(text.p, want);
    buf_free(&text);
}

static void test_summary(void **state)
{
    struct diag diag = {0};
    (void)state;
    check_summary(&diag, LANGUAGE_ZH, "0 处错误");
    add(&diag, DIAG_RULE_STALE_COLUMN, "w.md", 1);
    check_summary(&diag, LANGUAGE_EN, "0 errors; 1 warnings, which hinder nothing");
    add(&diag, DIAG_FIELD_UNKNOWN, "乙.md", 1);
    add(&diag, DIAG_FIELD_UNKNOWN, "甲.md", 1);
    add(&diag, DIAG_FIELD_UNKNOWN, "乙.md", 5);
    add(&diag, DIAG_PUSH_REF, "", 0);
    check_summary(&diag, LANGUAGE_ZH, "4 处错误（乙.md、甲.md）；1 处警告，不妨碍发布");
    static const char *const others[] = {"1.md", "2.md", "3.md", "4.md"};
    for (size_t i = 0; i < 4; i++) {
        add(&diag, DIAG_FIELD_UNKNOWN, others[i], 1);
    }
    check_summary(&diag, LANGUAGE_ZH,
                  "8 处错误（1.md、2.md、3.md、4.md、乙.md等 6 个文件）；1 处警告，不妨碍发布");
    check_summary(&diag, LANGUAGE_EN,
                  "8 errors (1.md, 2.md, 3.md, 4.md, 乙.md and others, 6 files); 1 warnings, "
                  "which hinder nothing");
    diag_free(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors_come_last),
        cmocka_unit_test(test_an_error_finds_room),
        cmocka_unit_test(test_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
