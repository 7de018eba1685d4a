#include "search/snippet.h"

#include "base/utf8.h"
#include "search/fold.h"

#include <stdlib.h>
#include <string.h>

void snippet_free(struct snippet *snippet)
{
    segment_plain_free(&snippet->plain);
}

/* Is it of the characters U+4E00 to U+9FFF alone? They fold to themselves. */
static bool is_common_han(struct str plain)
{
    uint32_t c;
    while (utf8_next(&c, &plain)) {
        if (c < 0x4e00 || c > 0x9fff) {
            return false;
        }
    }
    return true;
}

void snippet_add_needle(struct snippet *snippet, struct arena *arena, struct str raw,
                        bool is_prefix)
{
    if (snippet->needle_count >= SNIPPET_NEEDLES_MAX) {
        return;
    }
    segment_to_plain(&snippet->plain, raw);
    struct str plain = str_trim(buf_str(&snippet->plain.text));
    if (plain.n > 0) {
        snippet->needles[snippet->needle_count++] =
            (struct snippet_needle){arena_copy(arena, plain), is_prefix, is_common_han(plain)};
    }
}

/* The step at byte `at` of the plain text, which is the first of a character, or the end. */
static size_t step_at(const struct segment_plain *plain, size_t at)
{
    size_t low = 0, high = plain->step_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plain->steps[middle].at < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Does a word go on from the step before `step` to the one at it? */
static bool is_inside_word(const struct segment_plain *plain, size_t step)
{
    return step > 0 && step < plain->step_count && plain->steps[step - 1].is_word &&
           plain->steps[step].is_word;
}

static void add_match(struct snippet *snippet, size_t needle, size_t first, size_t end)
{
    const struct segment_step *steps = snippet->plain.steps;
    snippet->matches[snippet->match_count++] =
        (struct snippet_match){steps[first].raw_from, steps[end - 1].raw_to, needle};
}

static void find_needle(struct snippet *snippet, size_t index, size_t limit)
{
    const struct snippet_needle *needle = &snippet->needles[index];
    const struct segment_plain *plain = &snippet->plain;
    struct str all = buf_str(&plain->text);
    size_t from = 0;
    while (snippet->match_count < limit) {
        ptrdiff_t found = str_find(str_from(all, from), needle->plain);
        if (found < 0) {
            return;
        }
        size_t at = from + (size_t)found;
        size_t first = step_at(plain, at), end = step_at(plain, at + needle->plain.n);
        if (!is_inside_word(plain, first) && (needle->is_prefix || !is_inside_word(plain, end))) {
            add_match(snippet, index, first, end);
        }
        from = at + 1;
    }
}

static int compare_matches(const void *a, const void *b)
{
    const struct snippet_match *x = a, *y = b;
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    return x->to == y->to ? 0 : x->to > y->to ? -1 : 1;
}

/* Joins what overlaps, so that every byte is marked once. */
static void join_matches(struct snippet *snippet)
{
    size_t kept = 0;
    for (size_t i = 0; i < snippet->match_count; i++) {
        struct snippet_match match = snippet->matches[i];
        if (kept > 0 && match.from < snippet->matches[kept - 1].to) {
            if (match.to > snippet->matches[kept - 1].to) {
                snippet->matches[kept - 1].to = match.to;
            }
        } else {
            snippet->matches[kept++] = match;
        }
    }
    snippet->match_count = kept;
}

/* Each needle has its share of all matches, so that a frequent word does not hide a rare one. */
static size_t share_end(const struct snippet *snippet, size_t needle)
{
    return SNIPPET_MATCHES_MAX * (needle + 1) / snippet->needle_count;
}

static void sort_matches(struct snippet *snippet)
{
    if (snippet->match_count > 1) {
        qsort(snippet->matches, snippet->match_count, sizeof(snippet->matches[0]), compare_matches);
    }
    join_matches(snippet);
}

/* Are all words of common Han characters? */
static bool are_needles_han(const struct snippet *snippet)
{
    for (size_t i = 0; i < snippet->needle_count; i++) {
        if (!snippet->needles[i].is_han) {
            return false;
        }
    }
    return true;
}

/* Finds the matches of Han words that stand in the raw text as they are. */
static void find_as_written(struct snippet *snippet, struct str text)
{
    snippet->match_count = 0;
    for (size_t i = 0; i < snippet->needle_count; i++) {
        struct str plain = snippet->needles[i].plain;
        size_t from = 0;
        ptrdiff_t found;
        while (snippet->match_count < share_end(snippet, i) &&
               (found = str_find(str_from(text, from), plain)) >= 0) {
            from += (size_t)found;
            snippet->matches[snippet->match_count++] =
                (struct snippet_match){from, from + plain.n, i};
            from += 3; /* overlapping ones, too */
        }
    }
    sort_matches(snippet);
}

size_t snippet_find(struct snippet *snippet, struct str text)
{
    if (are_needles_han(snippet) && fold_leaves_han(text)) {
        find_as_written(snippet, text);
        return snippet->match_count;
    }
    snippet->match_count = 0;
    segment_to_plain(&snippet->plain, text);
    for (size_t i = 0; i < snippet->needle_count; i++) {
        find_needle(snippet, i, share_end(snippet, i));
    }
    sort_matches(snippet);
    return snippet->match_count;
}

static void add_piece(struct search_pieces *out, struct arena *arena, struct str text,
                      bool is_match)
{
    if (text.n == 0) {
        return;
    }
    struct str copy = arena_copy(arena, text);
    for (char *p = (char *)(uintptr_t)copy.p; p < copy.p + copy.n; p++) {
        *p = *p == '\n' || *p == '\t' || *p == '\r' ? ' ' : *p;
    }
    out->v = arena_grow(arena, out->v, out->count, sizeof(*out->v));
    out->v[out->count++] = (struct search_piece){copy, is_match};
}

/* The pieces of `text` between two bytes; of a match that goes on behind them, what is there. */
static void add_pieces(struct search_pieces *out, const struct snippet *snippet,
                       struct arena *arena, struct str text, size_t from, size_t to)
{
    for (size_t i = 0; i < snippet->match_count; i++) {
        struct snippet_match match = snippet->matches[i];
        if (match.from >= from && match.from < to) {
            size_t end = match.to < to ? match.to : to;
            add_piece(out, arena, str_slice(text, from, match.from), false);
            add_piece(out, arena, str_slice(text, match.from, end), true);
            from = end;
        }
    }
    add_piece(out, arena, str_slice(text, from, to), false);
}

struct search_pieces snippet_mark(struct snippet *snippet, struct arena *arena, struct str text)
{
    struct search_pieces out = {0};
    snippet_find(snippet, text);
    add_pieces(&out, snippet, arena, text, 0, text.n);
    return out;
}

static bool is_inside_character(struct str text, size_t at)
{
    return at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80;
}

/* What a snippet that begins with match `first` shows: other words first, then more of them. */
static int score_window(const struct snippet *snippet, size_t first)
{
    uint64_t seen = 0;
    int score = 0;
    size_t end = snippet->matches[first].from + SNIPPET_BYTES - SNIPPET_LEAD_BYTES;
    for (size_t i = first; i < snippet->match_count && snippet->matches[i].to <= end; i++) {
        uint64_t bit = (uint64_t)1 << snippet->matches[i].needle;
        score += (seen & bit) == 0 ? 100 : 1;
        seen |= bit;
    }
    return score;
}

static size_t best_match(const struct snippet *snippet)
{
    size_t best = 0;
    int best_score = -1;
    for (size_t i = 0; i < snippet->match_count; i++) {
        int score = score_window(snippet, i);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

/* Where to begin before the match: behind the block's or sentence's end if that is near. */
static size_t window_start(struct str text, size_t match)
{
    size_t least = match > SNIPPET_LEAD_BYTES ? match - SNIPPET_LEAD_BYTES : 0;
    while (is_inside_character(text, least)) {
        least++;
    }
    for (size_t at = match; at > least; at--) {
        bool is_sentence_end = at >= 3 && memcmp(text.p + at - 3, "。", 3) == 0;
        if (text.p[at - 1] == '\n' || is_sentence_end) {
            return at;
        }
    }
    return least;
}

static size_t window_end(const struct snippet *snippet, struct str text, size_t start)
{
    size_t end = start + SNIPPET_BYTES < text.n ? start + SNIPPET_BYTES : text.n;
    for (size_t i = 0; i < snippet->match_count; i++) {
        struct snippet_match match = snippet->matches[i];
        if (match.from < end && match.to > end && match.from >= start) {
            end = match.to - match.from > SNIPPET_BYTES ? end : match.to;
        }
    }
    while (is_inside_character(text, end)) {
        end--;
    }
    return end;
}

struct str snippet_narrow(struct snippet *snippet, struct str text)
{
    if (!are_needles_han(snippet)) {
        return text;
    }
    find_as_written(snippet, text);
    if (snippet->match_count == 0) {
        return text;
    }
    size_t from = window_start(text, snippet->matches[best_match(snippet)].from);
    size_t to = window_end(snippet, text, from);
    while (from > 0 && text.p[from - 1] != '\n') {
        from--;
    }
    while (to < text.n && text.p[to - 1] != '\n') {
        to++;
    }
    return str_slice(text, from, to);
}

struct search_pieces snippet_cut(const struct snippet *snippet, struct arena *arena,
                                 struct str text, bool is_whole_start, bool is_whole_end)
{
    struct search_pieces out = {0};
    size_t start = 0;
    if (snippet->match_count > 0) {
        start = window_start(text, snippet->matches[best_match(snippet)].from);
    }
    size_t end = window_end(snippet, text, start);
    struct str behind = str_trim(str_from(text, end));
    if (start > 0 || !is_whole_start) {
        add_piece(&out, arena, STR("…"), false);
    }
    while (end > start && (text.p[end - 1] == '\n' || text.p[end - 1] == '\t')) {
        end--;
    }
    add_pieces(&out, snippet, arena, text, start, end);
    if (behind.n > 0 || !is_whole_end) {
        add_piece(&out, arena, STR("…"), false);
    }
    return out;
}
