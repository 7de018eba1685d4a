/*
 * check/column: columns of tables that name people and what is nobody's business: their numbers,
 * addresses, birthdays, illnesses. For check/record.c alone.
 */
#ifndef CHECK_COLUMN_H
#define CHECK_COLUMN_H

#include "record/record.h"

/* A warning at the name of each such column that is published and is not masked. */
void check_columns(const struct record *record, struct diag *diag);

#endif
