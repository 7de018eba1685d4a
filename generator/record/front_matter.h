/*
 * front_matter: the fields at the head of a Markdown file. For record/ alone.
 *
 * YAML between a first line of `---` and a line of `---` or `...`; or Hugo's TOML between lines of
 * `+++`, of which simple lines are read. What stands between the lines and is no map of YAML is
 * body, as a Markdown reader takes it. Broken YAML is a fault, and the body begins behind it all
 * the same; a free site then reads its simple lines.
 *
 * A full-width colon behind a key of the schema, and a colon without a blank, are understood.
 */
#ifndef RECORD_FRONT_MATTER_H
#define RECORD_FRONT_MATTER_H

#include "record/field.h"

enum {
    FRONT_MATTER_SIZE_MAX = 64 * 1024,
    FRONT_MATTER_DEPTH_MAX = 8,
    FRONT_MATTER_NODES_MAX = 2000
};

struct front_matter {
    bool is_given;
    size_t body;                    /* offset of the body in the text */
    const struct schema_kind *kind; /* page where none, or a wrong one, is given */
    struct record_field *fields;
    size_t field_count;
};

/* `text` is what text_read gave, and the diag's source. Links go to the reader. */
void front_matter_read(struct front_matter *out, struct field_reader *reader, struct str text);

#endif
