/*
 * config_index: keys, names and folders of the configuration, found by hash. For config.c alone.
 */
#ifndef RECORD_CONFIG_INDEX_H
#define RECORD_CONFIG_INDEX_H

#include "record/config.h"

/* One set of names; the numbers are places in an array of the configuration. */
struct config_names {
    struct config_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

struct config_index {
    struct config_names orgs, items; /* by key and by name */
    struct config_names folders;     /* of organisations */
};

/* Room for `count` names. */
void config_names_init(struct config_names *out, struct arena *arena, size_t count);

/* The number of `name`, or -1. */
ptrdiff_t config_names_find(const struct config_names *names, struct str name);

/* Adds `name` unless it is there already; the number that it had, or -1. */
ptrdiff_t config_names_add(struct config_names *names, struct str name, size_t number);

#endif
