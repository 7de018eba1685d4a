#include "search_fixture.h"

#include "base/buf.h"
#include "base/file.h"
#include "fts5_tokenizer.h"
#include "search/search.h"
#include "store/facts_table.h"
#include "store/fts_varint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "search_fixture: %s: %s\n", what, why);
    exit(3);
}

void fixture_run(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail(sql, error);
    }
}

/* Runs one statement with `count` texts bound; NULL is bound as the empty text. */
static void run_with(sqlite3 *db, const char *sql, const char *const *values, int count)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail(sql, sqlite3_errmsg(db));
    }
    for (int i = 0; i < count; i++) {
        sqlite3_bind_text(statement, i + 1, values[i] != NULL ? values[i] : "", -1,
                          SQLITE_TRANSIENT);
    }
    if (sqlite3_step(statement) != SQLITE_DONE) {
        fail(sql, sqlite3_errmsg(db));
    }
    sqlite3_finalize(statement);
}

sqlite3 *fixture_create(const char *path)
{
    sqlite3 *db;
    struct fault fault;
    struct buf schema = BUF_EMPTY;
    unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK || tokenizer_register(db, &fault) < 0) {
        fail(path, sqlite3_errmsg(db));
    }
    if (file_read(&schema, AT_FDCWD, "generator/store/schema.sql", 1 << 20, &fault) < 0 ||
        file_read(&schema, AT_FDCWD, "generator/store/indexes.sql", 1 << 20, &fault) < 0) {
        fail("schema.sql", fault.text);
    }
    fixture_run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    fixture_run(db, "BEGIN");
    fixture_run(db, schema.p);
    buf_free(&schema);
    char sql[100];
    snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d",
             SEARCH_APPLICATION_ID, SEARCH_SCHEMA_VERSION);
    fixture_run(db, sql);
    fixture_run(db, "INSERT INTO meta VALUES ('as_of', '2026-09-20')");
    return db;
}

void fixture_add_org(sqlite3 *db, const struct fixture_org *org)
{
    const char *values[] = {org->key, org->name, org->parent, org->lineage};
    run_with(
        db,
        "INSERT INTO organisations (key, name, type, code, division, parent, lineage, folder, url)"
        " VALUES (?1, ?2, 'village', '', '', ?3, ?4, '', '')",
        values, 4);
}

void fixture_add_item(sqlite3 *db, const char *key, const char *name)
{
    const char *values[] = {key, name};
    run_with(db,
             "INSERT INTO items (key, name, category, every, issuers, basis, content, url)"
             " VALUES (?1, ?2, '', 'month', '[]', '', '', '')",
             values, 2);
}

void fixture_add_synonym(sqlite3 *db, const char *word, const char *same)
{
    const char *values[] = {word, same};
    run_with(db, "INSERT INTO synonyms (word, same) VALUES (?1, ?2), (?2, ?1)", values, 2);
}

#define RECORD_COLUMNS                                                                             \
    "path, kind, title, date, org, item, fields, url, text, body_length, table_length"

/*
 * The statement that adds a record. Columns that search/ has no need of get the empty text, so
 * that the schema may grow without this file.
 */
static char *record_statement(sqlite3 *db)
{
    sqlite3_stmt *statement;
    const char *sql = "SELECT coalesce(group_concat(', ' || name, ''), ''),"
                      " coalesce(group_concat(', ''''', ''), '') FROM pragma_table_info('records')"
                      " WHERE pk = 0 AND instr(', " RECORD_COLUMNS ", ', ', ' || name || ', ') = 0";
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        fail(sql, sqlite3_errmsg(db));
    }
    char *insert = sqlite3_mprintf(
        "INSERT INTO records (" RECORD_COLUMNS "%s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
        " '/' || ?1 || '/', ?8 || ?9 || ?10, length(?8), length(?9)%s)",
        sqlite3_column_text(statement, 0), sqlite3_column_text(statement, 1));
    sqlite3_finalize(statement);
    return insert;
}

void fixture_add(sqlite3 *db, const struct fixture_record *record)
{
    const char *values[] = {
        record->path,
        record->kind != NULL ? record->kind : "page",
        record->title,
        record->date,
        record->org,
        record->item,
        record->fields != NULL ? record->fields : "{}",
        record->body,
        record->tables,
        record->names,
    };
    char *sql = record_statement(db);
    run_with(db, sql, values, 10);
    sqlite3_free(sql);
    const char *searched[] = {record->title, record->body, record->tables, record->names};
    run_with(db,
             "INSERT INTO search (rowid, title, body, tables, names)"
             " VALUES (last_insert_rowid(), ?1, ?2, ?3, ?4)",
             searched, 4);
}

/* All words of a record, out of a row of search_docsize. */
static int64_t words_of(struct str sizes)
{
    const unsigned char *p = (const unsigned char *)sizes.p, *end = p + sizes.n;
    int64_t words = 0;
    while (p < end) {
        uint64_t size;
        p += fts_varint_get(p, end, &size);
        words += (int64_t)size;
    }
    return words;
}

static void write_facts(const char *path)
{
    struct database *db;
    struct facts_table table;
    struct fault fault;
    if (database_open(&db, path, DATABASE_WRITE, &fault) != 0) {
        fail(path, fault.text);
    }
    struct arena arena = {0};
    struct schema schema;
    if (schema_load(&schema, &arena, &fault) != 0) {
        fail("schema", fault.text);
    }
    facts_table_name_kinds(db, &schema);
    facts_table_copy_site(db);
    arena_free(&arena);
    facts_table_begin(&table, db);
    struct query *query = database_query(
        db, "SELECT " FACTS_COLUMNS ", (SELECT sz FROM search_docsize WHERE id = records.id)"
            " FROM records ORDER BY id");
    while (query_next(query)) {
        facts_table_put(&table, query, 0, words_of(query_blob(query, FACTS_COLUMN_COUNT)));
    }
    facts_table_finish(&table);
    if (database_close(db, &fault) != 0) {
        fail(path, fault.text);
    }
}

void fixture_finish(sqlite3 *db, const char *path)
{
    fixture_run(db, "INSERT INTO search (search) VALUES ('optimize')");
    fixture_run(db, "COMMIT");
    if (sqlite3_close(db) != SQLITE_OK || chmod(path, 0644) != 0) {
        fail(path, "cannot be finished");
    }
    write_facts(path);
}

int fixture_open(void **state, const char *path)
{
    struct fault fault;
    struct search *search;
    if (search_open(&search, path, &fault) != SEARCH_STATUS_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return -1;
    }
    *state = search;
    return 0;
}
