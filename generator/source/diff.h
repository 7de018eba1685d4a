/*
 * diff: where a tree differs from all of its commit's parents. For source/ alone.
 *
 * A path is touched by a commit where its file is another than in every parent. Of a merge these
 * are the conflicts that somebody solved; what one side brings unchanged was touched there. A
 * subtree that some parent has too holds no such path and is not entered. A commit without parents
 * touches all its files.
 * Entries that are not files or folders count as absent. Names are handed over as stored.
 */
#ifndef SOURCE_DIFF_H
#define SOURCE_DIFF_H

#include "source/repository.h"

enum { DIFF_PARENTS_MAX = 15 }; /* of a merge with more parents the first ones count */

struct diff_path {
    struct str path;             /* good until the function returns */
    const struct source_id *now; /* NULL where the commit does not have it */
    const struct source_id *old; /* in the first parent; NULL where that does not have it */
    bool is_new;                 /* no parent has it */
};

struct diff {
    struct source *source;
    struct tree_cache *cache;
    void (*visit)(void *context, const struct diff_path *path);
    void *context;
    struct fault *fault;
    struct buf path; /* BUF_EMPTY at first; freed by the caller */
    size_t entry_count;
};

/*
 * Visits every touched path, in git's order, which is that of the paths' bytes. `trees` has the
 * commit's own tree, then those of its parents; NULL stands for a tree that is not there. With no
 * parents `count` is 1.
 */
int diff_trees(struct diff *diff, const struct source_id *const *trees, size_t count);

#endif
