/* theme/: what templates show, and what is said of those that are wrong. */
#include "theme/freeze.h"
#include "theme/theme.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct value *make_person(struct arena *arena, const char *name, int64_t age)
{
    struct value *person = value_map(arena);
    value_set_text(arena, person, "name", str_of(name));
    value_set_int(arena, person, "age", age);
    return person;
}

/* What every row of the tables below is rendered with. */
static struct value *make_values(struct arena *arena)
{
    struct value *values = value_map(arena), *people = value_list(arena), *org = value_map(arena);
    value_add(arena, people, make_person(arena, "张三", 41));
    value_add(arena, people, make_person(arena, "李四 & <五>", -7));
    value_set(arena, values, "people", people);
    value_set(arena, values, "nobody", value_list(arena));
    value_set(arena, values, "chair", make_person(arena, "王主任", 60));
    value_set_text(arena, org, "name", STR("柳湾村"));
    value_set(arena, org, "chair", make_person(arena, "赵书记", 50));
    value_set(arena, values, "org", org);
    value_set_text(arena, values, "title", STR("<账目> & \"it's\""));
    value_set_text(arena, values, "title", STR("the first of two wins"));
    value_set_text(arena, values, "empty", STR(""));
    value_set_text(arena, values, "lines", STR("a\nb"));
    value_set(arena, values, "body", value_markup(arena, (struct markup){STR("<p>x</p>")}));
    value_set(arena, values, "nothing", value_markup(arena, (struct markup){STR("")}));
    value_set_int(arena, values, "zero", 0);
    value_set_int(arena, values, "least", INT64_MIN);
    value_set_bool(arena, values, "yes", true);
    value_set_bool(arena, values, "no", false);
    value_set(arena, values, "null", NULL);
    value_set(arena, values, "a_long_key_of_one_kind", value_text(arena, STR("one")));
    value_set(arena, values, "a_long_key_of_two_kind", value_text(arena, STR("two")));
    return values;
}

static const char strings_zh[] = "# 界面文字\n"
                                 "\n"
                                 "total = 共 {{total.count}}{{title}} 条\n"
                                 "next=下一页 <&>\n"
                                 "two = 一\\n二 \\\\ = 三\n"
                                 "none =\n"
                                 "self = 我是 {{.}}\n";

static const struct theme_row {
    const char *name, *template, *part, *want; /* `part` is the template "part" */
} rows[] = {
    {"text alone", "a { b }} c", "", "a { b }} c"},
    {"escaped", "{{title}}", "", "&lt;账目&gt; &amp; &quot;it&#39;s&quot;"},
    {"raw, braces", "{{{title}}}", "", "<账目> & \"it's\""},
    {"raw, ampersand", "{{& title }}", "", "<账目> & \"it's\""},
    {"raw under other delimiters", "{{=[ ]=}}[{title}] [&title]", "",
     "<账目> & \"it's\" <账目> & \"it's\""},
    {"markup is not escaped", "{{body}}{{{body}}}", "", "<p>x</p><p>x</p>"},
    {"numbers", "{{zero}} {{least}} {{chair.age}}", "", "0 -9223372036854775808 60"},
    {"booleans", "{{yes}} {{no}}", "", "true false"},
    {"nothing to show", "[{{null}}{{people}}{{org}}{{unknown}}{{org.unknown.name}}]", "", "[]"},
    {"keys that begin alike", "{{a_long_key_of_two_kind}}", "", "two"},
    {"section over a list", "{{#people}}{{name}} {{age}};{{/people}}", "",
     "张三 41;李四 &amp; &lt;五&gt; -7;"},
    {"section over a map", "{{#chair}}{{name}}{{/chair}}", "", "王主任"},
    {"inner hides outer", "{{#org}}{{chair.name}} {{title}}{{/org}}", "",
     "赵书记 &lt;账目&gt; &amp; &quot;it&#39;s&quot;"},
    {"truth",
     "{{#yes}}1{{/yes}}{{#no}}2{{/no}}{{#empty}}3{{/empty}}{{#zero}}4{{/zero}}"
     "{{#null}}5{{/null}}{{#nothing}}6{{/nothing}}{{#least}}7{{/least}}{{#body}}8{{/body}}",
     "", "178"},
    {"inverted",
     "{{^yes}}1{{/yes}}{{^no}}2{{/no}}{{^empty}}3{{/empty}}{{^nobody}}4{{/nobody}}{{^org}}5{{/"
     "org}}",
     "", "234"},
    {"the item itself", "{{#lines}}[{{.}}]{{/lines}}", "", "[a\nb]"},
    {"comment of several lines", "a\n  {{! one\n two }}\nb{{! c }}c", "", "a\nbc"},
    {"blanks before the sigil", "{{ #yes }}x{{ /yes }}", "", "x"},
    {"tags alone on a line leave none", "<ul>\n  {{#people}}\n  <li>\n  {{/people}}\n</ul>\n", "",
     "<ul>\n  <li>\n  <li>\n</ul>\n"},
    {"the same with CRLF", "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "", "a\r\nb\r\nc"},
    {"partial", "[{{>part}}]", "{{chair.name}}", "[王主任]"},
    {"partial on a line of its own", "a\n  {{>part}}\nb", "1\n{{lines}}\n{{#yes}}\n2\n{{/yes}}\n",
     "a\n  1\n  a\nb\n  2\nb"},
    {"indented line that begins with a section", "  {{>part}}\n",
     "{{#people}}x{{/people}}\n{{^no}}y{{/no}}\n", "  xx\n  y\n"},
    {"partial inside a line is not indented", "  a {{>part}}\n", "1\n2", "  a 1\n2\n"},
    {"recursion ends where the data ends", "{{#chair}}{{>part}}{{/chair}}",
     "{{name}}{{#nobody}}{{>part}}{{/nobody}}", "王主任"},
    {"block by itself", "{{$a}}x{{/a}}", "", "x"},
    {"parent without arguments", "{{<part}}{{/part}}", "<{{$a}}x{{/a}}>", "<x>"},
    {"parent with an argument", "{{<part}}no {{$a}}{{chair.name}}{{/a}} no{{/part}}",
     "<{{$a}}x{{/a}}|{{$b}}y{{/b}}>", "<王主任|y>"},
    {"argument in an inner section", "{{<part}}{{$a}}{{name}};{{/a}}{{/part}}",
     "{{#people}}{{$a}}{{/a}}{{/people}}", "张三;李四 &amp; &lt;五&gt;;"},
    {"argument takes on the block's indentation",
     "{{<part}}\n{{$a}}\n      1\n        2\n{{/a}}\n{{/part}}\n", "<\n  {{$a}}\n  {{/a}}\n>\n",
     "<\n  1\n    2\n>\n"},
    {"block alone on a line keeps its line", "{{<part}}{{$a}}x{{/a}}{{/part}}",
     "<\n  {{$a}}{{/a}}\n>", "<\n  x\n>"},
    {"blocks of one name in two parents do not meet",
     "{{<part}}{{$a}}{{<card}}{{$a}}inner{{/a}}{{/card}}{{/a}}{{/part}}", "<{{$a}}x{{/a}}>",
     "<(inner)>"},
    {"string", "{{t.next}}", "", "下一页 &lt;&amp;&gt;"},
    {"string, raw", "{{{t.next}}}", "", "下一页 <&>"},
    {"string with variables", "{{#people}}{{#total}}{{/total}}{{/people}}{{t.total}}", "",
     "共 &lt;账目&gt; &amp; &quot;it&#39;s&quot; 条"},
    {"string with escapes", "{{t.two}}", "", "一\n二 \\ = 三"},
    {"string as a question",
     "{{#t.next}}[{{.}}]{{/t.next}}{{#t.none}}no{{/t.none}}{{^t.none}}none"
     "{{/t.none}}{{^t.unknown}}unknown{{/t.unknown}}",
     "", "[下一页 &lt;&amp;&gt;]noneunknown"},
    {"string that asks for itself", "{{#t.self}}{{.}}{{/t.self}}", "", "我是 "},
    {"string that is not there", "{{t.unknown}}", "", "unknown"},
    {"string lines are not indented", "{{>part}}\n", "{{t.two}}", "一\n二 \\ = 三"},
    {"byte-order mark", "\xef\xbb\xbfx", "", "x"},
};

static void add_template(struct theme *theme, const char *name, const char *bytes,
                         struct diag *diag)
{
    char path[64];
    snprintf(path, sizeof path, "%s.mustache", name);
    theme_add_template(theme, str_of(name), str_of(path), str_of(bytes), diag);
}

static void test_templates_show_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct theme *theme = theme_new();
        struct diag diag = {0};
        struct arena arena = {0};
        struct buf out = BUF_EMPTY;
        struct fault fault = {.text = ""};
        add_template(theme, "main", rows[i].template, &diag);
        add_template(theme, "part", rows[i].part, &diag);
        add_template(theme, "card", "({{$a}}y{{/a}})", &diag);
        theme_add_strings(theme, STR("zh-CN"), STR("zh-CN.txt"), str_of(strings_zh), &diag);
        int rc = theme_render(theme, &out, STR("main"), STR("zh-CN"), make_values(&arena), &fault);
        if (rc != 0 || strcmp(out.p, rows[i].want) != 0) {
            print_error("%s: %s\n", rows[i].name, fault.text);
        }
        assert_int_equal(diag.count, 0);
        assert_int_equal(rc, 0);
        assert_string_equal(out.p, rows[i].want);
        buf_free(&out);
        arena_free(&arena);
        diag_free(&diag);
        theme_free(theme);
    }
}

/* The same keys, of which every one whose place has a bit in `mask` comes later. */
static struct value *make_known(struct arena *arena, unsigned mask)
{
    static const char *const keys[] = {"people",
                                       "nobody",
                                       "chair",
                                       "org",
                                       "title",
                                       "empty",
                                       "lines",
                                       "body",
                                       "nothing",
                                       "zero",
                                       "least",
                                       "yes",
                                       "no",
                                       "null",
                                       "a_long_key_of_one_kind",
                                       "a_long_key_of_two_kind"};
    struct value *known = value_map(arena);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if ((mask >> i & 1) != 0) {
            value_set(arena, known, keys[i], value_unknown(arena));
        }
    }
    value_copy(arena, known, make_values(arena));
    return known;
}

/* Every row again: frozen with some of the values, thawed, and shown with all of them. */
static void test_frozen_pages_show_the_same(void **state)
{
    (void)state;
    static const unsigned masks[] = {0, ~0u, 0x5555, 0xaaaa, 0x0f0f, 0xf0f0, 1, 0xfffe};
    size_t frozen_count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct theme *theme = theme_new();
        struct diag diag = {0};
        add_template(theme, "main", rows[i].template, &diag);
        add_template(theme, "part", rows[i].part, &diag);
        add_template(theme, "card", "({{$a}}y{{/a}})", &diag);
        theme_add_strings(theme, STR("zh-CN"), STR("zh-CN.txt"), str_of(strings_zh), &diag);
        for (size_t k = 0; k < sizeof masks / sizeof masks[0]; k++) {
            struct arena arena = {0};
            struct buf bytes = BUF_EMPTY, out = BUF_EMPTY;
            struct fault fault = {.text = ""};
            struct theme_page *page = NULL;
            struct freeze_request request = {STR("main"), STR("zh-CN"),
                                             make_known(&arena, masks[k]), "-", "t"};
            if (theme_freeze(theme, &bytes, &request, &fault) == 0) {
                frozen_count++;
                assert_int_equal(theme_thaw(&page, &arena, buf_str(&bytes)), 0);
                assert_int_equal(theme_page_render(page, &out, make_values(&arena), &fault), 0);
                if (strcmp(out.p, rows[i].want) != 0) {
                    print_error("%s, %x\n", rows[i].name, masks[k]);
                }
                assert_string_equal(out.p, rows[i].want);
                assert_true(str_equal(theme_page_string(page, "two"), STR("一\n二 \\ = 三")));
                assert_true(str_equal(theme_page_string(page, "next"), STR("next")));
            } else {
                print_message("# %s, %x: %s\n", rows[i].name, masks[k], fault.text);
            }
            buf_free(&bytes);
            buf_free(&out);
            arena_free(&arena);
        }
        diag_free(&diag);
        theme_free(theme);
    }
    assert_true(frozen_count > sizeof rows / sizeof rows[0] * 7);
}

/* A frozen page of which any byte is another is refused or shown somehow, without a fault. */
static void test_damaged_pages_do_no_harm(void **state)
{
    (void)state;
    struct theme *theme = theme_new();
    struct diag diag = {0};
    struct arena arena = {0};
    struct buf bytes = BUF_EMPTY, out = BUF_EMPTY;
    struct fault fault = {.text = ""};
    struct theme_page *page = NULL;
    add_template(theme, "main",
                 "{{title}}{{#people}}<{{name}}>{{^age}}-{{/age}}{{/people}}{{org.chair.name}}",
                 &diag);
    theme_add_strings(theme, STR("zh-CN"), STR("zh-CN.txt"), str_of(strings_zh), &diag);
    struct freeze_request request = {STR("main"), STR("zh-CN"), make_known(&arena, ~0u), "-", "t"};
    assert_int_equal(theme_freeze(theme, &bytes, &request, &fault), 0);
    size_t refused_count = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        static const unsigned char flips[] = {0xff, 0x01, 0x80, 0x10};
        for (size_t k = 0; k < sizeof flips; k++) {
            struct arena own = {0};
            bytes.p[i] = (char)(bytes.p[i] ^ flips[k]);
            buf_clear(&out);
            bool is_good = theme_thaw(&page, &own, buf_str(&bytes)) == 0;
            refused_count += !is_good;
            if (is_good) {
                (void)theme_page_render(page, &out, make_values(&own), &fault);
                (void)theme_page_string(page, "two");
            }
            bytes.p[i] = (char)(bytes.p[i] ^ flips[k]);
            arena_free(&own);
        }
    }
    for (size_t n = 0; n < bytes.n; n++) {
        struct arena own = {0};
        refused_count += theme_thaw(&page, &own, str_slice(buf_str(&bytes), 0, n)) != 0;
        arena_free(&own);
    }
    assert_true(refused_count > bytes.n);
    buf_free(&bytes);
    buf_free(&out);
    arena_free(&arena);
    diag_free(&diag);
    theme_free(theme);
}

static const struct {
    const char *template, *want;
} error_rows[] = {
    {"a\n村\xff", "main.mustache:2:2: error[E401]: the file is not UTF-8\n"
                  "  | 村?\n  |   ^\n"
                  "  = help: open it in a text editor and save it as UTF-8\n"},
    {"a\x1b", "main.mustache:1:2: error[E402]: there is an invisible control character here\n"
              "  | a?\n  |  ^\n  = help: delete this character\n"},
    {"x\n 村 {{a", "main.mustache:2:4: error[E404]: the tag has no end\n"
                   "  |  村 {{a\n  |     ^\n"
                   "  = help: add the closing delimiter, commonly }}\n"},
    {"{{ }}", "main.mustache:1:1: error[E405]: the tag has no name\n  | {{ }}\n  | ^\n"
              "  = help: say what it shows, as in {{title}}\n"},
    {"{{a b}}", "main.mustache:1:1: error[E406]: \"a b\" cannot be a name\n"
                "  | {{a b}}\n  | ^\n"
                "  = help: a name holds no blank, neither begins nor ends with a dot, has no two "
                "dots in a row, and is not overly long\n"},
    {"{{=<%=}}", "main.mustache:1:1: error[E407]: the delimiters are not set in the right way\n"
                 "  | {{=<%=}}\n  | ^\n"
                 "  = help: write {{=<% %>=}}: two delimiters with a blank between them, no equals "
                 "sign inside\n"},
    {"x\n{{#a}}", "main.mustache:2:1: error[E408]: \"a\" is never closed\n"
                  "  | {{#a}}\n  | ^\n  = help: add {{/a}} where it ends\n"},
    {"{{#a}}\n {{/b}}",
     "main.mustache:2:2: error[E409]: this closes \"b\", but line 1 opened \"a\"\n"
     "  |  {{/b}}\n  |  ^\n"
     "  = help: write {{/a}}, or reorder: what was opened last closes first\n"},
    {"{{/a}}", "main.mustache:1:1: error[E410]: \"a\" is closed but was never opened\n"
               "  | {{/a}}\n  | ^\n  = help: delete this tag, or add the tag that opens it\n"},
    {"x {{> a}}", "main.mustache:1:3: error[E413]: there is no template \"a\"\n"
                  "  | x {{> a}}\n  |   ^\n"
                  "  = help: check the name: it is the template's file name without .mustache\n"},
    {"{{<a}}{{/a}}",
     "main.mustache:1:1: error[E413]: there is no template \"a\"\n"
     "  | {{<a}}{{/a}}\n  | ^\n"
     "  = help: check the name: it is the template's file name without .mustache\n"},
    {"{{<main}}{{$x}}{{/x}}{{$x}}{{/x}}{{/main}}",
     "main.mustache:1:22: error[E414]: the block \"x\" is filled twice here\n"
     "  | {{<main}}{{$x}}{{/x}}{{$x}}{{/x}}{{/main}}\n  |                      ^\n"
     "  = help: keep one of them\n"},
    {"{{<main}}{{a}}{{/main}}", "main.mustache:1:10: error[E415]: \"a\" is never shown: it stands "
                                "inside \"main\" but in none of "
                                "its blocks\n  | {{<main}}{{a}}{{/main}}\n  |          ^\n"
                                "  = help: move it between {{$...}} and {{/...}}\n"},
    {"{{t.gone}}", "main.mustache:1:1: error[E425]: there is no interface text \"gone\"\n"
                   "  | {{t.gone}}\n  | ^\n"
                   "  = help: check the key, or add it to every language in the strings folder\n"},
};

static void assert_diag(struct diag *diag, const char *want)
{
    struct buf out = BUF_EMPTY;
    diag_write_text(&out, diag, LANGUAGE_EN);
    assert_string_equal(out.p, want);
    buf_free(&out);
    diag_free(diag);
}

static void test_template_errors_say_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++) {
        struct theme *theme = theme_new();
        struct diag diag = {0};
        add_template(theme, "main", error_rows[i].template, &diag);
        theme_check(theme, &diag);
        assert_diag(&diag, error_rows[i].want);
        theme_free(theme);
    }
}

static void test_all_errors_are_shown_at_once(void **state)
{
    (void)state;
    struct theme *theme = theme_new();
    struct diag diag = {0};
    add_template(theme, "main", "{{a..b}}\n{{#.a}}\n{{}}", &diag);
    add_template(theme, "other", "{{#a}}{{#b}}", &diag);
    assert_int_equal(diag.error_count, 5);
    diag_free(&diag);
    theme_free(theme);
}

static void test_limits_of_a_template(void **state)
{
    (void)state;
    struct theme *theme = theme_new();
    struct diag diag = {0};
    struct buf deep = BUF_EMPTY, large = BUF_EMPTY;
    for (int i = 0; i < 65; i++) {
        buf_add(&deep, STR("{{#a}}\n"));
    }
    for (int i = 0; i < 65; i++) {
        buf_add(&deep, STR("{{/a}}\n"));
    }
    add_template(theme, "deep", deep.p, &diag);
    assert_diag(&diag, "deep.mustache:65:1: error[E411]: \"a\" is nested too deep\n"
                       "  | {{#a}}\n  | ^\n"
                       "  = help: move the inner part into a template of its own\n");
    while (large.n <= 1024 * 1024) {
        buf_add(&large, STR("0123456789abcdef"));
    }
    add_template(theme, "large", large.p, &diag);
    assert_diag(&diag, "large.mustache: error[E403]: the file is larger than 1048576 bytes\n"
                       "  = help: split it into several files\n");
    add_template(theme, "large", "", &diag);
    assert_diag(&diag, "large.mustache: error[E412]: there is a template \"large\" already, in "
                       "large.mustache\n  = help: delete or rename one of them\n");
    buf_free(&deep);
    buf_free(&large);
    theme_free(theme);
}

static const struct {
    const char *strings, *want;
} string_rows[] = {
    {"a = 1\n字\n", "en.txt:2:1: error[E420]: this line has no equals sign\n"
                    "  | 字\n  | ^\n"
                    "  = help: write \"key = text\"; begin a comment with #\n"},
    {"键 = 1", "en.txt:1:1: error[E421]: \"键\" cannot be a key\n"
               "  | 键 = 1\n  | ^\n"
               "  = help: a key consists of letters, digits, dots, underscores and hyphens\n"},
    {"a = 1\n\na = 2\n", "en.txt:3:1: error[E422]: \"a\" stands in en.txt, line 1, already\n"
                         "  | a = 2\n  | ^\n  = help: delete one of the lines\n"},
    {"a = 村\\t",
     "en.txt:1:6: error[E423]: this backslash stands before neither n nor a backslash\n"
     "  | a = 村\\t\n  |       ^\n"
     "  = help: write \\n for a line break and \\\\ for a backslash\n"},
    {"a = {{#b}}", "en.txt:1:5: error[E424]: the text of \"a\" holds a tag that is wrong or not "
                   "allowed\n  | a = {{#b}}\n  |     ^\n"
                   "  = help: a text may hold tags like {{name}} only\n"},
    {"a = {{b", "en.txt:1:5: error[E424]: the text of \"a\" holds a tag that is wrong or not "
                "allowed\n  | a = {{b\n  |     ^\n"
                "  = help: a text may hold tags like {{name}} only\n"},
    {"a = {{t.b}}", "en.txt:1:5: error[E424]: the text of \"a\" holds a tag that is wrong or not "
                    "allowed\n  | a = {{t.b}}\n  |     ^\n"
                    "  = help: a text may hold tags like {{name}} only\n"},
    {"a = 1\n b = 2\xff", "en.txt:2:7: error[E401]: the file is not UTF-8\n  |  b = 2?\n"
                          "  |       ^\n  = help: open it in a text editor and save it as UTF-8\n"},
};

static void test_string_errors_say_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof string_rows / sizeof string_rows[0]; i++) {
        struct theme *theme = theme_new();
        struct diag diag = {0};
        theme_add_strings(theme, STR("en"), STR("en.txt"), str_of(string_rows[i].strings), &diag);
        assert_diag(&diag, string_rows[i].want);
        theme_free(theme);
    }
}

static void test_every_language_has_every_string(void **state)
{
    (void)state;
    struct theme *theme = theme_new();
    struct diag diag = {0};
    theme_add_strings(theme, STR("zh-CN"), STR("zh-CN.txt"), STR("a = 一\nb = 二\n"), &diag);
    theme_add_strings(theme, STR("en"), STR("en.txt"), STR("b = two\n"), &diag);
    theme_check(theme, &diag);
    assert_diag(&diag, "zh-CN.txt:1:1: error[E426]: \"a\" is missing from \"en\"\n"
                       "  | a = 一\n  | ^\n  = help: add this line to that language's file\n");
    theme_free(theme);
}

static void test_strings_without_a_template(void **state)
{
    (void)state;
    struct theme *theme = theme_new();
    struct diag diag = {0};
    struct arena arena = {0};
    struct buf out = BUF_EMPTY;
    theme_add_strings(theme, STR("en"), STR("en.txt"), STR("all = All of {{title}}\n"), &diag);
    struct str text = theme_string(theme, STR("en"), "all");
    assert_int_equal(text.n, strlen("All of {{title}}"));
    text = theme_string(theme, STR("fr"), "all");
    assert_true(str_equal(text, STR("all")));
    theme_format(theme, &out, STR("en"), "all", make_values(&arena));
    theme_format(theme, &out, STR("en"), "-none", NULL);
    assert_string_equal(out.p, "All of <账目> & \"it's\"-none");
    buf_free(&out);
    arena_free(&arena);
    theme_free(theme);
}

static void test_faults_leave_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *template, *want;
    } faults[] = {
        {"x{{>main}}", "templates nest deeper than 256"},
        {"x{{#people}}{{>main}}{{/people}}", "templates nest deeper than 256"},
        {"x{{>broken}}", "the template \"broken\" has errors"},
        {"{{#people}}{{#people}}{{#people}}{{#people}}{{>twice}}{{/people}}{{/people}}{{/people}}"
         "{{/people}}",
         "a template repeats more than 10000000 times"},
    };
    struct arena arena = {0};
    struct value *values = make_values(&arena);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct theme *theme = theme_new();
        struct diag diag = {0};
        struct fault fault;
        struct buf out = BUF_EMPTY, twice = BUF_EMPTY;
        for (int n = 0; n < 24; n++) {
            buf_add(&twice, STR("{{#people}}"));
        }
        for (int n = 0; n < 24; n++) {
            buf_add(&twice, STR("{{/people}}"));
        }
        buf_add(&out, STR("before"));
        add_template(theme, "main", faults[i].template, &diag);
        add_template(theme, "twice", twice.p, &diag);
        add_template(theme, "broken", "{{#a}}", &diag);
        assert_int_equal(theme_render(theme, &out, STR("main"), STR(""), values, &fault), -1);
        assert_string_equal(fault.text, faults[i].want);
        assert_string_equal(out.p, "before");
        assert_int_equal(theme_render(theme, &out, STR("gone"), STR(""), values, &fault), -1);
        assert_string_equal(fault.text, "there is no template \"gone\"");
        buf_free(&out);
        buf_free(&twice);
        diag_free(&diag);
        theme_free(theme);
    }
    arena_free(&arena);
}

static void *render_many(void *data)
{
    const struct theme *theme = data;
    struct arena arena = {0};
    struct buf out = BUF_EMPTY;
    struct fault fault;
    bool is_good = true;
    for (int i = 0; i < 500 && is_good; i++) {
        buf_clear(&out);
        arena_reset(&arena);
        is_good = theme_render(theme, &out, STR("main"), STR("zh-CN"), make_values(&arena),
                               &fault) == 0 &&
                  strcmp(out.p, "  张三 下一页 &lt;&amp;&gt;\n"
                                "  李四 &amp; &lt;五&gt; 下一页 &lt;&amp;&gt;\n") == 0;
    }
    buf_free(&out);
    arena_free(&arena);
    return is_good ? data : NULL;
}

static void test_threads_share_a_theme(void **state)
{
    (void)state;
    struct theme *theme = theme_new();
    struct diag diag = {0};
    pthread_t threads[4];
    add_template(theme, "main", "{{#people}}\n  {{>part}}\n{{/people}}\n", &diag);
    add_template(theme, "part", "{{name}} {{t.next}}\n", &diag);
    theme_add_strings(theme, STR("zh-CN"), STR("zh-CN.txt"), str_of(strings_zh), &diag);
    theme_check(theme, &diag);
    assert_int_equal(diag.count, 0);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, render_many, theme), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, theme);
    }
    theme_free(theme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates_show_values),
        cmocka_unit_test(test_frozen_pages_show_the_same),
        cmocka_unit_test(test_damaged_pages_do_no_harm),
        cmocka_unit_test(test_template_errors_say_where),
        cmocka_unit_test(test_all_errors_are_shown_at_once),
        cmocka_unit_test(test_limits_of_a_template),
        cmocka_unit_test(test_string_errors_say_where),
        cmocka_unit_test(test_every_language_has_every_string),
        cmocka_unit_test(test_strings_without_a_template),
        cmocka_unit_test(test_faults_leave_nothing),
        cmocka_unit_test(test_threads_share_a_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
