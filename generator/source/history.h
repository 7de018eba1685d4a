/*
 * history: who changed what when. For commands/.
 *
 * One walk over all commits that the source's commit reaches, oldest first in an order that only
 * the commits themselves decide (commits.h), entering only subtrees that differ. Each commit is
 * judged by itself and its parents alone:
 *
 * - It touches a path whose file is another than in all of its parents (diff.h). So a merge touches
 *   what was solved by hand, not what one side brought.
 * - A path is created by the commit that first has it. A file that was taken away and comes back
 *   under its path keeps that date.
 * - It renames a file that it takes away at one path and brings, with the very same bytes, at
 *   another (rename.h). Date and count go on under the new path; what later stands at the old one
 *   is a new file.
 *
 * Of a source that is no commit (staged, or of the working tree) the tree counts as the commit that
 * would be made of it now, whose name is not known yet.
 *
 * Only paths below the content's root count, in every commit: what was moved in from outside it was
 * created then. An order in which a commit is later than all that it reaches makes the facts the
 * same whether the walk began at the root or goes on from an earlier commit, as long as every
 * commit in between comes after that one. Memory is bounded by the number of paths that ever were,
 * and of commits, not by their product.
 */
#ifndef SOURCE_HISTORY_H
#define SOURCE_HISTORY_H

#include "source/source.h"

struct history;

enum { HISTORY_PATHS_MAX = 2 * 1000 * 1000 }; /* that ever were; more are a fault */

/* All that is known of a path that ever was: what has to be saved for a later walk. */
struct history_state {
    struct str path;
    int64_t created, updated; /* committer's time, seconds since 1970 */
    struct source_id created_commit, updated_commit;
    size_t commit_count; /* that touched it */
    int64_t order; /* of creation: `created`, but later than of all commits before. What an earlier
                      walk met has `created` here */
    struct str moved_to; /* the path that its file went on under, or empty */
};

/* Walks all of it. */
int history_walk(struct history **out, struct source *source, struct fault *fault);

/* A commit whose states were saved; `corrected` is what history_corrected_time said of it. */
struct history_point {
    const char *commit; /* hexadecimal */
    int64_t corrected;
};

/* Where the states were saved. `find` is asked by the thread that asks the history. */
struct history_memory {
    void *context;
    bool (*find)(void *context, struct arena *arena, struct str path, struct history_state *out);
};

/*
 * Goes on from a point of an earlier walk, with the same content's root: reads the commits that
 * came after it, and asks for the states of the paths alone that they touch. The states of the new
 * history are those of these paths, to be saved over the old ones; together they are what a whole
 * walk gives.
 * 1 where that is done. 0, with no history, where a whole walk is needed: some commit came after
 * the point and does not descend from it, since a branch was begun before the point and merged
 * behind it. -1 with a fault. `memory` must live as long as the history.
 */
int history_resume(struct history **out, struct source *source, const struct history_point *from,
                   const struct history_memory *memory, struct fault *fault);

/* The commit's time, but later than that of all commits before it; for a history_point. */
int64_t history_corrected_time(const struct history *history);

/* What is known of the path, whether the commit has it or not; works after a resume too. */
bool history_recall(const struct history *history, struct arena *arena, struct str path,
                    struct history_state *out);

/* The states of all paths that the walk met, whether or not the commit has them, in byte order. */
size_t history_states(const struct history *history, const struct history_state **out);

void history_free(struct history *history);

#endif
