/*
 * fts_leaf: one leaf of a segment in memory, to be changed in place (fts_segment.h has the format).
 * For store/ only.
 *
 *     fts_leaf_load(&leaf, db, segment, number, &fault);
 *     fts_leaf_splice(&leaf, ...);  fts_leaf_remove_word(&leaf, ...);
 *     fts_leaf_save(&leaf, db);
 *     fts_leaf_free(&leaf);
 */
#ifndef STORE_FTS_LEAF_H
#define STORE_FTS_LEAF_H

#include "base/buf.h"
#include "base/fault.h"
#include "store/database.h"

#include <stdint.h>

struct fts_leaf {
    int segment;
    int64_t number;
    struct buf bytes;   /* header and content, without the footer */
    size_t first_id_at; /* of a list that began on an earlier leaf; 0: none */
    uint32_t *words;    /* where each begins */
    size_t word_count, word_capacity;
    bool is_changed;
};

/* A word of a leaf. */
struct fts_leaf_word {
    size_t index;
    size_t list_at, list_end; /* where its list stands, as far as this leaf has it */
};

/* Replaces what `leaf` holds; zeroed is ready to use. -1 where the leaf is missing or damaged. */
int fts_leaf_load(struct fts_leaf *leaf, struct database *db, int segment, int64_t number,
                  struct fault *fault);

/* Writes it where it was changed. */
void fts_leaf_save(struct fts_leaf *leaf, struct database *db);
void fts_leaf_free(struct fts_leaf *leaf);

/* Where what a list of an earlier leaf has here ends. */
size_t fts_leaf_head_end(const struct fts_leaf *leaf);

/* Finds the word, which has its first byte '0'. */
bool fts_leaf_find(struct fts_leaf_word *out, const struct fts_leaf *leaf, struct str word);

/*
 * Puts `bytes` in place of `n` bytes at `at`, which are inside of a list: words behind it move.
 * An id that stands at `at` is still the first of the leaf afterwards.
 */
void fts_leaf_splice(struct fts_leaf *leaf, size_t at, size_t n, struct str bytes);

/* Takes out a word whose list on this leaf is empty. */
void fts_leaf_remove_word(struct fts_leaf *leaf, size_t index);

/* Appends the whole of the word to `out`. */
void fts_leaf_word_text(const struct fts_leaf *leaf, size_t index, struct buf *out);

#endif
