#include "check/digit_row.h"

#include <string.h>

enum { TAG_BYTES_MAX = 203 };

/*
 * Digits by their first three bytes, in eight families. A byte fits a family where both halves of
 * it are in the family's sets: more fit than should, never less.
 *
 *     0  '0' to '9'
 *     1  E3 80 87, and E4 B8, B9, BA, BC: 〇一二三五伍七九
 *     2  E5: 四六八壹叁幺
 *     3  E2: superscripts, circled ones, ○
 *     4  E6 to E9: 零贰肆陆柒捌玖
 *     5  EF BC 9x: full-width
 *     6  C2, D9, DB, DF, F0, with any bytes behind them
 *     7  E0, E1, EA
 */
const unsigned char digit_row_halves[3][2][16] = {
    {HALVES(0x03ff, 0x0018, 0x0020, 0x0004, 0x03c0, 0x8000, 0x8a05, 0x0403),
     HALVES(0x0008, 0x4000, 0x4000, 0x4000, 0x4000, 0x4000, 0xb000, 0x4000)},
    {HALVES(0xffff, 0x1701, 0x8a28, 0x608e, 0xea14, 0x1000, 0xffff, 0xffff),
     HALVES(0xffff, 0x0900, 0x0f00, 0x0300, 0x0b00, 0x0800, 0xffff, 0xffff)},
    {HALVES(0xffff, 0x3299, 0x2e02, 0xffff, 0x1045, 0x03ff, 0xffff, 0xffff),
     HALVES(0xffff, 0x0300, 0x0f00, 0xffff, 0x0b00, 0x0200, 0xffff, 0xffff)}};

/* What stands in gaps; ';' ends references. Behind GAP_CODE, which begins them, anything may. */
enum gap { GAP_NONE, GAP_SOFT, GAP_STRONG, GAP_TAG, GAP_CODE };

static const unsigned char gaps[256] = {
    [0] = GAP_SOFT,      ['\t'] = GAP_STRONG, ['\n'] = GAP_STRONG, [0x0b] = GAP_STRONG,
    [0x0c] = GAP_STRONG, ['\r'] = GAP_STRONG, [' '] = GAP_SOFT,    ['"'] = GAP_STRONG,
    ['\''] = GAP_STRONG, ['%'] = GAP_CODE,    ['&'] = GAP_CODE,    ['('] = GAP_SOFT,
    [')'] = GAP_SOFT,    ['*'] = GAP_SOFT,    ['+'] = GAP_STRONG,  [','] = GAP_STRONG,
    ['-'] = GAP_SOFT,    ['.'] = GAP_SOFT,    ['/'] = GAP_STRONG,  [';'] = GAP_SOFT,
    ['<'] = GAP_TAG,     ['>'] = GAP_STRONG,  ['\\'] = GAP_CODE,   ['_'] = GAP_SOFT,
    ['`'] = GAP_SOFT,    ['|'] = GAP_STRONG,  ['~'] = GAP_SOFT,    [0xc2] = GAP_SOFT,
    [0xcc] = GAP_SOFT,   [0xcd] = GAP_SOFT,   [0xd8] = GAP_SOFT,   [0xe1] = GAP_SOFT,
    [0xe2] = GAP_SOFT,   [0xe3] = GAP_SOFT,   [0xef] = GAP_SOFT,   [0xf3] = GAP_SOFT};

/* Most Chinese that looks like a numeral by its halves is none. */
static bool is_other_han(const unsigned char *p)
{
    if (*p < 0xe3 || *p > 0xe9) {
        return false;
    }
    switch ((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) {
    case 0xe38087: /* 〇 */
    case 0xe4b880: /* 一 */
    case 0xe4b883: /* 七 */
    case 0xe4b889: /* 三 */
    case 0xe4b99d: /* 九 */
    case 0xe4ba8c: /* 二 */
    case 0xe4ba94: /* 五 */
    case 0xe4bc8d: /* 伍 */
    case 0xe585ab: /* 八 */
    case 0xe585ad: /* 六 */
    case 0xe58f81: /* 叁 */
    case 0xe59b9b: /* 四 */
    case 0xe5a3b9: /* 壹 */
    case 0xe5b9ba: /* 幺 */
    case 0xe68d8c: /* 捌 */
    case 0xe69f92: /* 柒 */
    case 0xe78e96: /* 玖 */
    case 0xe88286: /* 肆 */
    case 0xe8b4b0: /* 贰 */
    case 0xe99986: /* 陆 */
    case 0xe99bb6: /* 零 */
        return false;
    default:
        return true;
    }
}

/* Of the character at `at`; 1 where its bytes are broken. */
static size_t length_of(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t length = *p < 0xc0 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < length; i++) {
        if (at + i >= s.n || (p[i] & 0xc0) != 0x80) {
            return 1;
        }
    }
    return length;
}

/* Tags that end a paragraph or a cell part numbers; those within a line may not. */
bool digit_row_is_within_line(const unsigned char *tag, size_t n)
{
    size_t at = n > 1 && tag[1] == '/' ? 2 : 1;
    if (at + 1 >= n) {
        return true;
    }
    unsigned char first = tag[at] | 0x20, second = tag[at + 1] | 0x20;
    return !(first == 'p' || first == 'h' || first == 'l' || (first == 't' && second != 't') ||
             (first == 'b' && second == 'r') || (first == 'd' && second == 'i'));
}

/* Behind the tag or comment that begins at `at`; 0 where it does not end soon. */
static size_t end_of_tag(struct str s, size_t at)
{
    struct str part = str_slice(s, at, at + TAG_BYTES_MAX);
    bool is_comment = str_starts(part, STR("<!--"));
    ptrdiff_t end = is_comment ? str_find(part, STR("-->")) : str_find_char(part, '>');
    return end < 0 ? 0 : at + (size_t)end + (is_comment ? 3 : 1);
}

/* How a digit that follows goes with the span. */
enum way { WAY_APART, WAY_JOINED, WAY_INSIDE };

/* What stands in a coded character behind the mark that begins it. */
static const bool is_of_code[256] = {
    ['0' ... '9'] = true, ['A' ... 'F'] = true, ['a' ... 'f'] = true, ['#'] = true,
    ['x'] = true,         ['X'] = true,         ['u'] = true,         ['U'] = true};

/* Is the letter at `at` the rest of a coded character, as in "%2d", "&#x2d;", "\\u002d"? */
static bool is_in_code(struct str s, size_t at)
{
    unsigned char letter = (unsigned char)s.p[at] | 0x20;
    if (letter < 'a' || letter > 'f') {
        return false;
    }
    size_t from = at;
    while (from > 0 && at - from < DIGIT_ROW_CODE_MAX && is_of_code[(unsigned char)s.p[from - 1]]) {
        from--;
    }
    return from > 0 && (s.p[from - 1] == '%' || s.p[from - 1] == '\\' || s.p[from - 1] == '&' ||
                        s.p[from - 1] == ';');
}

/* Walks the gap from span.end to `at`. WAY_INSIDE: into the tag that ends at *close. */
static enum way walk_gap(size_t *close, const struct digit_row *row, size_t at)
{
    struct str s = row->s;
    size_t end = row->span.end;
    while (end < at) {
        const unsigned char *p = (const unsigned char *)s.p + end;
        enum gap gap = (enum gap)gaps[*p];
        if (gap == GAP_CODE) {
            ptrdiff_t tag = str_find_char(str_slice(s, end, at), '<');
            if (tag < 0) {
                return WAY_JOINED;
            }
            end += (size_t)tag;
        } else if (gap == GAP_TAG) {
            if (row->most != NORMALISE_GAP_STRONG && !digit_row_is_within_line(p, s.n - end)) {
                return WAY_APART;
            }
            *close = end_of_tag(s, end);
            if (*close == 0) {
                return WAY_APART;
            }
            if (at < *close) {
                return WAY_INSIDE;
            }
            end = *close;
        } else if (gap == GAP_SOFT || (gap == GAP_STRONG && row->most == NORMALISE_GAP_STRONG)) {
            end += length_of(s, end);
        } else if (is_in_code(s, end)) {
            end++;
        } else {
            return WAY_APART;
        }
    }
    return WAY_JOINED;
}

/* It does not stand right behind the last one. */
static bool add_apart(struct digit_row *row, size_t at)
{
    size_t close = 0;
    if (row->around.count > 0 && at >= row->around.end) {
        row->span = row->around;
        row->around.count = 0;
    }
    enum way way = row->span.count == 0 ? WAY_APART : walk_gap(&close, row, at);
    if (way == WAY_INSIDE && row->around.count > 0) {
        row->span = row->around; /* a tag in a tag: let it be read with care */
        return true;
    }
    if (way == WAY_INSIDE) {
        row->around = row->span;
        row->around.end = close;
    }
    if (way != WAY_JOINED) {
        row->span = (struct digit_span){.start = at};
    }
    row->span.count++;
    row->span.end = at + length_of(row->s, at);
    return row->span.count >= DIGIT_ROW_MIN;
}

bool digit_row_add(struct digit_row *row, size_t at)
{
    const unsigned char *p = (const unsigned char *)row->s.p + at;
    if (at == row->span.end && *p < 0x80 && row->span.count > 0) {
        row->span.end++;
        return ++row->span.count >= DIGIT_ROW_MIN;
    }
    return !is_other_han(p) && add_apart(row, at);
}
