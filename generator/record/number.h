/*
 * number: figures, dates and periods as people write them. For record/ alone.
 *
 * Each reads `s`, sets `out`, and says whether it is one; `is_plain` whether it was written in the
 * one form that we recommend.
 */
#ifndef RECORD_NUMBER_H
#define RECORD_NUMBER_H

#include "base/arena.h"
#include "base/date.h"

enum number_result {
    NUMBER_RESULT_BAD,
    NUMBER_RESULT_LARGE,
    NUMBER_RESULT_DECIMALS, /* more than money has */
    NUMBER_RESULT_NO_DAY,   /* a date that the calendar does not have */
    NUMBER_RESULT_SHORT,    /* a date whose year has two digits: nobody knows which comes first */
    NUMBER_RESULT_KIND,     /* read, but written in another form than ours */
    NUMBER_RESULT_PLAIN
};

/* Full-width digits and signs as ASCII, without blanks around; `s` itself where it has none. */
struct str number_fold(struct arena *arena, struct str s);

/* Up to 15 digits; thousands separators are understood. */
enum number_result number_integer(int64_t *out, struct arena *arena, struct str s);

/* A decimal number, as text without separators; `out` is its integer part. */
enum number_result number_decimal(struct str *text, int64_t *out, struct arena *arena,
                                  struct str s);

/* Yuan with at most two decimals, as fen; ¥, 元 and thousands separators are understood. */
enum number_result number_money(int64_t *fen, struct arena *arena, struct str s);

/*
 * A decimal number times ten to the power of `places` (2 for fen out of yuan); signs of money are
 * understood. More decimals than that are NUMBER_RESULT_DECIMALS.
 */
enum number_result number_scaled(int64_t *out, struct arena *arena, struct str s, int places);

/* A day; a time behind it is left out. */
enum number_result number_date(struct date *out, struct arena *arena, struct str s);

/* An hour and a minute, 14:30 or 14点30分, as text; `minutes` since midnight. */
enum number_result number_time(struct str *text, int64_t *minutes, struct arena *arena,
                               struct str s);

/* 2026, 2026-H1, 2026-Q3 or 2026-09 as text; `first` is its first day. */
enum number_result number_period(struct str *text, struct date *first, struct arena *arena,
                                 struct str s);

#endif
