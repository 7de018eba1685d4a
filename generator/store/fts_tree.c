#include "store/fts_tree.h"

#include "store/fts_segment.h"
#include "store/fts_varint.h"

#include <string.h>

struct row {
    int64_t id;
    size_t n;
};

static void put(struct fts_tree_node *node, int64_t value)
{
    unsigned char *at = (unsigned char *)buf_reserve(&node->bytes, FTS_VARINT_SIZE);
    node->bytes.n += fts_varint_put(at, (uint64_t)value);
}

static void keep_row(struct fts_tree *tree, int height)
{
    const struct fts_tree_node *node = &tree->nodes[height];
    const struct row row = {fts_tree_id(tree->segment, height, node->number), node->bytes.n};
    buf_add(&tree->rows, (struct str){(const char *)&row, sizeof row});
    buf_add(&tree->rows, buf_str(&node->bytes));
}

void fts_tree_begin(struct fts_tree *tree, int64_t leaf)
{
    if (tree->nodes[0].bytes.capacity == 0) {
        for (int i = 0; i < FTS_TREE_HEIGHT; i++) {
            tree->nodes[i].bytes = BUF_EMPTY;
        }
    }
    tree->nodes[0].number = leaf;
}

static void get(const unsigned char **p, const struct fts_tree_node *node, int64_t *out)
{
    const unsigned char *end = (const unsigned char *)node->bytes.p + node->bytes.n;
    uint64_t value = 0;
    *p += fts_varint_get(*p, end, &value);
    *out = (int64_t)value;
}

static int64_t first_id(const struct fts_tree_node *node)
{
    const unsigned char *p = (const unsigned char *)node->bytes.p + 1;
    int64_t leaf, id;
    get(&p, node, &leaf);
    get(&p, node, &id);
    return id;
}

static void begin_node(struct fts_tree_node *node, bool is_root, int64_t below, int64_t id)
{
    buf_add_char(&node->bytes, is_root ? 0 : 1);
    put(node, below);
    put(node, id);
    node->id = id;
}

/* A full node is kept; where it was the root, there is one above it from now on. */
static void end_full_node(struct fts_tree *tree, int height)
{
    struct fts_tree_node *node = &tree->nodes[height], *above = node + 1;
    node->bytes.p[0] = 1;
    keep_row(tree, height);
    if (above->bytes.n == 0) {
        above->number = node->number;
        begin_node(above, true, node->number, first_id(node));
    }
    buf_clear(&node->bytes);
    node->number++;
}

void fts_tree_add(struct fts_tree *tree, int64_t leaf, int64_t id)
{
    int64_t below = leaf;
    for (int height = 0; height + 1 < FTS_TREE_HEIGHT; height++) {
        struct fts_tree_node *node = &tree->nodes[height];
        bool is_full = node->bytes.n >= tree->page_size;
        if (is_full) {
            end_full_node(tree, height);
        }
        if (node->bytes.n == 0) {
            begin_node(node, !is_full, below, id);
        } else {
            put(node, id - node->id);
            node->id = id;
        }
        if (!is_full) {
            return;
        }
        below = node->number;
    }
}

void fts_tree_skip(struct fts_tree *tree)
{
    if (tree->nodes[0].bytes.n > 0) {
        put(&tree->nodes[0], 0);
    }
}

void fts_tree_end(struct fts_tree *tree, bool is_kept)
{
    for (int height = 0; height < FTS_TREE_HEIGHT && tree->nodes[height].bytes.n > 0; height++) {
        if (is_kept) {
            keep_row(tree, height);
        }
        buf_clear(&tree->nodes[height].bytes);
    }
    if (!is_kept) {
        buf_truncate(&tree->rows, tree->rows_kept);
    }
    tree->rows_kept = tree->rows.n;
}

void fts_tree_write(struct fts_tree *tree, struct database *db)
{
    for (size_t at = 0; at < tree->rows_kept;) {
        struct row row;
        memcpy(&row, tree->rows.p + at, sizeof row);
        at += sizeof row;
        struct query *query =
            database_query(db, "REPLACE INTO search_data (id, block) VALUES (?1, ?2)");
        query_bind_int(query, 1, row.id);
        query_bind_blob(query, 2, (struct str){tree->rows.p + at, row.n});
        query_run(query);
        at += row.n;
    }
}

void fts_tree_free(struct fts_tree *tree)
{
    for (int i = 0; i < FTS_TREE_HEIGHT; i++) {
        buf_free(&tree->nodes[i].bytes);
    }
    buf_free(&tree->rows);
}
