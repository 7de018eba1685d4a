#include "base/date.h"

#include <stdio.h>
#include <string.h>

static const char weekdays[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

enum { DAY_SECONDS = 86400, ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_is_valid(struct date date)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    int length = lengths[date.month - 1] + (date.month == 2 && is_leap(date.year));
    return date.day <= length;
}

/* Counting years from March puts the leap day last, so that month lengths follow one formula. */
int64_t date_to_days(struct date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

struct date date_from_days(int64_t days)
{
    days += EPOCH_SHIFT;
    int64_t era = (days >= 0 ? days : days - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t day_of_era = days - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct date date = {
        .year = (int)(year_of_era + era * 400 + (month >= 10)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return date;
}

static int64_t floor_days(int64_t seconds)
{
    int64_t days = seconds / DAY_SECONDS;
    return days - (seconds % DAY_SECONDS < 0);
}

struct date date_from_moment(int64_t moment, int offset)
{
    return date_from_days(floor_days(moment + offset));
}

static bool is_digit(struct str s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* The number of `least` to `most` digits at the front of `rest`, moved past it; -1 if none. */
static int take_number(struct str *rest, size_t least, size_t most)
{
    size_t n = 0;
    while (n < most && is_digit(*rest, n)) {
        n++;
    }
    if (n < least) {
        return -1;
    }
    int value = (int)str_number(str_slice(*rest, 0, n), 99999999);
    *rest = str_from(*rest, n);
    return value;
}

static bool take(struct str *rest, struct str what)
{
    if (!str_starts(*rest, what)) {
        return false;
    }
    *rest = str_from(*rest, what.n);
    return true;
}

bool date_parse(struct date *out, struct str s)
{
    struct date date;
    date.year = take_number(&s, 4, 4);
    if (date.year < 0 || !take(&s, STR("-"))) {
        return false;
    }
    date.month = take_number(&s, 2, 2);
    if (date.month < 0 || !take(&s, STR("-"))) {
        return false;
    }
    date.day = take_number(&s, 2, 2);
    if (date.day < 0 || s.n > 0 || !date_is_valid(date)) {
        return false;
    }
    *out = date;
    return true;
}

/* How the parts of a date are kept apart; the last row has nothing between two-digit parts. */
static const struct form {
    struct str after_year, after_month, after_day;
    size_t least_digits;
} forms[] = {
    {{"-", 1}, {"-", 1}, {"", 0}, 1},     {{"/", 1}, {"/", 1}, {"", 0}, 1},
    {{".", 1}, {".", 1}, {"", 0}, 1},     {{"_", 1}, {"_", 1}, {"", 0}, 1},
    {{"年", 3}, {"月", 3}, {"日", 3}, 1}, {{"", 0}, {"", 0}, {"", 0}, 2},
};

static bool take_form(struct date *out, struct str *rest, const struct form *form)
{
    struct str s = *rest;
    struct date date;
    date.year = take_number(&s, 4, 4);
    if (date.year < 0 || !take(&s, form->after_year)) {
        return false;
    }
    date.month = take_number(&s, form->least_digits, 2);
    if (date.month < 0 || !take(&s, form->after_month)) {
        return false;
    }
    date.day = take_number(&s, form->least_digits, 2);
    if (date.day < 0 || !take(&s, form->after_day) || !date_is_valid(date)) {
        return false;
    }
    *out = date;
    *rest = s;
    return true;
}

static bool take_any_form(struct date *out, struct str *rest)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (take_form(out, rest, &forms[i])) {
            return true;
        }
    }
    return false;
}

bool date_parse_loose(struct date *out, struct str s)
{
    struct date date;
    if (!take_any_form(&date, &s) || s.n > 0) {
        return false;
    }
    *out = date;
    return true;
}

/* 2026-09 or 2026年9月: the first day of the month. */
static bool take_month(struct date *out, struct str *rest)
{
    struct str s = *rest;
    struct date date = {.day = 1};
    date.year = take_number(&s, 4, 4);
    bool is_chinese = take(&s, STR("年"));
    if (date.year < 0 || (!is_chinese && !take(&s, STR("-")))) {
        return false;
    }
    date.month = take_number(&s, is_chinese ? 1 : 2, 2);
    if (date.month < 0 || (is_chinese && !take(&s, STR("月"))) || !date_is_valid(date)) {
        return false;
    }
    *out = date;
    *rest = s;
    return true;
}

bool date_find(struct date *out, struct str name)
{
    for (size_t at = 0; at < name.n; at++) {
        if (!is_digit(name, at) || (at > 0 && is_digit(name, at - 1))) {
            continue;
        }
        struct str rest = str_from(name, at);
        if (take_any_form(out, &rest) && !is_digit(rest, 0)) {
            return true;
        }
        rest = str_from(name, at);
        bool is_month = take_month(out, &rest) && !is_digit(rest, 0);
        bool has_day = str_starts(rest, STR("-")) && is_digit(rest, 1);
        if (is_month && !has_day) {
            return true;
        }
    }
    return false;
}

/* Every page has a dozen dates: printf takes ten times as long. The last digits of `number`. */
static char *put_digits(char *end, int number, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        end[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return end + digits;
}

static char *put_text(char *end, const char *text)
{
    size_t n = strlen(text);
    memcpy(end, text, n + 1);
    return end + n;
}

/* Moments of commits may lie in any year. */
static char *put_year(char *end, int year)
{
    if (year >= 0 && year <= 9999) {
        return put_digits(end, year, 4);
    }
    enum { YEAR_SIZE = 12 };
    return end + snprintf(end, YEAR_SIZE, "%04d", year);
}

static char *put_date(char *end, struct date date)
{
    end = put_text(put_year(end, date.year), "-");
    end = put_text(put_digits(end, date.month, 2), "-");
    return put_digits(end, date.day, 2);
}

const char *date_format(char out[DATE_TEXT_SIZE], struct date date)
{
    *put_date(out, date) = '\0';
    return out;
}

struct clock {
    struct date date;
    const char *weekday;
    int hour, minute, second;
};

static struct clock clock_of(int64_t moment, int offset)
{
    int64_t local = moment + offset;
    int64_t days = floor_days(local);
    int seconds = (int)(local - days * DAY_SECONDS);
    return (struct clock){date_from_days(days), weekdays[((days % 7) + 7) % 7], seconds / 3600,
                          seconds / 60 % 60, seconds % 60};
}

static char *put_time(char *end, const struct clock *clock)
{
    end = put_text(put_digits(end, clock->hour, 2), ":");
    end = put_text(put_digits(end, clock->minute, 2), ":");
    return put_digits(end, clock->second, 2);
}

/* "+0800", or "+08:00" with a colon between. */
static char *put_offset(char *end, int offset, const char *between)
{
    int minutes = (offset < 0 ? -offset : offset) / 60;
    end = put_digits(put_text(end, offset < 0 ? "-" : "+"), minutes / 60 % 24, 2);
    return put_digits(put_text(end, between), minutes % 60, 2);
}

/* "Thu, 01 Jan 1970 08:00:00 " */
static char *put_long(char *end, const struct clock *clock)
{
    end = put_text(put_text(end, clock->weekday), ", ");
    end = put_text(put_digits(end, clock->date.day, 2), " ");
    end = put_text(put_text(end, months[clock->date.month - 1]), " ");
    end = put_text(put_year(end, clock->date.year), " ");
    return put_text(put_time(end, clock), " ");
}

const char *date_format_rfc822(char out[DATE_TEXT_SIZE], int64_t moment, int offset)
{
    struct clock clock = clock_of(moment, offset);
    *put_offset(put_long(out, &clock), offset, "") = '\0';
    return out;
}

const char *date_format_rfc3339(char out[DATE_TEXT_SIZE], int64_t moment, int offset)
{
    struct clock clock = clock_of(moment, offset);
    char *end = put_time(put_text(put_date(out, clock.date), "T"), &clock);
    end = offset == 0 ? put_text(end, "Z") : put_offset(end, offset, ":");
    *end = '\0';
    return out;
}

const char *date_format_http(char out[DATE_TEXT_SIZE], int64_t moment)
{
    struct clock clock = clock_of(moment, 0);
    put_text(put_long(out, &clock), "GMT");
    return out;
}
