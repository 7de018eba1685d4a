#include "record/schema.h"

#include "record/yaml.h"

#include <stdlib.h>

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
    {"markdown", SCHEMA_TYPE_MARKDOWN}, {"time", SCHEMA_TYPE_TIME},
};

static int refuse(struct loader *loader, const struct yaml_node *node, const char *what)
{
    return fault_set(loader->fault, "schema.yml:%d:%d: %s", node->line, node->column, what);
}

static int load_type(struct loader *loader, enum schema_type *out, const struct yaml_node *map)
{
    struct str name = yaml_text(map, "type");
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
    out->key = yaml_text(map, "key");
    out->zh = yaml_text(map, "zh");
    out->about = yaml_text(map, "about");
    out->also = yaml_text(map, "also");
    out->view = yaml_text(map, "view");
    out->law = yaml_text(map, "law");
    out->article = yaml_text(map, "article");
    out->since = yaml_text(map, "since");
    out->of = str_equal(yaml_text(map, "of"), STR("link")) ? SCHEMA_TYPE_LINK : SCHEMA_TYPE_TEXT;
    out->is_required = str_equal(yaml_text(map, "required"), STR("true"));
    if (out->key.n == 0 || out->zh.n == 0 || out->about.n == 0) {
        return refuse(loader, map, "a field needs key, zh and about");
    }
    if (load_type(loader, &out->type, map) != 0) {
        return -1;
    }
    const struct yaml_node *values = yaml_find(map, "values");
    if ((out->type == SCHEMA_TYPE_CHOICE) != (values != NULL)) {
        return refuse(loader, map, "a choice, and nothing else, needs values");
    }
    if (values != NULL) {
        load_choices(loader, out, values);
    }
    bool is_map = out->type == SCHEMA_TYPE_MAP || out->type == SCHEMA_TYPE_MAPS;
    const struct yaml_node *fields = yaml_find(map, "fields");
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

/* The words of a list, or none where it is not there. */
static void load_words(struct loader *loader, struct str **out, size_t *count,
                       const struct yaml_node *list)
{
    if (list == NULL) {
        return;
    }
    *out = arena_array(loader->arena, list->count, sizeof **out);
    *count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        (*out)[i] = list->pairs[i].value.text;
    }
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
        kind->key = yaml_text(map, "key");
        kind->zh = yaml_text(map, "zh");
        kind->about = yaml_text(map, "about");
        kind->view = yaml_text(map, "view");
        load_words(loader, &kind->required, &kind->required_count, yaml_find(map, "required"));
        load_words(loader, &kind->tables, &kind->table_count, yaml_find(map, "tables"));
        if (load_fields(loader, &kind->fields, &kind->field_count, yaml_find(map, "fields")) != 0) {
            return -1;
        }
    }
    return 0;
}

static bool has_word(const struct yaml_node *list, struct str word)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (str_equal(list->pairs[i].value.text, word)) {
            return true;
        }
    }
    return false;
}

static bool is_column_type(enum schema_type type)
{
    return type == SCHEMA_TYPE_TEXT || type == SCHEMA_TYPE_DATE || type == SCHEMA_TYPE_INTEGER ||
           type == SCHEMA_TYPE_NUMBER || type == SCHEMA_TYPE_MONEY || type == SCHEMA_TYPE_PERIOD;
}

static int load_column(struct loader *loader, struct schema_column *out,
                       const struct yaml_node *table, const struct yaml_node *map)
{
    out->key = yaml_text(map, "key");
    out->zh = yaml_text(map, "zh");
    out->about = yaml_text(map, "about");
    out->unit = yaml_text(map, "unit");
    load_words(loader, &out->also, &out->also_count, yaml_find(map, "also"));
    out->is_needed = has_word(yaml_find(table, "needs"), out->key);
    out->is_any = has_word(yaml_find(table, "any"), out->key);
    if (out->key.n == 0 || out->zh.n == 0 || out->about.n == 0) {
        return refuse(loader, map, "a column needs key, zh and about");
    }
    if (load_type(loader, &out->type, map) != 0) {
        return -1;
    }
    return is_column_type(out->type) ? 0 : refuse(loader, map, "no type for a column");
}

static int load_table(struct loader *loader, struct schema_table *out, const struct yaml_node *map)
{
    const struct yaml_node *list = yaml_find(map, "columns");
    out->key = yaml_text(map, "key");
    out->zh = yaml_text(map, "zh");
    out->about = yaml_text(map, "about");
    out->law = yaml_text(map, "law");
    out->article = yaml_text(map, "article");
    out->since = yaml_text(map, "since");
    if (out->key.n == 0 || out->zh.n == 0 || list == NULL || yaml_find(map, "needs") == NULL) {
        return refuse(loader, map, "a table needs key, zh, needs and columns");
    }
    out->columns = arena_array(loader->arena, list->count, sizeof *out->columns);
    out->column_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (load_column(loader, &out->columns[i], map, &list->pairs[i].value) != 0) {
            return -1;
        }
        out->has_any = out->has_any || out->columns[i].is_any;
    }
    return 0;
}

static int load_tables(struct loader *loader, struct schema *out, const struct yaml_node *list)
{
    if (list == NULL || list->kind != YAML_KIND_LIST) {
        return fault_set(loader->fault, "schema.yml: the tables are missing");
    }
    out->tables = arena_array(loader->arena, list->count, sizeof *out->tables);
    out->table_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (load_table(loader, &out->tables[i], &list->pairs[i].value) != 0) {
            return -1;
        }
    }
    return 0;
}

static int compare_headings(const void *left, const void *right)
{
    const struct schema_heading *a = left, *b = right;
    int order = str_compare(a->text, b->text);
    if (order != 0) {
        return order;
    }
    return a->table != b->table ? a->table - b->table : a->column - b->column;
}

static size_t count_headings(const struct schema *schema)
{
    size_t count = 0;
    for (size_t i = 0; i < schema->table_count; i++) {
        for (size_t k = 0; k < schema->tables[i].column_count; k++) {
            count += 1 + schema->tables[i].columns[k].also_count;
        }
    }
    return count;
}

static void index_headings(struct schema *out, struct arena *arena)
{
    out->headings = arena_array(arena, count_headings(out), sizeof *out->headings);
    for (size_t i = 0; i < out->table_count; i++) {
        for (size_t k = 0; k < out->tables[i].column_count; k++) {
            const struct schema_column *column = &out->tables[i].columns[k];
            struct schema_heading heading = {column->zh, (int)i, (int)k};
            out->headings[out->heading_count++] = heading;
            for (size_t n = 0; n < column->also_count; n++) {
                heading.text = column->also[n];
                out->headings[out->heading_count++] = heading;
            }
        }
    }
    qsort(out->headings, out->heading_count, sizeof *out->headings, compare_headings);
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
    } else if (load_fields(&loader, &out->common, &out->common_count, yaml_find(&root, "common")) ==
                   0 &&
               load_kinds(&loader, out, yaml_find(&root, "kinds")) == 0) {
        result = load_tables(&loader, out, yaml_find(&root, "tables"));
    }
    if (result == 0) {
        index_headings(out, arena);
        for (size_t i = 0; i < out->common_count; i++) {
            out->common[i].is_common = true;
        }
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

const struct schema_table *schema_table(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->table_count; i++) {
        if (str_equal(schema->tables[i].key, name) || str_equal(schema->tables[i].zh, name)) {
            return &schema->tables[i];
        }
    }
    return NULL;
}

const struct schema_column *schema_column(const struct schema_table *table, struct str key)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (str_equal(table->columns[i].key, key)) {
            return &table->columns[i];
        }
    }
    return NULL;
}

const struct schema_heading *schema_heading(const struct schema *schema, struct str text)
{
    size_t low = 0, high = schema->heading_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(schema->headings[middle].text, text) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < schema->heading_count && str_equal(schema->headings[low].text, text);
    return is_found ? &schema->headings[low] : NULL;
}
