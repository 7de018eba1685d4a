#include "store/database.h"

#include "base/arena.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MAX = 128, BUSY_MILLISECONDS = 10000, READ_MAPPED_BYTES = 8 * 1024 * 1024 };

struct query {
    struct database *db;
    const char *sql;
    sqlite3_stmt *statement;
};

struct database {
    sqlite3 *handle;
    struct query queries[STATEMENTS_MAX];
    void (*seen)(void *context, struct str text);
    void *seen_context;
    size_t query_count;
    bool has_failed;
    struct fault fault;
};

/* The first line of SQL that is no comment. */
static struct str first_line(const char *sql)
{
    struct str rest = str_of(sql), line = rest;
    while (str_cut(&line, &rest, '\n') && (line.n == 0 || str_starts(line, STR("--")))) {
    }
    return line;
}

static void remember(struct database *db, const char *what)
{
    if (db->has_failed) {
        return;
    }
    int code = sqlite3_errcode(db->handle) & 0xff;
    bool is_damage = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    db->has_failed = true;
    if (code == SQLITE_FULL) {
        fault_tell(&db->fault, "磁盘满了，数据库写不下；腾出地方再运行一次",
                   "the disk is full, and has no room for the database; make room and run again");
    } else {
        (is_damage ? fault_damage : fault_set)(&db->fault, "database: %s (%.*s)",
                                               sqlite3_errmsg(db->handle),
                                               STR_ARG(first_line(what)));
    }
}

static int open_flags(enum database_mode mode)
{
    static const int flags[] = {
        [DATABASE_READ] = SQLITE_OPEN_READONLY,
        [DATABASE_BESIDE] = SQLITE_OPEN_READONLY,
        [DATABASE_WRITE] = SQLITE_OPEN_READWRITE,
        [DATABASE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    return flags[mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
}

/* Refused where SQLite has been started already: it then works as it does anyway. */
void database_init(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* The first page and the schema are held from here on: what changes in them is not seen. */
static int begin_reading(struct database *db, struct fault *fault)
{
    database_run(db, "BEGIN; SELECT name FROM sqlite_schema LIMIT 1");
    return database_check(db, fault);
}

void database_map(struct database *db, size_t bytes)
{
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA mmap_size = %zu", bytes);
    sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

int database_open(struct database **out, const char *path, enum database_mode mode,
                  struct fault *fault)
{
    struct database *db = calloc(1, sizeof *db);
    if (db == NULL) {
        arena_out_of_memory();
    }
    const char *vfs = mode == DATABASE_BESIDE ? "unix-none" : NULL; /* no locks */
    if (sqlite3_open_v2(path, &db->handle, open_flags(mode), vfs) != SQLITE_OK) {
        fault_set(fault, "cannot open the database %s: %s", path, sqlite3_errmsg(db->handle));
        sqlite3_close(db->handle);
        free(db);
        return -1;
    }
    if (mode == DATABASE_READ) {
        database_map(db, READ_MAPPED_BYTES);
    }
    sqlite3_busy_timeout(db->handle, BUSY_MILLISECONDS);
    sqlite3_extended_result_codes(db->handle, 1);
    if (mode == DATABASE_BESIDE && begin_reading(db, fault) != 0) {
        struct fault ignored;
        database_close(db, &ignored);
        return -1;
    }
    *out = db;
    return 0;
}

struct sqlite3 *database_handle(struct database *db)
{
    return db->handle;
}

void database_watch(struct database *db, void (*seen)(void *context, struct str text),
                    void *context)
{
    db->seen = seen;
    db->seen_context = context;
}

void database_run(struct database *db, const char *sql)
{
    if (!db->has_failed && sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK) {
        remember(db, sql);
    }
}

static struct query *find_query(struct database *db, const char *sql)
{
    for (size_t i = 0; i < db->query_count; i++) {
        if (db->queries[i].sql == sql) {
            return &db->queries[i];
        }
    }
    if (db->query_count == STATEMENTS_MAX) {
        remember(db, "too many statements");
        return &db->queries[STATEMENTS_MAX - 1];
    }
    struct query *query = &db->queries[db->query_count++];
    *query = (struct query){.db = db, .sql = sql};
    return query;
}

struct query *database_query(struct database *db, const char *sql)
{
    struct query *query = find_query(db, sql);
    if (query->statement == NULL && !db->has_failed &&
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement,
                           NULL) != SQLITE_OK) {
        remember(db, sql);
    }
    if (query->statement != NULL) {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
    }
    return query;
}

void query_bind_str(struct query *query, int index, struct str text)
{
    const char *p = text.n == 0 ? "" : text.p;
    if (query->db->seen != NULL) {
        query->db->seen(query->db->seen_context, text);
    }
    if (query->statement != NULL && sqlite3_bind_text64(query->statement, index, p, text.n,
                                                        SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
        remember(query->db, query->sql);
    }
}

void query_bind_blob(struct query *query, int index, struct str bytes)
{
    if (query->statement != NULL && sqlite3_bind_blob64(query->statement, index, bytes.p, bytes.n,
                                                        SQLITE_STATIC) != SQLITE_OK) {
        remember(query->db, query->sql);
    }
}

void query_bind_int(struct query *query, int index, int64_t number)
{
    if (query->statement != NULL &&
        sqlite3_bind_int64(query->statement, index, number) != SQLITE_OK) {
        remember(query->db, query->sql);
    }
}

void query_bind_real(struct query *query, int index, double number)
{
    if (query->statement != NULL &&
        sqlite3_bind_double(query->statement, index, number) != SQLITE_OK) {
        remember(query->db, query->sql);
    }
}

void query_bind_null(struct query *query, int index)
{
    if (query->statement != NULL && sqlite3_bind_null(query->statement, index) != SQLITE_OK) {
        remember(query->db, query->sql);
    }
}

bool query_next(struct query *query)
{
    if (query->db->has_failed || query->statement == NULL) {
        return false;
    }
    int rc = sqlite3_step(query->statement);
    if (rc == SQLITE_ROW) {
        return true;
    }
    if (rc != SQLITE_DONE) {
        remember(query->db, query->sql);
    }
    sqlite3_reset(query->statement);
    return false;
}

void query_run(struct query *query)
{
    query_next(query);
    query_reset(query);
}

bool query_run_changes(struct query *query)
{
    query_run(query);
    return sqlite3_changes(query->db->handle) > 0;
}

void query_reset(struct query *query)
{
    if (query->statement != NULL) {
        sqlite3_reset(query->statement);
    }
}

/* A value that found no memory comes as NULL, like one that is NULL: only the code tells. */
static void check_memory(struct query *query)
{
    if (sqlite3_errcode(query->db->handle) == SQLITE_NOMEM) {
        remember(query->db, query->sql);
    }
}

struct str query_str(struct query *query, int column)
{
    const char *p = (const char *)sqlite3_column_text(query->statement, column);
    if (p == NULL) {
        check_memory(query);
    }
    int n = sqlite3_column_bytes(query->statement, column);
    return p == NULL ? (struct str){"", 0} : (struct str){p, (size_t)n};
}

struct str query_blob(struct query *query, int column)
{
    const char *p = sqlite3_column_blob(query->statement, column);
    if (p == NULL) {
        check_memory(query);
    }
    int n = sqlite3_column_bytes(query->statement, column);
    return p == NULL ? (struct str){"", 0} : (struct str){p, (size_t)n};
}

int64_t query_int(struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

double query_real(struct query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

int64_t database_last_id(struct database *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int database_check(struct database *db, struct fault *fault)
{
    if (!db->has_failed) {
        return 0;
    }
    *fault = db->fault;
    return -1;
}

int database_close(struct database *db, struct fault *fault)
{
    if (db == NULL) {
        return 0;
    }
    int rc = database_check(db, fault);
    for (size_t i = 0; i < db->query_count; i++) {
        sqlite3_finalize(db->queries[i].statement);
    }
    sqlite3_close(db->handle);
    free(db);
    return rc;
}
