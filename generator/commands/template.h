/*
 * template: a record that is still to be filled in, made of the schema and the configuration. For
 * commands/ only.
 *
 * Fields that a record of its kind needs stand there with what is known of them; the others of the
 * kind stand behind a "#", to be used by taking it away. What each means stands behind it.
 */
#ifndef COMMANDS_TEMPLATE_H
#define COMMANDS_TEMPLATE_H

#include "base/buf.h"
#include "record/config.h"
#include "record/schema.h"

/* A field of the record whose value is known. */
struct template_value {
    struct str key; /* the schema's */
    struct str text;
};

enum { TEMPLATE_VALUES_MAX = 16 };

struct template_input {
    const struct schema *schema;
    const struct config *config;
    const struct schema_kind *kind;
    const struct config_item *item; /* NULL: of no item of the catalogue */
    const struct template_value *values;
    size_t value_count; /* at most TEMPLATE_VALUES_MAX */
};

/* The kind that records of an item are; a disclosure where the item names none or an unknown one.
 */
const struct schema_kind *template_kind(const struct schema *schema,
                                        const struct config_item *item);

/* Appends the Markdown file; and its table where that is a CSV file, else nothing. */
void template_write(struct buf *markdown, struct buf *csv, const struct template_input *template);

/*
 * Puts known values into a template that a county wrote by itself: lines of its front matter that
 * begin with the field's name get them, what has no line there a new one. Appends the file.
 */
void template_fill(struct buf *out, struct str text, const struct template_input *template);

/* Appends what of `name` every file system takes as the name of a file, without an extension. */
void template_file_name(struct buf *out, struct str name);

/* Where the template of an item stands: "模板/财务/财务收支.md"; `extension` has its dot. */
void template_path(struct buf *out, const struct template_input *template, const char *extension);

#endif
