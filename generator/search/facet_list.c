/* The values of the facets with their counts, as a reader gets them. */
#include "search/facet.h"

#include <stdlib.h>

static int compare_counts(const void *a, const void *b)
{
    const struct search_facet_row *x = a, *y = b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return str_compare(x->key, y->key);
}

static int compare_years(const void *a, const void *b)
{
    const struct search_facet_row *x = a, *y = b;
    return str_compare(y->key, x->key);
}

/* Key and name of a value; an empty key where it stands for having none. */
static enum search_status name_value(struct pass *pass, enum search_facet_kind facet, size_t number,
                                     struct search_facet_row *row)
{
    enum search_status status = SEARCH_STATUS_OK;
    if (facet == SEARCH_FACET_KIND) {
        row->key = pass->kinds->v[number].key;
        row->name = pass->kinds->v[number].name;
    } else if (facet == SEARCH_FACET_YEAR) {
        unsigned year = (unsigned)(number + 1900) % 10000;
        row->key = year > 0 ? arena_printf(pass->arena, "%04u", year) : (struct str){"", 0};
    } else if (facet == SEARCH_FACET_STATUS) {
        row->key = facet_status_key((enum notice_state)number);
    } else if (facet == SEARCH_FACET_ITEM && number > 0) {
        sqlite3_stmt *statement = statement_start(pass->search, STATEMENT_ITEM);
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
        if (statement_step(pass->search, statement, &status)) {
            row->key = statement_copy(pass->arena, statement, 0);
            row->name = statement_copy(pass->arena, statement, 1);
        }
        sqlite3_reset(statement);
    }
    row->name = row->name.n > 0 ? row->name : row->key;
    return status;
}

/* Cuts off the rows that are too many, but for the chosen one, which then is the last. */
static void keep_greatest(struct search_facet *facet)
{
    for (size_t i = SEARCH_FACET_ROWS_MAX; i < facet->count; i++) {
        if (facet->v[i].is_chosen) {
            facet->v[SEARCH_FACET_ROWS_MAX - 1] = facet->v[i];
        }
    }
    facet->count = facet->count < SEARCH_FACET_ROWS_MAX ? facet->count : SEARCH_FACET_ROWS_MAX;
}

static enum search_status list_values(struct pass *pass, enum search_facet_kind facet,
                                      struct search_facet *out)
{
    struct values *values = &pass->values[facet];
    if (pass->wanted[facet] >= 0) {
        (void)values_at(values, pass->arena, (size_t)pass->wanted[facet]);
    }
    enum search_status status = SEARCH_STATUS_OK;
    *out = (struct search_facet){0};
    for (size_t i = 0; i < values->count && status == SEARCH_STATUS_OK; i++) {
        struct search_facet_row row = {.count = values->v[i].count,
                                       .is_chosen = pass->wanted[facet] == (long)i};
        if (row.count == 0 && !row.is_chosen) {
            continue;
        }
        status = name_value(pass, facet, i, &row);
        if (row.key.n > 0) {
            out->v = arena_grow(pass->arena, out->v, out->count, sizeof(*out->v));
            out->v[out->count++] = row;
        }
    }
    if (out->count > 1) {
        bool is_year = facet == SEARCH_FACET_YEAR;
        qsort(out->v, out->count, sizeof(*out->v), is_year ? compare_years : compare_counts);
    }
    keep_greatest(out);
    return status;
}

/* Gives each organisation the counts of all below it. */
static void sum_up(struct pass *pass)
{
    for (size_t i = 0; i < pass->orgs->count; i++) {
        size_t id = (size_t)pass->orgs->v[i].id;
        long count = values_at(&pass->values[SEARCH_FACET_ORG], pass->arena, id)->count;
        for (size_t k = 0; count > 0 && k <= i; k++) {
            if (organisation_is_within(&pass->orgs->v[i], &pass->orgs->v[k])) {
                pass->orgs->v[k].count += count;
            }
        }
    }
}

static int compare_numbers(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return x == y ? 0 : x > y ? -1 : 1;
}

/* Which organisations are listed: those of the greatest counts, and the chosen one. */
struct listing {
    long least;  /* whoever has more is listed */
    size_t room; /* for so many who have just that */
};

static struct listing plan_listing(const struct pass *pass)
{
    const struct organisations *orgs = pass->orgs;
    if (orgs->count <= SEARCH_FACET_ROWS_MAX) {
        return (struct listing){.least = 1, .room = orgs->count};
    }
    long *counts = arena_array(pass->arena, orgs->count, sizeof(*counts));
    for (size_t i = 0; i < orgs->count; i++) {
        counts[i] = orgs->v[i].count;
    }
    qsort(counts, orgs->count, sizeof(*counts), compare_numbers);
    size_t rows = SEARCH_FACET_ROWS_MAX - (pass->wanted[SEARCH_FACET_ORG] >= 0);
    struct listing listing = {.least = counts[rows - 1] > 0 ? counts[rows - 1] : 1, .room = rows};
    for (size_t i = 0; i < rows && counts[i] > listing.least; i++) {
        listing.room--;
    }
    return listing;
}

/* Parents first, as the tree has them; whoever has a count has those above listed too. */
static void list_orgs(struct pass *pass, struct search_facet *out)
{
    sum_up(pass);
    struct listing listing = plan_listing(pass);
    out->v = arena_array(pass->arena, SEARCH_FACET_ROWS_MAX + 1, sizeof(*out->v));
    for (size_t i = 0; i < pass->orgs->count; i++) {
        const struct organisation *org = &pass->orgs->v[i];
        bool is_chosen = org->id == pass->wanted[SEARCH_FACET_ORG];
        bool fills_room = org->count == listing.least && listing.room > 0;
        if (org->count > listing.least || fills_room || is_chosen) {
            listing.room -= fills_room;
            out->v[out->count++] = (struct search_facet_row){
                .key = org->key,
                .name = org->name,
                .count = org->count,
                .depth = org->depth,
                .is_chosen = is_chosen,
            };
        }
    }
}

enum search_status facet_list(struct pass *pass, struct search_facet out[SEARCH_FACET_COUNT])
{
    static const enum search_facet_kind flat[] = {SEARCH_FACET_KIND, SEARCH_FACET_ITEM,
                                                  SEARCH_FACET_YEAR, SEARCH_FACET_STATUS};
    enum search_status status = SEARCH_STATUS_OK;
    list_orgs(pass, &out[SEARCH_FACET_ORG]);
    for (size_t i = 0; i < sizeof(flat) / sizeof(flat[0]) && status == SEARCH_STATUS_OK; i++) {
        status = list_values(pass, flat[i], &out[flat[i]]);
    }
    return status;
}
