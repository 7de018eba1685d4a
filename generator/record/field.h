/*
 * field: one value of the front matter, read as its row of the schema says. For record/ alone.
 */
#ifndef RECORD_FIELD_H
#define RECORD_FIELD_H

#include "record/record.h"
#include "record/yaml.h"

struct field_reader {
    struct arena *arena;
    struct str path; /* of the record */
    const struct schema *schema;
    const struct schema_kind *kind; /* of the record; NULL: unknown */
    const struct config *config;
    const struct record_resolver *resolver;
    struct diag *diag;
    struct record_link *links; /* grows: the files that fields name */
    size_t link_count;
};

/*
 * Reads `node`, which is not null, into `out`; `name` is the key as it was written. False with a
 * fault where it is not what the row asks for. Kind readings (2026年9月5日, 1,234.50元) are notes.
 */
bool field_read(struct field_reader *reader, struct record_field *out,
                const struct schema_field *row, struct str name, const struct yaml_node *node);

/* The same for a key without a row: text, list or map as it stands. */
void field_read_free(struct field_reader *reader, struct record_field *out, struct str name,
                     const struct yaml_node *node);

/*
 * Reads a map by the rows of `map`, or of the schema's common fields and `kind` where `map` is
 * NULL; where `kind` is NULL too, by those of any kind and without asking for required ones.
 */
struct record_value *field_read_map(struct field_reader *reader, const struct schema_field *map,
                                    const struct schema_kind *kind, const struct yaml_node *node);

enum { FIELD_NAMES_MAX = 3 };

/* The fields that a group must have, or else its first ones, as they are written: "甲: …、乙: …".
 */
struct str field_names(struct arena *arena, const struct schema_field *row);

#endif
