/*
 * schema: kinds of records, their fields, and the tables whose columns are known, read from
 * schema.yml, which is compiled in. For record/, store/, check/ and whoever lists them. Read once;
 * read-only afterwards.
 */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"

enum schema_type {
    SCHEMA_TYPE_TEXT,
    SCHEMA_TYPE_DATE,
    SCHEMA_TYPE_TIME,
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
    struct str key, zh, about;
    struct str also;                /* another name that people write for it, or empty */
    struct str view;                /* of maps: the name of their rows in the database, or empty */
    struct str law, article, since; /* since: YYYY-MM-DD; or empty */
    enum schema_type type;
    enum schema_type of; /* of a list: TEXT, or LINK for paths of files */
    bool is_required;
    bool is_common;               /* any record may carry it */
    struct schema_choice *values; /* of a choice */
    size_t value_count;
    struct schema_field *fields; /* of a map, or of each map of maps */
    size_t field_count;
};

struct schema_kind {
    struct str key, zh, about;
    struct str view;             /* the name of its rows in the database */
    struct schema_field *fields; /* its own; the common ones stand in the schema */
    size_t field_count;
    struct str *required; /* keys of the common fields that it must have */
    size_t required_count;
    struct str *tables; /* keys of the tables that belong into its records */
    size_t table_count;
};

struct schema_column {
    struct str key, zh, about;
    struct str unit; /* of its heading: "收入（元）"; or empty */
    struct str *also;
    size_t also_count;
    enum schema_type type; /* TEXT, DATE, INTEGER, NUMBER, MONEY or PERIOD */
    bool is_needed;        /* without it, it is another table */
    bool is_any;           /* one of these must be there too */
};

struct schema_table {
    struct str key, zh, about, law, article, since;
    struct schema_column *columns;
    size_t column_count;
    bool has_any; /* columns with is_any */
};

/* A heading by which a column is known; sorted by text. */
struct schema_heading {
    struct str text;
    int table, column; /* numbers in the schema */
};

struct schema {
    struct schema_field *common;
    size_t common_count;
    struct schema_kind *kinds;
    size_t kind_count;
    struct schema_table *tables;
    size_t table_count;
    struct schema_heading *headings;
    size_t heading_count;
};

/* Reads the compiled-in schema. A fault means that the program was built wrong. */
int schema_load(struct schema *out, struct arena *arena, struct fault *fault);

/* The kind or field of that English key or Chinese name; NULL where there is none. */
const struct schema_kind *schema_kind(const struct schema *schema, struct str name);
const struct schema_field *schema_field(const struct schema *schema, const struct schema_kind *kind,
                                        struct str name);
const struct schema_field *schema_subfield(const struct schema_field *map, struct str name);
const struct schema_choice *schema_choice(const struct schema_field *field, struct str name);
const struct schema_table *schema_table(const struct schema *schema, struct str name);
const struct schema_column *schema_column(const struct schema_table *table, struct str key);

/* The first heading of that text, or NULL; those with the same text stand behind it. `text` is
 * bare: without blanks and the unit in brackets. */
const struct schema_heading *schema_heading(const struct schema *schema, struct str text);

#endif
