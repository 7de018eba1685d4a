/* The keys of a map, found in the schema: known, misspelt, of another kind, twice, missing. */
#include "record/field.h"
#include "record/suggest.h"

/* A key that stood in the map already. */
struct seen {
    const struct schema_field *row; /* NULL: unknown */
    struct str key;
    int line, column;
    bool is_empty; /* nothing stands behind it */
};

struct mapping {
    struct field_reader *reader;
    const struct schema_field *map; /* NULL: the record itself */
    const struct schema_kind *kind; /* NULL: any */
    struct seen *seen;
    size_t seen_count;
    struct record_value *out;
};

static const struct schema_field *row_of_any_kind(const struct schema *schema, struct str name,
                                                  const struct schema_kind **kind)
{
    const struct schema_field *row = NULL;
    for (size_t i = 0; row == NULL && i < schema->kind_count; i++) {
        *kind = &schema->kinds[i];
        row = schema_field(schema, *kind, name);
    }
    return row;
}

static const struct schema_field *find_row(const struct mapping *mapping, struct str name)
{
    const struct schema_kind *kind;
    if (mapping->map != NULL) {
        return schema_subfield(mapping->map, name);
    }
    if (mapping->kind == NULL) {
        return row_of_any_kind(mapping->reader->schema, name, &kind);
    }
    return schema_field(mapping->reader->schema, mapping->kind, name);
}

static bool was_seen(struct mapping *mapping, const struct schema_field *row,
                     const struct yaml_pair *pair)
{
    const struct yaml_node *key = &pair->key;
    for (size_t i = 0; i < mapping->seen_count; i++) {
        const struct seen *seen = &mapping->seen[i];
        bool is_same =
            row != NULL ? seen->row == row : seen->row == NULL && str_equal(seen->key, key->text);
        if (is_same) {
            struct arena *arena = mapping->reader->arena;
            diag_add(mapping->reader->diag, DIAG_FIELD_TWICE,
                     yaml_place(mapping->reader->path, key),
                     DIAG_WITH(key->text, arena_printf(arena, "%d", seen->line)));
            return true;
        }
    }
    mapping->seen[mapping->seen_count++] =
        (struct seen){row, key->text, key->line, key->column, yaml_is_null(&pair->value)};
    return false;
}

static void offer_all(struct suggest *suggest, const struct schema_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        suggest_offer(suggest, fields[i].zh);
        suggest_offer(suggest, fields[i].key);
        suggest_offer(suggest, fields[i].also);
    }
}

/* The group of those fields that knows the name; NULL where none does. */
static const struct schema_field *find_group(const struct schema_field *fields, size_t count,
                                             struct str name)
{
    for (size_t i = 0; i < count; i++) {
        bool is_group = fields[i].type == SCHEMA_TYPE_MAP || fields[i].type == SCHEMA_TYPE_MAPS;
        if (is_group && schema_subfield(&fields[i], name) != NULL) {
            return &fields[i];
        }
    }
    return NULL;
}

/* The group that a key of the record belongs to: one that was opened right above it, or any. */
static const struct schema_field *group_of(const struct mapping *mapping, struct str name)
{
    const struct schema *schema = mapping->reader->schema;
    const struct schema_field *group = NULL;
    for (size_t i = mapping->seen_count; group == NULL && i > 0; i--) {
        const struct schema_field *row = mapping->seen[i - 1].row;
        group = row == NULL ? NULL : find_group(row, 1, name);
    }
    if (group == NULL && mapping->kind != NULL) {
        group = find_group(mapping->kind->fields, mapping->kind->field_count, name);
    }
    return group != NULL ? group : find_group(schema->common, schema->common_count, name);
}

/* Indented too little, or too much; false where it is neither. */
static bool is_misplaced(const struct mapping *mapping, const struct yaml_node *key,
                         struct place place)
{
    struct field_reader *reader = mapping->reader;
    if (mapping->map == NULL) {
        const struct schema_field *group = group_of(mapping, key->text);
        if (group != NULL) {
            bool is_list = group->type == SCHEMA_TYPE_MAPS;
            diag_add(reader->diag, DIAG_FIELD_OF_GROUP, place,
                     DIAG_WITH(key->text, group->zh,
                               arena_printf(reader->arena, "%s%.*s: …", is_list ? "  - " : "  ",
                                            STR_ARG(key->text))));
        }
        return group != NULL;
    }
    if (schema_field(reader->schema, reader->kind, key->text) == NULL) {
        return false;
    }
    diag_add(reader->diag, DIAG_FIELD_OUT_OF_GROUP, place, DIAG_WITH(key->text, mapping->map->zh));
    return true;
}

static void refuse_unknown(const struct mapping *mapping, const struct yaml_node *key)
{
    struct field_reader *reader = mapping->reader;
    struct place place = yaml_place(reader->path, key);
    const struct schema_kind *other;
    if (mapping->map == NULL && is_misplaced(mapping, key, place)) {
        return;
    }
    if (mapping->map == NULL && mapping->kind != NULL &&
        row_of_any_kind(reader->schema, key->text, &other) != NULL) {
        diag_add(reader->diag, DIAG_FIELD_OF_OTHER_KIND, place,
                 DIAG_WITH(key->text, mapping->kind->zh, other->zh));
        return;
    }
    struct suggest suggest = {.wanted = key->text};
    if (mapping->map != NULL) {
        offer_all(&suggest, mapping->map->fields, mapping->map->field_count);
    } else {
        offer_all(&suggest, reader->schema->common, reader->schema->common_count);
    }
    if (mapping->kind != NULL) {
        offer_all(&suggest, mapping->kind->fields, mapping->kind->field_count);
    }
    if (mapping->map != NULL && suggest.best.n == 0 && is_misplaced(mapping, key, place)) {
        return;
    }
    diag_add(reader->diag, suggest.best.n > 0 ? DIAG_FIELD_MISSPELT : DIAG_FIELD_UNKNOWN, place,
             DIAG_WITH(key->text, suggest.best));
}

/* Does a group mean nothing without its fields? */
static bool needs_fields(const struct schema_field *row)
{
    for (size_t i = 0; row->type == SCHEMA_TYPE_MAP && i < row->field_count; i++) {
        if (row->fields[i].is_required) {
            return true;
        }
    }
    return false;
}

static void append(struct mapping *mapping, const struct record_field *field)
{
    struct record_value *out = mapping->out;
    out->items = arena_grow(mapping->reader->arena, out->items, out->count, sizeof *out->items);
    out->items[out->count++] = *field;
}

/* A free site keeps what it does not know, and what it cannot read as its row asks. Elsewhere a
 * value that was refused is none: nobody must reckon with the nothing that was made of it. */
static void read_pair(struct mapping *mapping, const struct yaml_pair *pair)
{
    struct field_reader *reader = mapping->reader;
    bool is_free = !reader->config->is_given;
    const struct schema_field *row = find_row(mapping, pair->key.text);
    struct record_field field = {0};
    if (row == NULL && !is_free) {
        refuse_unknown(mapping, &pair->key);
    }
    if (row != NULL && !is_free && yaml_is_null(&pair->value) && needs_fields(row)) {
        diag_add(reader->diag, DIAG_GROUP_EMPTY, yaml_place(reader->path, &pair->key),
                 DIAG_WITH(row->zh, field_names(reader->arena, row)));
    }
    if (was_seen(mapping, row, pair) || (row == NULL && !is_free) || yaml_is_null(&pair->value)) {
        return;
    }
    bool is_read = row != NULL && field_read(reader, &field, row, pair->key.text, &pair->value);
    if (!is_read && !is_free && field.value == NULL) {
        return;
    }
    if (!is_read && is_free) {
        field_read_free(reader, &field, row != NULL ? row->key : pair->key.text, &pair->value);
    }
    append(mapping, &field);
}

/* Within a group the line has to be indented as its neighbours are, or stands in their braces. */
static void tell_missing(const struct mapping *mapping, const struct schema_field *row,
                         const struct yaml_node *node, struct place place)
{
    struct field_reader *reader = mapping->reader;
    if (mapping->map == NULL) {
        diag_add(reader->diag, DIAG_FIELD_MISSING, place, DIAG_WITH(row->zh, row->about, row->key));
        return;
    }
    const struct yaml_node *first = node->count > 0 ? &node->pairs[0].key : NULL;
    bool is_in_braces = first == NULL || first->line != node->line || first->column != node->column;
    diag_add(reader->diag, is_in_braces ? DIAG_FIELD_MISSING_IN_BRACES : DIAG_FIELD_MISSING_WITHIN,
             place,
             DIAG_WITH(row->zh, row->about, row->key, mapping->map->zh,
                       arena_printf(reader->arena, "%d", node->column - 1)));
}

/* A required field that is not there, or that nothing stands behind. */
static void require(const struct mapping *mapping, const struct schema_field *row,
                    const struct yaml_node *node)
{
    struct field_reader *reader = mapping->reader;
    struct place place = yaml_place(reader->path, node);
    bool is_there = false;
    for (size_t i = 0; i < mapping->seen_count; i++) {
        const struct seen *seen = &mapping->seen[i];
        if (seen->row == row && !seen->is_empty) {
            return;
        }
        if (seen->row == row) {
            place.line = seen->line;
            place.column = seen->column;
            is_there = true;
        }
    }
    if (is_there) {
        diag_add(reader->diag, DIAG_FIELD_EMPTY, place, DIAG_WITH(row->zh, row->about, row->key));
    } else {
        tell_missing(mapping, row, node, place);
    }
}

static void check_required(const struct mapping *mapping, const struct schema_field *fields,
                           size_t count, const struct yaml_node *node)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].is_required) {
            require(mapping, &fields[i], node);
        }
    }
}

/* The common fields that a kind must have. */
static void check_required_common(const struct mapping *mapping, const struct yaml_node *node)
{
    for (size_t i = 0; i < mapping->kind->required_count; i++) {
        const struct schema_field *row =
            schema_field(mapping->reader->schema, NULL, mapping->kind->required[i]);
        if (row != NULL) {
            require(mapping, row, node);
        }
    }
}

struct record_value *field_read_map(struct field_reader *reader, const struct schema_field *map,
                                    const struct schema_kind *kind, const struct yaml_node *node)
{
    struct mapping mapping = {.reader = reader, .map = map, .kind = kind};
    mapping.seen = arena_array(reader->arena, node->count, sizeof *mapping.seen);
    mapping.out = arena_alloc(reader->arena, sizeof *mapping.out);
    for (size_t i = 0; i < node->count; i++) {
        read_pair(&mapping, &node->pairs[i]);
    }
    if (map != NULL) {
        check_required(&mapping, map->fields, map->field_count, node);
    } else if (kind != NULL) {
        check_required(&mapping, reader->schema->common, reader->schema->common_count, node);
        check_required_common(&mapping, node);
        check_required(&mapping, kind->fields, kind->field_count, node);
    }
    return mapping.out;
}
