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
    size_t order_count;
    struct arena arena;
};

/* Where an earlier walk ended: a commit, and the corrected time that it had. */
struct commits_base {
    struct source_id id;
    int64_t corrected;
};

enum {
    COMMITS_MAX = 4 * 1000 * 1000,
    COMMITS_OLDER_MAX = 256 /* than the base, by their clocks, that are read before giving up */
};

/* One alone, without its parents: its tree and its time. */
int commit_read(struct commit *out, struct source *source, const struct source_id *id,
                struct fault *fault);

/* Is it a parent of the other, and can both be read? */
bool commit_is_parent(struct source *source, const struct source_id *parent,
                      const struct source_id *child);

/* Reads them all; `out` is zeroed before. */
int commits_read(struct commits *out, struct source *source, struct fault *fault);

/*
 * Reads only those that come after the base, which is among `items` but not in the order. 1 where
 * that is done; 0 where some commit is new and does not come after the base (of a side branch begun
 * before it, say), or where that would cost too much to know; -1 with a fault.
 */
int commits_read_after(struct commits *out, struct source *source, const struct commits_base *base,
                       struct fault *fault);

void commits_free(struct commits *commits);

#endif
