/*
 * commits: all commits that one reaches, in an order that only they decide. For source/ alone.
 *
 * The order is that of a corrected time: the committer's own, but always later than every
 * parent's, so that a clock gone wrong never puts a commit before its parents; ties end on the
 * commit's name. A commit is later than all that it reaches. So commits that come after a published
 * one stand behind it and all before it, and the walk may go on there.
 */
#ifndef SOURCE_COMMITS_H
#define SOURCE_COMMITS_H

#include "source/repository.h"

struct commit {
    struct source_id id;
    struct source_id root; /* the commit's tree; later that of the content's root */
    bool has_root;
    int64_t time;      /* the committer's */
    int64_t corrected; /* see above */
    uint32_t parents;  /* where its own begin in commits.parents */
    uint32_t parent_count;
};

struct commits {
    struct commit *items; /* in no order of meaning; the first is the tip */
    size_t count;
    uint32_t *parents; /* indexes of items */
    size_t parent_count;
    uint32_t *order; /* indexes of items, oldest first */
    struct arena arena;
};

enum { COMMITS_MAX = 4 * 1000 * 1000 };

/* Reads them all; `out` is zeroed before. */
int commits_read(struct commits *out, struct source *source, struct fault *fault);

void commits_free(struct commits *commits);

#endif
