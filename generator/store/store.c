#include "store/store.h"

#include "store/facts_table.h"
#include "store/internal.h"
#include "store/typed.h"

#include "base/file.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

extern const char store_schema_sql[], store_indexes_sql[];

/*
 * Nothing is synced while building: publish/ syncs the finished file before it is moved in, and an
 * unfinished one is never used. Nor is there a journal: each of the two transactions, records and
 * index, is larger than the cache and would be written twice. Who reads while the index is written
 * reads other tables (DATABASE_BESIDE).
 * A record is 2 KB or more, and one and a half of them to a page of 4 KB left a third of it empty.
 * Records come in the order of their paths, so that few pages are changed twice; and what is in the
 * cache at the end is written while nobody else can go on.
 */
static const char before_building[] =
    "PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = OFF;"
    "PRAGMA synchronous = OFF; PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY;"
    "PRAGMA secure_delete = ON;";

/*
 * A changed copy needs no journal: where the change fails, it is thrown away. What is deleted is
 * wiped: a withdrawn record leaves no trace.
 */
static const char before_update[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                                    "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;"
                                    "PRAGMA secure_delete = ON;";

static int open_store(struct store **out, const char *path, enum database_mode mode,
                      const char *pragmas, struct fault *fault)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        arena_out_of_memory();
    }
    store->rows = ROW_DIGEST_NONE;
    store->scratch = (struct store_scratch){BUF_EMPTY, BUF_EMPTY, BUF_EMPTY, BUF_EMPTY};
    if (database_open(&store->db, path, mode, fault) != 0) {
        free(store);
        return -1;
    }
    database_run(store->db, pragmas);
    if (database_check(store->db, fault) != 0) {
        store_abandon(store);
        return -1;
    }
    *out = store;
    return 0;
}

int store_create(struct store **out, const char *path, const struct schema *schema,
                 struct fault *fault)
{
    struct store *store;
    if (open_store(&store, path, DATABASE_CREATE, before_building, fault) != 0) {
        return -1;
    }
    database_run(store->db, store_schema_sql);
    typed_create(store->db, schema);
    facts_table_name_kinds(store->db, schema);
    char pragmas[100];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN",
             STORE_APPLICATION_ID, STORE_SCHEMA_VERSION);
    database_run(store->db, pragmas);
    if (database_check(store->db, fault) != 0) {
        store_abandon(store);
        return -1;
    }
    *out = store;
    return 0;
}

int store_update(struct store **out, const char *path, struct fault *fault)
{
    struct store *store;
    if (open_store(&store, path, DATABASE_WRITE, before_update, fault) != 0) {
        return -1;
    }
    store->is_update = true;
    database_run(store->db, "BEGIN");
    struct query *query =
        database_query(store->db, "SELECT value FROM meta WHERE key = 'rows_digest'");
    if (query_next(query)) {
        store->rows = row_digest_parse(query_str(query, 0));
    }
    query_reset(query);
    if (database_check(store->db, fault) != 0) {
        store_abandon(store);
        return -1;
    }
    *out = store;
    return 0;
}

struct database *store_database(struct store *store)
{
    return store->db;
}

int store_seal(struct store *store, struct fault *fault)
{
    char digest[DIGEST_TEXT_SIZE];
    row_digest_format(digest, &store->rows);
    store_put_meta(store, "rows_digest", str_of(digest));
    if (store_digest(digest, &store->rows, store->db, fault) != 0) {
        return -1;
    }
    store_put_meta(store, "digest", str_of(digest));
    facts_table_copy_site(store->db);
    return database_check(store->db, fault);
}

/* Gives back pages that nothing needs, some 30 MB at a time: a download should carry none. */
static const char give_back[] = "PRAGMA incremental_vacuum(2000)";

/*
 * Each index reads all rows of its table. They are more than the cache holds, so each would read
 * them from the file again; mapped for as long as that takes, they are read where they lie.
 */
static void make_indexes(struct database *db)
{
    enum { INDEXES_MAPPED_BYTES = 64 * 1024 * 1024 };
    database_map(db, INDEXES_MAPPED_BYTES);
    database_run(db, store_indexes_sql);
    database_map(db, 0);
}

int store_commit(struct store *store, struct fault *fault)
{
    if (store->is_update) {
        database_run(store->db, give_back);
    } else {
        make_indexes(store->db);
    }
    database_run(store->db, "COMMIT");
    return database_check(store->db, fault);
}

int store_finish(struct store *store, struct fault *fault)
{
    int rc = database_close(store->db, fault);
    struct store_scratch *scratch = &store->scratch;
    struct buf *bufs[] = {&scratch->text, &scratch->fields, &scratch->url, &scratch->cells};
    for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++) {
        buf_free(bufs[i]);
    }
    row_digest_free(&store->rows);
    index_changes_free(&store->index);
    gather_free(store->gather);
    free(store);
    return rc;
}

void store_abandon(struct store *store)
{
    if (store == NULL) {
        return;
    }
    struct fault ignored;
    store_finish(store, &ignored);
}
