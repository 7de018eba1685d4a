/*
 * facts_table: the rows of `search_facts` (search/facts.h). For store/ and tests.
 *
 *     facts_table_begin(&table, db)
 *     facts_table_put(&table, row)      as often as needed, ids ascending
 *     facts_table_finish(&table)
 *
 * Faults are the database's: database_check tells of them.
 */
#ifndef STORE_FACTS_TABLE_H
#define STORE_FACTS_TABLE_H

#include "base/buf.h"
#include "record/schema.h"
#include "store/database.h"

struct facts_table {
    struct database *db;
    bool has_begun;
    int64_t block;    /* that is being filled */
    struct buf bytes; /* its row */
    struct buf kinds; /* the row of kinds */
    size_t kinds_written;
};

/* What a query has to give of records for facts_table_put, in this order. */
#define FACTS_COLUMNS                                                                              \
    "id, date, kind, json_extract(fields, '$.notice_start'),"                                      \
    " json_extract(fields, '$.notice_end'),"                                                       \
    " (SELECT id FROM organisations WHERE key = org), (SELECT id FROM items WHERE key = item)"
enum { FACTS_COLUMN_COUNT = 7 };

/* In a new database: the kinds of the schema, so that each has its name. */
void facts_table_name_kinds(struct database *db, const struct schema *schema);

/* The rows that have what `meta`, `organisations` and `synonyms` say; when these are final. */
void facts_table_copy_site(struct database *db);

void facts_table_begin(struct facts_table *table, struct database *db);

/* The facts of the row, whose first column of FACTS_COLUMNS is `first`. */
void facts_table_put(struct facts_table *table, struct query *row, int first, int64_t words);
void facts_table_finish(struct facts_table *table);

/* Wipes those of a record; of all, whose kinds keep their numbers. Not while a table is being put.
 */
void facts_table_remove(struct database *db, int64_t id);
void facts_table_clear(struct database *db);

#endif
