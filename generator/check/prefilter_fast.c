#include "check/prefilter_fast.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

enum { HALF_BLOCK = 32, BLOCK = 64, LOOKAHEAD = 2 };

/*
 * Bytes by what they do to digits that stand before them. A barrier ends their row: digit_row.c
 * comes no further, if it comes to it. That it does not is for marks to bring about, behind which
 * it does not look at every byte. Neither the letters of codes nor what stands inside a character
 * is ever a barrier.
 *
 *     0 to 7  ASCII, by the upper half; line ends as 0, and nothing else of it
 *     1       E4 to E9, with which most Chinese begins
 */
static const unsigned char rows[16] = {1, 0, 4, 8, 16, 32, 64, 128, [14] = 2};
static const unsigned char marks[16] = HALVES(0, 0, 0x0060, 0x1000, 0, 0x1000, 0, 0);
static const unsigned char barriers[2][16] = {
    HALVES(0, 0x03f0, 0x001a, 0xa400, 0xff81, 0x6fff, 0xff80, 0xafff),
    HALVES(0x3e00, 0x03f0, 0x989e, 0xe400, 0xff81, 0x6fff, 0xff80, 0xbfff)}; /* no strong gaps */

AVX2 static __m256i table_of(const unsigned char table[16])
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)table));
}

/* Which of 32 bytes have the halves of a digit. Reads two bytes more. */
AVX2 static uint32_t digits_of(const unsigned char *p)
{
    const __m256i half = _mm256_set1_epi8(15);
    __m256i family = _mm256_set1_epi8(-1);
    for (int i = 0; i < 3; i++) {
        __m256i c = _mm256_loadu_si256((const void *)(p + i));
        __m256i upper = _mm256_and_si256(_mm256_srli_epi16(c, 4), half);
        family = _mm256_and_si256(family, _mm256_shuffle_epi8(table_of(digit_row_halves[i][0]),
                                                              _mm256_and_si256(c, half)));
        family =
            _mm256_and_si256(family, _mm256_shuffle_epi8(table_of(digit_row_halves[i][1]), upper));
    }
    __m256i none = _mm256_cmpeq_epi8(family, _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(none);
}

/* Which of 32 bytes are in `set`. */
AVX2 static uint32_t set_of(const unsigned char *p, const unsigned char set[16])
{
    const __m256i half = _mm256_set1_epi8(15);
    __m256i c = _mm256_loadu_si256((const void *)p);
    __m256i row =
        _mm256_shuffle_epi8(table_of(rows), _mm256_and_si256(_mm256_srli_epi16(c, 4), half));
    row = _mm256_and_si256(row, _mm256_shuffle_epi8(table_of(set), _mm256_and_si256(c, half)));
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(row, _mm256_setzero_si256()));
}

/* Which of 32 bytes are `first` or one of the `count` behind it. */
AVX2 static __m256i range_of(__m256i c, char first, char count)
{
    __m256i n = _mm256_sub_epi8(c, _mm256_set1_epi8(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(n, _mm256_set1_epi8(count)), n);
}

/* Which of 32 bytes begin a byte of more than ASCII in percent-encoding: "%E6", "%9F". Reads two
 * bytes more. */
AVX2 static uint32_t percents_of(const unsigned char *p)
{
    const __m256i small = _mm256_set1_epi8(0x20);
    __m256i is_percent = range_of(_mm256_loadu_si256((const void *)p), '%', 0);
    if (_mm256_testz_si256(is_percent, is_percent)) {
        return 0;
    }
    __m256i first = _mm256_loadu_si256((const void *)(p + 1));
    __m256i second = _mm256_loadu_si256((const void *)(p + 2));
    __m256i is_high =
        _mm256_or_si256(range_of(_mm256_or_si256(first, small), 'a', 5), range_of(first, '8', 1));
    __m256i is_hex =
        _mm256_or_si256(range_of(_mm256_or_si256(second, small), 'a', 5), range_of(second, '0', 9));
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_and_si256(is_percent, _mm256_and_si256(is_high, is_hex)));
}

AVX2 static uint64_t both(uint32_t first, uint32_t second)
{
    return first | (uint64_t)second << HALF_BLOCK;
}

AVX2 static uint64_t digits_of_block(const unsigned char *p)
{
    return both(digits_of(p), digits_of(p + HALF_BLOCK));
}

AVX2 static uint64_t set_of_block(const unsigned char *p, const unsigned char set[16])
{
    return both(set_of(p, set), set_of(p + HALF_BLOCK, set));
}

/*
 * Digits are taken up one by one only where that can matter. `is_open` says that what stands in the
 * blocks from `start` on may go on behind the last one, over no mark so far: `count` digits, which
 * are fewer than a row has, and are not taken up yet.
 */
struct skim {
    struct digit_row row;
    size_t passed;    /* no digit before it counts */
    uint64_t covered; /* bytes of the next block that percent signs before it cover */
    bool is_exact;    /* what may go on is in `row` */
    bool is_open;
    size_t start;
    uint64_t covered_at_start;
    unsigned count;
};

/* Those of `digits`, of the block at `at`, that are not passed over. */
static uint64_t not_passed(const struct skim *skim, size_t at, uint64_t digits)
{
    size_t n = skim->passed > at ? skim->passed - at : 0;
    return n < BLOCK ? digits & UINT64_MAX << n : 0;
}

/* Of the block at `at`, which stands at `p`. */
AVX2 static uint64_t next_digits(struct skim *skim, const unsigned char *p, size_t at)
{
    uint64_t digits = digits_of_block(p);
    if (skim->row.most != NORMALISE_GAP_STRONG) {
        uint64_t percents = both(percents_of(p), percents_of(p + HALF_BLOCK));
        digits &= ~(skim->covered | percents << 1 | percents << 2);
        skim->covered = percents >> (BLOCK - 1) | percents >> (BLOCK - 2);
    }
    return not_passed(skim, at, digits);
}

AVX2 static bool add_digits(struct digit_row *row, size_t at, uint64_t digits)
{
    for (; digits != 0; digits &= digits - 1) {
        if (digit_row_add(row, at + (size_t)__builtin_ctzll(digits))) {
            return true;
        }
    }
    return false;
}

/*
 * How far the digits of the block at `at` may reach, and with `is_open` those before it: to a
 * barrier, or beyond the block. Adding carries from each to there. `open` has no bit at barriers.
 * False where a mark is reached; a tag that ends the row is none.
 */
AVX2 static bool reach_of(const struct skim *skim, size_t at, uint64_t digits, bool is_open,
                          uint64_t *open, bool *is_beyond)
{
    struct str s = skim->row.s;
    const unsigned char *p = (const unsigned char *)s.p + at;
    bool is_soft = skim->row.most != NORMALISE_GAP_STRONG;
    uint64_t mark = set_of_block(p, marks);
    *open = ~set_of_block(p, barriers[is_soft]) | digits;
    for (;;) {
        unsigned long long sum;
        bool carry = __builtin_add_overflow(*open, digits, &sum);
        *is_beyond = __builtin_add_overflow(sum, (uint64_t)is_open, &sum) || carry;
        uint64_t reached = mark & *open & ~sum;
        if (reached == 0) {
            return true;
        }
        size_t i = (size_t)__builtin_ctzll(reached);
        if (!is_soft || p[i] != '<' || digit_row_is_within_line(p + i, s.n - at - i)) {
            return false;
        }
        *open &= ~(UINT64_C(1) << i);
    }
}

/* The first digit of those with no barrier between them that are, with `before` them, as many as
 * make a row; BLOCK where there are none. */
AVX2 static size_t row_of(uint64_t open, uint64_t digits, unsigned before)
{
    if (before + (unsigned)__builtin_popcountll(digits) < DIGIT_ROW_MIN) {
        return BLOCK;
    }
    while (digits != 0) {
        uint64_t first = digits & (0 - digits), behind = ~open & (0 - first);
        uint64_t barrier = behind & (0 - behind); /* 0 where there is none */
        before = (~open & (first - 1)) == 0 ? before : 0;
        if (before + (unsigned)__builtin_popcountll(digits & (barrier - 1)) >= DIGIT_ROW_MIN) {
            return (size_t)__builtin_ctzll(first);
        }
        digits &= 0 - barrier;
    }
    return BLOCK;
}

/* Where the serial number ends that the digit belongs to, if nothing else can; else 0. */
static size_t end_of_serial(const struct skim *skim, size_t digit)
{
    struct str s = skim->row.s;
    size_t start = digit;
    while (start > skim->passed &&
           (serial_is_digit(s, start - 1) || s.p[start - 1] == '-' || s.p[start - 1] == '.')) {
        start--;
    }
    if (!serial_is_digit(s, digit) || start == skim->passed ||
        (s.p[start - 1] != '/' && s.p[start - 1] != '"' && s.p[start - 1] != '>')) {
        return 0;
    }
    while (!serial_is_digit(s, start)) {
        start++; /* a dash or a dot before all */
    }
    size_t end = serial_end(s, start);
    return end > digit ? end : 0;
}

/* Passes over the block at `at`, whose digits need not be taken up, or not yet; else false. */
AVX2 static bool pass(struct skim *skim, size_t at, uint64_t digits, uint64_t covered)
{
    uint64_t open;
    bool is_beyond;
    for (;;) {
        if (!reach_of(skim, at, digits, skim->is_open, &open, &is_beyond)) {
            return false;
        }
        size_t first = row_of(open, digits, skim->is_open ? skim->count : 0);
        if (first == BLOCK) {
            break;
        }
        size_t end = skim->row.most == NORMALISE_GAP_STRONG ? 0 : end_of_serial(skim, at + first);
        if (end == 0) {
            return false;
        }
        skim->passed = end;
        skim->is_open = false;
        digits = not_passed(skim, at, digits);
    }
    if (!skim->is_open || open != UINT64_MAX) {
        skim->start = at;
        skim->covered_at_start = covered;
        skim->count = 0;
    }
    if (open != UINT64_MAX) {
        digits &= ~(UINT64_MAX >> __builtin_clzll(~open)); /* behind the last barrier */
    }
    skim->count += (unsigned)__builtin_popcountll(digits);
    skim->is_open = is_beyond;
    return true;
}

/* Takes up what was passed over and may go on at `at`: too few for a row. */
AVX2 static void take_up_open(struct skim *skim, size_t at)
{
    const unsigned char *p = (const unsigned char *)skim->row.s.p;
    uint64_t covered = skim->covered;
    skim->covered = skim->covered_at_start;
    for (size_t i = skim->start; i < at && skim->is_open; i += BLOCK) {
        (void)add_digits(&skim->row, i, next_digits(skim, p + i, i));
    }
    skim->covered = covered;
    skim->is_open = false;
}

/* Takes up the digits of the block at `at`: is the row long enough now? */
AVX2 static bool take_up(struct skim *skim, size_t at, uint64_t digits)
{
    struct digit_row *row = &skim->row;
    uint64_t open;
    bool is_beyond = false;
    digits = not_passed(skim, at, digits);
    take_up_open(skim, at);
    size_t end = row->span.end;
    if (add_digits(row, at, digits)) {
        return true;
    }
    bool is_here = row->span.end > end; /* its last digit */
    skim->is_exact =
        row->around.count > 0 ||
        (row->span.count > 0 &&
         (!is_here || !reach_of(skim, at, digits, false, &open, &is_beyond) || is_beyond));
    if (!skim->is_exact) {
        row->span.count = 0;
    }
    return false;
}

/* The last bytes, fewer than a block with what is read behind it: zeros stand for what is not. */
AVX2 static size_t find_in_rest(struct skim *skim, size_t at)
{
    unsigned char rest[2 * BLOCK + LOOKAHEAD] = {0};
    struct digit_row *row = &skim->row;
    size_t n = row->s.n - at;
    memcpy(rest, row->s.p + at, n);
    uint64_t first = not_passed(skim, at, digits_of_block(rest));
    uint64_t second = not_passed(skim, at + BLOCK, digits_of_block(rest + BLOCK));
    unsigned count = (skim->is_open ? skim->count : 0) + (unsigned)__builtin_popcountll(first) +
                     (unsigned)__builtin_popcountll(second);
    if (count < DIGIT_ROW_MIN && !skim->is_exact && memchr(rest, '<', n) == NULL) {
        return row->s.n; /* digits in tags may count for more than they are */
    }
    take_up_open(skim, at);
    bool is_row = add_digits(row, at, first) || add_digits(row, at + BLOCK, second);
    return is_row ? row->span.start : row->s.n;
}

bool prefilter_fast_can(void)
{
    return __builtin_cpu_supports("avx2");
}

AVX2 size_t prefilter_fast_find(struct str s, size_t from, enum normalise_gap most)
{
    struct skim skim = {.row = {.s = s, .most = most}, .passed = from};
    const unsigned char *p = (const unsigned char *)s.p;
    size_t at = from;
    for (; at + BLOCK + LOOKAHEAD <= s.n; at += BLOCK) {
        uint64_t covered = skim.covered;
        uint64_t digits = next_digits(&skim, p + at, at);
        if (digits == 0 && !skim.is_open) {
            continue;
        }
        if ((skim.is_exact || !pass(&skim, at, digits, covered)) && take_up(&skim, at, digits)) {
            return skim.row.span.start;
        }
    }
    return find_in_rest(&skim, at);
}

#else

bool prefilter_fast_can(void)
{
    return false;
}

size_t prefilter_fast_find(struct str s, size_t from, enum normalise_gap most)
{
    (void)from;
    (void)most;
    return s.n; /* not called */
}

#endif
