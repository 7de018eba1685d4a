/*
 * json: writes one JSON text (RFC 8259) into a buffer. Anyone may include it.
 *
 *     struct json json = {.buf = &buf};
 *     json_open(&json, '{');
 *     json_key(&json, "total");
 *     json_int(&json, 3);
 *     json_close(&json, '}');
 *
 * Commas are put by the writer; keys and values must come in an order that makes sense.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

#include <stdint.h>

struct json {
    struct buf *buf;
    bool needs_comma;
};

/* Opens with '{' or '[' and closes with '}' or ']'. */
void json_open(struct json *json, char bracket);
void json_close(struct json *json, char bracket);

/* The key of the value that comes next; a constant of ours. */
void json_key(struct json *json, const char *key);
/* The same for a key that comes from content, valid UTF-8. */
void json_key_str(struct json *json, struct str key);

/* Values; text is valid UTF-8. */
void json_str(struct json *json, struct str value);
void json_int(struct json *json, int64_t value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

#endif
