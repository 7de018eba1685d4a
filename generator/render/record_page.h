/* record_page: what the files that draw a record's page share. Inside render/ only. */
#ifndef RENDER_RECORD_PAGE_H
#define RENDER_RECORD_PAGE_H

#include "base/path.h"
#include "render/archive.h"
#include "render/fields.h"

struct record_row {
    int64_t id;
    struct str path, url, kind, title, date, org, item, summary;
    struct fields fields;
    int64_t created, updated;
};

/* Reads the next row of the query; false where there is none. */
bool record_row_read(struct record_row *out, struct render *render, struct query *query);
bool record_row_find(struct record_row *out, struct render *render, struct str path);

/* The page link of a record that a field of the record `from` names; NULL where there is none. */
struct value *record_link_value(struct render *render, struct str from, struct str path);

/* The name for people of a choice's value. */
struct str record_choice_name(struct render *render, struct str kind, const char *field,
                              struct str value);

/* Sets `motions` and what goes with them; true where a motion has a result. */
bool record_motions_set(struct render *render, struct value *map, const struct record_row *row);

/* Sets `tables` and `files`. */
void record_tables_set(struct render *render, struct value *map, const struct record_row *row);

/* Sets `has_board`, `board_place`, `board_tables`: what hangs on the notice board alone. */
void record_board_set(struct render *render, struct value *map, const struct record_row *row);

enum { RECORD_STEPS_MAX = 12 /* that a page shows before its record, and behind it */ };

/* Sets `fields`, `steps` and `related`. */
void record_details_set(struct render *render, struct value *map, const struct record_row *row);

/* Does the kind show its own fields by a template of its own? */
bool record_kind_has_template(struct str kind);

/* Sets `has_kind` and, where it is true, `of`. */
void record_kind_set(struct render *render, struct value *map, const struct record_row *row);

/* Sets `value`, `date` or `link` to what a field says. */
void record_field_value(struct render *render, struct value *value, const struct record_row *row,
                        const struct schema_field *schema, const struct field_node *node);

/* Sets `body`, `has_title_in_body`, `has_table_in_body`. */
int record_body_set(struct render *render, struct value *map, int64_t id, struct str path);

#endif
