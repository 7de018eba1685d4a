#include "record/yaml.h"

#include "base/utf8.h"
#include "record/text.h"

#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    const struct yaml_input *input;
    struct arena *arena;
    struct diag *diag;
    size_t node_count;
};

/* What libyaml says, and which of our faults that is. */
static const struct problem {
    const char *text;
    enum diag_code code;
} problems[] = {
    {"mapping values are not allowed", DIAG_YAML_COLON},
    {"unexpected end of stream", DIAG_YAML_QUOTE},
    {"unexpected document indicator", DIAG_YAML_QUOTE},
    {"expected ',' or ']'", DIAG_YAML_BRACKET},
    {"expected ',' or '}'", DIAG_YAML_BRACKET},
    {"could not find expected ':'", DIAG_YAML_KEY_MISSING},
    {"expected key", DIAG_YAML_INDENT},
    {"expected '-' indicator", DIAG_YAML_INDENT},
    {"block sequence entries are not allowed", DIAG_YAML_INDENT},
    {"expected <document start>", DIAG_YAML_INDENT},
    {"unknown escape character", DIAG_YAML_ESCAPE},
};

static struct place place_of(const struct reader *reader, yaml_mark_t mark)
{
    const struct yaml_input *input = reader->input;
    int column = (int)mark.column + 1;
    if (mark.line < input->late_count && input->late_after[mark.line] != 0 &&
        column > input->late_after[mark.line]) {
        column--;
    }
    return (struct place){input->path, input->first_line + (int)mark.line, column};
}

/* The line of `mark`, cut into what stands before it and the rest. */
static struct str line_before(struct str *rest, struct str bytes, yaml_mark_t mark)
{
    for (size_t line = 0; line < mark.line && bytes.n > 0; line++) {
        ptrdiff_t end = str_find_char(bytes, '\n');
        bytes = str_from(bytes, end < 0 ? bytes.n : (size_t)end + 1);
    }
    struct str before = utf8_first(bytes, mark.column);
    *rest = str_from(bytes, before.n);
    return before;
}

/*
 * "mapping values are not allowed": the line holds two colons, or, where it has only this one, it
 * is indented so that it goes on with the value above.
 */
static enum diag_code colon_code(struct str before)
{
    return str_find(before, STR(": ")) >= 0 ? DIAG_YAML_COLON : DIAG_YAML_INDENT;
}

static void add_problem(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        arena_out_of_memory();
    }
    struct str text = str_of(parser->problem);
    struct place place = place_of(reader, parser->problem_mark);
    struct str rest;
    struct str before = line_before(&rest, reader->input->bytes, parser->problem_mark);
    if (str_find(text, STR("cannot start any token")) >= 0) {
        struct str c = utf8_first(rest, 1);
        bool is_tab = str_equal(c, STR("\t"));
        diag_add(reader->diag, is_tab ? DIAG_YAML_TAB : DIAG_YAML_RESERVED, place, DIAG_WITH(c));
        return;
    }
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        if (str_find(text, str_of(problems[i].text)) >= 0) {
            enum diag_code code = problems[i].code;
            bool is_opener = code == DIAG_YAML_QUOTE || code == DIAG_YAML_KEY_MISSING;
            diag_add(reader->diag, code == DIAG_YAML_COLON ? colon_code(before) : code,
                     is_opener ? place_of(reader, parser->context_mark) : place, DIAG_PLAIN);
            return;
        }
    }
    diag_add(reader->diag, DIAG_YAML_BROKEN, place, DIAG_WITH(text));
}

static bool next_event(struct reader *reader, yaml_event_t *out)
{
    if (!yaml_parser_parse(&reader->parser, out)) {
        add_problem(reader);
        return false;
    }
    return true;
}

/* The names that an event carries beside its content; both are refused. */
static void refuse_names(struct reader *reader, const yaml_event_t *event,
                         const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct place place = place_of(reader, event->start_mark);
    if (anchor != NULL) {
        diag_add(reader->diag, DIAG_YAML_ANCHOR, place, DIAG_WITH(str_of((const char *)anchor)));
    }
    if (tag != NULL) {
        diag_add(reader->diag, DIAG_YAML_TAG, place, DIAG_WITH(str_of((const char *)tag)));
    }
}

static bool has_room(struct reader *reader, yaml_mark_t mark, int depth)
{
    if (depth > reader->input->depth_limit) {
        diag_add(reader->diag, DIAG_YAML_DEEP, place_of(reader, mark),
                 DIAG_WITH(arena_printf(reader->arena, "%d", reader->input->depth_limit)));
        return false;
    }
    if (++reader->node_count > reader->input->node_limit) {
        diag_add(reader->diag, DIAG_YAML_MANY, place_of(reader, mark),
                 DIAG_WITH(arena_printf(reader->arena, "%zu", reader->input->node_limit)));
        return false;
    }
    return true;
}

static bool read_node(struct reader *reader, struct yaml_node *out, const yaml_event_t *event,
                      int depth);

static void append(struct reader *reader, struct yaml_node *out, const struct yaml_pair *pair)
{
    out->pairs = arena_grow(reader->arena, out->pairs, out->count, sizeof *out->pairs);
    out->pairs[out->count++] = *pair;
}

static bool read_next(struct reader *reader, struct yaml_node *out, int depth)
{
    yaml_event_t event;
    if (!next_event(reader, &event)) {
        return false;
    }
    bool is_read = read_node(reader, out, &event, depth);
    yaml_event_delete(&event);
    return is_read;
}

static bool is_text_key(struct reader *reader, const struct yaml_node *key)
{
    struct place place = yaml_place(reader->input->path, key);
    if (key->kind == YAML_KIND_SCALAR && key->is_plain && str_equal(key->text, STR("<<"))) {
        diag_add(reader->diag, DIAG_YAML_MERGE, place, DIAG_PLAIN);
        return false;
    }
    if (key->kind != YAML_KIND_SCALAR || key->text.n == 0) {
        diag_add(reader->diag, DIAG_YAML_KEY_NOT_TEXT, place, DIAG_PLAIN);
        return false;
    }
    return true;
}

/* The children of a list or a map, up to the event that ends it. */
static bool read_children(struct reader *reader, struct yaml_node *out, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event)) {
            return false;
        }
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        struct yaml_pair pair = {0};
        bool is_map = out->kind == YAML_KIND_MAP;
        bool is_read =
            is_end || read_node(reader, is_map ? &pair.key : &pair.value, &event, depth + 1);
        yaml_event_delete(&event);
        if (is_end || !is_read) {
            return is_read;
        }
        if (is_map && !read_next(reader, &pair.value, depth + 1)) {
            return false;
        }
        if (!is_map || is_text_key(reader, &pair.key)) {
            append(reader, out, &pair);
        }
    }
}

static void read_scalar(struct reader *reader, struct yaml_node *out, const yaml_event_t *event)
{
    bool is_said = !event->data.scalar.plain_implicit && !event->data.scalar.quoted_implicit;
    refuse_names(reader, event, event->data.scalar.anchor, is_said ? event->data.scalar.tag : NULL);
    struct str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    out->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    out->text = arena_copy(reader->arena, text);
    if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
        str_find_char(reader->input->bytes, '\\') >= 0) {
        out->text = text_read_escaped(reader->arena, place_of(reader, event->start_mark), out->text,
                                      reader->diag);
    }
}

static bool read_node(struct reader *reader, struct yaml_node *out, const yaml_event_t *event,
                      int depth)
{
    struct place place = place_of(reader, event->start_mark);
    *out = (struct yaml_node){.is_plain = true, .line = place.line, .column = place.column};
    bool is_group =
        event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    if (!has_room(reader, event->start_mark, is_group ? depth + 1 : depth)) {
        return false;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        read_scalar(reader, out, event);
        return true;
    case YAML_ALIAS_EVENT:
        diag_add(reader->diag, DIAG_YAML_ALIAS, place,
                 DIAG_WITH(str_of((const char *)event->data.alias.anchor)));
        return true;
    case YAML_SEQUENCE_START_EVENT:
        refuse_names(reader, event, event->data.sequence_start.anchor,
                     event->data.sequence_start.tag);
        out->kind = YAML_KIND_LIST;
        return read_children(reader, out, depth);
    case YAML_MAPPING_START_EVENT:
        refuse_names(reader, event, event->data.mapping_start.anchor,
                     event->data.mapping_start.tag);
        out->kind = YAML_KIND_MAP;
        return read_children(reader, out, depth);
    default:
        return false;
    }
}

/* The events around the document; what is behind the first one is refused. */
static bool read_stream(struct reader *reader, struct yaml_node *out)
{
    for (bool has_document = false;;) {
        yaml_event_t event;
        if (!next_event(reader, &event)) {
            return false;
        }
        yaml_event_type_t type = event.type;
        yaml_mark_t mark = event.start_mark;
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT) {
            return true;
        }
        if (type == YAML_DOCUMENT_START_EVENT && has_document) {
            diag_add(reader->diag, DIAG_YAML_DOCUMENTS, place_of(reader, mark), DIAG_PLAIN);
            return true;
        }
        if (type == YAML_DOCUMENT_START_EVENT) {
            has_document = true;
            if (!read_next(reader, out, 0)) {
                return false;
            }
        }
    }
}

bool yaml_parse(struct yaml_node *out, struct arena *arena, const struct yaml_input *input,
                struct diag *diag)
{
    struct yaml_node nothing = {.is_plain = true, .line = input->first_line, .column = 1};
    struct reader reader = {.input = input, .arena = arena, .diag = diag};
    *out = nothing;
    if (input->bytes.n == 0) {
        return true;
    }
    if (!yaml_parser_initialize(&reader.parser)) {
        arena_out_of_memory();
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)input->bytes.p,
                                 input->bytes.n);
    bool is_read = read_stream(&reader, out);
    if (!is_read) {
        *out = nothing;
    }
    yaml_parser_delete(&reader.parser);
    return is_read;
}

bool yaml_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_KIND_SCALAR && node->is_plain &&
           (node->text.n == 0 || str_equal(node->text, STR("~")) ||
            str_equal(node->text, STR("null")));
}

struct place yaml_place(struct str path, const struct yaml_node *node)
{
    return (struct place){path, node->line, node->column};
}

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_KIND_MAP && i < map->count; i++) {
        if (str_equal(map->pairs[i].key.text, str_of(key))) {
            return &map->pairs[i].value;
        }
    }
    return NULL;
}

struct str yaml_text(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_find(map, key);
    return node != NULL && node->kind == YAML_KIND_SCALAR ? node->text : (struct str){NULL, 0};
}
