/* The full-text index, written in the order of ids: random ones cost twice the time. */
#include "store/internal.h"

/*
 * Bulk loading: merging waits for the end, where one pass over all segments is cheaper than the
 * default's, which grows faster than the records. Where one hash holds the index of all records
 * there is one segment, and nothing to merge; where there are more, a hash that fits in the
 * processor's cache makes up for the merge (100,000 records: 11 s, not 15).
 */
enum { RECORDS_IN_ONE_HASH = 15000 };

static const char begin_bulk[] = "BEGIN;"
                                 "INSERT INTO search (search, rank) VALUES ('automerge', 0);"
                                 "INSERT INTO search (search, rank) VALUES ('crisismerge', 1000);";
static const char large_hash[] = "INSERT INTO search (search, rank) VALUES ('hashsize', 33554432);";
static const char small_hash[] = "INSERT INTO search (search, rank) VALUES ('hashsize', 4194304);";
static const char end_bulk[] = "COMMIT; BEGIN;"
                               "INSERT INTO search (search) VALUES ('optimize');"
                               "INSERT INTO search (search, rank) VALUES ('automerge', 4);"
                               "INSERT INTO search (search, rank) VALUES ('crisismerge', 16);"
                               "INSERT INTO search (search, rank) VALUES ('hashsize', 1048576);"
                               "COMMIT;"
                               "PRAGMA incremental_vacuum";

#define SEARCHED                                                                                   \
    "id, title, substr(text, 1, body_length), substr(text, body_length + 1, table_length),"        \
    " substr(text, body_length + table_length + 1)"

void index_add_record(struct store *store, int64_t id)
{
    struct query *query =
        database_query(store->db, "INSERT INTO search (rowid, title, body, tables, names)"
                                  " SELECT " SEARCHED " FROM records WHERE id = ?1");
    query_bind_int(query, 1, id);
    query_run(query);
}

/* A contentless table is told the very words that were put in. */
void index_remove_record(struct store *store, int64_t id)
{
    struct query *query =
        database_query(store->db, "INSERT INTO search (search, rowid, title, body, tables, names)"
                                  " SELECT 'delete', " SEARCHED " FROM records WHERE id = ?1");
    query_bind_int(query, 1, id);
    query_run(query);
    store->has_removed = true;
}

static int64_t last_id(struct database *db)
{
    struct query *query = database_query(db, "SELECT max(id) FROM records");
    int64_t id = query_next(query) ? query_int(query, 0) : 0;
    query_reset(query);
    return id;
}

int store_index(struct store *store, struct fault *fault)
{
    struct database *db = store->db;
    if (store->is_update) {
        return database_check(db, fault);
    }
    database_run(db, begin_bulk);
    database_run(db, last_id(db) <= RECORDS_IN_ONE_HASH ? large_hash : small_hash);
    struct query *query =
        database_query(db, "INSERT INTO search (rowid, title, body, tables, names)"
                           " SELECT " SEARCHED " FROM records ORDER BY id");
    query_run(query);
    database_run(db, end_bulk);
    return database_check(db, fault);
}

/*
 * Deleted words stay in the index's old segments until these are merged: one merge of all of them
 * leaves no trace. What was only added needs none.
 */
int store_purge(struct store *store, struct fault *fault)
{
    if (store->has_removed) {
        database_run(store->db, "INSERT INTO search (search) VALUES ('optimize')");
        store->has_removed = false;
    }
    return database_check(store->db, fault);
}
