/*
 * parallel: many independent pieces of work on several threads, taken up in order. Anyone may
 * include it.
 *
 * Pieces are numbered from 0. `work` makes piece i, on any thread, into the slot i % `slots`, which
 * is the caller's; `take` is called for every piece in order, never twice at
 * a time, and when it returns the slot may be used again. So memory is bounded by the slots, and
 * what `take` does depends on neither the number of threads nor their speed.
 *
 * Every thread both makes and takes: whoever completes the piece that is next takes it, and those
 * behind it that are made already. No thread waits for another but where all slots are full.
 *
 * Between two pieces each thread calls `aside`, which several may do at a time. While it lasts, the
 * others go on: the thread has no piece in hand that they would come to wait for.
 *
 * The first non-zero result, in the order of the pieces, ends the run and is returned; pieces
 * behind it may have been made, but are not taken.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

enum { PARALLEL_SLOTS = 256, PARALLEL_THREADS_MAX = 64 };

struct parallel {
    size_t count;
    int threads;  /* 1 to PARALLEL_THREADS_MAX, the calling thread among them */
    size_t slots; /* 1 to PARALLEL_SLOTS; 0 is all of them */
    void *context;
    int (*work)(void *context, int thread, size_t index, size_t slot);
    int (*take)(void *context, size_t index, size_t slot); /* on any of the threads; may be NULL */
    void (*aside)(void *context); /* what else is to be done; may be NULL, see above */
};

int parallel_run(const struct parallel *parallel);

/* How many processors this process may use, 1 to PARALLEL_THREADS_MAX. */
int parallel_processors(void);

#endif
