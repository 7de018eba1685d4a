/*
 * arena: memory for one unit of work (a record, a page), freed whole. Anyone may include it.
 *
 *     struct arena arena = {0};
 *     char *p = arena_alloc(&arena, n);   as often as needed; never NULL, zeroed
 *     arena_reset(&arena);                forget everything, keep one block for the next unit
 *     arena_free(&arena);                 give everything back
 *
 * Nothing from an arena is freed alone. Out of memory ends the process with exit status 3: it is
 * the one place, beside buf, that does so, and publishing is safe at any death.
 * An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <stdarg.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
};

/* `size` zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` zeroed elements of `size` bytes; the product is checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Room for one more element at the end of the array at `items`, which holds `count` elements of
 * `size` bytes and may move: the array to use from now on. Grows by doubling at powers of two.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size);

/* A copy of `s`, NUL-terminated behind its end. */
struct str arena_copy(struct arena *arena, struct str s);

/* `a` with `b` behind it. */
struct str arena_join(struct arena *arena, struct str a, struct str b);

/* printf into the arena. */
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Everything given out so far is void; one block is kept. */
void arena_reset(struct arena *arena);

void arena_free(struct arena *arena);

/*
 * Ends the process: one line to standard error, exit status 3; a search answers 503 before
 * (site/cgi). For the allocators alone.
 */
_Noreturn void arena_out_of_memory(void);

/* One line tells that the machine failed, where more than one thread finds out: true for the first
 * who asks, who is to write it. A generator's alone. */
bool arena_may_tell(void);

#endif
