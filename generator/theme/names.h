/*
 * names: gives each name a small number, the same for the same name. Private to theme/.
 *
 * Zeroed is ready to use. The memory is the arena's that every call is given.
 */
#ifndef THEME_NAMES_H
#define THEME_NAMES_H

#include "base/arena.h"

#include <stdint.h>

struct names {
    struct str *all; /* by number, in the order of adding */
    size_t count;
    uint32_t *slots; /* number + 1; 0 is free; a power of two of them, at least half free */
    size_t slot_count;
};

enum { NAMES_NONE = -1 };

/* The number of `name`, or NAMES_NONE. */
ptrdiff_t names_find(const struct names *names, struct str name);

/* The number of `name`, which is added if it is new; its bytes must live as long as the arena. */
size_t names_add(struct arena *arena, struct names *names, struct str name);

#endif
