/*
 * organisations: the tree of those who publish, for filters and facets. For search/ alone.
 */
#ifndef SEARCH_ORGANISATIONS_H
#define SEARCH_ORGANISATIONS_H

#include "search/search.h"

struct organisation {
    int64_t id;
    struct str key, name, lineage;
    int depth;  /* 0 for the top */
    long count; /* for the facet */
};

struct organisations {
    struct organisation *v; /* parents first */
    size_t count;
};

enum search_status organisations_load(struct search *search, struct arena *arena,
                                      struct organisations *out);

/* The one of that key, or NULL. */
struct organisation *organisations_find(const struct organisations *all, struct str key);

/* Is `org` the other one, or below it? */
bool organisation_is_within(const struct organisation *org, const struct organisation *other);

#endif
