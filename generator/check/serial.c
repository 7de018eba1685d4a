#include "check/serial.h"

#include <string.h>

/* How many places a number has: eleven with up to four before them, or fifteen to nineteen. */
static bool is_length(size_t places)
{
    return places >= NUMBER_PLACES_MIN && places <= NUMBER_PLACES_MAX && places != 14;
}

size_t serial_end(struct str s, size_t at)
{
    size_t ends[NUMBER_PLACES_MAX + 1] = {0}, groups = 1, i = at;
    for (; i < s.n; i++) {
        bool is_joint = s.p[i] == '-' || s.p[i] == '.';
        if (!serial_is_digit(s, i) && !(is_joint && serial_is_digit(s, i + 1))) {
            break;
        }
        if (is_joint && groups == NUMBER_PLACES_MAX) {
            return at;
        }
        groups += is_joint;
        ends[groups] = is_joint ? ends[groups - 1] : ends[groups] + 1;
    }
    for (size_t from = 0; from < groups; from++) {
        for (size_t to = from + 1; to <= groups; to++) {
            if (is_length(ends[to] - ends[from])) {
                return at;
            }
        }
    }
    bool is_closed = i < s.n && s.p[i] != '\0' && strchr("\"'/:=?#", s.p[i]) != NULL;
    return is_closed ? i : at;
}
