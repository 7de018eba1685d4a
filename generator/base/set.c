#include "base/set.h"

#include <stdlib.h>

static size_t hash(struct str s)
{
    uint64_t value = 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < s.n; i++) {
        value = (value ^ (unsigned char)s.p[i]) * 0x100000001b3u;
        value ^= value >> 29;
    }
    return (size_t)(value >> 7);
}

/* The slot that holds the string, or the free one where it would go. */
static uint32_t *find(const struct set *set, struct str s)
{
    for (size_t i = hash(s);; i++) {
        uint32_t *slot = &set->slots[i & (set->slot_count - 1)];
        if (*slot == 0 || str_equal(set->items[*slot - 1], s)) {
            return slot;
        }
    }
}

static void fill_slots(struct set *set, size_t slot_count)
{
    free(set->slots);
    set->slot_count = slot_count;
    set->slots = calloc(slot_count, sizeof *set->slots);
    if (set->slots == NULL) {
        arena_out_of_memory();
    }
    for (size_t i = 0; i < set->count; i++) {
        *find(set, set->items[i]) = (uint32_t)i + 1;
    }
}

bool set_add(struct set *set, struct str s)
{
    if (set->count * 2 >= set->slot_count) {
        fill_slots(set, set->slot_count == 0 ? 64 : set->slot_count * 2);
    }
    uint32_t *slot = find(set, s);
    if (*slot != 0) {
        return false;
    }
    set->items = arena_grow(&set->arena, set->items, set->count, sizeof *set->items);
    set->items[set->count++] = arena_copy(&set->arena, s);
    *slot = (uint32_t)set->count;
    return true;
}

bool set_has(const struct set *set, struct str s)
{
    return set->count > 0 && *find(set, s) != 0;
}

static int compare(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    return str_compare(*x, *y);
}

void set_sort(struct set *set)
{
    if (set->count > 1) {
        qsort(set->items, set->count, sizeof *set->items, compare);
        fill_slots(set, set->slot_count);
    }
}

void set_free(struct set *set)
{
    free(set->slots);
    arena_free(&set->arena);
    *set = (struct set){0};
}
