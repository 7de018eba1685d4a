/*
 * schema: kinds of records and their fields, read from schema.yml, which is compiled in. For
 * record/, check/ and whoever lists kinds or fields. Read once; read-only afterwards.
 */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

enum schema_type {
    SCHEMA_TYPE_TEXT,
    SCHEMA_TYPE_DATE,
    SCHEMA_TYPE_INTEGER,
    SCHEMA_TYPE_NUMBER,
    SCHEMA_TYPE_MONEY,
    SCHEMA_TYPE_BOOLEAN,
    SCHEMA_TYPE_ORG,
    SCHEMA_TYPE_ITEM,
    SCHEMA_TYPE_LIST,
    SCHEMA_TYPE_MAP,
    SCHEMA_TYPE_MAPS,
    SCHEMA_TYPE_PERIOD,
    SCHEMA_TYPE_LINK,
    SCHEMA_TYPE_CHOICE,
    SCHEMA_TYPE_MARKDOWN
};

struct schema_choice {
    struct str key, zh;
};

struct schema_field {
    struct str key, zh, about, law;
    struct str also; /* another name that people write for it, or empty */
    enum schema_type type;
    enum schema_type of; /* of a list: TEXT, or LINK for paths of files */
    bool is_required;
    struct schema_choice *values; /* of a choice */
    size_t value_count;
    struct schema_field *fields; /* of a map, or of each map of maps */
    size_t field_count;
};

struct schema_kind {
    struct str key, zh, about;
    struct schema_field *fields; /* its own; the common ones stand in the schema */
    size_t field_count;
};

struct schema {
    struct schema_field *common;
    size_t common_count;
    struct schema_kind *kinds;
    size_t kind_count;
};

/* Reads the compiled-in schema. A fault means that the program was built wrong. */
int schema_load(struct schema *out, struct arena *arena, struct fault *fault);

/* The kind or field of that English key or Chinese name; NULL where there is none. */
const struct schema_kind *schema_kind(const struct schema *schema, struct str name);
const struct schema_field *schema_field(const struct schema *schema, const struct schema_kind *kind,
                                        struct str name);
const struct schema_field *schema_subfield(const struct schema_field *map, struct str name);
const struct schema_choice *schema_choice(const struct schema_field *field, struct str name);

#endif
