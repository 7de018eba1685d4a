#include "record/number.h"

#include "base/utf8.h"

#include <string.h>

enum { DIGITS_MAX = 15 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct str number_fold(struct arena *arena, struct str s)
{
    bool is_ascii = true;
    for (size_t i = 0; i < s.n && is_ascii; i++) {
        is_ascii = (unsigned char)s.p[i] < 0x80;
    }
    if (is_ascii) {
        return str_trim(s);
    }
    struct buf buf = BUF_EMPTY;
    for (uint32_t c; utf8_next(&c, &s);) {
        bool is_wide = c >= 0xff01 && c <= 0xff5e;
        bool is_minus = c == 0x2212; /* as word processors write it */
        utf8_add(&buf, is_wide                    ? c - 0xff01 + '!'
                       : c == 0x3000 || c == 0xa0 ? ' '
                       : is_minus                 ? '-'
                                                  : c);
    }
    struct str folded = str_trim(arena_copy(arena, buf_str(&buf)));
    buf_free(&buf);
    return folded;
}

/* A decimal number taken apart; the digits of the integer part without separators. */
struct decimal {
    bool is_negative, is_plain;
    char whole[DIGITS_MAX + 1];
    size_t whole_count;
    struct str fraction;
};

/* 12345 or 12,345: in groups of three behind the first. */
static enum number_result take_whole(struct decimal *out, struct str *rest)
{
    size_t group = 0;
    bool is_grouped = false;
    for (; rest->n > 0 && (is_digit(rest->p[0]) || rest->p[0] == ','); *rest = str_from(*rest, 1)) {
        if (rest->p[0] == ',') {
            bool is_right = is_grouped ? group == 3 : group >= 1 && group <= 3;
            if (!is_right) {
                return NUMBER_RESULT_BAD;
            }
            is_grouped = true;
            group = 0;
            continue;
        }
        group++;
        if (out->whole_count == DIGITS_MAX) {
            return NUMBER_RESULT_LARGE;
        }
        out->whole[out->whole_count++] = rest->p[0];
    }
    if (out->whole_count == 0 || (is_grouped && group != 3)) {
        return NUMBER_RESULT_BAD;
    }
    return is_grouped ? NUMBER_RESULT_KIND : NUMBER_RESULT_PLAIN;
}

static enum number_result take_decimal(struct decimal *out, struct str s)
{
    *out = (struct decimal){0};
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
        out->is_negative = s.p[0] == '-';
        s = str_from(s, 1);
    }
    enum number_result result = take_whole(out, &s);
    if (result < NUMBER_RESULT_KIND || s.n == 0) {
        return result;
    }
    if (s.p[0] != '.' || s.n == 1) {
        return NUMBER_RESULT_BAD;
    }
    out->fraction = str_from(s, 1);
    for (size_t i = 0; i < out->fraction.n; i++) {
        if (!is_digit(out->fraction.p[i])) {
            return NUMBER_RESULT_BAD;
        }
    }
    return out->fraction.n > DIGITS_MAX ? NUMBER_RESULT_LARGE : result;
}

static int64_t whole_of(const struct decimal *decimal)
{
    int64_t value = 0;
    for (size_t i = 0; i < decimal->whole_count; i++) {
        value = value * 10 + (decimal->whole[i] - '0');
    }
    return decimal->is_negative ? -value : value;
}

static enum number_result kinder(enum number_result result, bool is_kind)
{
    return result == NUMBER_RESULT_PLAIN && is_kind ? NUMBER_RESULT_KIND : result;
}

enum number_result number_integer(int64_t *out, struct arena *arena, struct str s)
{
    struct decimal decimal;
    struct str folded = number_fold(arena, s);
    enum number_result result = take_decimal(&decimal, folded);
    if (result < NUMBER_RESULT_KIND || decimal.fraction.n > 0) {
        return result < NUMBER_RESULT_KIND ? result : NUMBER_RESULT_BAD;
    }
    *out = whole_of(&decimal);
    return kinder(result, !str_equal(folded, str_trim(s)));
}

enum number_result number_decimal(struct str *text, int64_t *out, struct arena *arena, struct str s)
{
    struct decimal decimal;
    struct str folded = number_fold(arena, s);
    enum number_result result = take_decimal(&decimal, folded);
    if (result < NUMBER_RESULT_KIND) {
        return result;
    }
    *out = whole_of(&decimal);
    *text = arena_printf(arena, "%s%.*s%s%.*s", decimal.is_negative ? "-" : "",
                         (int)decimal.whole_count, decimal.whole, decimal.fraction.n > 0 ? "." : "",
                         STR_ARG(decimal.fraction));
    return kinder(result, !str_equal(folded, str_trim(s)));
}

/* Takes the signs of money away from both ends. */
static struct str without_currency(struct str s)
{
    static const struct str before[] = {
        {"\xc2\xa5", 2}, {"\xef\xbf\xa5", 3}, {"人民币", 9}, {"RMB", 3}};
    static const struct str behind[] = {{"元整", 6}, {"元", 3}};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        if (str_starts(s, before[i])) {
            s = str_trim(str_from(s, before[i].n));
            break;
        }
    }
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        if (str_ends(s, behind[i])) {
            return str_trim(str_slice(s, 0, s.n - behind[i].n));
        }
    }
    return s;
}

enum number_result number_scaled(int64_t *out, struct arena *arena, struct str s, int places)
{
    enum { DIGITS_OF_INT64 = 18 };
    struct decimal decimal;
    struct str bare = without_currency(number_fold(arena, s));
    enum number_result result = take_decimal(&decimal, bare);
    if (result < NUMBER_RESULT_KIND) {
        return result;
    }
    for (size_t i = (size_t)places; i < decimal.fraction.n; i++) {
        if (decimal.fraction.p[i] != '0') {
            return NUMBER_RESULT_DECIMALS;
        }
    }
    if (decimal.whole_count + (size_t)places > DIGITS_OF_INT64) {
        return NUMBER_RESULT_LARGE;
    }
    bool is_negative = decimal.is_negative;
    decimal.is_negative = false;
    int64_t value = whole_of(&decimal);
    for (size_t i = 0; i < (size_t)places; i++) {
        value = value * 10 + (i < decimal.fraction.n ? decimal.fraction.p[i] - '0' : 0);
    }
    *out = is_negative ? -value : value;
    return kinder(result, !str_equal(bare, str_trim(s)));
}

enum number_result number_money(int64_t *fen, struct arena *arena, struct str s)
{
    return number_scaled(fen, arena, s, 2);
}

/* Three numbers, or eight digits: somebody meant a date. */
static bool looks_like_date(struct str s)
{
    size_t numbers = 0, digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits += is_digit(s.p[i]);
        numbers += is_digit(s.p[i]) && (i == 0 || !is_digit(s.p[i - 1]));
    }
    return numbers == 3 || (numbers == 1 && digits == 8 && s.n == 8);
}

/* Three numbers, none of which has the four digits of a year: 26.11.5, 5/11/26. */
static bool has_short_year(struct str s)
{
    size_t digits = 0, longest = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits = is_digit(s.p[i]) ? digits + 1 : 0;
        longest = digits > longest ? digits : longest;
    }
    return longest <= 2;
}

/* Cuts " 10:00", "T10:00:00+08:00" and the like off. */
static struct str without_time(struct str s)
{
    size_t at = 0;
    while (at < s.n && s.p[at] != 'T' && s.p[at] != 't' && s.p[at] != ' ') {
        at++;
    }
    struct str time = str_from(s, at < s.n ? at + 1 : s.n);
    for (size_t i = 0; i < time.n; i++) {
        if (!is_digit(time.p[i]) && strchr(":.+-Zz ", time.p[i]) == NULL) {
            return s;
        }
    }
    bool has_clock = time.n == 0 || str_find_char(time, ':') >= 0;
    return has_clock ? str_slice(s, 0, at) : s;
}

static struct str without_blanks(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ') {
            copy[n++] = s.p[i];
        }
    }
    return (struct str){copy, n};
}

enum number_result number_date(struct date *out, struct arena *arena, struct str s)
{
    if (date_parse(out, s)) {
        return NUMBER_RESULT_PLAIN;
    }
    struct str folded = number_fold(arena, s);
    if (str_find(folded, STR("年")) >= 0) {
        folded = without_blanks(arena, folded);
    }
    struct str day = without_time(folded);
    if (date_parse(out, day)) {
        return kinder(NUMBER_RESULT_PLAIN, !str_starts(str_trim(s), day));
    }
    if (date_parse_loose(out, day)) {
        return NUMBER_RESULT_KIND;
    }
    if (looks_like_date(day)) {
        return has_short_year(day) ? NUMBER_RESULT_SHORT : NUMBER_RESULT_NO_DAY;
    }
    return NUMBER_RESULT_BAD;
}

/* "14:30", "14点30分", "14点" and "14时": two numbers, the second 0 where it is left out. */
static bool cut_time(long *hour, long *minute, struct str s)
{
    static const struct str marks[] = {{":", 1}, {"点", 3}, {"时", 3}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        ptrdiff_t at = str_find(s, marks[i]);
        if (at < 1) {
            continue;
        }
        struct str rest = str_from(s, (size_t)at + marks[i].n);
        if (str_ends(rest, STR("分"))) {
            rest = str_slice(rest, 0, rest.n - 3);
        }
        *hour = str_number(str_slice(s, 0, (size_t)at), 23);
        *minute = rest.n == 0 && i > 0 ? 0 : rest.n <= 2 ? str_number(rest, 59) : -1;
        return at <= 2 && *hour >= 0 && *minute >= 0;
    }
    return false;
}

enum number_result number_time(struct str *text, int64_t *minutes, struct arena *arena,
                               struct str s)
{
    long hour, minute;
    if (!cut_time(&hour, &minute, without_blanks(arena, number_fold(arena, s)))) {
        return NUMBER_RESULT_BAD;
    }
    *minutes = hour * 60 + minute;
    *text = arena_printf(arena, "%02ld:%02ld", hour, minute);
    return str_equal(*text, s) ? NUMBER_RESULT_PLAIN : NUMBER_RESULT_KIND;
}

/* What may stand behind the year, and the first month of the period it means. */
static const struct part {
    const char *text, *plain;
    int month;
} parts[] = {
    {"", "", 1},
    {"年", "", 1},
    {"年度", "", 1},
    {"-h1", "-H1", 1},
    {"-h2", "-H2", 7},
    {"年上半年", "-H1", 1},
    {"年下半年", "-H2", 7},
    {"-q1", "-Q1", 1},
    {"-q2", "-Q2", 4},
    {"-q3", "-Q3", 7},
    {"-q4", "-Q4", 10},
    {"q1", "-Q1", 1},
    {"q2", "-Q2", 4},
    {"q3", "-Q3", 7},
    {"q4", "-Q4", 10},
    {"h1", "-H1", 1},
    {"h2", "-H2", 7},
    {"年一季度", "-Q1", 1},
    {"年二季度", "-Q2", 4},
    {"年三季度", "-Q3", 7},
    {"年四季度", "-Q4", 10},
    {"年1季度", "-Q1", 1},
    {"年2季度", "-Q2", 4},
    {"年3季度", "-Q3", 7},
    {"年4季度", "-Q4", 10},
    {"年第一季度", "-Q1", 1},
    {"年第二季度", "-Q2", 4},
    {"年第三季度", "-Q3", 7},
    {"年第四季度", "-Q4", 10},
};

/* -09, /9, .9 or 年9月: 1 to 12, else 0. */
static int month_of(struct str s)
{
    if (str_starts(s, STR("年")) && str_ends(s, STR("月"))) {
        s = str_slice(s, 3, s.n - 3);
    } else if (s.n > 1 && strchr("-/.", s.p[0]) != NULL) {
        s = str_from(s, 1);
    } else {
        return 0;
    }
    long month = s.n <= 2 ? str_number(s, 12) : 0;
    return month < 1 ? 0 : (int)month;
}

enum number_result number_period(struct str *text, struct date *first, struct arena *arena,
                                 struct str s)
{
    struct str folded = without_blanks(arena, number_fold(arena, s));
    long year = folded.n >= 4 ? str_number(str_slice(folded, 0, 4), 9999) : 0;
    if (year < 1) {
        return NUMBER_RESULT_BAD;
    }
    struct str rest = str_from(folded, 4);
    *first = (struct date){(int)year, month_of(rest), 1};
    *text = arena_printf(arena, "%04ld-%02d", year, first->month);
    for (size_t i = 0; first->month == 0 && i < sizeof parts / sizeof parts[0]; i++) {
        if (str_equal_nocase(rest, str_of(parts[i].text))) {
            first->month = parts[i].month;
            *text = arena_printf(arena, "%04ld%s", year, parts[i].plain);
        }
    }
    if (first->month == 0) {
        return NUMBER_RESULT_BAD;
    }
    return str_equal(*text, s) ? NUMBER_RESULT_PLAIN : NUMBER_RESULT_KIND;
}
