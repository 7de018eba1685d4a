/*
 * serial: plain digits in groups, as dates and serial numbers of addresses have them, which make no
 * number that personal.c looks for, whatever they are. For check/ alone.
 */
#ifndef CHECK_SERIAL_H
#define CHECK_SERIAL_H

#include "base/str.h"

/* Of the numbers that personal.c looks for. */
enum { NUMBER_PLACES_MIN = 11, NUMBER_PLACES_MAX = 19 };

static inline bool serial_is_digit(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* Where such a row, which begins at `at`, ends; `at` where it must be read. */
size_t serial_end(struct str s, size_t at);

#endif
