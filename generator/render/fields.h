/*
 * fields: a record's front matter read back from its JSON. Inside render/ only.
 *
 * Nodes live in the render's arena, and borrow from the JSON, which must live as long.
 */
#ifndef RENDER_FIELDS_H
#define RENDER_FIELDS_H

#include "render/render.h"

struct field_node {
    int64_t id, parent;
    struct str key;  /* of a map's value */
    struct str text; /* of a plain value */
    bool is_plain;
};

struct fields {
    struct field_node *nodes; /* the first is the object itself */
    size_t count;
};

/* Reads an object or an array; what is not JSON of ours gives what could be made of it. */
struct fields fields_read(struct render *render, struct str json);

/* The value of `key` in the node `map`; NULL where there is none. */
const struct field_node *fields_find(const struct fields *fields, const struct field_node *map,
                                     struct str key);

/* The plain value of a key of the record, or of a map in it; the empty str where there is none. */
struct str fields_text(const struct fields *fields, const char *key);
struct str fields_text_in(const struct fields *fields, const struct field_node *map,
                          const char *key);

/* The children of a list or map one by one: `after` NULL for the first; NULL at the end. */
const struct field_node *fields_next(const struct fields *fields, const struct field_node *parent,
                                     const struct field_node *after);

#endif
