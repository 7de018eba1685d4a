/*
 * facet: what the pass over all matches counts, and how it is listed. For facet.c and facet_list.c.
 */
#ifndef SEARCH_FACET_H
#define SEARCH_FACET_H

#include "search/internal.h"
#include "search/kinds.h"
#include "search/values.h"

/* Where a record's notice stands on the as-of date: the values of SEARCH_FACET_STATUS. */
enum notice_state { NOTICE_NONE, NOTICE_UPCOMING, NOTICE_OPEN, NOTICE_ENDED, NOTICE_STATE_COUNT };

/* Wanted of a facet: a number, or one of these. */
enum { WANTED_ANY = -1, WANTED_NOTHING = -2 };

struct pass {
    struct search *search;
    struct arena *arena;
    const struct search_request *request;
    const struct query *query;
    struct organisations *orgs;
    struct organisation **orgs_by_id;
    size_t org_id_end;
    const struct kinds *kinds;
    struct values values[SEARCH_FACET_COUNT];
    long wanted[SEARCH_FACET_COUNT]; /* numbers of values; of organisations the id */
    uint32_t from, to;               /* facts_date */
    uint32_t as_of;                  /* facts_day */
    struct hits *hits;
};

/* The key of a status that a request may ask for; the empty text for NOTICE_NONE. */
struct str facet_status_key(enum notice_state state);

/* The number of a year among values: recent ones are small. */
static inline size_t facet_year_number(unsigned year)
{
    return (year + 10000 - 1900) % 10000;
}

/* The organisation of that id, or NULL. */
static inline struct organisation *facet_org(const struct pass *pass, size_t id)
{
    return id < pass->org_id_end ? pass->orgs_by_id[id] : NULL;
}

/* Lists what was counted into `out`, all facets. */
enum search_status facet_list(struct pass *pass, struct search_facet out[SEARCH_FACET_COUNT]);

#endif
