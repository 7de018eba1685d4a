/* record/suggest: names that were misspelt, cut, abbreviated or half remembered. */
#include "record/suggest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {
    "党组织设置与分工",
    "会议与决议",
    "季度村务公开",
    "协助政府工作",
    "财务收支",
    "财务收支（按月）",
    "财务计划",
    "耕地地力保护补贴",
    "最低生活保障与特困供养",
    "临时救助",
    "高龄津贴",
    "残疾人两项补贴",
    "征地与补偿",
    "意见征集",
    "柳湾村",
    "柳湾村村民委员会",
    "page",
    "meeting",
};

static const struct {
    const char *wanted, *want;
} cases[] = {
    {"财务收入", "财务收支"},                     /* misspelt */
    {"收支", "财务收支、财务收支（按月）"},       /* a part */
    {"村务公开", "季度村务公开"},                 /* a part */
    {"2026年高龄津贴", "高龄津贴"},               /* more than the name */
    {"低保", "最低生活保障与特困供养"},           /* abbreviated */
    {"耕地补贴", "耕地地力保护补贴"},             /* abbreviated */
    {"征地补偿", "征地与补偿"},                   /* a character left out */
    {"残疾补贴", "残疾人两项补贴"},               /* abbreviated */
    {"救助临时", "临时救助"},                     /* turned round */
    {"特困供养和低保", "最低生活保障与特困供养"}, /* half remembered */
    {"柳湾村村委会", "柳湾村村民委员会"},         /* abbreviated, and not the village */
    {"柳湾村办公室", "柳湾村"},                   /* more than the name */
    {"meating", "meeting"},                       /* misspelt */
    {"财", ""},                                   /* too short to tell */
    {"植树造林", ""},                             /* another thing */
    {"tree", ""},                                 /* letters that all words have */
    {"", ""},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct suggest_list list = {.wanted = str_of(cases[i].wanted)};
        struct arena arena = {0};
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            suggest_list_offer(&list, str_of(names[k]));
        }
        struct str text = suggest_list_text(&list, &arena);
        if (!str_equal(text, str_of(cases[i].want))) {
            fail_msg("%s: %.*s", cases[i].wanted, STR_ARG(text));
        }
        arena_free(&arena);
    }
}

/* The nearest three, whatever the order in which they are offered. */
static void test_order(void **state)
{
    static const char *const offered[] = {"甲乙丙丁戊己庚", "甲乙丙丁戊己", "甲乙丙丁戊",
                                          "甲乙丙丁戊己庚辛"};
    (void)state;
    for (size_t turn = 0; turn < 4; turn++) {
        struct suggest_list list = {.wanted = STR("甲乙")};
        struct arena arena = {0};
        for (size_t k = 0; k < 4; k++) {
            suggest_list_offer(&list, str_of(offered[(k + turn) % 4]));
        }
        struct str text = suggest_list_text(&list, &arena);
        assert_true(str_equal(text, STR("甲乙丙丁戊、甲乙丙丁戊己、甲乙丙丁戊己庚")));
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
