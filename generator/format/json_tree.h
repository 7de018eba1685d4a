/*
 * json_tree: reads a JSON text (RFC 8259) strictly. Inside format/ only.
 *
 * Nothing may stand before or behind it; no key twice in an object, no lone surrogate, no depth
 * past JSON_TREE_DEPTH. The tree lives in the arena and borrows from the bytes.
 */
#ifndef FORMAT_JSON_TREE_H
#define FORMAT_JSON_TREE_H

#include "base/arena.h"
#include "base/str.h"

enum { JSON_TREE_DEPTH = 32 };

enum json_type {
    JSON_TYPE_NULL,
    JSON_TYPE_BOOLEAN,
    JSON_TYPE_NUMBER,
    JSON_TYPE_STRING,
    JSON_TYPE_ARRAY,
    JSON_TYPE_OBJECT
};

struct json_node {
    enum json_type type;
    struct str key;  /* of a member of an object */
    struct str text; /* of a string what it says, of other plain values how they are written */
    struct json_node *child, *next;
};

/* 0, or -1 with the offset of the byte from which on it is none. */
int json_tree_read(struct json_node **out, struct arena *arena, struct str bytes, size_t *offset);

/* The member of that key; NULL where there is none, or `node` is no object or NULL. */
const struct json_node *json_tree_member(const struct json_node *node, const char *key);

/* The string that is the member of that key; the empty str where it is none. */
struct str json_tree_text(const struct json_node *node, const char *key);

#endif
