#include "record/markdown.h"

#include "base/escape.h"
#include "record/clean.h"
#include "record/markdown_text.h"
#include "record/pipe_cells.h"
#include "record/pipe_table.h"
#include "record/suspicious.h"

#include <stdlib.h>
#include <string.h>

/* The body: behind the offset, without a byte-order mark, which cmark does not count either. */
static struct str body_of(const struct markdown_input *input)
{
    struct str body = str_from(input->bytes, input->offset);
    return str_starts(body, STR("\xef\xbb\xbf")) ? str_from(body, 3) : body;
}

static int count_lines(struct str s)
{
    int count = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool is_pair = s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
        count += s.p[i] == '\n' || (s.p[i] == '\r' && !is_pair);
    }
    return count;
}

static int compare_links(const void *a, const void *b)
{
    const struct place *x = &((const struct record_link *)a)->place;
    const struct place *y = &((const struct record_link *)b)->place;
    return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
                              : (x->column > y->column) - (x->column < y->column);
}

/* Tables' links were found before all others. */
static void sort_links(struct markdown_output *out)
{
    if (out->table_count > 0 && out->link_count > 1) {
        qsort(out->links, out->link_count, sizeof *out->links, compare_links);
    }
}

static struct markdown_table *add_tables(struct markdown_output *out, struct markdown_walk *walk,
                                         const struct pipe_tables *tables)
{
    struct markdown_table *rendered = arena_array(walk->arena, tables->count, sizeof *rendered);
    out->table_count = tables->count;
    out->tables = arena_array(walk->arena, tables->count, sizeof *out->tables);
    for (size_t i = 0; i < tables->count; i++) {
        rendered[i].data = &out->tables[i];
    }
    pipe_cells_render(rendered, walk, tables);
    return rendered;
}

static void add_html(struct markdown_output *out, struct markdown_walk *walk, cmark_node *root)
{
    char *html = cmark_render_html(root, CMARK_OPT_DEFAULT);
    bool is_changed = false;
    out->html = clean_html(walk->arena, str_of(html), &is_changed);
    cmark_get_default_mem_allocator()->free(html);
    if (is_changed) {
        struct place place = {walk->input->path, walk->lines_before + 1, 0};
        diag_add(walk->diag, DIAG_CONTROL_DROPPED, place, DIAG_PLAIN);
    }
}

static void render(struct markdown_output *out, struct arena *arena,
                   const struct markdown_input *input, struct diag *diag)
{
    struct markdown_walk walk = {.arena = arena, .input = input, .diag = diag};
    struct pipe_tables tables;
    cmark_node *root = pipe_table_parse(&tables, arena, body_of(input), input->is_valid);
    walk.lines = tables.lines;
    walk.lines_before = count_lines(str_slice(input->bytes, 0, input->offset));
    struct markdown_table *rendered = add_tables(out, &walk, &tables);
    markdown_walk_document(out, &walk, root, rendered);
    add_html(out, &walk, root);
    cmark_node_free(root);
    out->links = walk.links;
    out->link_count = walk.link_count;
    sort_links(out);
}

static void try_rendering(void *context)
{
    struct markdown_input input = *(const struct markdown_input *)context;
    input.resolver = (struct record_resolver){NULL, NULL, NULL}; /* the caller's may take locks */
    struct markdown_output out = {0};
    struct arena arena = {0};
    struct diag diag = {0};
    diag_set_source(&diag, input.path, input.bytes);
    render(&out, &arena, &input, &diag);
}

/* What is shown in place of a body that was refused. */
static void show_source(struct markdown_output *out, struct arena *arena, struct str source)
{
    struct str clean = clean_source(arena, source);
    struct buf html = BUF_EMPTY;
    buf_add(&html, STR("<pre>"));
    escape_html(&html, clean);
    buf_add(&html, STR("</pre>\n"));
    out->html = clean_html(arena, buf_str(&html), NULL);
    out->body_text = out->text = clean;
    buf_free(&html);
}

static struct place first_line_of_body(const struct markdown_input *input)
{
    int before = count_lines(str_slice(input->bytes, 0, input->offset));
    return (struct place){input->path, before + 1, 0};
}

void markdown_render(struct markdown_output *out, struct arena *arena,
                     const struct markdown_input *input, struct diag *diag)
{
    *out = (struct markdown_output){0};
    struct str body = body_of(input);
    struct markdown_input copy = *input;
    if (suspicious_is(body) && !suspicious_finishes(try_rendering, &copy)) {
        diag_add(diag, DIAG_MARKDOWN_REFUSED, first_line_of_body(input), DIAG_PLAIN);
        show_source(out, arena, input->board_count == 0 ? body : STR(""));
        return;
    }
    render(out, arena, input, diag);
    if (out->html.n == 0 && str_trim(body).n > 0 && input->board_count == 0) {
        diag_add(diag, DIAG_MARKDOWN_EMPTY, first_line_of_body(input), DIAG_PLAIN);
    }
}
