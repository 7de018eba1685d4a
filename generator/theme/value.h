/*
 * value: what a template shows. Bytes and values in, bytes out: theme/ knows nothing of records.
 *
 * Values live in an arena. Text stays raw; markup, which is finished HTML, has a type of its own
 * and is the only thing that a template may show unescaped.
 */
#ifndef THEME_VALUE_H
#define THEME_VALUE_H

#include "base/arena.h"

#include <stdint.h>

struct value;

/* HTML that is safe as it is. Made only by those who made it so. */
struct markup {
    struct str html;
};

/*
 * A name made ready for comparing: its length and first seven bytes in one word. It stands here
 * since a constant's is made by the compiler.
 */
struct key {
    uint64_t tag;
    struct str text;
};

enum { KEY_TAG_BYTES = 7 };

static inline struct key key_of(struct str text)
{
    uint64_t tag = (uint64_t)(text.n & 0xff) << 8 * KEY_TAG_BYTES;
    for (size_t i = 0; i < KEY_TAG_BYTES && i < text.n; i++) {
        tag |= (uint64_t)(unsigned char)text.p[i] << 8 * i;
    }
    return (struct key){tag, text};
}

struct value *value_text(struct arena *arena, struct str text);
struct value *value_markup(struct arena *arena, struct markup markup);
struct value *value_int(struct arena *arena, int64_t number);
struct value *value_bool(struct arena *arena, bool is_true);
struct value *value_list(struct arena *arena);
struct value *value_map(struct arena *arena);

/*
 * In a section an empty text, empty markup, 0, false, NULL and an empty list are false; a map is
 * true. A boolean that is shown reads "true" or "false"; lists and maps show nothing.
 */

/* Adds to a list. */
void value_add(struct arena *arena, struct value *list, struct value *item);

/* Sets a key of a map; the first of two equal keys wins. `key` is a constant or lives as long. */
void value_set_key(struct arena *arena, struct value *map, struct key key,
                   const struct value *item);

static inline void value_set(struct arena *arena, struct value *map, const char *key,
                             const struct value *item)
{
    value_set_key(arena, map, key_of(str_of(key)), item);
}

/* Sets every key of another map; those that stand here already win. */
void value_copy(struct arena *arena, struct value *map, const struct value *from);

/* value_set for the commonest types; an empty text counts as false in a section. */
void value_set_key_text(struct arena *arena, struct value *map, struct key key, struct str text);
void value_set_int(struct arena *arena, struct value *map, const char *key, int64_t number);
void value_set_key_bool(struct arena *arena, struct value *map, struct key key, bool is_true);

static inline void value_set_text(struct arena *arena, struct value *map, const char *key,
                                  struct str text)
{
    value_set_key_text(arena, map, key_of(str_of(key)), text);
}

static inline void value_set_bool(struct arena *arena, struct value *map, const char *key,
                                  bool is_true)
{
    value_set_key_bool(arena, map, key_of(str_of(key)), is_true);
}

#endif
