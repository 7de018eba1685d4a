#include "check/prefilter.h"

#include "check/prefilter_fast.h"
#include "check/serial.h"

#include <string.h>

/* A reference or an escape begins before its first digit: "&#49;", "\\u0031", "%EF%BC%91". */
static size_t begin_of(struct str s, size_t from, size_t digit)
{
    size_t begin = digit;
    for (size_t at = digit; at > from && digit - at < DIGIT_ROW_CODE_MAX; at--) {
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

static size_t find_plain(struct str s, size_t from, enum normalise_gap most)
{
    struct digit_row row = {.s = s, .most = most};
    for (size_t at = from; at < s.n; at++) {
        unsigned family = 0xff;
        for (size_t i = 0; i < 3 && family != 0; i++) {
            unsigned char c = at + i < s.n ? (unsigned char)s.p[at + i] : 0;
            family &= digit_row_halves[i][0][c & 15] & digit_row_halves[i][1][c >> 4];
        }
        if (family != 0 && digit_row_add(&row, at)) {
            return row.span.start;
        }
    }
    return s.n;
}

enum prefilter_speed prefilter_speed(void)
{
    return prefilter_fast_can() ? PREFILTER_FAST : PREFILTER_PLAIN;
}

size_t prefilter_find(struct str s, size_t from, enum normalise_gap most,
                      enum prefilter_speed speed)
{
    while (from + DIGIT_ROW_MIN <= s.n) { /* most names, dates and kinds are shorter */
        size_t digit = speed == PREFILTER_FAST ? prefilter_fast_find(s, from, most)
                                               : find_plain(s, from, most);
        if (digit == s.n) {
            return s.n;
        }
        size_t begin = begin_of(s, from, digit);
        from = most == NORMALISE_GAP_STRONG ? begin : serial_end(s, begin);
        if (from == begin) {
            return begin;
        }
    }
    return s.n;
}
