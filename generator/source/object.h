/*
 * object: an object of git whole, type, size and bytes. For source/ alone.
 *
 * Several may hold one, in several threads: caches keep objects that others are still reading.
 * Nothing is ever changed in an object once more than one holds it.
 */
#ifndef SOURCE_OBJECT_H
#define SOURCE_OBJECT_H

#include "source/source.h"

#include <git2.h>
#include <stdatomic.h>

struct object {
    atomic_uint holders;
    git_object_t type;
    size_t size;
    char bytes[]; /* `size` of them */
};

/* With room for `size` bytes, held once. */
struct object *object_new(git_object_t type, size_t size);

/* Holds it once more, and returns it. */
struct object *object_hold(struct object *object);

/* The last holder frees it; NULL is fine. */
void object_release(struct object *object);

struct str object_str(const struct object *object);

#endif
