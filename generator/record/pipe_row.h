/*
 * pipe_row: one line of a pipe table, without its line end. For pipe_table.
 *
 * Cells stand between pipes; a pipe with a backslash before it belongs to its cell, in code spans
 * too; the first and last pipe may be left out.
 */
#ifndef RECORD_PIPE_ROW_H
#define RECORD_PIPE_ROW_H

#include "base/arena.h"

/* The columns that a table of GitHub's can count. */
enum { PIPE_ROW_COLUMNS_MAX = 65534 };

/*
 * How many cells `line` has; the first `max` go to `cells`, trimmed, as they are written. 0 where
 * the line is no row: blank, or one pipe alone.
 */
size_t pipe_row_split(struct str *cells, size_t max, struct str line);

/* Whether `line` can stand under a table's header: "| :-- | --: |". */
bool pipe_row_is_delimiter(struct str line);

/* What a delimiter cell says: 'l', 'c', 'r' or '-'. */
char pipe_row_alignment(struct str cell);

/* The cell's Markdown: "\|" is a pipe. */
struct str pipe_row_unescape(struct arena *arena, struct str cell);

#endif
