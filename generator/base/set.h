/*
 * set: distinct strings. Anyone may include it.
 *
 * Zeroed is ready to use. The strings are copied into the set's own arena.
 */
#ifndef BASE_SET_H
#define BASE_SET_H

#include "base/arena.h"

#include <stdint.h>

struct set {
    struct str *items; /* in the order of adding, or of bytes after set_sort */
    size_t count;
    uint32_t *slots; /* index + 1 of items; 0 is free; a power of two of them */
    size_t slot_count;
    struct arena arena;
};

/* True where the string was not in it yet. */
bool set_add(struct set *set, struct str s);
bool set_has(const struct set *set, struct str s);

/* Puts the items in byte order. */
void set_sort(struct set *set);

void set_free(struct set *set);

#endif
