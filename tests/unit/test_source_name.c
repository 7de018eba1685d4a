/* source/name: which names pass, and which rule refuses each of the others. */
#include "source/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FIT DIAG_CODE_COUNT

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum diag_code want;
    } rows[] = {
        {"a.md", FIT},
        {"README.md", FIT},
        {"上海市会展业条例(2020-03-19).md", FIT},
        {"a b.md", FIT},
        {" a.md", FIT},
        {"#?%&+'()[].md", FIT},
        {"100%.md", FIT},
        {"-a.md", FIT},
        {"_index.md", FIT},
        {".github", FIT},
        {".gitignore", FIT},
        {".gitattributes", FIT},
        {".gitmodules", FIT},
        {"git", FIT},
        {"git~10", FIT},
        {"a..b", FIT},
        {"e\u0301.md", FIT},
        {"\u00e9.md", FIT},
        {"👨\u200d👩\u200d👧.md", FIT},
        {"a:b.md", FIT},
        {"", DIAG_NAME_EMPTY},
        {".", DIAG_NAME_DOTS},
        {"..", DIAG_NAME_DOTS},
        {".git", DIAG_NAME_GIT},
        {".GIT", DIAG_NAME_GIT},
        {".giT ", DIAG_NAME_GIT},
        {".git. .", DIAG_NAME_GIT},
        {".git::$INDEX_ALLOCATION", DIAG_NAME_GIT},
        {".g\u200cit", DIAG_NAME_GIT},
        {"\ufeff.git", DIAG_NAME_GIT},
        {"GIT~1", DIAG_NAME_GIT},
        {"a/../b.md", DIAG_NAME_SLASH},
        {"/", DIAG_NAME_SLASH},
        {"a\nb.md", DIAG_NAME_CONTROL},
        {"a\tb.md", DIAG_NAME_CONTROL},
        {"a\033[31mb.md", DIAG_NAME_CONTROL},
        {"a\177b.md", DIAG_NAME_CONTROL},
        {"a\xc2\x85"
         "b.md",
         DIAG_NAME_CONTROL},
        {"a\u2028b.md", DIAG_NAME_CONTROL},
        {"a\uffffb.md", DIAG_NAME_CONTROL},
        {"\xd6\xd0.md", DIAG_NAME_UTF8},
        {"a\xc0\xaf.md", DIAG_NAME_UTF8},
        {"a\xed\xa0\x80.md", DIAG_NAME_UTF8},
        {"a\u202egnp.md", DIAG_NAME_BIDI},
        {"a\u2066.md", DIAG_NAME_BIDI},
        {"a\u200b.md", DIAG_NAME_INVISIBLE},
        {"a\ufeff.md", DIAG_NAME_INVISIBLE},
        {"a\u00ad.md", DIAG_NAME_INVISIBLE},
        {"a.", DIAG_NAME_END},
        {"a.md ", DIAG_NAME_END},
        {"...", DIAG_NAME_END},
        {"a\\b.md", DIAG_NAME_BACKSLASH},
        {"..\\b.md", DIAG_NAME_BACKSLASH},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum diag_code why = FIT;
        bool is_fit = name_is_fit(&why, str_of(rows[i].name));
        if (why != rows[i].want || is_fit != (rows[i].want == FIT)) {
            fail_msg("\"%s\" gives %d", rows[i].name, (int)why);
        }
    }
}

static void test_length_is_bounded(void **state)
{
    (void)state;
    char name[257];
    enum diag_code why = FIT;
    memset(name, 'a', sizeof name);
    assert_true(name_is_fit(&why, (struct str){name, 255}));
    assert_false(name_is_fit(&why, (struct str){name, 256}));
    assert_int_equal(why, DIAG_NAME_LONG);
    name[0] = 'A';
    assert_true(name_is_fit(&why, (struct str){name, 255}));
    assert_false(name_is_fit(&why, (struct str){name, 256}));
    assert_int_equal(why, DIAG_NAME_LONG);
}

/* A clerk reads these: neither wording nor code changes by accident. */
static void test_texts(void **state)
{
    (void)state;
    static const struct {
        enum diag_code code;
        const char *number, *zh;
    } rows[] = {
        {DIAG_NAME_EMPTY, "E101", "这里有一个没有名字的文件或文件夹"},
        {DIAG_NAME_DOTS, "E102", "“{1}”不能用作文件或文件夹的名字"},
        {DIAG_NAME_GIT, "E103", "“{1}”是 git 自己的文件夹名，或与它无法区分"},
        {DIAG_NAME_SLASH, "E104", "名字“{1}”里有斜杠"},
        {DIAG_NAME_CONTROL, "E105", "名字“{1}”里有看不见的控制字符（问号处）"},
        {DIAG_NAME_UTF8, "E106", "名字“{1}”不是 UTF-8 编码"},
        {DIAG_NAME_BIDI, "E107", "名字“{1}”里有改变文字方向的隐藏字符"},
        {DIAG_NAME_INVISIBLE, "E108", "名字“{1}”里有看不见的字符"},
        {DIAG_NAME_END, "E109", "名字“{1}”的末尾是空格或句点"},
        {DIAG_NAME_BACKSLASH, "E110", "名字“{1}”里有反斜杠"},
        {DIAG_NAME_LONG, "E111", "名字“{1}”太长，最多 {2} 个字节（约 85 个汉字）"},
        {DIAG_PATH_LONG, "E112", "路径太长，连同文件夹最多 {1} 个字节"},
        {DIAG_NAME_DUPLICATE, "E113", "同一个文件夹里有两个“{1}”"},
        {DIAG_NAME_CLASH, "E114", "与“{1}”只差大小写或字符的写法，两者会成为同一个网址"},
        {DIAG_ENTRY_SYMLINK, "E115", "“{1}”是符号链接，不会发布"},
        {DIAG_ENTRY_SUBMODULE, "E116", "“{1}”是子模块，不会发布"},
        {DIAG_ENTRY_MODE, "E117", "“{1}”的类型 {2} 不是普通文件，不会发布"},
        {DIAG_FILE_LFS, "E118", "“{1}”存在 Git LFS 里，仓库中没有它的内容"},
        {DIAG_FILE_LARGE, "E119", "文件有 {1} 字节，超过上限 {2} 字节"},
        {DIAG_FOLDER_DEEP, "E120", "文件夹套得太深，最多 {1} 层"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(diag_code_text(rows[i].code), rows[i].number);
        assert_string_equal(diag_message(rows[i].code, LANGUAGE_ZH), rows[i].zh);
        assert_int_equal(diag_code_level(rows[i].code), DIAG_LEVEL_ERROR);
        assert_true(strlen(diag_hint(rows[i].code, LANGUAGE_ZH)) > 0);
        assert_true(strlen(diag_hint(rows[i].code, LANGUAGE_EN)) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_length_is_bounded),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
