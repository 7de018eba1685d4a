/*
 * fold: the characters of a text as they are searched, each with its class and its place in the raw
 * text. For search/ alone; segment.h says what it means.
 *
 *     struct fold fold = fold_start(text);
 *     struct fold_char c;
 *     while (fold_next(&fold, &c)) ...
 *     fold_end(&fold);
 *
 * What comes out is unicode_fold_search of the text, ○ and ◯ as 〇, without private-use characters,
 * controls and thousands separators. Common characters take a short way; the others are folded
 * cluster by cluster (a character and the marks on it), and all that comes of a cluster has the
 * cluster's place. Bytes that are no UTF-8 are passed over.
 */
#ifndef SEARCH_FOLD_H
#define SEARCH_FOLD_H

#include "base/buf.h"

#include <stdint.h>

enum fold_class {
    FOLD_HAN,
    FOLD_DIGIT,  /* 0 to 9 */
    FOLD_LETTER, /* of a word: letters and numbers of all other kinds */
    FOLD_BLANK,
    FOLD_BREAK, /* the end of a block, row or cell */
    FOLD_OTHER  /* punctuation, symbols, marks */
};

struct fold_char {
    uint32_t c;
    enum fold_class class;
    size_t from, to; /* in the raw text */
};

enum { FOLD_AHEAD = 4, FOLD_CLUSTER_MAX = 256 /* characters; a longer one is folded in parts */ };

struct fold {
    struct str text;
    size_t at;          /* of the next raw character */
    struct buf cluster; /* what the last cluster became, from cluster_at on still to come */
    size_t cluster_at, cluster_from;
    struct fold_char ahead[FOLD_AHEAD]; /* looked at already */
    size_t ahead_count;
    size_t digits;   /* so many digits, and nothing else, since the word or its last comma began */
    bool is_number;  /* the word so far is digits alone */
    bool has_groups; /* it had a thousands separator */
};

struct fold fold_start(struct str text);
bool fold_next(struct fold *fold, struct fold_char *out);

/*
 * What fold_next would give one by one where it would give common Han characters, three bytes each,
 * folded as they stand: all of them, and moves past. Empty where something else comes next. For
 * readers of long texts; nobody needs to call it.
 */
struct str fold_take_han(struct fold *fold);
void fold_end(struct fold *fold);

/*
 * Do common Han characters stand side by side in the folded text just where they do in the raw one?
 * True for most of what is written in Chinese. False where it is not seen at a glance.
 */
bool fold_leaves_han(struct str text);

/* A letter or digit of a word. */
static inline bool fold_is_word(enum fold_class class)
{
    return class == FOLD_LETTER || class == FOLD_DIGIT;
}

#endif
