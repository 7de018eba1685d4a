/*
 * scratch: a temporary file that is written, then read at any place by any thread. Anyone may
 * include it.
 *
 *     struct scratch scratch = SCRATCH_NONE;
 *     scratch_open(&scratch, at, folder, &fault);
 *     file_write_at(scratch.fd, ...);         what has been written stays as it is
 *     scratch_map(&scratch);                  or not: reading takes a call each then
 *     scratch_read(&scratch, &out, size, offset, &fault);
 *     scratch_close(&scratch);
 *
 * No more than SCRATCH_MAPPED_MAX bytes are mapped, so that memory does not grow with the file.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/beside.h"
#include "base/buf.h"

#include <stdint.h>

enum { SCRATCH_MAPPED_MAX = 24 * 1024 * 1024 };

struct scratch {
    int fd; /* -1: there is none */
    const char *mapped;
    size_t mapped_size; /* from its beginning */
};

#define SCRATCH_NONE                                                                               \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

/* A file without a name below `folder`, as of file_temporary. */
int scratch_open(struct scratch *out, int at, const char *folder, struct fault *fault);

/* From here on the bytes that are in the file are read without a call, as far as may be mapped. */
void scratch_map(struct scratch *scratch);

/* Back to a call each, without the memory. */
void scratch_unmap(struct scratch *scratch);

/* Appends exactly `size` bytes from `offset` on. A file that ends before is a fault. */
int scratch_read(const struct scratch *scratch, struct buf *out, size_t size, uint64_t offset,
                 struct fault *fault);

/* The file, which is the caller's then, and nothing is left here. */
struct scratch scratch_take(struct scratch *scratch);

/* Where there is none, nothing happens. */
void scratch_close(struct scratch *scratch);

/* The same on a thread of its own: the kernel frees every page of the file. Zeroed is ready, and
 * stays where it is from the one to the other. */
struct scratch_closing {
    struct scratch file;
    struct beside beside;
    bool is_begun;
};

void scratch_close_beside(struct scratch_closing *out, struct scratch file);

/* Waits, if it was begun at all. */
void scratch_close_end(struct scratch_closing *closing);

#endif
