/*
 * date: days of the proleptic Gregorian calendar, and moments. Anyone may include it.
 *
 * A day is a count of days since 1970-01-01, a moment a count of seconds since its midnight, UTC.
 * Nothing here reads the clock, the locale or TZ.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/str.h"

#include <stdint.h>

enum { DATE_TEXT_SIZE = 40 };

struct date {
    int year, month, day; /* month 1 to 12, day 1 to 31 */
};

/* Is it a day of the calendar, in the years 1 to 9999? */
bool date_is_valid(struct date date);

int64_t date_to_days(struct date date);
struct date date_from_days(int64_t days);

/* The day of the moment, at `offset` seconds east of Greenwich. */
struct date date_from_moment(int64_t moment, int offset);

/* Reads YYYY-MM-DD, whole; false where it is not that or not a day. */
bool date_parse(struct date *out, struct str s);

/*
 * Reads what people write: 2026-09-05, 2026-9-5, 2026/9/5, 2026.9.5, 20260905, 2026年9月5日; ASCII
 * digits only. False where it is none of these or not a day.
 */
bool date_parse_loose(struct date *out, struct str s);

/*
 * The first date in a file name: 2026-09-05, 2026_09_05, 2026.09.05, 20260905 or 2026年9月5日,
 * not touching further digits; also 2026-09 alone, which is its first day. False where none is.
 */
bool date_find(struct date *out, struct str name);

/* "2026-09-05" into `out`, which is returned. */
const char *date_format(char out[DATE_TEXT_SIZE], struct date date);

/* "Sat, 05 Sep 2026 08:00:00 +0800" (RFC 822 with the four-digit year of RFC 1123). */
const char *date_format_rfc822(char out[DATE_TEXT_SIZE], int64_t moment, int offset);

/* "2026-09-05T08:00:00+08:00" (RFC 3339); "Z" where the offset is 0. */
const char *date_format_rfc3339(char out[DATE_TEXT_SIZE], int64_t moment, int offset);

/* "Sat, 05 Sep 2026 00:00:00 GMT" (RFC 9110, for HTTP). */
const char *date_format_http(char out[DATE_TEXT_SIZE], int64_t moment);

#endif
