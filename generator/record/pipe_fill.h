/*
 * pipe_fill: a table taken up line by line. For pipe_table and pipe_plain.
 */
#ifndef RECORD_PIPE_FILL_H
#define RECORD_PIPE_FILL_H

#include "record/pipe_table.h"

/*
 * Begins the table whose header stands on line `number`, with the delimiter row below it. False
 * where the two do not have the same columns: then it is none.
 */
bool pipe_fill_begin(struct pipe_table *out, struct arena *arena, int number, struct str header,
                     struct str delimiter);

/* Adds the row on the line after the table's last; false where it is none. */
bool pipe_fill_row(struct pipe_table *table, struct arena *arena, struct str content);

#endif
