#include "record/config_index.h"

#include <stdint.h>

struct config_slot {
    struct str name; /* p NULL: free */
    size_t number;
};

void config_names_init(struct config_names *out, struct arena *arena, size_t count)
{
    *out = (struct config_names){.slot_count = 8};
    while (out->slot_count < count * 2) {
        out->slot_count *= 2;
    }
    out->slots = arena_array(arena, out->slot_count, sizeof *out->slots);
}

/* Where `name` stands, or would; there is always a free slot. */
static struct config_slot *slot_of(const struct config_names *names, struct str name)
{
    /* Whoever writes the configuration harms only his own build with chosen names. */
    uint64_t hash = str_hash(name);
    size_t at = (size_t)(hash ^ (hash >> 32)) & (names->slot_count - 1);
    while (names->slots[at].name.p != NULL && !str_equal(names->slots[at].name, name)) {
        at = (at + 1) & (names->slot_count - 1);
    }
    return &names->slots[at];
}

ptrdiff_t config_names_find(const struct config_names *names, struct str name)
{
    if (names->slot_count == 0 || name.n == 0) {
        return -1;
    }
    const struct config_slot *slot = slot_of(names, name);
    return slot->name.p != NULL ? (ptrdiff_t)slot->number : -1;
}

ptrdiff_t config_names_add(struct config_names *names, struct str name, size_t number)
{
    struct config_slot *slot = slot_of(names, name);
    if (slot->name.p != NULL) {
        return (ptrdiff_t)slot->number;
    }
    if (names->count + 1 < names->slot_count) {
        *slot = (struct config_slot){name, number};
        names->count++;
    }
    return -1;
}
