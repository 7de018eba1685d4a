/*
 * table_type: which of the schema's tables one is, by its headings, and what its cells say. For
 * record/ alone.
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

enum { TABLE_TYPE_PLACES = 6 /* decimals of a NUMBER that are kept */ };

#endif
