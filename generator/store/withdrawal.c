/* Records that are public no more: what is told of them. */
#include "store/internal.h"

void store_put_withdrawal(struct store *store, const struct store_withdrawal *withdrawal)
{
    struct query *query = database_query(
        store->db,
        "INSERT OR REPLACE INTO withdrawals (path, url, kind, org, item, index_number, title, "
        "cause,"
        " date, reason, approved_by, by_record, announced, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
        " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    const struct str values[] = {
        withdrawal->path,      withdrawal->url,         withdrawal->kind,
        withdrawal->org,       withdrawal->item,        withdrawal->index_number,
        withdrawal->title,     withdrawal->cause,       withdrawal->date,
        withdrawal->reason,    withdrawal->approved_by, withdrawal->by_record,
        withdrawal->announced,
    };
    int count = (int)(sizeof values / sizeof values[0]);
    for (int i = 0; i < count; i++) {
        query_bind_str(query, i + 1, values[i]);
    }
    query_bind_int(query, count + 1, withdrawal->updated);
    query_run(query);
}

bool store_remove_withdrawal(struct store *store, struct str path)
{
    struct query *query = database_query(store->db, "DELETE FROM withdrawals WHERE path = ?1");
    query_bind_str(query, 1, path);
    return query_run_changes(query);
}
