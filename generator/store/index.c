/* The full-text index, written in the order of ids: random ones cost twice the time. */
#include "store/internal.h"

/*
 * Bulk loading: a large hash makes few and long segments, and merging waits for the end, where one
 * pass over all of them is cheaper than the default's, which grows faster than the records.
 */
static const char begin_bulk[] = "BEGIN;"
                                 "INSERT INTO search (search, rank) VALUES ('hashsize', 33554432);"
                                 "INSERT INTO search (search, rank) VALUES ('automerge', 0);"
                                 "INSERT INTO search (search, rank) VALUES ('crisismerge', 1000);";
static const char end_bulk[] = "COMMIT; BEGIN;"
                               "INSERT INTO search (search) VALUES ('optimize');"
                               "INSERT INTO search (search, rank) VALUES ('automerge', 4);"
                               "INSERT INTO search (search, rank) VALUES ('crisismerge', 16);"
                               "INSERT INTO search (search, rank) VALUES ('hashsize', 1048576);"
                               "COMMIT";

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

int store_index(struct store *store, struct fault *fault)
{
    struct database *db = store->db;
    if (store->is_update) {
        return database_check(db, fault);
    }
    database_run(db, begin_bulk);
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
