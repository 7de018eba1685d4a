/*
 * copy: the published database and memory, copied to be changed while the commit is still being
 * read. For commands/ only.
 *
 *     copy_start(&copy, publish, database, memory);
 *     copy_wait(copy, &fault);        or copy_drop, where they are not wanted after all
 */
#ifndef COMMANDS_COPY_H
#define COMMANDS_COPY_H

#include "publish/publish.h"

struct copy;

/* Into the two paths, which must live until the copy ends. */
void copy_start(struct copy **out, const struct publish *publish, const char *database,
                const char *memory);

/* Helps with what is left of it, and ends it; -1 where it failed. */
int copy_wait(struct copy *copy, struct fault *fault);

/* Ends it and removes what was copied. NULL is fine. */
void copy_drop(struct copy *copy);

#endif
