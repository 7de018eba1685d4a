#include "base/json.h"

#include "base/escape.h"

#include <inttypes.h>

static void before_value(struct json *json)
{
    if (json->needs_comma) {
        buf_add_char(json->buf, ',');
    }
    json->needs_comma = true;
}

void json_open(struct json *json, char bracket)
{
    before_value(json);
    buf_add_char(json->buf, bracket);
    json->needs_comma = false;
}

void json_close(struct json *json, char bracket)
{
    buf_add_char(json->buf, bracket);
    json->needs_comma = true;
}

void json_key_str(struct json *json, struct str key)
{
    json_str(json, key);
    buf_add_char(json->buf, ':');
    json->needs_comma = false;
}

void json_key(struct json *json, const char *key)
{
    json_key_str(json, str_of(key));
}

void json_str(struct json *json, struct str value)
{
    before_value(json);
    buf_add_char(json->buf, '"');
    escape_json(json->buf, value);
    buf_add_char(json->buf, '"');
}

void json_int(struct json *json, int64_t value)
{
    before_value(json);
    buf_printf(json->buf, "%" PRId64, value);
}

void json_bool(struct json *json, bool value)
{
    before_value(json);
    buf_add_text(json->buf, value ? "true" : "false");
}

void json_null(struct json *json)
{
    before_value(json);
    buf_add_text(json->buf, "null");
}
