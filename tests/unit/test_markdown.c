/*
 * Markdown: what is neutralised, where links lead, what the search gets, what tables hold, and
 * the text of every diagnostic. That the rest of the HTML is GitHub's is proven against cmark-gfm
 * itself in tests/golden/test_markdown.sh.
 */
#include "record/link.h"
#include "record/markdown.h"
#include "record/pipe_row.h"
#include "record/suspicious.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A commit of a few files. */
static struct str address_of(void *context, struct arena *arena, struct str path)
{
    static const char *const files[][2] = {{"a.md", "/site/a/"},
                                           {"", "/site/"},
                                           {"v", "/site/v/"},
                                           {"v/b c.md", "/site/v/b%20c/"},
                                           {"v/\xe8\xb4\xa2.md", "/site/v/%E8%B4%A2/"},
                                           {"v/p.png", "/site/v/p.png"},
                                           {"v/100%.pdf", "/site/v/100%25.pdf"}};
    (void)context;
    (void)arena;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (str_equal(path, str_of(files[i][0]))) {
            return str_of(files[i][1]);
        }
    }
    return (struct str){NULL, 0};
}

static bool is_withheld(void *context, struct str path)
{
    (void)context;
    return str_equal(path, STR("v/no page.html"));
}

static const struct record_resolver resolver = {NULL, address_of, is_withheld};

struct rendered {
    struct arena arena;
    struct diag diag;
    struct markdown_output out;
};

static void render(struct rendered *r, const char *body)
{
    *r = (struct rendered){0};
    struct markdown_input input = {.path = STR("v/x.md"),
                                   .bytes = str_of(body),
                                   .base_folder = STR("v"),
                                   .resolver = resolver};
    diag_set_source(&r->diag, input.path, input.bytes);
    markdown_render(&r->out, &r->arena, &input, &r->diag);
}

static void release(struct rendered *r)
{
    diag_free(&r->diag);
    arena_free(&r->arena);
}

static void assert_str(struct str got, const char *want, const char *name)
{
    if (!str_equal(got, str_of(want))) {
        fail_msg("%s:\n got: %.*s\nwant: %s", name, STR_ARG(got), want);
    }
}

struct row {
    const char *name, *body, *want;
};

static void test_html(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"nothing", "", ""},
        {"byte-order mark", "\xef\xbb\xbf# a\n", "<h1>a</h1>\n"},
        {"raw HTML block", "<script>\nx\n</script>\n", "<!-- raw HTML omitted -->\n"},
        {"raw HTML inline", "a <b>c</b>\n",
         "<p>a <!-- raw HTML omitted -->c<!-- raw HTML omitted --></p>\n"},
        {"javascript", "[a](javascript:x)\n", "<p><a href=\"\">a</a></p>\n"},
        {"javascript as entities", "[a](&#106;avascript:x)\n", "<p><a href=\"\">a</a></p>\n"},
        {"javascript in capitals", "<JAVASCRIPT:x>\n", "<p><a href=\"\">JAVASCRIPT:x</a></p>\n"},
        {"data", "![a](data:image/png;base64,x)\n", "<p><img src=\"\" alt=\"a\" /></p>\n"},
        {"unknown scheme", "[a](foo:x)\n", "<p><a href=\"\">a</a></p>\n"},
        {"other host", "[a](//evil.example/x)\n", "<p><a href=\"\">a</a></p>\n"},
        {"backslash", "[a](<\\\\\\\\evil>)\n", "<p><a href=\"\">a</a></p>\n"},
        {"control in address", "[a](https://x/&#1;)\n", "<p><a href=\"\">a</a></p>\n"},
        {"tab in address", "[a](<java&#9;script:x>)\n", "<p><a href=\"\">a</a></p>\n"},
        {"bidi in address", "[a](https://x/\xe2\x80\xae)\n", "<p><a href=\"\">a</a></p>\n"},
        {"unsafe in a cell", "|a|\n|-|\n|[b](vbscript:x)|\n",
         "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
         "<td><a href=\"\">b</a></td>\n</tr>\n</tbody>\n</table>\n"},
        {"https", "[a](HTTPS://x.y/?a=1&b=2#c)\n",
         "<p><a href=\"HTTPS://x.y/?a=1&amp;b=2#c\">a</a></p>\n"},
        {"mail", "<a@b.cn>\n", "<p><a href=\"mailto:a@b.cn\">a@b.cn</a></p>\n"},
        {"telephone", "[a](tel:123)\n", "<p><a href=\"tel:123\">a</a></p>\n"},
        {"controls and bidi",
         "a\x01"
         "b\x1b\xe2\x80\xae"
         "c\xc2\x85\x7f&#2;\n",
         "<p>abc</p>\n"},
        {"controls in a title", "[a](#b \"x\x01y\")\n",
         "<p><a href=\"#b\" title=\"xy\">a</a></p>\n"},
        {"controls in a cell", "|a\x01|\n|-|\n",
         "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n"},
        {"invalid UTF-8",
         "a\xff"
         "b\n",
         "<p>a\xef\xbf\xbd"
         "b</p>\n"},
        {"break between Han", "\xe4\xb8\xad\n\xe6\x96\x87\n", "<p>\xe4\xb8\xad\xe6\x96\x87</p>\n"},
        {"break behind a full stop", "\xe4\xb8\xad\xe3\x80\x82\n\xe6\x96\x87\n",
         "<p>\xe4\xb8\xad\xe3\x80\x82\xe6\x96\x87</p>\n"},
        {"break within emphasis", "**\xe4\xb8\xad**\n*\xe6\x96\x87*\n",
         "<p><strong>\xe4\xb8\xad</strong><em>\xe6\x96\x87</em></p>\n"},
        {"break between Han and Latin", "\xe4\xb8\xad\na\n", "<p>\xe4\xb8\xad\na</p>\n"},
        {"break beside a quotation mark", "\xe4\xb8\xad\n\xe2\x80\x9c\xe6\x96\x87\n",
         "<p>\xe4\xb8\xad\xe2\x80\x9c\xe6\x96\x87</p>\n"},
        {"break between Latin", "a\nb\n", "<p>a\nb</p>\n"},
        {"hard break between Han", "\xe4\xb8\xad\\\n\xe6\x96\x87\n",
         "<p>\xe4\xb8\xad<br />\n\xe6\x96\x87</p>\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rendered r;
        render(&r, rows[i].body);
        assert_str(r.out.html, rows[i].want, rows[i].name);
        release(&r);
    }
}

static void test_links(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum link_kind kind;
        const char *want, *target;
    } rows[] = {
        {"../a.md", LINK_KIND_FOUND, "/site/a/", "a.md"},
        {"../a", LINK_KIND_FOUND, "/site/a/", "a.md"},
        {"/a.md?q=1#f", LINK_KIND_FOUND, "/site/a/?q=1#f", "a.md"},
        {"b%20c.md", LINK_KIND_FOUND, "/site/v/b%20c/", "v/b c.md"},
        {"b c.md", LINK_KIND_FOUND, "/site/v/b%20c/", "v/b c.md"},
        {"%E8%B4%A2.md#x", LINK_KIND_FOUND, "/site/v/%E8%B4%A2/#x", "v/\xe8\xb4\xa2.md"},
        {"./p.png", LINK_KIND_FOUND, "/site/v/p.png", "v/p.png"},
        {"100%.pdf", LINK_KIND_FOUND, "/site/v/100%25.pdf", "v/100%.pdf"},
        {"../v/", LINK_KIND_FOUND, "/site/v/", "v"},
        {"/", LINK_KIND_FOUND, "/site/", ""},
        {".", LINK_KIND_FOUND, "/site/v/", "v"},
        {"no.md", LINK_KIND_MISSING, "no.md", "v/no.md"},
        {"no%20no.md#f", LINK_KIND_MISSING, "no%20no.md#f", "v/no no.md"},
        {"no%20page.html", LINK_KIND_WITHHELD, "no%20page.html", "v/no page.html"},
        {"../../x.md", LINK_KIND_OUTSIDE, "../../x.md", ""},
        {"", LINK_KIND_KEPT, "", ""},
        {"#f", LINK_KIND_KEPT, "#f", ""},
        {"?q", LINK_KIND_KEPT, "?q", ""},
        {"http://x", LINK_KIND_KEPT, "http://x", ""},
        {"ftp://x", LINK_KIND_KEPT, "ftp://x", ""},
        {"C:\\x", LINK_KIND_UNSAFE, "", ""},
        {"c:/x", LINK_KIND_UNSAFE, "", ""},
        {"///x", LINK_KIND_UNSAFE, "", ""},
        {"a\nb", LINK_KIND_UNSAFE, "", ""},
        {"\xe2\x81\xa6x", LINK_KIND_UNSAFE, "", ""},
        {"%5c%5cevil", LINK_KIND_MISSING, "%5c%5cevil", "v/%5c%5cevil"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena = {0};
        struct link link;
        link_resolve(&link, &arena, str_of(rows[i].address), STR("v"), &resolver);
        assert_int_equal(link.kind, rows[i].kind);
        assert_str(link.address, rows[i].want, rows[i].address);
        assert_str(link.target, rows[i].target, rows[i].address);
        arena_free(&arena);
    }
}

static void test_links_of_a_body(void **state)
{
    (void)state;
    struct rendered r;
    render(&r, "\xe4\xb8\xad [one *two*](../a.md) ![pic](p.png)\n\n| a |\n|---|\n"
               "| x [\xe8\xb4\xa2](\xe8\xb4\xa2.md) |\n\n[out](http://x) [no](no.md)\n");
    assert_int_equal(r.out.link_count, 4);
    static const struct {
        const char *target, *text;
        int line, column;
        bool is_attachment;
    } rows[] = {{"a.md", "one two", 1, 3, false},
                {"v/p.png", "pic", 1, 24, true},
                {"v/\xe8\xb4\xa2.md", "\xe8\xb4\xa2", 5, 3, false},
                {"v/no.md", "no", 7, 17, false}};
    for (size_t i = 0; i < 4; i++) {
        assert_str(r.out.links[i].target, rows[i].target, "target");
        assert_str(r.out.links[i].text, rows[i].text, "text");
        assert_int_equal(r.out.links[i].place.line, rows[i].line);
        assert_int_equal(r.out.links[i].place.column, rows[i].column);
        assert_int_equal(r.out.links[i].is_attachment, rows[i].is_attachment);
    }
    release(&r);
}

static void test_text(void **state)
{
    (void)state;
    struct rendered r;
    render(&r, "# T\n\na\nb *c* `d` ![e](#f)<i>\xee\x80\x80\n\n| x | *y* |\n|---|---|\n"
               "| 1\t2 |\n\n```\ncode\n```\n\n- l1\n- l2\n\n<p>html</p>\n");
    assert_str(r.out.text, "T\na b c d e\nx\ty\n1 2\t\ncode\nl1\nl2\n", "text");
    assert_str(r.out.body_text, "T\na b c d e\ncode\nl1\nl2\n", "body text");
    assert_str(r.out.table_text, "x\ty\n1 2\t\n", "table text");
    assert_str(r.out.first_heading, "T", "heading");
    assert_str(r.out.first_paragraph, "a b c d e", "paragraph");
    assert_true(r.out.begins_with_h1);
    release(&r);
    render(&r, "a\n\n# T\n");
    assert_false(r.out.begins_with_h1);
    release(&r);
}

static void test_tables(void **state)
{
    (void)state;
    struct rendered r;
    r = (struct rendered){0};
    const char *file = "---\nt: x\n---\n## Cap\n\n> text\n> | \xe4\xb8\xad | b |\n> |--|-:|\n"
                       "> | 1 | **2** |\n> | 3 |\n\n|z|\n|-|\n";
    struct markdown_input input = {.path = STR("x.md"), .bytes = str_of(file), .offset = 13};
    markdown_render(&r.out, &r.arena, &input, &r.diag);
    assert_int_equal(r.out.table_count, 2);
    const struct table *table = &r.out.tables[0];
    assert_str(table->caption, "Cap", "caption");
    assert_str(table->source, "x.md", "source");
    assert_int_equal(table->line, 7);
    assert_int_equal(table->column_count, 2);
    assert_int_equal(table->row_count, 2);
    assert_str(table->names[0].text, "\xe4\xb8\xad", "name");
    assert_int_equal(table->names[1].column, 9);
    assert_str(table->cells[1].text, "2", "cell");
    assert_int_equal(table->cells[1].line, 9);
    assert_int_equal(table->cells[1].column, 9);
    assert_str(table->cells[3].text, "", "cell that is not there");
    assert_int_equal(table->cells[3].line, 10);
    assert_int_equal(r.out.tables[1].line, 12);
    assert_int_equal(r.out.tables[1].row_count, 0);
    release(&r);
}

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t count;
        bool is_delimiter;
    } rows[] = {{"", 0, false},      {"|", 0, false},         {"||", 1, false},
                {"a", 1, false},     {"a|b", 2, false},       {"|a|b|", 2, false},
                {"a\\|b", 1, false}, {"a\\\\|b", 1, false},   {"|-|", 1, true},
                {"-", 1, true},      {":-: | --:", 2, true},  {"|--|", 1, true},
                {"|:|", 1, false},   {"| - | - | ", 2, true}, {"|-||", 2, false},
                {"|-|x|", 2, false}, {"- -", 1, false},       {"|| - |", 2, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str cells[4];
        assert_int_equal(pipe_row_split(cells, 4, str_of(rows[i].line)), rows[i].count);
        assert_int_equal(pipe_row_is_delimiter(str_of(rows[i].line)), rows[i].is_delimiter);
    }
}

static void test_diagnostics(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"E302", "<!-- -->\n\n[a]: b\n", ""},
        {"E302", "[a]: b\n", "v/x.md:1: warning[E302]: nothing of this body can be seen\n"},
        {"E303", "\xe4\xb8\xad [a](foo:b)\n",
         "v/x.md:1:3: warning[E303]: the address \"foo:b\" is not safe; the text is kept without "
         "it\n"},
        {"E304", "[a](no.md)\n",
         "v/x.md:1:1: error[E304]: the link leads to \"no.md\", which does not exist\n"},
        {"E305", "[a](../../no.md)\n",
         "v/x.md:1:1: warning[E305]: the link \"../../no.md\" leads out of the content folder\n"},
        {"E306", "a <b>\n\n<i>\n", "v/x.md:1:3: warning[E306]: HTML in the body is left out\n"},
        {"E307", "a\x01\n",
         "v/x.md:1: warning[E307]: invisible control characters in the body were dropped\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rendered r;
        render(&r, rows[i].body);
        struct buf told = BUF_EMPTY;
        diag_write_text(&told, &r.diag, LANGUAGE_EN);
        struct str line = {NULL, 0}, rest = buf_str(&told);
        str_cut(&line, &rest, '\n');
        struct str want = str_of(rows[i].want);
        want.n -= want.n > 0;
        if (!str_equal(line, want)) {
            fail_msg("%s:\n got: %.*s\nwant: %.*s", rows[i].name, STR_ARG(line), STR_ARG(want));
        }
        assert_true(r.diag.count <= 1);
        buf_free(&told);
        release(&r);
    }
}

static char *repeated(const char *text, size_t count)
{
    size_t n = strlen(text);
    char *all = malloc(n * count + 1);
    assert_non_null(all);
    for (size_t i = 0; i < count; i++) {
        memcpy(all + i * n, text, n);
    }
    all[n * count] = '\0';
    return all;
}

static void test_refused(void **state)
{
    (void)state;
    char *body = repeated("![[]()\xff", 160000);
    struct rendered r;
    render(&r, body);
    assert_true(str_starts(r.out.html, STR("<pre>![[]()\xef\xbf\xbd![[]()")));
    assert_true(str_ends(r.out.html, STR("</pre>\n")));
    assert_true(r.out.text.n > 0);
    assert_int_equal(r.diag.count, 1);
    struct buf told = BUF_EMPTY;
    diag_write_text(&told, &r.diag, LANGUAGE_EN);
    assert_true(str_starts(buf_str(&told),
                           STR("v/x.md:1: error[E301]: the body nests or repeats so much that "
                               "rendering takes too long; it is shown as plain text\n")));
    buf_free(&told);
    release(&r);
    free(body);
}

static void test_suspicious(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t count;
        bool want;
    } rows[] = {
        {"word [link](address) *emphasis* `code` <b>\n\n", 4000, false},
        {"\xe4\xb8\xad\xe6\x96\x87\xe3\x80\x82\n", 40000, false},
        {"| a | b | c | 1,234.00 |\n", 10000, false},
        {"- item\n  - item\n    - item\n", 5000, false},
        {"![[]()", 1000, true},
        {"![[]()", 100, false},
        {">", 100000, false},
        {"> > > > > > > > > > > > > > > > > > > > > > > > > *a*\n", 5000, false},
        {"<!--", 20000, true},
        {"a", 600000, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *source = repeated(rows[i].piece, rows[i].count);
        if (suspicious_is(str_of(source)) != rows[i].want) {
            fail_msg("%s", rows[i].piece);
        }
        free(source);
    }
}

static void work_well(void *context)
{
    *(int *)context = 1; /* in the helper's memory alone */
}

static void work_for_ever(void *context)
{
    for (volatile size_t *n = context;; (*n)++) {
    }
}

static void work_and_die(void *context)
{
    (void)context;
    _Exit(1);
}

static void test_helper(void **state)
{
    (void)state;
    size_t context = 0;
    assert_true(suspicious_finishes(work_well, &context));
    assert_int_equal(context, 0);
    assert_false(suspicious_finishes(work_for_ever, &context));
    assert_false(suspicious_finishes(work_and_die, &context));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_links_of_a_body),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_diagnostics),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_suspicious),
        cmocka_unit_test(test_helper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
