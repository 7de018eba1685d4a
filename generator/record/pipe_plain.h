/*
 * pipe_plain: tables that stand by themselves between blank lines. For pipe_table.
 *
 * Most do, and it can be told without cmark that such a table is a paragraph of the document and
 * nothing else. cmark then need not read its cells as text that nobody wants: it gets a copy of
 * the source in which one bar stands for each such table, and blank lines for its other lines.
 */
#ifndef RECORD_PIPE_PLAIN_H
#define RECORD_PIPE_PLAIN_H

#include "record/pipe_table.h"

/*
 * Fills the items of `tables`, whose source and lines are known. `candidates` are the `count`
 * lines that look like delimiter rows, rising.
 */
void pipe_plain_find(struct pipe_tables *tables, struct arena *arena, const int *candidates,
                     size_t count);

/* The source without them, line by line as long as before. */
struct str pipe_plain_without(const struct pipe_tables *tables, struct arena *arena);

#endif
