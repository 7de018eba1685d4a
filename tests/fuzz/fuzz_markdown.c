/* Any bytes as a body: no fault, valid UTF-8 without controls, and tables that hold together. */
#include "base/utf8.h"
#include "record/markdown.h"
#include "record/pipe_fold.h"
#include "record/pipe_plain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str address_of(void *context, struct arena *arena, struct str path)
{
    (void)context;
    (void)arena;
    return path.n % 2 == 0 ? STR("/found/") : (struct str){NULL, 0};
}

static void demand(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static void check_text(struct str s)
{
    uint32_t c;
    while (utf8_next(&c, &s)) {
        demand(!utf8_is_control(c) && !utf8_is_bidi(c));
    }
    demand(s.n == 0);
}

static void check_tables(const struct markdown_output *out)
{
    for (size_t i = 0; i < out->table_count; i++) {
        const struct table *table = &out->tables[i];
        demand(table->column_count > 0 && table->line > 0);
        for (size_t k = 0; k < table->column_count * table->row_count; k++) {
            check_text(table->cells[k].text);
            demand(table->cells[k].line >= table->line && table->cells[k].column > 0);
        }
    }
}

/* Full-width bars become others, character by character: no place moves. */
static void check_folding(struct arena *arena, struct str text)
{
    struct diag diag = {0};
    struct str folded = pipe_fold(arena, STR("x.md"), text, 0, &diag);
    demand(utf8_length(folded) == utf8_length(text));
    struct str a, b;
    while (str_cut(&a, &text, '\n')) {
        demand(str_cut(&b, &folded, '\n') && utf8_length(a) == utf8_length(b));
    }
    demand(folded.n == 0);
    diag_free(&diag);
}

/* Takes out the paragraph of the document that is lines `first` to `last`. */
static void remove_paragraph(cmark_node *root, int first, int last)
{
    cmark_node *node = cmark_node_first_child(root);
    while (node != NULL && cmark_node_get_start_line(node) != first) {
        node = cmark_node_next(node);
    }
    demand(node != NULL && cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH);
    demand(cmark_node_get_end_line(node) == last);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static void demand_same_blocks(cmark_node *a, cmark_node *b)
{
    cmark_mem *memory = cmark_get_default_mem_allocator();
    while (a != NULL && b != NULL) {
        char *x = cmark_render_xml(a, CMARK_OPT_SOURCEPOS);
        char *y = cmark_render_xml(b, CMARK_OPT_SOURCEPOS);
        demand(strcmp(x, y) == 0);
        memory->free(x);
        memory->free(y);
        a = cmark_node_next(a);
        b = cmark_node_next(b);
    }
    demand(a == NULL && b == NULL);
}

/* To cmark a table that was found without it is a paragraph of the document, and without it
 * everything else is what it was, where it was. */
static void check_plain_tables(struct arena *arena, struct str source)
{
    struct pipe_tables tables = {.source = source};
    lines_split(&tables.lines, arena, source);
    int *all = arena_array(arena, tables.lines.count + 1, sizeof *all);
    for (size_t i = 0; i < tables.lines.count; i++) {
        all[i] = (int)i + 1;
    }
    pipe_plain_find(&tables, arena, all, tables.lines.count);
    if (tables.count == 0) {
        return;
    }
    struct str rest = pipe_plain_without(&tables, arena);
    cmark_node *with = cmark_parse_document(source.p, source.n, CMARK_OPT_VALIDATE_UTF8);
    cmark_node *without = cmark_parse_document(rest.p, rest.n, CMARK_OPT_VALIDATE_UTF8);
    for (size_t i = 0; i < tables.count; i++) {
        const struct pipe_table *table = &tables.items[i];
        remove_paragraph(with, table->first_line, table->last_line);
        remove_paragraph(without, table->first_line, table->first_line);
    }
    demand_same_blocks(cmark_node_first_child(with), cmark_node_first_child(without));
    cmark_node_free(with);
    cmark_node_free(without);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct diag diag = {0};
    struct markdown_output out;
    struct markdown_input input = {.path = STR("x.md"), .base_folder = STR("v")};
    input.bytes = (struct str){(const char *)data, size};
    input.offset = size > 0 ? data[0] % 2 * (size / 8) : 0;
    input.resolver = (struct record_resolver){NULL, address_of, NULL};
    diag_set_source(&diag, input.path, input.bytes);
    check_folding(&arena, input.bytes);
    if (size <= 4096) { /* what holds cmark for long is for markdown_render, which knows it */
        check_plain_tables(&arena, input.bytes);
    }
    markdown_render(&out, &arena, &input, &diag);
    check_text(out.html);
    check_text(out.text);
    check_tables(&out);
    for (size_t i = 0; i < out.link_count; i++) {
        demand(out.links[i].place.line > 0 && out.links[i].place.column > 0);
    }
    diag_free(&diag);
    arena_free(&arena);
    return 0;
}
