/*
 * values: the values of one facet by number, and how many hits have each. For search/ alone.
 */
#ifndef SEARCH_VALUES_H
#define SEARCH_VALUES_H

#include "base/arena.h"

struct value_count {
    long count;
    bool is_met;     /* some match has it; only then the rest is so */
    bool is_allowed; /* by the query itself */
    bool is_wanted;  /* by the request's filter */
};

/* Zeroed is ready to use. */
struct values {
    struct value_count *v;
    size_t count;
};

/* The one of that number, new ones zeroed. It moves when a greater one is asked for. */
struct value_count *values_at(struct values *values, struct arena *arena, size_t number);

#endif
