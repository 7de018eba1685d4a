#include "search/values.h"

#include <string.h>

struct value_count *values_at(struct values *values, struct arena *arena, size_t number)
{
    if (number >= values->count) {
        size_t count = (number + 32) * 2;
        struct value_count *grown = arena_array(arena, count, sizeof(*grown));
        if (values->count > 0) {
            memcpy(grown, values->v, values->count * sizeof(*grown));
        }
        *values = (struct values){grown, count};
    }
    return &values->v[number];
}
