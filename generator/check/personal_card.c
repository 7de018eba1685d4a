#include "check/personal_kind.h"

static bool is_luhn(const struct personal_number *number)
{
    unsigned sum = 0;
    for (size_t i = 0; i < number->count; i++) {
        unsigned value = number->values[number->count - 1 - i];
        value = i % 2 == 1 ? value * 2 : value;
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

static bool is_in_fours(const struct personal_number *number)
{
    for (size_t i = 0; i + 1 < number->group_count; i++) {
        if (number->group[i] != 4 && number->group_count != number->count &&
            !(number->group_count == 2 && number->group[0] == 6)) {
            return false;
        }
    }
    return true;
}

/* As people please: 6-4-4-4, 6-10-3. Groups of seven and eight are landlines, long ones amounts. */
static bool is_grouped(const struct personal_number *number)
{
    for (size_t i = 0; i + 1 < number->group_count; i++) {
        if (number->group[i] < 3 || number->group[i] == 7 || number->group[i] == 8 ||
            number->group[i] > 10) {
            return false;
        }
    }
    return number->is_even && number->is_whole_run;
}

enum personal_shape personal_card_shape(const struct personal_number *number)
{
    const unsigned char *v = number->values;
    bool is_union = v[0] == 6 && v[1] == 2;
    bool is_other = (v[0] >= 3 && v[0] <= 6) || (v[0] == 9 && v[1] == 5);
    if (!is_union && !is_other) {
        return PERSONAL_SHAPE_NONE;
    }
    if (!is_luhn(number)) {
        return number->gap <= NORMALISE_GAP_SILENT ? PERSONAL_SHAPE_LABELLED : PERSONAL_SHAPE_NONE;
    }
    /* Dates and amounts of a table add up to such numbers: 6, 2026-01-27, 01-006, 2025. */
    if (is_union && number->is_wrapped) {
        return PERSONAL_SHAPE_CERTAIN;
    }
    bool is_strong = number->gap == NORMALISE_GAP_STRONG;
    if (is_strong && !(number->is_whole_run && is_in_fours(number))) {
        return is_in_fours(number) ? PERSONAL_SHAPE_WEAK : PERSONAL_SHAPE_NONE;
    }
    if (!is_union) {
        if (number->gap == NORMALISE_GAP_SOFT && !is_in_fours(number)) {
            return PERSONAL_SHAPE_NONE;
        }
        bool is_written = number->count == 16 && number->gap <= NORMALISE_GAP_SOFT;
        return is_written && is_in_fours(number) ? PERSONAL_SHAPE_DOUBTFUL : PERSONAL_SHAPE_WEAK;
    }
    return number->gap <= NORMALISE_GAP_SILENT || (number->gap == NORMALISE_GAP_SOFT &&
                                                   (is_in_fours(number) || is_grouped(number)))
               ? PERSONAL_SHAPE_CERTAIN
               : PERSONAL_SHAPE_DOUBTFUL;
}
