/*
 * The rank of a match of one phrase, found in the pass that finds the match. FTS5's own bm25 first
 * goes through all matches of every phrase to learn how rare it is; with one phrase that only
 * scales all ranks alike, so the order is the same without it.
 */
#include "search/internal.h"

#include <string.h>

/* What a match in each column weighs: as RANK in statement.c has it. */
static const double weights[] = {1.0, 10.0, 0.7, 1.0};

/* Where BM25 levels off, and how much the length of a text matters: as bm25 has them. */
static const double k1 = 1.2, b = 0.75;

/* Matches of the phrase in the row, each weighed by its column. */
static int weigh_matches(const Fts5ExtensionApi *api, Fts5Context *row, double *out)
{
    int count = 0;
    int code = api->xInstCount(row, &count);
    *out = 0;
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        int phrase, column, offset;
        code = api->xInst(row, i, &phrase, &column, &offset);
        *out += code == SQLITE_OK ? weights[column] : 0;
    }
    return code;
}

/*
 * Looks once at all texts: how long they are, and whether they are so few that any query may be
 * ranked. With more, ranks of what is sorted by date in the end would be found for nothing.
 */
static int learn(struct search *search, const Fts5ExtensionApi *api, Fts5Context *row)
{
    sqlite3_int64 tokens = 0, rows = 0;
    if (search->average_length > 0) {
        return SQLITE_OK;
    }
    int code = api->xRowCount(row, &rows);
    code = code == SQLITE_OK ? api->xColumnTotalSize(row, -1, &tokens) : code;
    search->average_length = rows > 0 && tokens > 0 ? (double)tokens / (double)rows : 1;
    search->ranked_max = rows <= SEARCH_RANKED_MAX ? SEARCH_RANKED_MAX : RANKED_AT_ONCE_MAX;
    return code;
}

static void closeness(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context,
                      int argument_count, sqlite3_value **arguments)
{
    (void)argument_count;
    (void)arguments;
    struct search *search = api->xUserData(row);
    bool is_alone = api->xPhraseCount(row) == 1 && api->xColumnCount(row) == 4;
    int code = is_alone ? learn(search, api, row) : SQLITE_OK;
    if (!is_alone || search->ranked >= search->ranked_max) {
        search->is_ranked_whole = false;
        return; /* NULL */
    }
    double matches = 0;
    int tokens = 0;
    code = code == SQLITE_OK ? weigh_matches(api, row, &matches) : code;
    code = code == SQLITE_OK ? api->xColumnSize(row, -1, &tokens) : code;
    if (code != SQLITE_OK) {
        sqlite3_result_error_code(context, code);
        return;
    }
    double length = tokens / search->average_length;
    search->ranked++;
    sqlite3_result_double(context, -matches * (k1 + 1) / (matches + k1 * (1 - b + b * length)));
}

int closeness_add(struct search *search)
{
    sqlite3_stmt *statement = NULL;
    fts5_api *api = NULL;
    if (sqlite3_prepare_v2(search->db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api == NULL ? SQLITE_ERROR
                       : api->xCreateFunction(api, "closeness", search, closeness, NULL);
}
