/* A record out of its tables again. What it said is read back from the rows, for the digest. */
#include "store/events.h"
#include "store/internal.h"
#include "store/typed.h"

#include "base/buf.h"

static void subtract(struct store *store, const struct str *values, size_t count)
{
    row_digest_subtract(&store->rows, values, count);
}

static int64_t subtract_record(struct store *store, struct str path)
{
    struct query *query = database_query(
        store->db, "SELECT id, path, url, kind, title, date, org, item, summary, text, fields,"
                   " blob, created || ' ' || updated FROM records WHERE path = ?1");
    query_bind_str(query, 1, path);
    if (!query_next(query)) {
        return 0;
    }
    int64_t id = query_int(query, 0);
    struct str row[13] = {STR("record")};
    for (int i = 1; i < 13; i++) {
        row[i] = query_str(query, i);
    }
    subtract(store, row, sizeof row / sizeof row[0]);
    query_reset(query);
    return id;
}

static void add_rows(struct store *store, int64_t table, struct buf *all)
{
    struct query *query = database_query(
        store->db, "SELECT cells FROM table_rows WHERE table_id = ?1 ORDER BY number");
    query_bind_int(query, 1, table);
    while (query_next(query)) {
        buf_add(all, query_str(query, 0));
    }
}

static void subtract_tables(struct store *store, int64_t id, struct str path)
{
    struct query *query = database_query(
        store->db, "SELECT id, caption, source, url, columns FROM tables WHERE record = ?1");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        struct buf all = BUF_EMPTY;
        buf_add(&all, query_str(query, 4));
        add_rows(store, query_int(query, 0), &all);
        const struct str row[] = {STR("table"),        path,
                                  query_str(query, 1), query_str(query, 2),
                                  query_str(query, 3), buf_str(&all)};
        subtract(store, row, sizeof row / sizeof row[0]);
        buf_free(&all);
    }
}

static void subtract_board_tables(struct store *store, int64_t id, struct str path)
{
    struct query *query = database_query(
        store->db, "SELECT number || ' ' || row_count, sums FROM board_tables WHERE record = ?1");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        const struct str row[] = {STR("board"), path, query_str(query, 0), query_str(query, 1)};
        subtract(store, row, sizeof row / sizeof row[0]);
    }
}

static void subtract_tags(struct store *store, int64_t id, struct str path)
{
    struct query *query = database_query(store->db, "SELECT tag FROM tags WHERE record = ?1");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        const struct str row[] = {STR("tag"), path, query_str(query, 0)};
        subtract(store, row, sizeof row / sizeof row[0]);
    }
}

static void subtract_links(struct store *store, int64_t id, struct str path)
{
    struct query *query =
        database_query(store->db, "SELECT target, text FROM links WHERE record = ?1");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        const struct str row[] = {STR("link"), path, query_str(query, 0), query_str(query, 1)};
        subtract(store, row, sizeof row / sizeof row[0]);
    }
}

static void subtract_exceptions(struct store *store, int64_t id, struct str path)
{
    struct query *query = database_query(
        store->db, "SELECT rule, CAST(count AS TEXT) FROM exceptions WHERE record = ?1");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        const struct str row[] = {STR("exception"), path, query_str(query, 0), query_str(query, 1)};
        subtract(store, row, sizeof row / sizeof row[0]);
    }
}

static void run_with_id(struct store *store, const char *sql, int64_t id)
{
    struct query *query = database_query(store->db, sql);
    query_bind_int(query, 1, id);
    query_run(query);
}

bool store_remove_record(struct store *store, struct str path)
{
    int64_t id = subtract_record(store, path);
    if (id == 0) {
        return false;
    }
    subtract_tables(store, id, path);
    subtract_board_tables(store, id, path);
    subtract_tags(store, id, path);
    subtract_exceptions(store, id, path);
    subtract_links(store, id, path);
    if (store->is_update) { /* a whole build indexes what is there at its end */
        index_remove_record(store, id);
    }
    typed_remove(store->db, id);
    events_remove(store->db, id);
    run_with_id(store,
                "DELETE FROM table_rows WHERE table_id IN (SELECT id FROM tables WHERE"
                " record = ?1)",
                id);
    run_with_id(store, "DELETE FROM tables WHERE record = ?1", id);
    run_with_id(store, "DELETE FROM board_tables WHERE record = ?1", id);
    run_with_id(store, "DELETE FROM tags WHERE record = ?1", id);
    run_with_id(store, "DELETE FROM exceptions WHERE record = ?1", id);
    run_with_id(store, "DELETE FROM links WHERE record = ?1", id);
    run_with_id(store, "DELETE FROM moved WHERE record = ?1", id);
    run_with_id(store, "DELETE FROM records WHERE id = ?1", id);
    return true;
}

void store_put_links_again(struct store *store, int64_t id, const struct record *record)
{
    subtract_links(store, id, record->path);
    run_with_id(store, "DELETE FROM links WHERE record = ?1", id);
    put_links(store, id, record);
}

void store_clear_attachments(struct store *store)
{
    database_run(store->db, "DELETE FROM attachments");
}

void store_clear_moved(struct store *store)
{
    database_run(store->db, "DELETE FROM moved; DELETE FROM withdrawn_addresses");
}
