#include "record/schema.h"

#include "record/yaml.h"

/* schema_data.S */
extern const char record_schema_begin[], record_schema_end[];

enum { DEPTH_MAX = 12, NODES_MAX = 20000 };

static const struct str path = {"schema.yml", 10};

struct loader {
    struct arena *arena;
    struct fault *fault;
};

static const struct type_name {
    const char *name;
    enum schema_type type;
} type_names[] = {
    {"text", SCHEMA_TYPE_TEXT},         {"date", SCHEMA_TYPE_DATE},
    {"integer", SCHEMA_TYPE_INTEGER},   {"number", SCHEMA_TYPE_NUMBER},
    {"money", SCHEMA_TYPE_MONEY},       {"boolean", SCHEMA_TYPE_BOOLEAN},
    {"org", SCHEMA_TYPE_ORG},           {"item", SCHEMA_TYPE_ITEM},
    {"list", SCHEMA_TYPE_LIST},         {"map", SCHEMA_TYPE_MAP},
    {"maps", SCHEMA_TYPE_MAPS},         {"period", SCHEMA_TYPE_PERIOD},
    {"link", SCHEMA_TYPE_LINK},         {"choice", SCHEMA_TYPE_CHOICE},
    {"markdown", SCHEMA_TYPE_MARKDOWN},
};

static int refuse(struct loader *loader, const struct yaml_node *node, const char *what)
{
    return fault_set(loader->fault, "schema.yml:%d:%d: %s", node->line, node->column, what);
}

static const struct yaml_node *find(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_KIND_MAP && i < map->count; i++) {
        if (str_equal(map->pairs[i].key.text, str_of(key))) {
            return &map->pairs[i].value;
        }
    }
    return NULL;
}

static struct str text_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = find(map, key);
    return node != NULL && node->kind == YAML_KIND_SCALAR ? node->text : (struct str){NULL, 0};
}

static int load_type(struct loader *loader, enum schema_type *out, const struct yaml_node *map)
{
    struct str name = text_of(map, "type");
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++) {
        if (str_equal(name, str_of(type_names[i].name))) {
            *out = type_names[i].type;
            return 0;
        }
    }
    return refuse(loader, map, "no such type");
}

static void load_choices(struct loader *loader, struct schema_field *out,
                         const struct yaml_node *values)
{
    out->values = arena_array(loader->arena, values->count, sizeof *out->values);
    out->value_count = values->count;
    for (size_t i = 0; i < values->count; i++) {
        const struct yaml_pair *pair = &values->pairs[i];
        out->values[i] = (struct schema_choice){pair->key.text, pair->value.text};
    }
}

static int load_fields(struct loader *loader, struct schema_field **out, size_t *count,
                       const struct yaml_node *list);

static int load_field(struct loader *loader, struct schema_field *out, const struct yaml_node *map)
{
    out->key = text_of(map, "key");
    out->zh = text_of(map, "zh");
    out->about = text_of(map, "about");
    out->also = text_of(map, "also");
    out->law = text_of(map, "law");
    out->of = str_equal(text_of(map, "of"), STR("link")) ? SCHEMA_TYPE_LINK : SCHEMA_TYPE_TEXT;
    out->is_required = str_equal(text_of(map, "required"), STR("true"));
    if (out->key.n == 0 || out->zh.n == 0 || out->about.n == 0) {
        return refuse(loader, map, "a field needs key, zh and about");
    }
    if (load_type(loader, &out->type, map) != 0) {
        return -1;
    }
    const struct yaml_node *values = find(map, "values");
    if ((out->type == SCHEMA_TYPE_CHOICE) != (values != NULL)) {
        return refuse(loader, map, "a choice, and nothing else, needs values");
    }
    if (values != NULL) {
        load_choices(loader, out, values);
    }
    bool is_map = out->type == SCHEMA_TYPE_MAP || out->type == SCHEMA_TYPE_MAPS;
    const struct yaml_node *fields = find(map, "fields");
    if (is_map != (fields != NULL)) {
        return refuse(loader, map, "a map, and nothing else, needs fields");
    }
    return is_map ? load_fields(loader, &out->fields, &out->field_count, fields) : 0;
}

static int load_fields(struct loader *loader, struct schema_field **out, size_t *count,
                       const struct yaml_node *list)
{
    if (list == NULL || list->kind != YAML_KIND_LIST) {
        return fault_set(loader->fault, "schema.yml: a list of fields is missing");
    }
    *out = arena_array(loader->arena, list->count, sizeof **out);
    *count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (load_field(loader, &(*out)[i], &list->pairs[i].value) != 0) {
            return -1;
        }
    }
    return 0;
}

static int load_kinds(struct loader *loader, struct schema *out, const struct yaml_node *list)
{
    if (list == NULL || list->kind != YAML_KIND_LIST) {
        return fault_set(loader->fault, "schema.yml: the kinds are missing");
    }
    out->kinds = arena_array(loader->arena, list->count, sizeof *out->kinds);
    out->kind_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = &list->pairs[i].value;
        struct schema_kind *kind = &out->kinds[i];
        kind->key = text_of(map, "key");
        kind->zh = text_of(map, "zh");
        kind->about = text_of(map, "about");
        if (load_fields(loader, &kind->fields, &kind->field_count, find(map, "fields")) != 0) {
            return -1;
        }
    }
    return 0;
}

int schema_load(struct schema *out, struct arena *arena, struct fault *fault)
{
    struct loader loader = {arena, fault};
    struct diag diag = {0};
    struct yaml_node root;
    struct yaml_input input = {
        .path = path,
        .bytes = {record_schema_begin, (size_t)(record_schema_end - record_schema_begin)},
        .first_line = 1,
        .depth_limit = DEPTH_MAX,
        .node_limit = NODES_MAX,
    };
    *out = (struct schema){0};
    int result = -1;
    if (!yaml_parse(&root, arena, &input, &diag) || diag.count > 0) {
        fault_set(fault, "schema.yml:%d: cannot be read", diag.entries[0].place.line);
    } else if (load_fields(&loader, &out->common, &out->common_count, find(&root, "common")) == 0) {
        result = load_kinds(&loader, out, find(&root, "kinds"));
    }
    diag_free(&diag);
    return result;
}

static const struct schema_field *find_field(const struct schema_field *fields, size_t count,
                                             struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(fields[i].key, name) || str_equal(fields[i].zh, name) ||
            (name.n > 0 && str_equal(fields[i].also, name))) {
            return &fields[i];
        }
    }
    return NULL;
}

const struct schema_kind *schema_kind(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->kind_count; i++) {
        if (str_equal(schema->kinds[i].key, name) || str_equal(schema->kinds[i].zh, name)) {
            return &schema->kinds[i];
        }
    }
    return NULL;
}

const struct schema_field *schema_field(const struct schema *schema, const struct schema_kind *kind,
                                        struct str name)
{
    const struct schema_field *field = find_field(schema->common, schema->common_count, name);
    if (field == NULL && kind != NULL) {
        field = find_field(kind->fields, kind->field_count, name);
    }
    return field;
}

const struct schema_field *schema_subfield(const struct schema_field *map, struct str name)
{
    return find_field(map->fields, map->field_count, name);
}

const struct schema_choice *schema_choice(const struct schema_field *field, struct str name)
{
    for (size_t i = 0; i < field->value_count; i++) {
        if (str_equal(field->values[i].key, name) || str_equal(field->values[i].zh, name)) {
            return &field->values[i];
        }
    }
    return NULL;
}
