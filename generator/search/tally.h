/*
 * tally: counts by key, for the facets. For search/ alone.
 */
#ifndef SEARCH_TALLY_H
#define SEARCH_TALLY_H

#include "base/arena.h"

struct tally_entry {
    struct str key;
    long count;
    bool is_allowed; /* by the query itself */
    bool is_wanted;  /* by the request's filter */
};

/* Zeroed is ready to use. */
struct tally {
    struct tally_entry **slots; /* open addressing; NULL is free */
    size_t capacity, count;
};

/* The entry of the key, new ones zeroed but for it; `is_new` says. It does not move. */
struct tally_entry *tally_find(struct tally *tally, struct arena *arena, struct str key,
                               bool *is_new);

/* The entries with a count above 0 and a key, in no order; `count` gets how many. */
struct tally_entry **tally_list(const struct tally *tally, struct arena *arena, size_t *count);

#endif
