#include "search/internal.h"

static const char *const texts[STATEMENT_NUMBER] = {
    [STATEMENT_VISIT] = "SELECT 1 FROM search WHERE search MATCH ?1 AND visit(search)",
    [STATEMENT_FACTS] = "SELECT bytes FROM search_facts WHERE block = ?1",
    [STATEMENT_ALL_FACTS] = "SELECT block, bytes FROM search_facts WHERE block >= 0 ORDER BY block",
    [STATEMENT_COUNT] = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1"
                        " LIMIT ?2)",
    [STATEMENT_RECORD] = "SELECT path, url, kind, title, date, org, text FROM records"
                         " WHERE id = ?1",
    [STATEMENT_PATH] = "SELECT path FROM records WHERE id = ?1",
    [STATEMENT_ITEM] = "SELECT key, name FROM items WHERE id = ?1",
    [STATEMENT_ITEM_ID] = "SELECT id FROM items WHERE key = ?1",
    [STATEMENT_PAGE] = "SELECT page FROM search_pages WHERE language = ?1 AND name = ?2",
};

void statement_finalize_all(struct search *search)
{
    for (int i = 0; i < STATEMENT_NUMBER; i++) {
        sqlite3_finalize(search->statements[i]);
    }
}

sqlite3_stmt *statement_start(struct search *search, enum statement which)
{
    sqlite3_stmt **statement = &search->statements[which];
    if (*statement == NULL) {
        /* Where this fails the statement stays NULL, and its first step says why. */
        (void)sqlite3_prepare_v3(search->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
                                 NULL);
    }
    sqlite3_reset(*statement);
    return *statement;
}

void statement_bind(sqlite3_stmt *statement, int index, struct str text)
{
    sqlite3_bind_text(statement, index, text.n > 0 ? text.p : "", (int)text.n, SQLITE_STATIC);
}

bool statement_step(struct search *search, sqlite3_stmt *statement, enum search_status *status)
{
    *status = SEARCH_STATUS_OK;
    int code = statement != NULL ? sqlite3_step(statement) : sqlite3_errcode(search->db);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        *status = search_status_of(search, code);
    }
    sqlite3_reset(statement);
    return false;
}

struct str statement_text(sqlite3_stmt *statement, int column)
{
    const char *p = (const char *)sqlite3_column_text(statement, column);
    return (struct str){p, p != NULL ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

struct str statement_blob(sqlite3_stmt *statement, int column)
{
    const char *p = sqlite3_column_blob(statement, column);
    return (struct str){p, p != NULL ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

struct str statement_facts_row(struct search *search, struct arena *arena, int64_t number,
                               enum search_status *status)
{
    sqlite3_stmt *statement = statement_start(search, STATEMENT_FACTS);
    struct str bytes = {NULL, 0};
    sqlite3_bind_int64(statement, 1, number);
    if (statement_step(search, statement, status)) {
        bytes = arena_copy(arena, statement_blob(statement, 0));
    }
    sqlite3_reset(statement);
    return bytes;
}

struct str statement_copy(struct arena *arena, sqlite3_stmt *statement, int column)
{
    return arena_copy(arena, statement_text(statement, column));
}
