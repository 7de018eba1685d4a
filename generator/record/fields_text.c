/* What the fields of a record say, for the search. */
#include "record/record.h"

/* A summary beside a body says what that says: a record would count for its words twice. */
static bool is_told(const struct record *record, const struct record_field *field)
{
    if (field->row == NULL || !field->row->is_common) {
        return field->row != NULL;
    }
    return str_equal(field->key, STR("document")) || str_equal(field->key, STR("index")) ||
           (record->body_text.n == 0 && str_equal(field->key, STR("summary")));
}

/* The field's words as its page has them; empty where it has none, or none that are searched. */
static struct str words_of(const struct record_field *field)
{
    switch (field->row == NULL ? SCHEMA_TYPE_TEXT : field->row->type) {
    case SCHEMA_TYPE_TEXT:
    case SCHEMA_TYPE_MARKDOWN:
        return field->text;
    case SCHEMA_TYPE_CHOICE:
        for (size_t i = 0; i < field->row->value_count; i++) {
            if (str_equal(field->row->values[i].key, field->text)) {
                return field->row->values[i].zh;
            }
        }
        return field->text;
    default:
        return STR("");
    }
}

static void add_field(struct buf *out, const struct record_field *field)
{
    bool is_list_of_paths = field->row != NULL && field->row->type == SCHEMA_TYPE_LIST &&
                            field->row->of != SCHEMA_TYPE_TEXT;
    if (field->value != NULL) {
        for (size_t i = 0; i < field->value->count && !is_list_of_paths; i++) {
            add_field(out, &field->value->items[i]);
        }
        return;
    }
    struct str words = words_of(field);
    if (words.n > 0) {
        buf_add(out, words);
        buf_add_char(out, '\n');
    }
}

void record_fields_text(struct buf *out, const struct record *record)
{
    bool is_page = str_equal(record->kind, STR("page"));
    for (size_t i = 0; i < record->field_count && !is_page; i++) {
        if (is_told(record, &record->fields[i])) {
            add_field(out, &record->fields[i]);
        }
    }
}
