/*
 * delta: which records a build must read again, going on from what is published. For commands/
 * only.
 */
#ifndef COMMANDS_DELTA_H
#define COMMANDS_DELTA_H

#include "base/set.h"
#include "commands/published.h"
#include "source/history.h"

struct delta {
    struct set records; /* paths of Markdown files: changed, come, gone, moved, due */
    struct set files;   /* paths of any files that came, went or moved: links to them may change */
    struct set relink;  /* records that link to such a path: only their links are read again */
    struct set hidden;  /* records that are known not to be public, without those of `records` */
    struct set stored;  /* paths of any files that the memory must learn anew or forget */
};

/* Compares the commit's files, history and as-of date with the memory and the database. */
int delta_find(struct delta *out, const struct published *published, const struct site *site,
               const struct history *history, struct fault *fault);

void delta_free(struct delta *delta);

#endif
