/*
 * fts_words: the words of records, gathered in memory and given back in order. For store/ only.
 *
 *     struct fts_words *words = fts_words_new();
 *     while (!fts_words_is_full(words)) {
 *         fts_words_begin(words, id);                             ids ascend
 *         fts_words_add(words, column, text, &places);            columns ascend
 *     }
 *     fts_words_sort(words);
 *     while (fts_words_next(words, &word)) { ... }                then, to begin again:
 *     fts_words_clear(words);
 *     fts_words_free(words);
 *
 * A word's list is what FTS5 keeps of it (fts_segment.h): for each record its id, then the size and
 * the places of the word in it. While words are gathered each is a number of 64 bits behind the one
 * before, and the lists are written once these are sorted: writing to each word's own list as the
 * words came took three times as long, waiting for memory.
 */
#ifndef STORE_FTS_WORDS_H
#define STORE_FTS_WORDS_H

#include "base/str.h"

struct fts_words;

/* A word, without the byte that FTS5 puts before it, and its list: good until the next call. */
struct fts_word {
    struct str text;
    struct str list;
};

struct fts_words *fts_words_new(void);
void fts_words_free(struct fts_words *words);

/* The record that the next texts are of. */
void fts_words_begin(struct fts_words *words, int64_t id);

/*
 * Cuts the text of a column into words (search/segment.h) and tells how many places they take.
 * False where there are more than this is made for: 67 million places, or 16 million words.
 */
bool fts_words_add(struct fts_words *words, int column, struct str text, int64_t *places);

/* Is it time to write them away? Memory is bounded where no record is added to a full one. */
bool fts_words_is_full(const struct fts_words *words);

/* Ends the gathering: fts_words_next then gives each word once, in byte order. */
void fts_words_sort(struct fts_words *words);
bool fts_words_next(struct fts_words *words, struct fts_word *out);

/* Forgets all words. */
void fts_words_clear(struct fts_words *words);

#endif
