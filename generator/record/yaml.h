/*
 * yaml: a YAML text as a small tree that knows its places. For record/, and for
 * check/law.c, whose data are ours; the one door to libyaml.
 *
 * Scalars stay text as they were written ("2026-09-05" is text, and so is "yes"): what they mean
 * is said by whoever knows the field. Of YAML we take maps, lists and scalars. Anchors, aliases,
 * tags, merge keys and further documents are faults, as are trees that are too deep or too large;
 * the tree leaves them out and goes on, so that all faults are shown at once. A text that is no
 * YAML ends at its first fault.
 */
#ifndef RECORD_YAML_H
#define RECORD_YAML_H

#include "base/arena.h"
#include "base/diag.h"

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_LIST, YAML_KIND_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool is_plain; /* a scalar without quotes and not a block */
    int line, column;
    struct str text;         /* of a scalar */
    struct yaml_pair *pairs; /* of a map in its order; of a list, with empty keys */
    size_t count;
};

struct yaml_pair {
    struct yaml_node key, value;
};

struct yaml_input {
    struct str path;
    struct str bytes;      /* valid UTF-8 */
    int first_line;        /* the line of the file that `bytes` begins with */
    int depth_limit;       /* lists and maps in each other */
    size_t node_limit;     /* keys and values together */
    const int *late_after; /* NULL, or for each line of `bytes` the column behind which characters
                              stand one further right than in the file; 0: in none */
    size_t late_count;
};

/*
 * Reads the only document into `out`: an empty plain scalar where there is none. False where the
 * text cannot be read; `out` is then empty. Keys that are not plain text are faults, left out.
 */
bool yaml_parse(struct yaml_node *out, struct arena *arena, const struct yaml_input *input,
                struct diag *diag);

/* Is it nothing: `key:`, `key: ~` or `key: null`? */
bool yaml_is_null(const struct yaml_node *node);

/* The value of that key of a map; NULL where the node is none or has none. And its text where it is
 * a scalar, else the empty str. */
const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);
struct str yaml_text(const struct yaml_node *map, const char *key);

struct place yaml_place(struct str path, const struct yaml_node *node);

#endif
