#include "format/json_tree.h"

#include "base/buf.h"
#include "base/utf8.h"

struct reader {
    struct arena *arena;
    struct str bytes;
    size_t at;
};

static bool is_end(const struct reader *reader)
{
    return reader->at >= reader->bytes.n;
}

static char peek(const struct reader *reader)
{
    return is_end(reader) ? '\0' : reader->bytes.p[reader->at];
}

static void skip_blanks(struct reader *reader)
{
    for (; !is_end(reader); reader->at++) {
        char c = reader->bytes.p[reader->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            return;
        }
    }
}

static bool take(struct reader *reader, char c)
{
    skip_blanks(reader);
    if (is_end(reader) || peek(reader) != c) {
        return false;
    }
    reader->at++;
    return true;
}

static bool take_word(struct reader *reader, struct str word)
{
    if (!str_starts(str_from(reader->bytes, reader->at), word)) {
        return false;
    }
    reader->at += word.n;
    return true;
}

static bool take_digits(struct reader *reader)
{
    size_t start = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9') {
        reader->at++;
    }
    return reader->at > start;
}

/* -0.5e+10, no zero in front of other digits. */
static bool take_number(struct reader *reader)
{
    if (peek(reader) == '-') {
        reader->at++;
    }
    if (peek(reader) == '0') {
        reader->at++;
    } else if (!take_digits(reader)) {
        return false;
    }
    if (peek(reader) == '.') {
        reader->at++;
        if (!take_digits(reader)) {
            return false;
        }
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        reader->at++;
        if (peek(reader) == '+' || peek(reader) == '-') {
            reader->at++;
        }
        return take_digits(reader);
    }
    return true;
}

static bool take_unit(struct reader *reader, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        int value = str_hex_value(peek(reader));
        if (value < 0) {
            return false;
        }
        *out = *out << 4 | (uint32_t)value;
        reader->at++;
    }
    return true;
}

/* Behind "\u": a character, or two halves of one. */
static bool take_code(struct reader *reader, struct buf *out)
{
    uint32_t c, low;
    if (!take_unit(reader, &c) || (c >= 0xdc00 && c < 0xe000)) {
        return false;
    }
    if (c >= 0xd800 && c < 0xdc00) {
        if (!take_word(reader, STR("\\u")) || !take_unit(reader, &low) || low < 0xdc00 ||
            low >= 0xe000) {
            return false;
        }
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    utf8_add(out, c);
    return true;
}

static bool take_escape(struct reader *reader, struct buf *out)
{
    static const char marks[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char mark = peek(reader);
    reader->at++;
    if (mark == 'u') {
        return take_code(reader, out);
    }
    const char *found = mark == '\0' ? NULL : strchr(marks, mark);
    if (found == NULL) {
        return false;
    }
    buf_add_char(out, meanings[found - marks]);
    return true;
}

/* What ends a run of plain characters in a string. */
static const bool is_special[256] = {1, 1, 1, 1, 1, 1, 1, 1, 1,         1,         1, 1,
                                     1, 1, 1, 1, 1, 1, 1, 1, 1,         1,         1, 1,
                                     1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1};

/* Up to a quote, a backslash or what no string may hold. */
static struct str take_plain(struct reader *reader)
{
    const char *start = reader->bytes.p + reader->at, *end = reader->bytes.p + reader->bytes.n;
    const char *p = start;
    while (p < end && !is_special[(unsigned char)*p]) {
        p++;
    }
    reader->at += (size_t)(p - start);
    return (struct str){start, (size_t)(p - start)};
}

static bool take_rest(struct reader *reader, struct str *out, struct str begun)
{
    struct buf text = BUF_EMPTY;
    buf_add(&text, begun);
    bool is_good = true;
    while (is_good && peek(reader) == '\\') {
        reader->at++;
        is_good = take_escape(reader, &text);
        if (is_good) {
            buf_add(&text, take_plain(reader));
        }
    }
    is_good = is_good && peek(reader) == '"';
    *out = arena_copy(reader->arena, buf_str(&text));
    buf_free(&text);
    return is_good;
}

static bool take_string(struct reader *reader, struct str *out)
{
    if (!take(reader, '"')) {
        return false;
    }
    *out = take_plain(reader);
    if (peek(reader) == '\\' ? !take_rest(reader, out, *out) : peek(reader) != '"') {
        return false;
    }
    reader->at++;
    return true;
}

static struct json_node *take_value(struct reader *reader, int depth);

static bool has_member(const struct json_node *object, struct str key)
{
    for (const struct json_node *child = object->child; child != NULL; child = child->next) {
        if (str_equal(child->key, key)) {
            return true;
        }
    }
    return false;
}

static bool take_child(struct reader *reader, struct json_node *node, struct json_node ***end,
                       int depth)
{
    struct str key = {"", 0};
    if (node->type == JSON_TYPE_OBJECT &&
        (!take_string(reader, &key) || has_member(node, key) || !take(reader, ':'))) {
        return false;
    }
    struct json_node *child = take_value(reader, depth);
    if (child == NULL) {
        return false;
    }
    child->key = key;
    **end = child;
    *end = &child->next;
    return true;
}

static bool take_children(struct reader *reader, struct json_node *node, int depth)
{
    char close = node->type == JSON_TYPE_OBJECT ? '}' : ']';
    struct json_node **end = &node->child;
    reader->at++;
    if (take(reader, close)) {
        return true;
    }
    do {
        if (!take_child(reader, node, &end, depth + 1)) {
            return false;
        }
    } while (take(reader, ','));
    return take(reader, close);
}

static bool take_plain_value(struct reader *reader, struct json_node *node)
{
    size_t start = reader->at;
    bool is_good = true;
    if (take_word(reader, STR("true")) || take_word(reader, STR("false"))) {
        node->type = JSON_TYPE_BOOLEAN;
    } else if (!take_word(reader, STR("null"))) {
        node->type = JSON_TYPE_NUMBER;
        is_good = take_number(reader);
    }
    node->text = str_slice(reader->bytes, start, reader->at);
    return is_good;
}

static struct json_node *take_value(struct reader *reader, int depth)
{
    struct json_node *node = arena_alloc(reader->arena, sizeof *node);
    bool is_good;
    skip_blanks(reader);
    if (depth > JSON_TREE_DEPTH) {
        return NULL;
    }
    if (peek(reader) == '{' || peek(reader) == '[') {
        node->type = peek(reader) == '{' ? JSON_TYPE_OBJECT : JSON_TYPE_ARRAY;
        is_good = take_children(reader, node, depth);
    } else if (peek(reader) == '"') {
        node->type = JSON_TYPE_STRING;
        is_good = take_string(reader, &node->text);
    } else {
        is_good = take_plain_value(reader, node);
    }
    return is_good ? node : NULL;
}

int json_tree_read(struct json_node **out, struct arena *arena, struct str bytes, size_t *offset)
{
    struct reader reader = {.arena = arena, .bytes = bytes};
    ptrdiff_t invalid = utf8_find_invalid(bytes);
    if (invalid >= 0) {
        *offset = (size_t)invalid;
        return -1;
    }
    *out = take_value(&reader, 0);
    if (*out != NULL) {
        skip_blanks(&reader);
    }
    *offset = reader.at;
    return *out != NULL && is_end(&reader) ? 0 : -1;
}

const struct json_node *json_tree_member(const struct json_node *node, const char *key)
{
    bool is_object = node != NULL && node->type == JSON_TYPE_OBJECT;
    for (const struct json_node *child = is_object ? node->child : NULL; child != NULL;
         child = child->next) {
        if (str_equal(child->key, str_of(key))) {
            return child;
        }
    }
    return NULL;
}

struct str json_tree_text(const struct json_node *node, const char *key)
{
    const struct json_node *member = json_tree_member(node, key);
    return member != NULL && member->type == JSON_TYPE_STRING ? member->text : (struct str){"", 0};
}
