/*
 * snapshot: what is staged, or stands in the working tree, as a tree like a commit's. For source/
 * alone.
 *
 * The objects that the repository does not have yet are kept in memory, before its own: listing and
 * reading need not know that there never was such a commit, and nothing is written, not even into
 * the index. Files of the working tree pass git's own rules on the way (.gitignore, .gitattributes,
 * core.autocrlf): what is looked at is what a commit would have.
 */
#ifndef SOURCE_SNAPSHOT_H
#define SOURCE_SNAPSHOT_H

#include "source/repository.h"

/* The root of that tree into `out`. A bare repository, and an unsolved conflict, are faults. */
int snapshot_make(struct source_id *out, struct source *source, enum source_tree tree,
                  struct fault *fault);

/* The commit that is being merged into HEAD's, where git waits for somebody to commit it. 1 where
 * there is one, the first of them; 0 where there is none; -1 with a fault. */
int snapshot_find_merged(struct source_id *out, struct source *source, struct fault *fault);

#endif
