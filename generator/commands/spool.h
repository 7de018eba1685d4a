/*
 * spool: rendered bodies between parsing and drawing, in a file without a name, so that memory
 * does not grow with them. For commands/ only.
 */
#ifndef COMMANDS_SPOOL_H
#define COMMANDS_SPOOL_H

#include "base/scratch.h"

#include <stdint.h>

struct spool_place {
    int64_t offset; /* -1: nothing was put */
    int64_t size;
};

struct spool {
    struct scratch file;
    int64_t end;
    struct buf pending;         /* not yet written */
    struct spool_place *places; /* by record id, from 1 */
    size_t count;
};

/* Opens in the open folder `at`, or in memory where the file system cannot do it. */
int spool_open(struct spool *out, int at, struct fault *fault);

/*
 * Keeps the body of the record `id`; ids come ascending, or again: the last body counts. An id that
 * no row has is a fault.
 */
int spool_put(struct spool *spool, int64_t id, struct str body, struct fault *fault);

/* Writes what is pending; after it bodies can be read. */
int spool_flush(struct spool *spool, struct fault *fault);

/* Was a body put for the record, if an empty one? */
bool spool_has(const struct spool *spool, int64_t id);

/* Appends the body. Several threads may read at once. */
int spool_get(const struct spool *spool, int64_t id, struct buf *out, struct fault *fault);

/* Closes the spool but for its file, which is the caller's then. */
struct scratch spool_take_file(struct spool *spool);

void spool_close(struct spool *spool);

#endif
