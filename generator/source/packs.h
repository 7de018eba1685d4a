/*
 * packs: the indexes of git's packs, looked at before libgit2 trusts them. For source/ alone.
 *
 * libgit2 1.5 takes offsets from an index as they stand: a damaged one leads it out of the pack's
 * memory. Every index ends in the SHA-1 of all that stands before it (gitformat-pack), which is
 * compared here.
 */
#ifndef SOURCE_PACKS_H
#define SOURCE_PACKS_H

#include "source/repository.h"

/* -1 with a fault that names the index where one of the repository's own is damaged. */
int packs_check(struct source *source, struct fault *fault);

#endif
