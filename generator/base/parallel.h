/*
 * parallel: many independent pieces of work on several threads, taken up in order. Anyone may
 * include it.
 *
 * Pieces are numbered from 0. `work` makes piece i, on any thread, into the slot i %
 * PARALLEL_SLOTS, which is the caller's; `take` is called on the calling thread for every piece in
 * order, and when it returns the slot may be used again. So memory is bounded by the slots, and
 * what `take` does depends on neither the number of threads nor their speed.
 *
 * The first non-zero result, in the order of the pieces, ends the run and is returned; pieces
 * behind it may have been made, but are not taken.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

enum { PARALLEL_SLOTS = 64, PARALLEL_THREADS_MAX = 64 };

struct parallel {
    size_t count;
    int threads; /* 1 to PARALLEL_THREADS_MAX; 1 runs everything on the calling thread */
    void *context;
    int (*work)(void *context, int thread, size_t index, size_t slot);
    int (*take)(void *context, size_t index, size_t slot);
};

int parallel_run(const struct parallel *parallel);

/* How many processors this process may use, 1 to PARALLEL_THREADS_MAX. */
int parallel_processors(void);

#endif
