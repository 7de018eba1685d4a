#include "search/tally.h"

#include <stdint.h>

static size_t hash(struct str key)
{
    uint32_t value = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < key.n; i++) {
        value = (value ^ (unsigned char)key.p[i]) * 16777619u;
    }
    return value;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct tally_entry **find_slot(const struct tally *tally, struct str key)
{
    size_t at = hash(key) & (tally->capacity - 1);
    while (tally->slots[at] != NULL && !str_equal(tally->slots[at]->key, key)) {
        at = (at + 1) & (tally->capacity - 1);
    }
    return &tally->slots[at];
}

static void grow(struct tally *tally, struct arena *arena)
{
    struct tally old = *tally;
    tally->capacity = old.capacity > 0 ? old.capacity * 2 : 64;
    tally->slots = arena_array(arena, tally->capacity, sizeof(struct tally_entry *));
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.slots[i] != NULL) {
            *find_slot(tally, old.slots[i]->key) = old.slots[i];
        }
    }
}

struct tally_entry *tally_find(struct tally *tally, struct arena *arena, struct str key,
                               bool *is_new)
{
    if (tally->count * 2 >= tally->capacity) {
        grow(tally, arena);
    }
    struct tally_entry **slot = find_slot(tally, key);
    *is_new = *slot == NULL;
    if (*is_new) {
        *slot = arena_alloc(arena, sizeof(struct tally_entry));
        (*slot)->key = arena_copy(arena, key);
        tally->count++;
    }
    return *slot;
}

struct tally_entry **tally_list(const struct tally *tally, struct arena *arena, size_t *count)
{
    struct tally_entry **list = arena_array(arena, tally->count + 1, sizeof(*list));
    *count = 0;
    for (size_t i = 0; i < tally->capacity; i++) {
        struct tally_entry *entry = tally->slots[i];
        if (entry != NULL && entry->count > 0 && entry->key.n > 0) {
            list[(*count)++] = entry;
        }
    }
    return list;
}
