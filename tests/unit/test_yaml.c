/* The tree that YAML becomes: kinds, texts, places; what stops it, and that it stops soon. */
#include "record/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* A tree as text: {key@line:column=value@line:column, ...}, [..], "quoted" or plain. */
static void write_node(struct buf *out, const struct yaml_node *node)
{
    if (node->kind == YAML_KIND_SCALAR) {
        buf_printf(out, node->is_plain ? "%.*s" : "\"%.*s\"", STR_ARG(node->text));
    } else {
        bool is_map = node->kind == YAML_KIND_MAP;
        buf_add_char(out, is_map ? '{' : '[');
        for (size_t i = 0; i < node->count; i++) {
            buf_add_text(out, i > 0 ? ", " : "");
            if (is_map) {
                write_node(out, &node->pairs[i].key);
                buf_add_char(out, '=');
            }
            write_node(out, &node->pairs[i].value);
        }
        buf_add_char(out, is_map ? '}' : ']');
    }
    buf_printf(out, "@%d:%d", node->line, node->column);
}

static bool parse(struct buf *out, struct str bytes, size_t *fault_count)
{
    struct arena arena = {0};
    struct diag diag = {0};
    struct yaml_node root;
    struct yaml_input input = {STR("a"), bytes, 1, 8, 2000, NULL, 0};
    bool is_read = yaml_parse(&root, &arena, &input, &diag);
    write_node(out, &root);
    *fault_count = diag.count;
    diag_free(&diag);
    arena_free(&arena);
    return is_read;
}

static void test_trees(void **state)
{
    static const struct row {
        const char *name, *input, *want;
        size_t fault_count;
    } rows[] = {
        {"nothing", "", "@1:1", 0},
        {"a comment alone", "# a\n", "@1:1", 0},
        {"dates stay text", "date: 2026-09-05", "{date@1:1=2026-09-05@1:7}@1:1", 0},
        {"columns count characters", "标题: 甲", "{标题@1:1=甲@1:5}@1:1", 0},
        {"quotes are told apart", "a: 'x'\nb: \"y\"", "{a@1:1=\"x\"@1:4, b@2:1=\"y\"@2:4}@1:1", 0},
        {"lists", "a: [1, 2]\nb:\n  - c", "{a@1:1=[1@1:5, 2@1:8]@1:4, b@2:1=[c@3:5]@3:3}@1:1", 0},
        {"a block of text", "a: |\n  x\n  y\n", "{a@1:1=\"x\ny\n\"@1:4}@1:1", 0},
        {"merge keys are left out", "<<: {a: b}\nc: d", "{c@2:1=d@2:4}@1:1", 1},
        {"aliases are left empty", "a: *x", "{a@1:1=@1:4}@1:1", 1},
        {"a control that is escaped is told and replaced", "a: \"x\\x07y\"",
         "{a@1:1=\"x\xef\xbf\xbdy\"@1:4}@1:1", 1},
        {"in a key too", "\"\\0\": b", "{\"\xef\xbf\xbd\"@1:1=b@1:7}@1:1", 1},
        {"what turns the text is told", "a: \"\\u202e\"", "{a@1:1=\"\xe2\x80\xae\"@1:4}@1:1", 1},
        {"line ends and tabs that are escaped are none", "a: \"x\\ny\\t\"",
         "{a@1:1=\"x\ny\t\"@1:4}@1:1", 0},
        {"the second document is left out", "a: b\n---\nc: d", "{a@1:1=b@1:4}@1:1", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf got = BUF_EMPTY;
        size_t fault_count;
        assert_true(parse(&got, str_of(rows[i].input), &fault_count));
        if (strcmp(got.p, rows[i].want) != 0 || fault_count != rows[i].fault_count) {
            fail_msg("%s: got %s with %zu faults", rows[i].name, got.p, fault_count);
        }
        buf_free(&got);
    }
}

/* Whatever somebody sends, it is refused with one fault, and at once. */
static void test_bombs(void **state)
{
    static const struct row {
        const char *part;
        size_t times;
    } rows[] = {{"[", 60000},  {"{a: ", 15000}, {"- ", 30000},  {"? ", 30000}, {"a: [b]\n", 9000},
                {"\"", 60001}, {"'", 60001},    {"[a,", 20000}, {"&a ", 20000}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf bytes = BUF_EMPTY, got = BUF_EMPTY;
        size_t fault_count;
        for (size_t k = 0; k < rows[i].times; k++) {
            buf_add_text(&bytes, rows[i].part);
        }
        clock_t start = clock();
        assert_false(parse(&got, buf_str(&bytes), &fault_count));
        assert_true(fault_count >= 1);
        assert_true(clock() - start < CLOCKS_PER_SEC);
        buf_free(&bytes);
        buf_free(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_bombs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
