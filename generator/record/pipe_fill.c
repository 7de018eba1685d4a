#include "record/pipe_fill.h"

#include "record/pipe_row.h"

enum { MADE_UP_CELLS_MAX = 1 << 19 }; /* that short rows may leave out in a table */

static void set_alignments(struct pipe_table *table, struct arena *arena, struct str delimiter)
{
    struct str *cells = arena_array(arena, table->columns, sizeof *cells);
    pipe_row_split(cells, table->columns, delimiter);
    table->alignments = arena_alloc(arena, table->columns);
    for (size_t i = 0; i < table->columns; i++) {
        table->alignments[i] = pipe_row_alignment(cells[i]);
    }
}

bool pipe_fill_row(struct pipe_table *table, struct arena *arena, struct str content)
{
    size_t count = pipe_row_split(NULL, 0, content);
    size_t made_up = table->columns * table->rows - table->filled;
    if (count == 0 || count > PIPE_ROW_COLUMNS_MAX || made_up > MADE_UP_CELLS_MAX) {
        return false;
    }
    table->contents = arena_grow(arena, table->contents, table->rows, sizeof *table->contents);
    table->contents[table->rows++] = content;
    table->filled += count < table->columns ? count : table->columns;
    table->last_line++;
    return true;
}

bool pipe_fill_begin(struct pipe_table *out, struct arena *arena, int number, struct str header,
                     struct str delimiter)
{
    size_t columns = pipe_row_split(NULL, 0, header);
    *out = (struct pipe_table){.columns = columns, .first_line = number, .last_line = number - 1};
    if (columns != pipe_row_split(NULL, 0, delimiter) || !pipe_fill_row(out, arena, header)) {
        return false;
    }
    out->last_line = number + 1;
    set_alignments(out, arena, delimiter);
    return true;
}
