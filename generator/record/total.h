/*
 * total: rows of a table that add up others and are no entries themselves. For whoever reads
 * tables.
 *
 * Blanks within a word do not count (合　计), nor what stands behind it (合计（元）：).
 */
#ifndef RECORD_TOTAL_H
#define RECORD_TOTAL_H

#include "record/table.h"

/* What the text of a row's label says: its first cell that is neither empty nor a figure. */
enum total total_of_label(struct str text);

/* The same for the cells of a row; behind the label, nothing but 合计 and its like counts. */
enum total total_of_row(const struct str *cells, size_t count);

/* Fills in table->totals. */
void total_read(struct table *table, struct arena *arena);

#endif
