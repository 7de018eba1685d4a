/*
 * snippet: the place in a text that shows best why it matches, and the matches marked. For search/
 * and its tests.
 *
 *     struct snippet snippet = {0};
 *     snippet_add_needle(&snippet, arena, raw, is_prefix)      for each word that is to be marked
 *     pieces = snippet_mark(&snippet, arena, title)
 *     part = snippet_narrow(&snippet, text)                    or the text as it is
 *     snippet_find(&snippet, part)
 *     pieces = snippet_cut(&snippet, arena, part, is_start, is_end)
 *     snippet_free(&snippet)
 *
 * Matches are found as the index finds them (segment.h) and marked in the raw text, as whole
 * characters with the marks on them. Pieces are text, never markup.
 */
#ifndef SEARCH_SNIPPET_H
#define SEARCH_SNIPPET_H

#include "search/search.h"
#include "search/segment.h"

enum {
    SNIPPET_BYTES = 360,     /* of a snippet, about 120 Han characters; a match may exceed it */
    SNIPPET_LEAD_BYTES = 90, /* at most so much before the first match */
    SNIPPET_NEEDLES_MAX = 48,
    SNIPPET_MATCHES_MAX = 256 /* of one text; those behind are not marked */
};

struct snippet_needle {
    struct str plain; /* segment_to_plain of the word */
    bool is_prefix;
    bool is_han; /* nothing but common Han characters, which texts have as they are */
};

struct snippet_match {
    size_t from, to; /* raw bytes */
    size_t needle;
};

/* Zeroed is ready to use. */
struct snippet {
    struct snippet_needle needles[SNIPPET_NEEDLES_MAX];
    size_t needle_count;
    struct segment_plain plain;
    struct snippet_match matches[SNIPPET_MATCHES_MAX];
    size_t match_count;
};

/* Adds a word; past SNIPPET_NEEDLES_MAX, and of blanks, it is passed over. */
void snippet_add_needle(struct snippet *snippet, struct arena *arena, struct str raw,
                        bool is_prefix);

/*
 * The blocks of `text` that hold its best part; the whole where that is not seen at a glance. Words
 * of Han characters are looked for as they are, which costs a tenth of folding the text. Matches
 * that are written in other ways are found in what is left, and count only there.
 */
struct str snippet_narrow(struct snippet *snippet, struct str text);

/* Finds the matches in `text`, sorted and apart from each other; returns how many. */
size_t snippet_find(struct snippet *snippet, struct str text);

/* All of the text, with its matches as pieces of their own. */
struct search_pieces snippet_mark(struct snippet *snippet, struct arena *arena, struct str text);

/*
 * The best part of the text, after snippet_find of the same text; without matches its beginning.
 * "…" stands where something was left out; `is_whole_start` and `is_whole_end` say that nothing
 * stands before and behind `text`. Line feeds and tabs become blanks.
 */
struct search_pieces snippet_cut(const struct snippet *snippet, struct arena *arena,
                                 struct str text, bool is_whole_start, bool is_whole_end);

void snippet_free(struct snippet *snippet);

#endif
