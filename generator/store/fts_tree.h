/*
 * fts_tree: the first ids of the leaves that a long list goes on over (fts_segment.h). For store/
 * only.
 *
 *     struct fts_tree tree = {.segment = id, .page_size = n, .rows = BUF_EMPTY};
 *     fts_tree_begin(&tree, leaf);              of the word's own leaf
 *     fts_tree_add(&tree, leaf, id);            for each leaf behind it: its first id,
 *     fts_tree_skip(&tree);                     or that it has none
 *     fts_tree_end(&tree, is_kept);
 *     fts_tree_write(&tree, db);                all that were kept
 *     fts_tree_free(&tree);
 *
 * A node: a byte that is 1 where it is not the root; number of the first leaf, or node below; that
 * one's first id; then for each further one the difference, 0 where a leaf has no id. The rows are
 * kept until the end, so that leaves are always added behind the last row.
 */
#ifndef STORE_FTS_TREE_H
#define STORE_FTS_TREE_H

#include "base/buf.h"
#include "store/database.h"

enum { FTS_TREE_HEIGHT = 8 };

struct fts_tree_node {
    struct buf bytes;
    int64_t number;
    int64_t id; /* the last that was added */
};

struct fts_tree {
    int segment;
    size_t page_size;
    struct fts_tree_node nodes[FTS_TREE_HEIGHT];
    struct buf rows;  /* number, size, bytes; one after another */
    size_t rows_kept; /* of them */
};

void fts_tree_begin(struct fts_tree *tree, int64_t leaf);
void fts_tree_add(struct fts_tree *tree, int64_t leaf, int64_t id);
void fts_tree_skip(struct fts_tree *tree);
void fts_tree_end(struct fts_tree *tree, bool is_kept);
void fts_tree_write(struct fts_tree *tree, struct database *db);
void fts_tree_free(struct fts_tree *tree);

#endif
