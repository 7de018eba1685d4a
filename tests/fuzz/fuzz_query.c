/* Any bytes as a query: a status, or an expression that FTS5 takes. */
#include "search/query.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A connection for each input would be most of the time; this one is made once and never freed. */
static sqlite3_stmt *match_statement(void)
{
    static sqlite3_stmt *statement;
    if (statement == NULL) {
        sqlite3 *db;
        sqlite3_open(":memory:", &db);
        sqlite3_exec(db, "CREATE VIRTUAL TABLE search USING fts5 (body, title, tables, names)",
                     NULL, NULL, NULL);
        sqlite3_prepare_v2(db, "SELECT 1 FROM search WHERE search MATCH ?1", -1, &statement, NULL);
    }
    return statement;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct query query;
    struct buf fts = BUF_EMPTY;
    struct str text = {(const char *)data, size};
    if (query_parse(&query, &arena, text) == SEARCH_STATUS_OK) {
        query_write_fts(&fts, NULL, &query);
    }
    if (fts.n > 0) {
        sqlite3_stmt *statement = match_statement();
        sqlite3_bind_text(statement, 1, fts.p, (int)fts.n, SQLITE_STATIC);
        if (sqlite3_step(statement) != SQLITE_DONE) {
            abort();
        }
        sqlite3_reset(statement);
    }
    buf_free(&fts);
    arena_free(&arena);
    return 0;
}
