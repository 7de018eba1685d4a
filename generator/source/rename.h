/*
 * rename: which of the files that one commit took away came back under another name. For source/
 * alone; pure.
 *
 * The bytes must be the very same: a file that moved and changed in one commit is two files, since
 * the monthly papers of two villages are alike enough to deceive any measure of likeness, and a
 * redirect to the wrong village's accounts is worse than none. Empty files are never a rename.
 */
#ifndef SOURCE_RENAME_H
#define SOURCE_RENAME_H

#include "source/source.h"

struct rename_file {
    struct str path;
    struct source_id blob;
    uint32_t index; /* the caller's */
    bool is_paired;
};

/*
 * Calls `visit` with the indexes of each pair. Of several files with the same bytes those of one
 * base name belong together first, then they go in byte order. Sorts both arrays.
 */
void rename_pair(struct rename_file *gone, size_t gone_count, struct rename_file *come,
                 size_t come_count, void (*visit)(void *context, uint32_t from, uint32_t to),
                 void *context);

#endif
