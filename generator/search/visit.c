/*
 * Going through all that matches. The rows never leave SQLite: a function that is called for each
 * of them looks at it, and no row passes it.
 */
#include "search/internal.h"

/* The bytes of the record's facts; NULL with a status where there are none. */
static const unsigned char *find_facts(struct visit *visit, int64_t id)
{
    struct search *search = visit->search;
    struct facts_block *block = &search->block;
    int64_t number = id / FACTS_PER_BLOCK;
    if (block->statement == NULL || block->number != number) {
        block->statement = statement_start(search, STATEMENT_FACTS);
        block->number = number;
        block->bytes = (struct str){NULL, 0};
        sqlite3_bind_int64(block->statement, 1, number);
        if (statement_step(search, block->statement, &visit->status)) {
            block->bytes = statement_blob(block->statement, 0);
        }
    }
    size_t at = (size_t)(id % FACTS_PER_BLOCK) * FACTS_BYTES;
    bool is_there = id >= 0 && block->bytes.n >= at + FACTS_BYTES;
    return is_there ? (const unsigned char *)block->bytes.p + at : NULL;
}

/* Reads the record's facts; false with a status where the database has none of it. */
static bool read_facts(struct visit *visit, struct match *match)
{
    const unsigned char *bytes = find_facts(visit, match->id);
    match->facts = (struct facts){0};
    if (bytes != NULL) {
        facts_read(&match->facts, bytes);
    }
    if (match->facts.kind == 0 && visit->status == SEARCH_STATUS_OK) {
        visit->status = SEARCH_STATUS_CORRUPT;
    }
    return visit->status == SEARCH_STATUS_OK;
}

static int weigh(struct visit *visit, const struct match *match, const Fts5ExtensionApi *api,
                 Fts5Context *row)
{
    bool is_due = visit->ranking != NULL && visit->matched <= SEARCH_RANKED_MAX;
    return is_due ? bm25_weigh(visit->ranking, api, row, match->facts.words) : SQLITE_OK;
}

static int visit_match(struct visit *visit, const Fts5ExtensionApi *api, Fts5Context *row)
{
    struct match match = {.id = api->xRowid(row)};
    visit->matched++;
    if (visit->take == NULL) {
        return SQLITE_OK;
    }
    if (!read_facts(visit, &match)) {
        return SQLITE_CORRUPT;
    }
    return visit->take(visit->context, &match) ? weigh(visit, &match, api, row) : SQLITE_OK;
}

/* The SQL function visit(search): NULL for every row. */
static void visit_row(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context,
                      int argument_count, sqlite3_value **arguments)
{
    (void)argument_count;
    (void)arguments;
    struct search *search = api->xUserData(row);
    int code = search->visit != NULL ? visit_match(search->visit, api, row) : SQLITE_MISUSE;
    if (code != SQLITE_OK) {
        sqlite3_result_error_code(context, code);
    }
}

int visit_add(struct search *search)
{
    sqlite3_stmt *statement = NULL;
    fts5_api *api = NULL;
    if (sqlite3_prepare_v2(search->db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api == NULL ? SQLITE_ERROR : api->xCreateFunction(api, "visit", search, visit_row, NULL);
}

enum search_status visit_matches(struct visit *visit, struct str fts)
{
    struct search *search = visit->search;
    enum search_status status;
    sqlite3_stmt *statement = statement_start(search, STATEMENT_VISIT);
    statement_bind(statement, 1, fts);
    search->visit = visit;
    (void)statement_step(search, statement, &status);
    search->visit = NULL;
    search->block.statement = NULL;
    return visit->status != SEARCH_STATUS_OK ? visit->status : status;
}

static void take_block(struct visit *visit, int64_t number, struct str bytes)
{
    struct match match = {.id = number * FACTS_PER_BLOCK};
    for (size_t at = 0; at + FACTS_BYTES <= bytes.n; at += FACTS_BYTES) {
        facts_read(&match.facts, (const unsigned char *)bytes.p + at);
        if (match.facts.kind > 0) {
            visit->matched++;
            (void)visit->take(visit->context, &match);
        }
        match.id++;
    }
}

enum search_status visit_all(struct visit *visit)
{
    struct search *search = visit->search;
    enum search_status status;
    sqlite3_stmt *statement = statement_start(search, STATEMENT_ALL_FACTS);
    while (statement_step(search, statement, &status)) {
        take_block(visit, sqlite3_column_int64(statement, 0), statement_blob(statement, 1));
        if (search_is_over(search)) {
            sqlite3_reset(statement);
            return SEARCH_STATUS_OUT_OF_TIME;
        }
    }
    return status;
}

enum search_status visit_count(long *out, struct search *search, struct str fts)
{
    struct visit visit = {.search = search};
    enum search_status status = visit_matches(&visit, fts);
    *out = visit.matched;
    return status;
}
