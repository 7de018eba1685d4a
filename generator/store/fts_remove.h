/*
 * fts_remove: takes records out of the full-text index and leaves no trace of them. For store/
 * only.
 *
 *     fts_remove(db, words, FTS_PAGE_SIZE, &fault);
 *
 * FTS5's own 'delete' adds a mark for each word and keeps the words until all segments are merged:
 * the price of a merge for one record. Here each posting is cut out of the leaf on which it stands.
 * Nothing else moves: a leaf gets shorter and keeps its number; one on which no word begins any
 * more loses its row of search_idx; a word that no record has goes.
 *
 * The rows of search_docsize and the totals are the caller's business, and so is `secure_delete`,
 * which wipes the places of rows that became shorter.
 */
#ifndef STORE_FTS_REMOVE_H
#define STORE_FTS_REMOVE_H

#include "base/fault.h"
#include "store/database.h"
#include "store/fts_words.h"

/*
 * `words` has gathered exactly what the records were indexed by; it is sorted and cleared. A word
 * that is not there is a fault. Call it before the connection's first statement that names the
 * table `search` (fts_structure.h).
 */
int fts_remove(struct database *db, struct fts_words *words, size_t page_size, struct fault *fault);

#endif
