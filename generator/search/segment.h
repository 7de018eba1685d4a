/*
 * segment: text cut into the tokens of the full-text index, and a query cut the same way. The
 * writer of the index and its readers both come here: there is nothing to disagree. For search/,
 * store/ and tests.
 *
 * The index finds a string exactly where the text contains it. So everything but blanks is in it:
 *
 * 1. Text is folded as unicode_fold_search does (width, case, compatibility forms, diacritics);
 *    ○ and ◯ are read as 〇. Private-use characters, and controls that are no blanks, are removed.
 * 2. A run of Han characters c1 c2 … cn gives c1c2, c2c3, … c(n-1)cn and, alone, cn; and at the
 * place of c1c2 also c1 alone, so that 12条 is found in 第12条款 without trying all pairs with 条.
 * So it is wherever c is one of the two dozen commonest characters (segment.c), which anyone may
 * ask for.
 * 3. Other letters and digits side by side give one word: whole words are found. A
 *    comma before exactly three digits, behind one to three or behind such a group, is dropped:
 *    1,234.56 and 1234.56 are the same.
 * 4. Blanks (U+3000 too) separate two words and nothing else: 第 12 条 is 第12条, 中 国 is 中国.
 * 5. Every other character is a token by itself, so that 12、5 is not 12.5, and 第。12条 is not
 *    第12条.
 * 6. A block's or row's line feed and a cell's tab end whatever stands before them; where that
 *    would not show (all but Han on both sides) a token of its own keeps the neighbours apart.
 *
 * Every token is one that the stock unicode61 tokenizer leaves alone: one token, folded already,
 * all its characters token characters. What unicode61 would drop, or change, is written in private-
 * use characters (segment.c says how). Han, Latin, Greek, Cyrillic, kana, Hangul and the other
 * living scripts that it knows stand as they are, so that stock clients can ask for them. A word
 * over SEGMENT_WORD_BYTES is cut into several tokens that show that they belong together.
 *
 *     text            tokens            (<x>: private use; +: at the same place)
 *     村务公开        村务+村 务公 公开 开
 *     第12条          第 12 条
 *     第。12条        第 <。> 12 条
 *     GB/T 41374      gb </> t 41374
 *     12、5           12 <、> 5
 *     1,234.56        1234 <.> 56
 *     ＡＢ café       ab cafe
 *     二○二六年       二〇+二 〇二 二六 六年 年
 *     甲\tab\n乙      甲 <end> ab <end> 乙
 */
#ifndef SEARCH_SEGMENT_H
#define SEARCH_SEGMENT_H

#include "base/buf.h"

#include <stdint.h>

enum { SEGMENT_WORD_BYTES = 96, SEGMENT_KEY_BYTES = 8, SEGMENT_BATCH = 128 };

/*
 * A token: its first eight bytes as a number, the first the highest, with zeroes behind a shorter
 * one. No token holds a zero: so numbers are ordered as their texts are, and up to eight bytes
 * (two Han characters, a short word) the number is all there is to know.
 */
struct segment_token {
    uint64_t key;
    const char *text;   /* of one that is longer; else unset */
    uint32_t n;         /* bytes of it */
    bool is_same_place; /* it stands where the token before it stands (FTS5_TOKEN_COLOCATED) */
};

/* Its text: of a short one written into `short_text`. */
struct str segment_token_text(const struct segment_token *token,
                              char short_text[SEGMENT_KEY_BYTES]);

/* That of any text: it is shorter than eight bytes where a zero stands at the end. */
uint64_t segment_key(struct str text);

/*
 * Gets the next tokens, SEGMENT_BATCH at most: one call for each cost more than what it did.
 * Texts are good until it returns. Anything but 0 stops the cutting.
 */
typedef int segment_take(void *context, const struct segment_token *tokens, size_t count);

/*
 * Cuts raw, valid UTF-8 into the tokens of the index, in order; the first stands at a place of its
 * own. Allocates nothing for a token. Returns 0, or what `take` returned.
 */
int segment_index(struct str text, segment_take *take, void *context);

/* What segment_query made. */
struct segment_phrase {
    size_t tokens; /* 0: nothing but blanks; nothing was appended */
    bool has_star; /* the dear kind of query: all terms that begin so */
};

/*
 * Appends the FTS5 string that matches what contains `text`: a quoted phrase; where that is one
 * Han character, with `*` behind; where `is_prefix`, with `*` behind its last word. It needs
 * no further escaping, since no token holds a quote.
 *
 *     村务公开   "村务 务公 公开"
 *     路         "路"*
 *     村         "村"          one of the commonest
 *     第12条     "第 12 条"
 */
struct segment_phrase segment_query(struct buf *out, struct str text, bool is_prefix);

/*
 * The text as the index sees it, for comparing strings and for marking matches: rules 1, 3 and 4
 * applied, one blank between two words, a line feed for each block's end and cell's. A phrase
 * matches where its own such form stands, not cutting a word in two.
 */
struct segment_plain {
    struct buf text;
    struct segment_step *steps; /* one for each character of `text` */
    size_t step_count, step_capacity;
};

/* Where a character of the plain text comes from: bytes of the plain text, and of the raw one. */
struct segment_step {
    uint32_t at;
    uint32_t raw_from, raw_to;
    bool is_word; /* a letter or digit of a word: matches may not begin or end inside one */
};

/* Replaces what `out` holds; zeroed is ready to use. `text` is valid UTF-8 below 4 GB. */
void segment_to_plain(struct segment_plain *out, struct str text);
void segment_plain_free(struct segment_plain *plain);

#endif
