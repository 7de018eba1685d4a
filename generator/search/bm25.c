/*
 * The rank of a match, as FTS5's own bm25 computes it. That one looks up a row for each match, to
 * learn how long its text is, and goes through all matches of each phrase before the first; ours is
 * told the length, and asks how rare the phrases are when it is known that ranks are of use.
 */
#include "search/internal.h"

#include <math.h>
#include <string.h>

/* What a match in each column weighs: body, title, tables, names. */
enum { COLUMNS = 4 };
static const double weights[COLUMNS] = {1.0, 10.0, 0.7, 1.0};

/* Where BM25 levels off, and how much the length of a text matters: as bm25 has them. */
static const double k1 = 1.2, b = 0.75;

static int begin(struct ranking *ranking, const Fts5ExtensionApi *api, Fts5Context *row)
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

static void *grow(struct arena *arena, const void *items, size_t bytes, size_t new_bytes)
{
    void *grown = arena_alloc(arena, new_bytes);
    if (bytes > 0) {
        memcpy(grown, items, bytes);
    }
    return grown;
}

static void reserve(struct ranking *ranking)
{
    size_t row = (size_t)ranking->phrase_count * sizeof(double), count = ranking->count;
    if (count < ranking->capacity) {
        return;
    }
    size_t capacity = count > 0 ? count * 2 : 32;
    ranking->weights = grow(ranking->arena, ranking->weights, count * row, capacity * row);
    ranking->words =
        grow(ranking->arena, ranking->words, count * sizeof(uint32_t), capacity * sizeof(uint32_t));
    ranking->capacity = capacity;
}

int bm25_weigh(struct ranking *ranking, const Fts5ExtensionApi *api, Fts5Context *row,
               uint32_t words)
{
    int count = 0;
    int code = ranking->phrase_count == 0 ? begin(ranking, api, row) : SQLITE_OK;
    code = code == SQLITE_OK ? api->xInstCount(row, &count) : code;
    if (code != SQLITE_OK) {
        return code;
    }
    reserve(ranking);
    double *out = ranking->weights + ranking->count * (size_t)ranking->phrase_count;
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        int phrase, column, offset;
        code = api->xInst(row, i, &phrase, &column, &offset);
        if (code == SQLITE_OK) {
            out[phrase] += weights[column];
        }
    }
    ranking->words[ranking->count++] = words;
    return code;
}

static bool is_met(const struct ranking *ranking, size_t phrase)
{
    size_t phrase_count = (size_t)ranking->phrase_count;
    for (size_t i = 0; i < ranking->count; i++) {
        if (ranking->weights[i * phrase_count + phrase] > 0) {
            return true;
        }
    }
    return false;
}

/*
 * How much a match of each phrase tells: the rarer, the more. One phrase only scales all ranks
 * alike, and one that no hit has does nothing: going through all its matches is left out.
 */
static enum search_status ask_telling(double *out, struct search *search,
                                      const struct ranking *ranking, const struct phrases *phrases)
{
    enum search_status status = SEARCH_STATUS_OK;
    for (size_t i = 0; i < phrases->count && status == SEARCH_STATUS_OK; i++) {
        long matches = 0;
        out[i] = 1;
        if (phrases->count > 1 && is_met(ranking, i)) {
            status = visit_count(&matches, search, phrases->v[i]);
            double without = (double)(ranking->rows - matches);
            double telling = log((without + 0.5) / ((double)matches + 0.5));
            out[i] = telling > 0 ? telling : 1e-6;
        }
    }
    return status;
}

static double score(const struct ranking *ranking, const double *telling, size_t hit)
{
    size_t phrase_count = (size_t)ranking->phrase_count;
    const double *row = ranking->weights + hit * phrase_count;
    double length = ranking->words[hit] / ranking->average_length, sum = 0;
    for (size_t i = 0; i < phrase_count; i++) {
        sum += telling[i] * (row[i] * (k1 + 1)) / (row[i] + k1 * (1 - b + b * length));
    }
    return sum;
}

enum search_status bm25_rank(struct search *search, const struct ranking *ranking,
                             const struct phrases *phrases, struct hits *hits)
{
    if (hits->count == 0) {
        return SEARCH_STATUS_OK;
    }
    if (hits->count != ranking->count || phrases->count != (size_t)ranking->phrase_count) {
        return SEARCH_STATUS_FAULT;
    }
    double *telling = arena_array(ranking->arena, phrases->count, sizeof(*telling));
    enum search_status status = ask_telling(telling, search, ranking, phrases);
    for (size_t i = 0; i < hits->count && status == SEARCH_STATUS_OK; i++) {
        hits->v[i].rank = -score(ranking, telling, i);
    }
    return status;
}
