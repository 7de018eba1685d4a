/*
 * fts_segment: writes a segment of the full-text index in FTS5's own format. For store/ only.
 *
 *     fts_segment_open(&segment, db, id, page_size);
 *     fts_segment_leave_out(segment, ids, count);  or not
 *     fts_segment_put_word(segment, word);        in byte order, each once
 *     fts_segment_put_list(segment, list);        one or more, their ids ascending
 *     ...
 *     last = fts_segment_close(segment);          number of its last leaf; 0 where it is empty
 *
 * Handing words to FTS5 one by one, its hash and its merges cost several times what this does. The
 * format is described at the head of SQLite's ext/fts5/fts5_index.c and has been the same since
 * 2015; what is written here is byte for byte what FTS5 writes for the same words where all of
 * them fit into its memory (tests/unit/test_fts.c).
 *
 * In short. The table search_data holds blobs by number. A segment is a row of leaves, of about
 * page_size bytes each, numbered from 1:
 *
 *     2 bytes  where the first id stands that belongs to a word of an earlier leaf, or 0
 *     2 bytes  where the footer begins
 *     content  size of the first word, the word, its list; then for each further word: bytes that
 *              it shares with the word before, number of other bytes, these, its list
 *     footer   the places of the leaf's words, the first from the leaf's beginning, each further
 *              one from the one before
 *
 * A word begins with '0' (it belongs to the main index). A list is, for each record, its id (the
 * first whole, then the difference), twice the size of what follows, and the word's places: in
 * column 0, then behind the byte 1 and the column's number those in another. Places are
 * differences plus 2. A list may go on over many leaves, and be cut between any two numbers; the
 * first id on a leaf is whole again.
 *
 * search_idx has a row for each leaf on which a word begins: a string that no word before it
 * reaches and none on it is less than, and the leaf's number times two. One more is added where
 * the list of its last word goes on over four leaves or more; then a tree of rows of search_data
 * tells the first id on each of these.
 */
#ifndef STORE_FTS_SEGMENT_H
#define STORE_FTS_SEGMENT_H

#include "store/database.h"

enum {
    FTS_PAGE_SIZE = 4050, /* FTS5's own, where its table search_config has no other */
    FTS_WORD_MAX = 512,   /* bytes of a word; more than search/segment.h makes */
    FTS_HEADER_SIZE = 4
};

struct fts_segment;

/* The number in search_data of a segment's leaf, and of a node of a tree of first ids. */
int64_t fts_leaf_id(int segment, int64_t leaf);
int64_t fts_tree_id(int segment, int height, int64_t leaf);

void fts_segment_open(struct fts_segment **out, struct database *db, int id, size_t page_size);

/*
 * Of these ids, which ascend and stay the caller's, what is put stands nowhere: neither they in a
 * list, nor a word that no others have.
 */
void fts_segment_leave_out(struct fts_segment *segment, const int64_t *ids, size_t count);

void fts_segment_put_word(struct fts_segment *segment, struct str word);

/* The list begins with a whole id; another of the same word goes on from it. */
void fts_segment_put_list(struct fts_segment *segment, struct str list);

int64_t fts_segment_close(struct fts_segment *segment);

#endif
