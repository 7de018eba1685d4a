#include "check/prefilter.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { ROW_MIN = 11, BLOCK = 32, LOOKAHEAD = 2, CODE_BYTES_MAX = 24, TAG_BYTES_MAX = 203 };

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
#define FAMILY(set, n, family) ((((unsigned)(set) >> (n)) & 1U) << (family))
#define ENTRY(n, a, b, c, d, e, f, g, h)                                                           \
    (unsigned char)(FAMILY(a, n, 0) | FAMILY(b, n, 1) | FAMILY(c, n, 2) | FAMILY(d, n, 3) |        \
                    FAMILY(e, n, 4) | FAMILY(f, n, 5) | FAMILY(g, n, 6) | FAMILY(h, n, 7))
#define HALVES(...)                                                                                \
    {                                                                                              \
        ENTRY(0, __VA_ARGS__), ENTRY(1, __VA_ARGS__), ENTRY(2, __VA_ARGS__),                       \
            ENTRY(3, __VA_ARGS__), ENTRY(4, __VA_ARGS__), ENTRY(5, __VA_ARGS__),                   \
            ENTRY(6, __VA_ARGS__), ENTRY(7, __VA_ARGS__), ENTRY(8, __VA_ARGS__),                   \
            ENTRY(9, __VA_ARGS__), ENTRY(10, __VA_ARGS__), ENTRY(11, __VA_ARGS__),                 \
            ENTRY(12, __VA_ARGS__), ENTRY(13, __VA_ARGS__), ENTRY(14, __VA_ARGS__),                \
            ENTRY(15, __VA_ARGS__)                                                                 \
    }

/* Of each byte the lower half, then the upper. Bit n of a set stands for the half n. */
static const unsigned char halves[3][2][16] = {
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

static bool is_digit_like(const unsigned char *p, size_t n)
{
    unsigned family = 0xff;
    for (size_t i = 0; i < 3; i++) {
        unsigned char c = i < n ? p[i] : 0;
        family &= halves[i][0][c & 15] & halves[i][1][c >> 4];
    }
    return family != 0;
}

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
static bool is_within_line(const unsigned char *tag, size_t n)
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

/* A reference or an escape begins before its first digit: "&#49;", "\\u0031", "%EF%BC%91". */
static size_t begin_of(struct str s, size_t from, size_t digit)
{
    size_t begin = digit;
    for (size_t at = digit; at > from && digit - at < CODE_BYTES_MAX; at--) {
        char c = s.p[at - 1];
        if (c == '/' || c == '-' || c == '"' || c == '>' || (unsigned char)c >= 0x80) {
            break; /* mostly */
        }
        if (strchr("&%\\#;xXuUamp0123456789ABCDEFbcdef", c) == NULL || c == '\0') {
            break;
        }
        begin = c == '&' || c == '%' || c == '\\' ? at - 1 : begin;
    }
    return begin;
}

/* Digits so far: where they begin, where the last one ends. */
struct span {
    size_t start, end, count;
};

struct row {
    struct str s;
    enum normalise_gap most;
    struct span span;
    struct span around; /* what stands before the tag that span is inside; its end is the tag's */
};

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
    while (from > 0 && at - from < CODE_BYTES_MAX && is_of_code[(unsigned char)s.p[from - 1]]) {
        from--;
    }
    return from > 0 && (s.p[from - 1] == '%' || s.p[from - 1] == '\\' || s.p[from - 1] == '&' ||
                        s.p[from - 1] == ';');
}

/* Walks the gap from span.end to `at`. WAY_INSIDE: into the tag that ends at *close. */
static enum way walk_gap(size_t *close, const struct row *row, size_t at)
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
            if (row->most != NORMALISE_GAP_STRONG && !is_within_line(p, s.n - end)) {
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

/* Takes up the digit at `at`: is the row long enough now? */
static bool add_digit(struct row *row, size_t at)
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
        row->span = (struct span){.start = at};
    }
    row->span.count++;
    row->span.end = at + length_of(row->s, at);
    return row->span.count >= ROW_MIN;
}

static size_t find_plain(struct row *row, size_t from)
{
    const unsigned char *p = (const unsigned char *)row->s.p;
    for (size_t at = from; at < row->s.n; at++) {
        bool may_begin = (halves[0][0][p[at] & 15] & halves[0][1][p[at] >> 4]) != 0;
        if (may_begin && is_digit_like(p + at, row->s.n - at) && !is_other_han(p + at) &&
            add_digit(row, at)) {
            return row->span.start;
        }
    }
    return row->s.n;
}

#if defined(__x86_64__)

/* Which bytes of the block at `p` may begin a digit. Reads two bytes more. */
__attribute__((target("avx2"))) static uint32_t digits_of(const unsigned char *p)
{
    const __m256i half = _mm256_set1_epi8(15);
    __m256i family = _mm256_set1_epi8(-1);
    for (int i = 0; i < 3; i++) {
        __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)halves[i][0]));
        __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)halves[i][1]));
        __m256i c = _mm256_loadu_si256((const void *)(p + i));
        __m256i upper = _mm256_and_si256(_mm256_srli_epi16(c, 4), half);
        family = _mm256_and_si256(family, _mm256_shuffle_epi8(low, _mm256_and_si256(c, half)));
        family = _mm256_and_si256(family, _mm256_shuffle_epi8(high, upper));
    }
    __m256i none = _mm256_cmpeq_epi8(family, _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(none);
}

/* Percent signs before which begins a byte of more than ASCII: "%E6", "%9F". */
__attribute__((target("avx2"))) static uint32_t percents_of(const unsigned char *p)
{
    __m256i is_percent =
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const void *)p), _mm256_set1_epi8('%'));
    if (_mm256_testz_si256(is_percent, is_percent)) {
        return 0;
    }
    __m256i c = _mm256_loadu_si256((const void *)(p + 1));
    __m256i letter =
        _mm256_sub_epi8(_mm256_or_si256(c, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
    __m256i eight = _mm256_sub_epi8(c, _mm256_set1_epi8('8'));
    __m256i is_high =
        _mm256_or_si256(_mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(5)), letter),
                        _mm256_cmpeq_epi8(_mm256_min_epu8(eight, _mm256_set1_epi8(1)), eight));
    return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(is_percent, is_high));
}

/* Takes up the digits that `found` has of the block at `at`: is the row long enough now? */
static bool add_digits(struct row *row, size_t at, uint32_t found)
{
    const unsigned char *p = (const unsigned char *)row->s.p;
    for (; found != 0; found &= found - 1) {
        size_t digit = at + (size_t)__builtin_ctz(found);
        if (digit == row->span.end && p[digit] < 0x80 && row->span.count > 0) {
            row->span.end++;
            if (++row->span.count >= ROW_MIN) {
                return true;
            }
        } else if (!is_other_han(p + digit) && add_digit(row, digit)) {
            return true;
        }
    }
    return false;
}

/* The last bytes, fewer than a block with what is read behind it: zeros stand for what is not. */
__attribute__((target("avx2"))) static size_t find_in_rest(struct row *row, size_t from)
{
    unsigned char rest[2 * BLOCK + LOOKAHEAD] = {0};
    size_t n = row->s.n - from;
    memcpy(rest, row->s.p + from, n);
    for (size_t at = 0; at < n; at += BLOCK) {
        if (add_digits(row, from + at, digits_of(rest + at))) {
            return row->span.start;
        }
    }
    return row->s.n;
}

__attribute__((target("avx2"))) static size_t find_fast(struct row *row, size_t from)
{
    const unsigned char *p = (const unsigned char *)row->s.p;
    uint64_t carried = 0; /* bytes of this block that the last block's percent signs cover */
    size_t at = from;
    for (; at + BLOCK + LOOKAHEAD <= row->s.n; at += BLOCK) {
        uint32_t found = digits_of(p + at);
        if (row->most != NORMALISE_GAP_STRONG) {
            uint64_t percents = percents_of(p + at);
            uint64_t covered = carried | percents << 1 | percents << 2;
            carried = covered >> BLOCK;
            found &= ~(uint32_t)covered;
        }
        if (add_digits(row, at, found)) {
            return row->span.start;
        }
    }
    return find_in_rest(row, at);
}

#else

static size_t find_fast(struct row *row, size_t from)
{
    return find_plain(row, from);
}

#endif

enum prefilter_speed prefilter_speed(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") ? PREFILTER_FAST : PREFILTER_PLAIN;
#else
    return PREFILTER_PLAIN;
#endif
}

size_t prefilter_find(struct str s, size_t from, enum normalise_gap most,
                      enum prefilter_speed speed)
{
    if (from + ROW_MIN > s.n) {
        return s.n; /* names, dates, kinds */
    }
    struct row row = {.s = s, .most = most};
    size_t at = speed == PREFILTER_FAST ? find_fast(&row, from) : find_plain(&row, from);
    return at < s.n ? begin_of(s, from, at) : s.n;
}
