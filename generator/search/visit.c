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

/*
 * With more records than can be ranked, only few matches are ranked before it is known whether all
 * are to be sorted by date instead; of several phrases none, for each would be gone through first.
 */
static bool is_rank_due(const struct visit *visit)
{
    const struct ranking *ranking = &visit->ranking;
    switch (visit->ranks) {
    case RANKS_NONE:
        return false;
    case RANKS_ALL:
        return true;
    case RANKS_CHEAP:
        break;
    }
    long most = ranking->phrase_count == 1 ? RANKED_AT_ONCE_MAX : 0;
    most = ranking->rows <= SEARCH_RANKED_MAX ? SEARCH_RANKED_MAX : most;
    return visit->is_ranked && visit->ranked < most;
}

static int rank(struct visit *visit, struct match *match, const Fts5ExtensionApi *api,
                Fts5Context *row)
{
    int code = SQLITE_OK;
    match->rank = 0;
    if (visit->ranks != RANKS_NONE && visit->ranking.rows == 0) {
        code = bm25_begin(&visit->ranking, api, row);
    }
    visit->is_ranked = code == SQLITE_OK && is_rank_due(visit);
    if (!visit->is_ranked) {
        return code;
    }
    visit->ranked++;
    return bm25_rank(&match->rank, &visit->ranking, visit->arena, api, row, match->facts.words);
}

/* The SQL function visit(search): NULL for every row. */
static void visit_row(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context,
                      int argument_count, sqlite3_value **arguments)
{
    (void)argument_count;
    (void)arguments;
    struct search *search = api->xUserData(row);
    struct visit *visit = search->visit;
    struct match match = {.id = api->xRowid(row)};
    int code =
        visit != NULL && read_facts(visit, &match) ? rank(visit, &match, api, row) : SQLITE_CORRUPT;
    if (code == SQLITE_OK) {
        visit->take(visit->context, &match);
    } else {
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
    visit->is_ranked = visit->ranks != RANKS_NONE;
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
            visit->take(visit->context, &match);
        }
        match.id++;
    }
}

enum search_status visit_all(struct visit *visit)
{
    struct search *search = visit->search;
    enum search_status status;
    sqlite3_stmt *statement = statement_start(search, STATEMENT_ALL_FACTS);
    visit->is_ranked = false;
    while (statement_step(search, statement, &status)) {
        take_block(visit, sqlite3_column_int64(statement, 0), statement_blob(statement, 1));
        if (search_now() > search->deadline) {
            sqlite3_reset(statement);
            return SEARCH_STATUS_OUT_OF_TIME;
        }
    }
    return status;
}
