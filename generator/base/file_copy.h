/*
 * file_copy: a file copied by several threads together. Anyone may include it.
 *
 *     file_copy_begin(&copy, at, "from", "to", 0644, &fault);
 *     file_copy_help(&copy, &fault);      by as many threads as there are, at any time
 *     file_copy_end(&copy, &fault);       once none helps any more
 */
#ifndef BASE_FILE_COPY_H
#define BASE_FILE_COPY_H

#include "base/fault.h"

#include <stdatomic.h>
#include <sys/types.h>

struct file_copy {
    const char *from, *to; /* for faults */
    int source, target;
    long long size;
    atomic_llong next; /* what nobody has begun to copy yet */
};

/* Makes the new file `to` (from the process's own folder), for the bytes of `from`; unsynced. */
int file_copy_begin(struct file_copy *out, int from_at, const char *from, const char *to,
                    mode_t mode, struct fault *fault);

/* Copies until nothing is left to begin with; -1 where a part of it failed. */
int file_copy_help(struct file_copy *copy, struct fault *fault);

/* Leaves the rest alone: the copy is not wanted any more. */
void file_copy_stop(struct file_copy *copy);

/* Closes both; -1 where that failed. */
int file_copy_end(struct file_copy *copy, struct fault *fault);

#endif
