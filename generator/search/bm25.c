/*
 * The rank of a match, as FTS5's own bm25 computes it, found in the pass that finds the match. That
 * one looks up a row for each match, to learn how long its text is; ours is told.
 */
#include "search/internal.h"

#include <math.h>

/* What a match in each column weighs: body, title, tables, names. */
enum { COLUMNS = 4 };
static const double weights[COLUMNS] = {1.0, 10.0, 0.7, 1.0};

/* Where BM25 levels off, and how much the length of a text matters: as bm25 has them. */
static const double k1 = 1.2, b = 0.75;

static int count_row(const Fts5ExtensionApi *api, Fts5Context *row, void *count)
{
    (void)api;
    (void)row;
    ++*(int64_t *)count;
    return SQLITE_OK;
}

/*
 * How much a match of each phrase tells: the rarer, the more. With one phrase that scales all ranks
 * alike, and going through all its matches beforehand is left out.
 */
static int learn_phrases(struct ranking *ranking, struct arena *arena, const Fts5ExtensionApi *api,
                         Fts5Context *row)
{
    int code = SQLITE_OK;
    ranking->phrases = arena_array(arena, (size_t)ranking->phrase_count, sizeof(*ranking->phrases));
    for (int i = 0; i < ranking->phrase_count && code == SQLITE_OK; i++) {
        int64_t matches = 0;
        ranking->phrases[i].telling = 1;
        if (ranking->phrase_count > 1) {
            code = api->xQueryPhrase(row, i, &matches, count_row);
            double without = (double)(ranking->rows - matches);
            double telling = log((without + 0.5) / ((double)matches + 0.5));
            ranking->phrases[i].telling = telling > 0 ? telling : 1e-6;
        }
    }
    return code;
}

int bm25_begin(struct ranking *ranking, const Fts5ExtensionApi *api, Fts5Context *row)
{
    sqlite3_int64 words = 0, rows = 0;
    int code = api->xRowCount(row, &rows);
    code = code == SQLITE_OK ? api->xColumnTotalSize(row, -1, &words) : code;
    if (code == SQLITE_OK && (rows < 1 || words < 1 || api->xColumnCount(row) != COLUMNS)) {
        code = SQLITE_CORRUPT;
    }
    ranking->rows = rows;
    ranking->average_length = (double)words / (double)rows;
    ranking->phrase_count = api->xPhraseCount(row);
    return code;
}

/* Weighs the matches of each phrase in the row by their columns. */
static int weigh(struct ranking *ranking, const Fts5ExtensionApi *api, Fts5Context *row)
{
    int count = 0;
    int code = api->xInstCount(row, &count);
    for (int i = 0; i < ranking->phrase_count; i++) {
        ranking->phrases[i].weight = 0;
    }
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        int phrase, column, offset;
        code = api->xInst(row, i, &phrase, &column, &offset);
        if (code == SQLITE_OK) {
            ranking->phrases[phrase].weight += weights[column];
        }
    }
    return code;
}

int bm25_rank(double *out, struct ranking *ranking, struct arena *arena,
              const Fts5ExtensionApi *api, Fts5Context *row, uint32_t words)
{
    int code = ranking->phrases == NULL ? learn_phrases(ranking, arena, api, row) : SQLITE_OK;
    code = code == SQLITE_OK ? weigh(ranking, api, row) : code;
    if (code != SQLITE_OK) {
        return code;
    }
    double length = words / ranking->average_length, score = 0;
    for (int i = 0; i < ranking->phrase_count; i++) {
        double weight = ranking->phrases[i].weight;
        score += ranking->phrases[i].telling * (weight * (k1 + 1)) /
                 (weight + k1 * (1 - b + b * length));
    }
    *out = -score;
    return SQLITE_OK;
}
