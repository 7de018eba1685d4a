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

int store_index(struct store *store, struct fault *fault)
{
    struct database *db = store->db;
    database_run(db, begin_bulk);
    struct query *query =
        database_query(db, "INSERT INTO search (rowid, title, body, tables, names)"
                           " SELECT " SEARCHED " FROM records ORDER BY id");
    query_run(query);
    database_run(db, end_bulk);
    return database_check(db, fault);
}
