#include "source/object.h"

#include <stdlib.h>

struct object *object_new(git_object_t type, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct object)) {
        arena_out_of_memory();
    }
    struct object *object = malloc(sizeof *object + size);
    if (object == NULL) {
        arena_out_of_memory();
    }
    atomic_init(&object->holders, 1);
    object->type = type;
    object->size = size;
    return object;
}

struct object *object_hold(struct object *object)
{
    atomic_fetch_add_explicit(&object->holders, 1, memory_order_relaxed);
    return object;
}

void object_release(struct object *object)
{
    if (object != NULL &&
        atomic_fetch_sub_explicit(&object->holders, 1, memory_order_acq_rel) == 1) {
        free(object);
    }
}

struct str object_str(const struct object *object)
{
    return (struct str){object->bytes, object->size};
}
