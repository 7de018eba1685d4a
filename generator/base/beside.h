/*
 * beside: a piece of work on a thread of its own, while its caller goes on. Anyone may include it.
 *
 *     beside_start(&beside, work, context);
 *     rc = ...;                               what goes on meanwhile
 *     rc = beside_end(&beside, rc, fault);    waits
 */
#ifndef BASE_BESIDE_H
#define BASE_BESIDE_H

#include "base/fault.h"

#include <pthread.h>

/* 0, or -1 with the fault. */
typedef int beside_work(void *context, struct fault *fault);

/* Stays where it is from start to end. */
struct beside {
    beside_work *work;
    void *context; /* the caller's */
    pthread_t thread;
    bool has_thread;
    int result;
    struct fault fault;
};

/* Where no thread is to be had, all of the work is done before this returns. */
void beside_start(struct beside *out, beside_work *work, void *context);

/*
 * Waits for the work. `rc` is what the caller did meanwhile: if that failed, it and its fault stay;
 * else the result, and the fault, are those of the work.
 */
int beside_end(struct beside *beside, int rc, struct fault *fault);

#endif
