#include "theme/program.h"

#include <string.h>

/* Its place in the tags of a map: six bits of a product that all bits of the tag go into. */
static uint64_t bit_of(uint64_t tag)
{
    return UINT64_C(1) << (tag * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

bool key_equal(const struct key *a, const struct key *b)
{
    if (a->tag != b->tag || a->text.n != b->text.n) {
        return false;
    }
    return a->text.n <= KEY_TAG_BYTES ||
           memcmp(a->text.p + KEY_TAG_BYTES, b->text.p + KEY_TAG_BYTES,
                  a->text.n - KEY_TAG_BYTES) == 0;
}

bool value_get(const struct value **out, const struct value *map, const struct key *key)
{
    if (map == NULL || map->kind != VALUE_MAP || (map->tags & bit_of(key->tag)) == 0) {
        return false;
    }
    const struct value_entry *end = map->entries + map->count;
    for (const struct value_entry *entry = map->entries; entry < end; entry++) {
        if (key_equal(&entry->key, key)) {
            *out = entry->value;
            return true;
        }
    }
    return false;
}

static struct value *value_new(struct arena *arena, enum value_kind kind)
{
    struct value *value = arena_alloc(arena, sizeof *value);
    value->kind = kind;
    return value;
}

struct value *value_text(struct arena *arena, struct str text)
{
    struct value *value = value_new(arena, VALUE_TEXT);
    value->text = text;
    return value;
}

struct value *value_markup(struct arena *arena, struct markup markup)
{
    struct value *value = value_new(arena, VALUE_MARKUP);
    value->text = markup.html;
    return value;
}

struct value *value_int(struct arena *arena, int64_t number)
{
    struct value *value = value_new(arena, VALUE_INT);
    value->number = number;
    return value;
}

struct value *value_bool(struct arena *arena, bool is_true)
{
    struct value *value = value_new(arena, VALUE_BOOL);
    value->is_true = is_true;
    return value;
}

struct value *value_list(struct arena *arena)
{
    return value_new(arena, VALUE_LIST);
}

struct value *value_map(struct arena *arena)
{
    return value_new(arena, VALUE_MAP);
}

void value_add(struct arena *arena, struct value *list, struct value *item)
{
    list->items = arena_grow(arena, list->items, list->count, sizeof *list->items);
    list->items[list->count++] = item;
}

void value_set_key(struct arena *arena, struct value *map, struct key key, const struct value *item)
{
    map->entries = arena_grow(arena, map->entries, map->count, sizeof *map->entries);
    map->entries[map->count++] = (struct value_entry){key, item};
    map->tags |= bit_of(key.tag);
}

void value_copy(struct arena *arena, struct value *map, const struct value *from)
{
    for (size_t i = 0; i < from->count; i++) {
        map->entries = arena_grow(arena, map->entries, map->count, sizeof *map->entries);
        map->entries[map->count++] = from->entries[i];
    }
    map->tags |= from->tags;
}

void value_set_key_text(struct arena *arena, struct value *map, struct key key, struct str text)
{
    value_set_key(arena, map, key, value_text(arena, text));
}

void value_set_int(struct arena *arena, struct value *map, const char *key, int64_t number)
{
    value_set(arena, map, key, value_int(arena, number));
}

void value_set_key_bool(struct arena *arena, struct value *map, struct key key, bool is_true)
{
    value_set_key(arena, map, key, value_bool(arena, is_true));
}
