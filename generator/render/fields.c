/*
 * A small reader of the JSON that record/ and store/ write. SQLite's json_tree does the same at ten
 * times the cost, and every page asks for it.
 */
#include "render/fields.h"

#include "base/utf8.h"

enum { DEPTH_MAX = 16 };

struct reader {
    struct arena *arena;
    struct str rest;
    struct field_node *nodes;
    size_t count;
};

static void skip_blanks(struct reader *reader)
{
    while (reader->rest.n > 0 && (reader->rest.p[0] == ' ' || reader->rest.p[0] == '\n')) {
        reader->rest = str_from(reader->rest, 1);
    }
}

static bool take(struct reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->rest.n == 0 || reader->rest.p[0] != c) {
        return false;
    }
    reader->rest = str_from(reader->rest, 1);
    return true;
}

static struct field_node *add_node(struct reader *reader, int64_t parent, struct str key)
{
    reader->nodes = arena_grow(reader->arena, reader->nodes, reader->count, sizeof *reader->nodes);
    struct field_node *node = &reader->nodes[reader->count];
    *node = (struct field_node){.id = (int64_t)reader->count, .parent = parent, .key = key};
    reader->count++;
    return node;
}

/* The character behind a backslash; escape_json writes no surrogates. */
static void add_escaped(struct buf *out, struct str escaped)
{
    static const char meanings[] = "\n\r\t\b\f";
    ptrdiff_t at = str_find_char(STR("nrtbf"), escaped.p[0]);
    if (at >= 0) {
        buf_add_char(out, meanings[at]);
        return;
    }
    if (escaped.p[0] != 'u' || escaped.n < 5) {
        buf_add_char(out, escaped.p[0]);
        return;
    }
    uint32_t c = 0;
    for (size_t i = 1; i < 5; i++) {
        int value = str_hex_value(escaped.p[i]);
        c = c << 4 | (uint32_t)(value < 0 ? 0 : value);
    }
    utf8_add(out, c);
}

static struct str unescape(struct arena *arena, struct str raw)
{
    struct buf text = BUF_EMPTY;
    for (ptrdiff_t slash; (slash = str_find_char(raw, '\\')) >= 0;) {
        buf_add(&text, str_slice(raw, 0, (size_t)slash));
        struct str escaped = str_from(raw, (size_t)slash + 1);
        if (escaped.n == 0) {
            break;
        }
        add_escaped(&text, escaped);
        raw = str_from(escaped, escaped.p[0] == 'u' ? 5 : 1);
    }
    buf_add(&text, raw);
    struct str copy = arena_copy(arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

/* A string behind its opening quote; without escapes it is borrowed as it stands. */
static struct str take_string(struct reader *reader)
{
    struct str rest = reader->rest;
    bool has_escape = false;
    size_t n = 0;
    for (; n < rest.n && rest.p[n] != '"'; n++) {
        if (rest.p[n] == '\\') {
            has_escape = true;
            n++;
        }
    }
    struct str raw = str_slice(rest, 0, n);
    reader->rest = str_from(rest, n + 1);
    return has_escape ? unescape(reader->arena, raw) : raw;
}

/* A number, or one of the words true, false and null, which are 1, 0 and nothing. */
static struct str take_atom(struct reader *reader)
{
    size_t n = 0;
    while (n < reader->rest.n && str_find_char(STR(",]} \n"), reader->rest.p[n]) < 0) {
        n++;
    }
    struct str atom = str_slice(reader->rest, 0, n);
    reader->rest = str_from(reader->rest, n);
    if (str_equal(atom, STR("true"))) {
        return STR("1");
    }
    if (str_equal(atom, STR("false"))) {
        return STR("0");
    }
    return str_equal(atom, STR("null")) ? STR("") : atom;
}

static void read_value(struct reader *reader, int64_t parent, struct str key, int depth);

static void read_children(struct reader *reader, int64_t parent, char close, int depth)
{
    while (reader->rest.n > 0 && !take(reader, close)) {
        size_t before = reader->rest.n;
        struct str key = {"", 0};
        if (close == '}' && take(reader, '"')) {
            key = take_string(reader);
            take(reader, ':');
        }
        read_value(reader, parent, key, depth + 1);
        take(reader, ',');
        if (reader->rest.n == before) {
            reader->rest = STR(""); /* not our JSON: nothing more is made of it */
        }
    }
}

static void read_value(struct reader *reader, int64_t parent, struct str key, int depth)
{
    struct field_node *node = add_node(reader, parent, key);
    int64_t id = node->id;
    if (depth > DEPTH_MAX) {
        reader->rest = STR("");
    } else if (take(reader, '{')) {
        read_children(reader, id, '}', depth);
    } else if (take(reader, '[')) {
        read_children(reader, id, ']', depth);
    } else {
        node->text = take(reader, '"') ? take_string(reader) : take_atom(reader);
        node->is_plain = true;
    }
}

struct fields fields_read(struct render *render, struct str json)
{
    struct reader reader = {.arena = &render->arena, .rest = json};
    read_value(&reader, -1, STR(""), 0);
    return (struct fields){reader.nodes, reader.count};
}

const struct field_node *fields_next(const struct fields *fields, const struct field_node *parent,
                                     const struct field_node *after)
{
    const struct field_node *from = after == NULL ? parent : after;
    for (const struct field_node *node = from + 1; node < fields->nodes + fields->count; node++) {
        if (node->parent == parent->id) {
            return node;
        }
    }
    return NULL;
}

const struct field_node *fields_find(const struct fields *fields, const struct field_node *map,
                                     struct str key)
{
    const struct field_node *node = NULL;
    while ((node = fields_next(fields, map, node)) != NULL) {
        if (str_equal(node->key, key)) {
            return node;
        }
    }
    return NULL;
}

struct str fields_text_in(const struct fields *fields, const struct field_node *map,
                          const char *key)
{
    const struct field_node *node = map == NULL ? NULL : fields_find(fields, map, str_of(key));
    return node != NULL && node->is_plain ? node->text : (struct str){"", 0};
}

struct str fields_text(const struct fields *fields, const char *key)
{
    return fields_text_in(fields, fields->count == 0 ? NULL : &fields->nodes[0], key);
}
