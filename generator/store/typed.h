/*
 * typed: what records and their tables say, as typed rows of the database, derived from the
 * schema. For store/ alone.
 *
 * The rows of known tables stand in one table, `entries`, whose columns c1, c2 ... are those of
 * the table's kind; for each kind a view of its name calls them by theirs. An SQL table for each
 * kind was refused: an empty one takes a page of 16 KB, and there are thirty. What the front
 * matter of a kind says stands in records.fields; a view for each kind shows it typed, and
 * another for each of its lists of maps.
 */
#ifndef STORE_TYPED_H
#define STORE_TYPED_H

#include "store/database.h"

#include "record/schema.h"
#include "record/table.h"

enum { TYPED_COLUMNS_MAX = 12 }; /* of a table of the schema; see schema.sql */

/* The views of the schema, in a database that has the tables of schema.sql. */
void typed_create(struct database *db, const struct schema *schema);

/* The rows of a known table that are no totals. */
void typed_put(struct database *db, int64_t table_id, const struct table *table);

/* Takes out the rows of the record's tables. */
void typed_remove(struct database *db, int64_t record);

#endif
