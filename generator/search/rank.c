/* The order of hits: by rank or by date, ties by path. */
#include "search/internal.h"

#include <stdlib.h>

/* The best first: the lowest rank, then the newest date. By date all ranks are the same. */
static int compare_keys(const struct hit *x, const struct hit *y)
{
    if (x->rank < y->rank || x->rank > y->rank) {
        return x->rank < y->rank ? -1 : 1;
    }
    return x->date == y->date ? 0 : x->date > y->date ? -1 : 1;
}

static int compare_hits(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    int order = compare_keys(x, y);
    return order != 0 ? order : x->id < y->id ? -1 : x->id > y->id;
}

static void swap_hits(struct hit *x, struct hit *y)
{
    struct hit kept = *x;
    *x = *y;
    *y = kept;
}

/*
 * Brings those that belong before place `to` in front of all others, in no order: quickselect. A
 * page is a few of 100,000 hits, and sorting all of them would take longer than finding them.
 */
static void select_first(struct hit *hits, size_t count, size_t to)
{
    size_t low = 0, high = count;
    while (high - low > 16 && to > low && to < high) {
        struct hit pivot = hits[low + (high - low) / 2];
        size_t less = low, more = high, at = low;
        while (at < more) {
            int order = compare_hits(&hits[at], &pivot);
            if (order < 0) {
                swap_hits(&hits[at++], &hits[less++]);
            } else if (order > 0) {
                swap_hits(&hits[at], &hits[--more]);
            } else {
                at++;
            }
        }
        low = to > less ? more : low;
        high = to > less ? high : less;
    }
}

/* Sorts the first `to` hits and all that are equal to the last of them; returns how many. */
static size_t sort_first(struct hit *hits, size_t count, size_t to)
{
    select_first(hits, count, to);
    size_t sorted = to;
    while (sorted < count && sorted < to + 16) {
        sorted++; /* what quickselect leaves unsettled around the border */
    }
    qsort(hits, sorted, sizeof(*hits), compare_hits);
    size_t ties = to;
    for (size_t i = to; i < count; i++) {
        if (compare_keys(&hits[i], &hits[to - 1]) == 0) {
            swap_hits(&hits[i], &hits[ties++]);
        }
    }
    return ties;
}

struct tie {
    struct hit hit;
    struct str path;
};

static int compare_paths(const void *a, const void *b)
{
    return str_compare(((const struct tie *)a)->path, ((const struct tie *)b)->path);
}

/* Sorts hits that are equal by their paths. */
static enum search_status sort_ties(struct search *search, struct arena *arena, struct hit *hits,
                                    size_t count)
{
    struct tie *ties = arena_array(arena, count, sizeof(*ties));
    enum search_status status = SEARCH_STATUS_OK;
    for (size_t i = 0; i < count && status == SEARCH_STATUS_OK; i++) {
        sqlite3_stmt *statement = statement_start(search, STATEMENT_PATH);
        sqlite3_bind_int64(statement, 1, hits[i].id);
        ties[i].hit = hits[i];
        if (statement_step(search, statement, &status)) {
            ties[i].path = statement_copy(arena, statement, 0);
        }
        sqlite3_reset(statement);
    }
    qsort(ties, count, sizeof(*ties), compare_paths);
    for (size_t i = 0; i < count; i++) {
        hits[i] = ties[i].hit;
    }
    return status;
}

enum search_status rank_sort(struct search *search, struct arena *arena, struct hits *hits,
                             struct order order)
{
    enum search_status status = SEARCH_STATUS_OK;
    size_t sorted = order.to > 0 ? sort_first(hits->v, hits->count, order.to) : 0;
    size_t from = 0;
    while (from < order.to && status == SEARCH_STATUS_OK) {
        size_t to = from + 1;
        while (to < sorted && compare_keys(&hits->v[from], &hits->v[to]) == 0) {
            to++;
        }
        if (to > order.from && to - from > 1) {
            status = sort_ties(search, arena, hits->v + from, to - from);
        }
        from = to;
    }
    return status;
}
