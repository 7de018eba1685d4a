#include "base/date.h"
#include "check/personal_kind.h"

enum { YEAR_FIRST = 1900, YEAR_LAST = 2099 };

static bool is_province(unsigned code)
{
    static const unsigned char codes[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                          35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                          53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
    for (size_t i = 0; i < sizeof codes; i++) {
        if (code == codes[i]) {
            return true;
        }
    }
    return false;
}

static int decimal(const unsigned char *values, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number * 10 + values[i];
    }
    return number;
}

static bool is_person(const unsigned char *v, int year, const unsigned char *day)
{
    struct date date = {year, decimal(day, 2), decimal(day + 2, 2)};
    return is_province(v[0] * 10U + v[1]) && year >= YEAR_FIRST && year <= YEAR_LAST &&
           date_is_valid(date);
}

/* A row of a ledger, "350000 | 2026-01-05 | 1001": what would be the day of birth is a date. */
static bool is_date_between(const struct personal_number *number)
{
    size_t at = 0, i = 0;
    while (i < number->group_count && at < 6) {
        at += number->group[i++];
    }
    return number->gap == NORMALISE_GAP_STRONG && !number->is_even && at == 6 &&
           i + 3 < number->group_count && number->group[i] == 4 && number->group[i + 1] == 2 &&
           number->group[i + 2] == 2;
}

/* GB 11643-1999: the sum of the weighted places, check digit included, is 1 modulo 11. */
enum personal_shape personal_identity_shape(const struct personal_number *number)
{
    static const unsigned char weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1};
    const unsigned char *v = number->values;
    unsigned sum = 0;
    for (size_t i = 0; i < 18; i++) {
        sum += (unsigned)weights[i] * v[i];
    }
    if (!is_person(v, decimal(v + 6, 4), v + 10)) {
        return PERSONAL_SHAPE_NONE;
    }
    if (sum % 11 == 1) {
        return is_date_between(number) ? PERSONAL_SHAPE_WEAK : PERSONAL_SHAPE_CERTAIN;
    }
    return PERSONAL_SHAPE_LABELLED;
}

enum personal_shape personal_old_identity_shape(const struct personal_number *number)
{
    const unsigned char *v = number->values;
    return is_person(v, 1900 + decimal(v + 6, 2), v + 8) ? PERSONAL_SHAPE_LABELLED
                                                         : PERSONAL_SHAPE_NONE;
}
