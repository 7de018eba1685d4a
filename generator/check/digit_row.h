/*
 * digit_row: digits of a text that stand in a row, taken up one by one. For prefilter.c and
 * prefilter_fast.c.
 *
 *     struct digit_row row = {.s = text, .most = NORMALISE_GAP_SOFT};
 *     if (digit_row_add(&row, at)) ...            for each that may be a digit, in order
 *
 * More is taken for a digit than is one, and more for a gap, never less.
 */
#ifndef CHECK_DIGIT_ROW_H
#define CHECK_DIGIT_ROW_H

#include "check/normalise.h"
#include "check/serial.h"

enum {
    DIGIT_ROW_MIN = NUMBER_PLACES_MIN,
    DIGIT_ROW_CODE_MAX = 24 /* bytes of a coded character, as they are looked back for */
};

/* Digits so far: where they begin, where the last one ends. */
struct digit_span {
    size_t start, end, count;
};

struct digit_row {
    struct str s;
    enum normalise_gap most; /* between its digits */
    struct digit_span span;
    struct digit_span around; /* what stands before the tag that span is inside; its end is the
                                 tag's */
};

/* A table for halves of bytes, 0 to 15: for each the families that it is in, of eight. A family is
 * given as the set of its halves, bit n for the half n. */
#define HALF(set, n, family) ((((unsigned)(set) >> (n)) & 1U) << (family))
#define HALF_OF(n, a, b, c, d, e, f, g, h)                                                         \
    (unsigned char)(HALF(a, n, 0) | HALF(b, n, 1) | HALF(c, n, 2) | HALF(d, n, 3) |                \
                    HALF(e, n, 4) | HALF(f, n, 5) | HALF(g, n, 6) | HALF(h, n, 7))
#define HALVES(...)                                                                                \
    {                                                                                              \
        HALF_OF(0, __VA_ARGS__), HALF_OF(1, __VA_ARGS__), HALF_OF(2, __VA_ARGS__),                 \
            HALF_OF(3, __VA_ARGS__), HALF_OF(4, __VA_ARGS__), HALF_OF(5, __VA_ARGS__),             \
            HALF_OF(6, __VA_ARGS__), HALF_OF(7, __VA_ARGS__), HALF_OF(8, __VA_ARGS__),             \
            HALF_OF(9, __VA_ARGS__), HALF_OF(10, __VA_ARGS__), HALF_OF(11, __VA_ARGS__),           \
            HALF_OF(12, __VA_ARGS__), HALF_OF(13, __VA_ARGS__), HALF_OF(14, __VA_ARGS__),          \
            HALF_OF(15, __VA_ARGS__)                                                               \
    }

/* Of the three bytes that a digit begins with the lower half, then the upper: all six share a
 * family. So do some that begin none. */
extern const unsigned char digit_row_halves[3][2][16];

/* Takes up the digit at `at`, if one begins there: is the row long enough now? Whatever has the
 * halves of a digit has been taken up before it. */
bool digit_row_add(struct digit_row *row, size_t at);

/* Is the tag, '<' and `n` bytes in all, one that does not end what stands before it? */
bool digit_row_is_within_line(const unsigned char *tag, size_t n);

#endif
