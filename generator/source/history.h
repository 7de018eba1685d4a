/*
 * history: who changed what when. For commands/.
 *
 * One walk over all commits that the source's commit reaches, oldest first in an order that only
 * the commits themselves decide, comparing only unequal subtrees with the first parent. A path's
 * facts are the same whether the walk began at the root or went on from an earlier commit.
 * Memory is bounded by the number of paths, not of commits times paths.
 */
#ifndef SOURCE_HISTORY_H
#define SOURCE_HISTORY_H

#include "source/source.h"

struct history;

struct history_entry {
    struct str path;
    int64_t created, updated; /* committer's time, seconds since 1970 */
    struct source_id created_commit, updated_commit;
    size_t commit_count; /* that touched it */
};

struct history_rename {
    struct str from, to; /* `from` is no path of the commit any more */
};

/* Walks; the entries are those of the commit's own paths below the content's root. */
int history_walk(struct history **out, struct source *source, struct fault *fault);

/* The entry of that path; NULL where the commit does not have it. */
const struct history_entry *history_find(const struct history *history, struct str path);

/* Former paths of files that the commit still has, in byte order of `from`. */
size_t history_renames(const struct history *history, const struct history_rename **out);

void history_free(struct history *history);

#endif
