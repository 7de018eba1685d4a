#include "check/personal_kind.h"

/* How people group the eleven places. */
static bool is_usual_grouping(const struct personal_number *number, size_t prefix)
{
    static const unsigned char usual[][4] = {{11},      {3, 4, 4}, {3, 8}, {7, 4},      {3, 3, 5},
                                             {4, 4, 3}, {5, 6},    {6, 5}, {3, 2, 2, 4}};
    size_t first = prefix > 0 && number->group[0] == prefix ? 1 : 0;
    size_t taken = first == 1 ? 0 : prefix; /* the prefix stands in the first group */
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        size_t k = 0;
        bool is_cut = taken > 1 && usual[i][0] > 3 && usual[i][1] > 0; /* 010-86139188 12345 */
        while (k < 4 && !is_cut && usual[i][k] != 0 && first + k < number->group_count &&
               usual[i][k] + (k == 0 ? taken : 0) == number->group[first + k]) {
            k++;
        }
        if (first + k == number->group_count && (k == 4 || usual[i][k] == 0)) {
            return true;
        }
    }
    return number->group_count == number->count;
}

static enum personal_shape shape_of(const struct personal_number *number, size_t prefix)
{
    bool is_usual = is_usual_grouping(number, prefix);
    bool is_out_of_others =
        number->edge == NORMALISE_GAP_SOFT &&
        (number->gap == NORMALISE_GAP_STRONG || (number->gap == number->edge && !number->is_even));
    bool is_odd_prefix = prefix > 0 && !is_usual; /* "400-018-2826 12317" */
    if (is_odd_prefix || is_out_of_others) {
        return PERSONAL_SHAPE_NONE; /* "400-183-0012, 0999-5554941" */
    }
    if (number->gap <= NORMALISE_GAP_SILENT || (number->gap == NORMALISE_GAP_SOFT && is_usual)) {
        return number->gap <= NORMALISE_GAP_SILENT || number->is_even ? PERSONAL_SHAPE_CERTAIN
                                                                      : PERSONAL_SHAPE_DOUBTFUL;
    }
    if (number->is_wrapped && (is_usual || number->group_count == 2)) {
        return is_usual ? PERSONAL_SHAPE_CERTAIN : PERSONAL_SHAPE_DOUBTFUL;
    }
    /* Columns of figures add up to eleven places all the time. */
    if (number->gap == NORMALISE_GAP_STRONG && !is_usual && !number->is_whole_run) {
        return PERSONAL_SHAPE_NONE;
    }
    bool is_likely = is_usual && number->is_even && number->is_whole_run;
    return is_likely ? PERSONAL_SHAPE_DOUBTFUL : PERSONAL_SHAPE_WEAK;
}

enum personal_shape personal_mobile_shape(const struct personal_number *number)
{
    static const struct {
        size_t n;
        unsigned char digits[4];
    } prefixes[] = {{0, {0}}, {1, {0}}, {2, {8, 6}}, {4, {0, 0, 8, 6}}};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t n = prefixes[i].n;
        bool is_alike = number->count == 11 + n;
        for (size_t k = 0; k < n && is_alike; k++) {
            is_alike = number->values[k] == prefixes[i].digits[k];
        }
        const unsigned char *v = number->values + n;
        if (is_alike && v[0] == 1 && v[1] >= 3) {
            enum personal_shape shape = shape_of(number, n);
            return n == 1 && shape > PERSONAL_SHAPE_DOUBTFUL ? PERSONAL_SHAPE_DOUBTFUL : shape;
        }
    }
    return PERSONAL_SHAPE_NONE;
}
