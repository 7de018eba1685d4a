#include "record/pipe_plain.h"

#include "base/buf.h"
#include "record/pipe_fill.h"
#include "record/pipe_row.h"

/* Fenced code and raw HTML go on over blank lines; where none begins, nothing does that holds a
 * line which begins with a bar. */
static bool may_hide_lines(struct str source)
{
    return str_find_char(source, '`') >= 0 || str_find_char(source, '~') >= 0 ||
           str_find_char(source, '<') >= 0 || str_find_char(source, '\r') >= 0;
}

/* Where the source has no such line, too. */
static bool is_blank(const struct lines *lines, int number)
{
    struct str line = lines_get(lines, number);
    size_t n = 0;
    while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t')) {
        n++;
    }
    return n == line.n;
}

static bool begins_with_bar(const struct lines *lines, int number)
{
    struct str line = lines_get(lines, number);
    return line.n > 0 && line.p[0] == '|';
}

/* The table whose delimiter row is line `number`: from a blank line to the next. */
static bool take(struct pipe_table *out, struct arena *arena, const struct lines *lines, int number)
{
    struct str header = lines_get(lines, number - 1), delimiter = lines_get(lines, number);
    if (!begins_with_bar(lines, number) || !begins_with_bar(lines, number - 1) ||
        !is_blank(lines, number - 2) || !pipe_row_is_delimiter(delimiter) ||
        !pipe_fill_begin(out, arena, number - 1, header, delimiter)) {
        return false;
    }
    do {
        number++;
    } while (begins_with_bar(lines, number) && pipe_fill_row(out, arena, lines_get(lines, number)));
    return is_blank(lines, number);
}

void pipe_plain_find(struct pipe_tables *tables, struct arena *arena, const int *candidates,
                     size_t count)
{
    int last = 0;
    if (count == 0 || may_hide_lines(tables->source)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct pipe_table table;
        if (candidates[i] > last && take(&table, arena, &tables->lines, candidates[i])) {
            tables->items = arena_grow(arena, tables->items, tables->count, sizeof table);
            tables->items[tables->count++] = table;
            last = table.last_line;
        }
    }
}

struct str pipe_plain_without(const struct pipe_tables *tables, struct arena *arena)
{
    struct buf buf = BUF_EMPTY;
    size_t from = 0;
    buf_reserve(&buf, tables->source.n);
    for (size_t i = 0; i < tables->count; i++) {
        const struct pipe_table *table = &tables->items[i];
        buf_add(&buf, str_slice(tables->source, from, tables->lines.starts[table->first_line - 1]));
        buf_add_char(&buf, '|');
        for (int number = table->first_line; number <= table->last_line; number++) {
            buf_add_char(&buf, '\n');
        }
        from = tables->lines.starts[table->last_line];
    }
    buf_add(&buf, str_from(tables->source, from));
    struct str copy = arena_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return copy;
}
