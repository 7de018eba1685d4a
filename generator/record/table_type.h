/*
 * table_type: which of the schema's tables one is, by its headings, and what its cells say. For
 * record/; render/ asks what a heading and a cell mean.
 *
 *     table_type_read(&table, &arena, schema, &diag);
 *
 * A heading is compared without blanks and without the unit in brackets behind it. Cells that are
 * not what their column asks for are faults at their own place. A cell that is empty or a dash says
 * nothing. Amounts under a heading in 万元 are yuan times ten thousand.
 */
#ifndef RECORD_TABLE_TYPE_H
#define RECORD_TABLE_TYPE_H

#include "record/table.h"

/* The diag's source must be the table's. A table that is none of the schema's stays as it is. */
void table_type_read(struct table *table, struct arena *arena, const struct schema *schema,
                     struct diag *diag);

/* The column that the heading names, with or without a unit behind it; NULL where it is none. */
const struct schema_column *table_type_column(const struct schema_table *kind, struct arena *arena,
                                              struct str heading);

/* What people write into a cell so as not to leave it empty, the empty text first. */
extern const struct str table_type_nothing[];
enum { TABLE_TYPE_NOTHING = 11 };

/* Is it one of them? */
bool table_type_says_nothing(struct str text);

enum { TABLE_TYPE_PLACES = 6 /* decimals of a NUMBER that are kept */ };

#endif
