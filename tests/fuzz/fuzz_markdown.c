/* Any bytes as a body: no fault, valid UTF-8 without controls, and tables that hold together. */
#include "base/utf8.h"
#include "record/markdown.h"
#include "record/pipe_fold.h"

#include <stdint.h>
#include <stdlib.h>

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
