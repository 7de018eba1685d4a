/*
 * pipe_cells: the cells of pipe tables as HTML, as text and as data. For markdown.
 *
 * All cells of a document that are more than plain words are parsed together: each is one heading
 * of a small document, and behind them stands the source itself where a cell could use its
 * reference definitions.
 */
#ifndef RECORD_PIPE_CELLS_H
#define RECORD_PIPE_CELLS_H

#include "record/markdown_text.h"
#include "record/pipe_table.h"

/*
 * Gives the block of every table its HTML; `out`, one for each of `tables`, comes
 * with room for its data. The links in cells go to the walk.
 */
void pipe_cells_render(struct markdown_table *out, struct markdown_walk *walk,
                       const struct pipe_tables *tables);

#endif
