/*
 * columns: what a column is called and of what type, in the words of the formats that tell it: Data
 * Package's Table Schema and CSV on the Web. Inside render/ only.
 */
#ifndef RENDER_COLUMNS_H
#define RENDER_COLUMNS_H

#include "base/json.h"
#include "render/render.h"

struct column {
    struct str name; /* English, of the schema */
    struct str zh;   /* what a heading says, in Chinese */
    struct str about, unit;
    enum schema_type type;
};

struct column column_of_field(const struct schema_field *field);
struct column column_of_table(const struct schema_column *column);

/* One of a view of the database, whose values are typed: money is an integer of fen. */
void column_write_package(struct json *json, const struct column *column);

/*
 * One of a CSV file, whose cells are as they were written. `heading` is the file's; a column that
 * is not known has none but that, and `number` for a name. `is_typed`: every cell keeps to the
 * type's form; `is_total`: but for words such as 合计, which are null then.
 */
struct column_cells {
    struct str heading;
    size_t number;
    bool is_typed, is_total;
};
void column_write_csvw(struct json *json, struct render *render, const struct column *column,
                       const struct column_cells *cells);

/* Has the cell the form that the type is told to have? What says nothing is not asked. */
bool column_is_formed(enum schema_type type, struct str cell);

/* Is it one of the words that such a file may have in place of a value? */
bool column_is_total(struct str cell);

/* What the formats take for no value: as it stands in a CSV file, formulas made harmless. */
void column_write_nothing(struct json *json, bool with_totals);

/* A key and its text. */
void json_pair(struct json *json, const char *key, struct str value);

#endif
