/*
 * kinds: the kinds of records by their numbers, with the names that readers know them by. For
 * search/ alone.
 */
#ifndef SEARCH_KINDS_H
#define SEARCH_KINDS_H

#include "search/facts.h"
#include "search/internal.h"

struct kind {
    struct str key, name; /* name in Chinese; the key where it has none */
};

struct kinds {
    struct kind v[FACTS_KINDS_MAX + 1]; /* from 1; the others have no key */
};

enum search_status kinds_load(struct search *search, struct arena *arena, struct kinds *out);

/* The number of the kind with that key; 0 where there is none. */
size_t kinds_find(const struct kinds *kinds, struct str key);

#endif
