#include "base/json.h"
#include "record/record.h"

static void write_field(struct json *json, const struct record_field *field);

static bool is_map(const struct record_value *value)
{
    return value->count > 0 && value->items[0].key.n > 0;
}

static void write_value(struct json *json, const struct record_value *value)
{
    bool has_keys = is_map(value);
    json_open(json, has_keys ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        if (has_keys) {
            json_key_str(json, value->items[i].key);
        }
        write_field(json, &value->items[i]);
    }
    json_close(json, has_keys ? '}' : ']');
}

static void write_field(struct json *json, const struct record_field *field)
{
    if (field->value != NULL) {
        write_value(json, field->value);
    } else if (field->row != NULL && field->row->type == SCHEMA_TYPE_INTEGER) {
        json_int(json, field->number);
    } else if (field->row != NULL && field->row->type == SCHEMA_TYPE_BOOLEAN) {
        json_bool(json, field->number != 0);
    } else {
        json_str(json, field->text);
    }
}

void record_add_fields_json(struct buf *out, const struct record *record)
{
    struct json json = {.buf = out};
    json_open(&json, '{');
    for (size_t i = 0; i < record->field_count; i++) {
        json_key_str(&json, record->fields[i].key);
        write_field(&json, &record->fields[i]);
    }
    json_close(&json, '}');
}

struct str record_fields_json(struct arena *arena, const struct record *record)
{
    struct buf buf = BUF_EMPTY;
    record_add_fields_json(&buf, record);
    struct str copy = arena_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return copy;
}
