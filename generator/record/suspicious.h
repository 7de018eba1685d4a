/*
 * suspicious: Markdown that could hold cmark for long, and the helper process that finds out. For
 * markdown.
 *
 * cmark cannot be interrupted, and some input costs it time by the square of its size. A linear
 * look estimates that cost; ordinary documents stay far below the limits. What is above them is
 * rendered in a helper process with a limit of CPU time, for nothing but to see that it ends:
 * if it does, the same work is done again here, where it must take the same time. So nothing has
 * to be carried between processes, and a helper that dies of whatever cause is a refusal.
 *
 * The helper is a fork of a process that may have other threads. Its work may therefore take no
 * lock that another thread could hold; allocation is safe in glibc, which takes care of its
 * own locks at a fork. The helper leaves without handlers and writes nothing.
 */
#ifndef RECORD_SUSPICIOUS_H
#define RECORD_SUSPICIOUS_H

#include "base/str.h"

enum {
    SUSPICIOUS_SMALL = 4 << 10,    /* bytes that cannot hold cmark for long in any order */
    SUSPICIOUS_LARGE = 512 << 10,  /* bytes that are tried always */
    SUSPICIOUS_MILLISECONDS = 300, /* CPU time of the helper */
    SUSPICIOUS_MEMORY = 512 << 20  /* bytes that the helper may allocate */
};

/* Whether `source` must be tried first. */
bool suspicious_is(struct str source);

/* Runs `work` in a helper process. True where it ended in time and without a fault. */
bool suspicious_finishes(void (*work)(void *context), void *context);

#endif
