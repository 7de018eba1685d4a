#include "theme/names.h"

enum { FIRST_SLOTS = 64 };

/* FNV-1a: names are short, and come from the theme alone. */
static uint32_t hash(struct str name)
{
    uint32_t value = 2166136261u;
    for (size_t i = 0; i < name.n; i++) {
        value = (value ^ (unsigned char)name.p[i]) * 16777619u;
    }
    return value;
}

/* The slot where `name` is, or the free one where it belongs. */
static size_t find_slot(const struct names *names, struct str name)
{
    size_t at = hash(name) & (names->slot_count - 1);
    while (names->slots[at] != 0 && !str_equal(names->all[names->slots[at] - 1], name)) {
        at = (at + 1) & (names->slot_count - 1);
    }
    return at;
}

static void grow_slots(struct arena *arena, struct names *names)
{
    names->slot_count = names->slot_count == 0 ? FIRST_SLOTS : names->slot_count * 2;
    names->slots = arena_array(arena, names->slot_count, sizeof *names->slots);
    for (size_t i = 0; i < names->count; i++) {
        names->slots[find_slot(names, names->all[i])] = (uint32_t)i + 1;
    }
}

ptrdiff_t names_find(const struct names *names, struct str name)
{
    if (names->count == 0) {
        return NAMES_NONE;
    }
    return (ptrdiff_t)names->slots[find_slot(names, name)] - 1;
}

size_t names_add(struct arena *arena, struct names *names, struct str name)
{
    if (names->count * 2 >= names->slot_count) {
        grow_slots(arena, names);
    }
    size_t slot = find_slot(names, name);
    if (names->slots[slot] == 0) {
        names->all = arena_grow(arena, names->all, names->count, sizeof *names->all);
        names->all[names->count++] = name;
        names->slots[slot] = (uint32_t)names->count;
    }
    return names->slots[slot] - 1;
}
