#include "store/memory.h"

#include <stdlib.h>

struct memory {
    struct database *db;
    bool is_writing;
};

static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
    "BEGIN;"
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE files (path TEXT PRIMARY KEY, blob BLOB NOT NULL, moved TEXT NOT NULL,"
    " size INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE hidden (path TEXT PRIMARY KEY, until TEXT NOT NULL,"
    " index_number TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE hidden_links (target TEXT NOT NULL, path TEXT NOT NULL,"
    " PRIMARY KEY (target, path)) WITHOUT ROWID;"
    "CREATE TABLE withheld (path TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (path, record))"
    " WITHOUT ROWID;"
    "CREATE TABLE withdraws (path TEXT PRIMARY KEY, index_number TEXT NOT NULL, date TEXT NOT NULL,"
    " announced TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE due (path TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,"
    " PRIMARY KEY (path, first, last)) WITHOUT ROWID;"
    "CREATE INDEX due_by_last ON due (last, first);"
    "CREATE TABLE cleared (digest TEXT NOT NULL, path TEXT NOT NULL,"
    " PRIMARY KEY (digest, path)) WITHOUT ROWID;"
    "CREATE INDEX cleared_by_path ON cleared (path);"
    "CREATE TABLE history (path TEXT PRIMARY KEY, created INTEGER NOT NULL,"
    " updated INTEGER NOT NULL, created_commit BLOB NOT NULL, updated_commit BLOB NOT NULL,"
    " commits INTEGER NOT NULL, moved_to TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX history_moved ON history (path, moved_to) WHERE moved_to <> '';";

/* An update is made on a copy that is thrown away where it fails: no journal is needed. */
static const char update[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN;";

int memory_open(struct memory **out, const char *path, enum database_mode mode, struct fault *fault)
{
    struct memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL) {
        arena_out_of_memory();
    }
    if (database_open(&memory->db, path, mode, fault) != 0) {
        free(memory);
        return -1;
    }
    memory->is_writing = mode != DATABASE_READ;
    if (memory->is_writing) {
        database_run(memory->db, mode == DATABASE_CREATE ? schema : update);
    }
    if (database_check(memory->db, fault) != 0) {
        struct fault ignored;
        memory_close(memory, &ignored);
        return -1;
    }
    *out = memory;
    return 0;
}

int memory_commit(struct memory *memory, struct fault *fault)
{
    database_run(memory->db, "COMMIT");
    memory->is_writing = false;
    return database_check(memory->db, fault);
}

int memory_close(struct memory *memory, struct fault *fault)
{
    if (memory == NULL) {
        return 0;
    }
    int rc = database_close(memory->db, fault);
    free(memory);
    return rc;
}

struct database *memory_database(struct memory *memory)
{
    return memory->db;
}

/* Runs a statement whose values are all text. */
static void put(struct memory *memory, const char *sql, const struct str *values, int count)
{
    struct query *query = database_query(memory->db, sql);
    for (int i = 0; i < count; i++) {
        query_bind_str(query, i + 1, values[i]);
    }
    query_run(query);
}

#define PUT(memory, sql, ...)                                                                      \
    do {                                                                                           \
        const struct str put_values[] = {__VA_ARGS__};                                             \
        put(memory, sql, put_values, (int)(sizeof put_values / sizeof put_values[0]));             \
    } while (0)

void memory_put_meta(struct memory *memory, const char *key, struct str value)
{
    PUT(memory, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", str_of(key), value);
}

struct str memory_meta(struct memory *memory, struct arena *arena, const char *key)
{
    struct query *query = database_query(memory->db, "SELECT value FROM meta WHERE key = ?1");
    query_bind_str(query, 1, str_of(key));
    struct str value = query_next(query) ? arena_copy(arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return value;
}

void memory_put_file(struct memory *memory, const struct memory_file *file)
{
    struct query *query = database_query(
        memory->db,
        "INSERT OR REPLACE INTO files (path, blob, moved, size) VALUES (?1, ?2, ?3, ?4)");
    query_bind_str(query, 1, file->path);
    query_bind_blob(query, 2, file->blob);
    query_bind_str(query, 3, file->moved);
    query_bind_int(query, 4, file->size);
    query_run(query);
}

void memory_remove_file(struct memory *memory, struct str path)
{
    PUT(memory, "DELETE FROM files WHERE path = ?1", path);
}

struct query *memory_files(struct memory *memory)
{
    return database_query(memory->db, "SELECT path, blob, moved, size FROM files ORDER BY path");
}

bool memory_next_file(struct query *query, struct memory_file *out)
{
    if (!query_next(query)) {
        return false;
    }
    *out = (struct memory_file){.path = query_str(query, 0),
                                .blob = query_blob(query, 1),
                                .moved = query_str(query, 2),
                                .size = query_int(query, 3)};
    return true;
}

bool memory_find_file(struct memory *memory, struct arena *arena, struct str path,
                      struct memory_file *out)
{
    struct query *query =
        database_query(memory->db, "SELECT path, blob, moved, size FROM files WHERE path = ?1");
    query_bind_str(query, 1, path);
    bool is_found = memory_next_file(query, out);
    if (is_found) {
        out->path = arena_copy(arena, out->path);
        out->blob = arena_copy(arena, out->blob);
        out->moved = arena_copy(arena, out->moved);
    }
    query_reset(query);
    return is_found;
}

void memory_put_hidden(struct memory *memory, struct str path, struct date until,
                       struct str index_number)
{
    char text[DATE_TEXT_SIZE] = "";
    if (until.year > 0) {
        date_format(text, until);
    }
    PUT(memory, "INSERT OR REPLACE INTO hidden (path, until, index_number) VALUES (?1, ?2, ?3)",
        path, str_of(text), index_number);
}

void memory_remove_hidden(struct memory *memory, struct str path)
{
    PUT(memory, "DELETE FROM hidden WHERE path = ?1", path);
}

void memory_put_hidden_link(struct memory *memory, struct str target, struct str path)
{
    PUT(memory, "INSERT OR IGNORE INTO hidden_links (target, path) VALUES (?1, ?2)", target, path);
}

void memory_remove_hidden_links(struct memory *memory, struct str path)
{
    PUT(memory, "DELETE FROM hidden_links WHERE path = ?1", path);
}

void memory_put_withheld(struct memory *memory, struct str path, struct str record)
{
    PUT(memory, "INSERT OR IGNORE INTO withheld (path, record) VALUES (?1, ?2)", path, record);
}

void memory_put_due(struct memory *memory, struct str path, struct date first, struct date last)
{
    char from[DATE_TEXT_SIZE], to[DATE_TEXT_SIZE];
    PUT(memory, "INSERT OR IGNORE INTO due (path, first, last) VALUES (?1, ?2, ?3)", path,
        str_of(date_format(from, first)), str_of(date_format(to, last)));
}

void memory_put_withdraws(struct memory *memory, const struct memory_withdrawer *order)
{
    PUT(memory,
        "INSERT OR REPLACE INTO withdraws (path, index_number, date, announced) VALUES (?1, ?2, ?3,"
        " ?4)",
        order->path, order->index_number, order->date, order->announced);
}

void memory_remove_withheld(struct memory *memory, struct str path)
{
    PUT(memory, "DELETE FROM withheld WHERE record = ?1", path);
    PUT(memory, "DELETE FROM withdraws WHERE path = ?1", path);
    PUT(memory, "DELETE FROM due WHERE path = ?1", path);
}

void memory_put_cleared(struct memory *memory, struct str path, struct str digest)
{
    PUT(memory, "INSERT OR IGNORE INTO cleared (digest, path) VALUES (?1, ?2)", digest, path);
}

void memory_remove_cleared(struct memory *memory, struct str path)
{
    PUT(memory, "DELETE FROM cleared WHERE path = ?1", path);
}

bool memory_has_cleared(struct memory *memory, struct str digest)
{
    struct query *query = database_query(memory->db, "SELECT 1 FROM cleared WHERE digest = ?1");
    query_bind_str(query, 1, digest);
    bool is_there = query_next(query);
    query_reset(query);
    return is_there;
}

void memory_put_history(struct memory *memory, const struct memory_history *history)
{
    struct query *query = database_query(
        memory->db, "INSERT OR REPLACE INTO history (path, created, updated, created_commit,"
                    " updated_commit, commits, moved_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_str(query, 1, history->path);
    query_bind_int(query, 2, history->created);
    query_bind_int(query, 3, history->updated);
    query_bind_blob(query, 4, history->created_commit);
    query_bind_blob(query, 5, history->updated_commit);
    query_bind_int(query, 6, history->commit_count);
    query_bind_str(query, 7, history->moved_to);
    query_run(query);
}

bool memory_find_history(struct memory *memory, struct arena *arena, struct str path,
                         struct memory_history *out)
{
    struct query *query = database_query(
        memory->db, "SELECT path, created, updated, created_commit, updated_commit, commits,"
                    " moved_to FROM history WHERE path = ?1");
    query_bind_str(query, 1, path);
    bool is_found = query_next(query);
    if (is_found) {
        *out = (struct memory_history){
            .path = arena_copy(arena, query_str(query, 0)),
            .created = query_int(query, 1),
            .updated = query_int(query, 2),
            .created_commit = arena_copy(arena, query_blob(query, 3)),
            .updated_commit = arena_copy(arena, query_blob(query, 4)),
            .commit_count = query_int(query, 5),
            .moved_to = arena_copy(arena, query_str(query, 6)),
        };
    }
    query_reset(query);
    return is_found;
}
