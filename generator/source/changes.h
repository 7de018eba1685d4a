/*
 * changes: what lies between two commits. For commands/: what an incremental build publishes.
 *
 *     source_is_descendant(&is_descendant, source, published, &fault);
 *     source_changes(&changes, source, &arena, published, &fault);
 *
 *     source_parent(parent, source, &fault);           where nothing is published: the commit
 * before
 *
 * Only subtrees that differ are read. Paths are as git stores them, unchecked: one that
 * source_find does not know is not published now, whatever `now` says.
 */
#ifndef SOURCE_CHANGES_H
#define SOURCE_CHANGES_H

#include "source/source.h"

struct source_change {
    struct str path; /* from the content's root */
    bool was, is;    /* there, before and now; at least one is true */
    struct source_id old_blob, new_blob;
};

struct source_changes {
    struct source_change *items; /* in byte order of their paths */
    size_t count;
};

/*
 * From the commit `from` (hexadecimal) to the source's, below the content's root of each. A root
 * that `from` does not have is an empty one.
 */
int source_changes(struct source_changes *out, struct source *source, struct arena *arena,
                   const char *from, struct fault *fault);

/*
 * The commit, in hexadecimal, that the source's follows: its first parent. Of what is staged, or
 * stands in the working tree, HEAD's; while a merge waits to be committed, the merged one, which
 * others have already. Empty where there is none.
 */
int source_parent(char out[41], struct source *source, struct fault *fault);

/* Appends the bytes that the file had before. */
int source_read_old(struct source *source, struct buf *out, const struct source_change *change,
                    struct fault *fault);

/*
 * Whether the source's commit is `ancestor` (hexadecimal) or comes after it. False, and no fault,
 * where the repository does not have such a commit at all.
 */
int source_is_descendant(bool *out, struct source *source, const char *ancestor,
                         struct fault *fault);

#endif
