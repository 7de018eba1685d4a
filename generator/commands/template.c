#include "commands/template.h"

#include "base/json.h"

#include <string.h>

enum { WIDE_TABLE = 8 /* columns from which on a table is better kept in a CSV file */ };

/* Common fields that records of the catalogue have, in the order in which people write them. */
static const struct str usual[] = {{"title", 5},   {"kind", 4},          {"date", 4},
                                   {"org", 3},     {"issuer", 6},        {"item", 4},
                                   {"index", 5},   {"notice_start", 12}, {"notice_end", 10},
                                   {"contact", 7}, {"review", 6}};

/* Common fields that are of use now and then. */
static const struct str rare[] = {
    {"summary", 7}, {"decided_by", 10}, {"attachments", 11}, {"related", 7}};

/* A disclosure with a ledger adds up. */
static const struct str sums[] = {{"opening", 7}, {"income", 6}, {"expense", 7}, {"closing", 7}};

static bool is_among(struct str key, const struct str *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(key, keys[i])) {
            return true;
        }
    }
    return false;
}

#define IS_AMONG(key, keys) is_among(key, keys, sizeof(keys) / sizeof *(keys))

static const struct schema_field *common_field(const struct schema *schema, struct str key)
{
    for (size_t i = 0; i < schema->common_count; i++) {
        if (str_equal(schema->common[i].key, key)) {
            return &schema->common[i];
        }
    }
    return NULL;
}

const struct schema_kind *template_kind(const struct schema *schema, const struct config_item *item)
{
    const struct schema_kind *kind = NULL;
    if (item != NULL && item->kind.n > 0) {
        kind = schema_kind(schema, item->kind);
    }
    return kind != NULL ? kind : schema_kind(schema, STR("disclosure"));
}

/* The table that is told in its records: the item's, or the only one that the kind has. */
static const struct schema_table *find_table(const struct template_input *template)
{
    const struct schema_kind *kind = template->kind;
    if (template->item != NULL && template->item->table.n > 0) {
        return schema_table(template->schema, template->item->table);
    }
    return kind->table_count == 1 ? schema_table(template->schema, kind->tables[0]) : NULL;
}

static struct str value_of(const struct template_input *template, struct str key)
{
    for (size_t i = 0; i < template->value_count; i++) {
        if (str_equal(template->values[i].key, key)) {
            return template->values[i].text;
        }
    }
    return STR("");
}

/* Plain where YAML reads it as it stands, else in quotes; JSON's are YAML's. */
static void add_value(struct buf *out, struct str text)
{
    bool is_plain = text.n > 0 && strchr("-?.~", text.p[0]) == NULL;
    for (size_t i = 0; i < text.n && is_plain; i++) {
        is_plain = strchr(":#\"'\\[]{},&*!|>%@`", text.p[i]) == NULL;
    }
    if (is_plain) {
        buf_add(out, text);
        return;
    }
    struct json json = {.buf = out};
    json_str(&json, text);
}

/* What may be written: the choices, or the form. */
static void add_form(struct buf *out, const struct schema_field *field)
{
    static const char *const forms[] = {[SCHEMA_TYPE_DATE] = "如 2026-11-05",
                                        [SCHEMA_TYPE_TIME] = "如 14:30",
                                        [SCHEMA_TYPE_MONEY] = "元，如 1286.40",
                                        [SCHEMA_TYPE_INTEGER] = "整数",
                                        [SCHEMA_TYPE_BOOLEAN] = "写“是”或“否”",
                                        [SCHEMA_TYPE_PERIOD] = "如 2026、2026-H1、2026-Q3、2026-11",
                                        [SCHEMA_TYPE_MARKDOWN] = NULL};
    for (size_t i = 0; i < field->value_count; i++) {
        buf_printf(out, "%s%.*s", i == 0 ? "；写：" : "、", STR_ARG(field->values[i].zh));
    }
    const char *form = forms[field->type];
    if (form != NULL) {
        buf_printf(out, "；%s", form);
    }
}

struct line {
    const char *lead; /* "# " before each line of what is not needed, or "" */
    const char *indent;
};

static void add_field(struct buf *out, const struct template_input *template,
                      const struct schema_field *field, const struct line *line);

/* The fields of a map, or of the first map of several. */
static void add_subfields(struct buf *out, const struct template_input *template,
                          const struct schema_field *map, const struct line *line)
{
    const char *const indents[2] = {map->type == SCHEMA_TYPE_MAPS ? "  - " : "  ",
                                    map->type == SCHEMA_TYPE_MAPS ? "    " : "  "};
    for (size_t i = 0; i < map->field_count; i++) {
        const struct line below = {line->lead, indents[i > 0]};
        add_field(out, template, &map->fields[i], &below);
    }
}

static void add_field(struct buf *out, const struct template_input *template,
                      const struct schema_field *field, const struct line *line)
{
    struct str value = line->indent[0] == '\0' ? value_of(template, field->key) : STR("");
    buf_printf(out, "%s%s%.*s:", line->lead, line->indent, STR_ARG(field->zh));
    if (field->field_count > 0) {
        buf_printf(out, "  # %.*s\n", STR_ARG(field->about));
        add_subfields(out, template, field, line);
        return;
    }
    if (value.n > 0) {
        buf_add_char(out, ' ');
        add_value(out, value);
        buf_add_char(out, '\n');
        return;
    }
    buf_printf(out, "  # %.*s", STR_ARG(field->about));
    add_form(out, field);
    buf_add_char(out, '\n');
}

static void add_common(struct buf *out, const struct template_input *template, struct str key,
                       const char *lead)
{
    const struct schema_field *field = common_field(template->schema, key);
    if (field != NULL) {
        const struct line line = {lead, ""};
        add_field(out, template, field, &line);
    }
}

/* A page of no item has no number, no notice and no review. */
static bool has_usual(const struct template_input *template, struct str key)
{
    static const struct str always[] = {{"title", 5}, {"kind", 4}, {"date", 4}};
    const struct schema_kind *kind = template->kind;
    if (str_equal(key, STR("org")) || str_equal(key, STR("issuer"))) {
        return value_of(template, key).n > 0;
    }
    if (IS_AMONG(key, always) || is_among(key, kind->required, kind->required_count)) {
        return true;
    }
    bool is_notice = str_starts(key, STR("notice_"));
    bool is_disclosure = str_equal(kind->key, STR("disclosure"));
    if (is_notice || str_equal(key, STR("review"))) {
        return is_disclosure;
    }
    return template->item != NULL;
}

static bool is_wanted(const struct template_input *template, const struct schema_field *field)
{
    const struct schema_table *table = find_table(template);
    bool is_ledger = table != NULL && str_equal(table->key, STR("ledger"));
    bool is_periodic = template->item != NULL && template->item->every.n > 0 &&
                       !str_equal(template->item->every, STR("event"));
    return field->is_required || value_of(template, field->key).n > 0 ||
           (is_periodic && field->type == SCHEMA_TYPE_PERIOD) ||
           (is_ledger && IS_AMONG(field->key, sums));
}

static void add_head(struct buf *out, const struct template_input *template)
{
    const struct schema_kind *kind = template->kind;
    const struct line needed = {"", ""}, spare = {"# ", ""};
    buf_add_text(out, "---\n");
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (has_usual(template, usual[i])) {
            add_common(out, template, usual[i], "");
        }
    }
    for (size_t i = 0; i < kind->field_count; i++) {
        if (is_wanted(template, &kind->fields[i])) {
            add_field(out, template, &kind->fields[i], &needed);
        }
    }
    for (size_t i = 0; i < kind->field_count; i++) {
        if (!is_wanted(template, &kind->fields[i])) {
            add_field(out, template, &kind->fields[i], &spare);
        }
    }
    for (size_t i = 0; i < sizeof rare / sizeof rare[0]; i++) {
        add_common(out, template, rare[i], "# ");
    }
    if (template->item != NULL && template->item->content.n > 0) {
        buf_printf(out, "# 要写清：%.*s\n", STR_ARG(template->item->content));
    }
    if (template->item != NULL && template->item->basis.n > 0) {
        buf_printf(out, "# 依据：%.*s\n", STR_ARG(template->item->basis));
    }
    buf_add_text(out, "---\n\n");
}

static void add_heading(struct buf *out, const struct schema_column *column)
{
    buf_add(out, column->zh);
    if (column->unit.n > 0) {
        buf_printf(out, "（%.*s）", STR_ARG(column->unit));
    }
}

static bool is_number(const struct schema_column *column)
{
    return column->type == SCHEMA_TYPE_MONEY || column->type == SCHEMA_TYPE_NUMBER ||
           column->type == SCHEMA_TYPE_INTEGER;
}

static void add_piped(struct buf *out, const struct schema_table *table)
{
    buf_add_char(out, '|');
    for (size_t i = 0; i < table->column_count; i++) {
        buf_add_char(out, ' ');
        add_heading(out, &table->columns[i]);
        buf_add_text(out, " |");
    }
    buf_add_text(out, "\n|");
    for (size_t i = 0; i < table->column_count; i++) {
        buf_add_text(out, is_number(&table->columns[i]) ? " ---: |" : " --- |");
    }
    buf_add_text(out, "\n|");
    for (size_t i = 0; i < table->column_count; i++) {
        buf_add_text(out, "  |");
    }
    buf_add_char(out, '\n');
}

/* With a byte-order mark: without one Excel takes it for GB18030. */
static void add_csv(struct buf *out, const struct schema_table *table)
{
    buf_add_text(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < table->column_count; i++) {
        buf_add_text(out, i > 0 ? "," : "");
        add_heading(out, &table->columns[i]);
    }
    buf_add_char(out, '\n');
}

void template_write(struct buf *markdown, struct buf *csv, const struct template_input *template)
{
    const struct schema_table *table = find_table(template);
    add_head(markdown, template);
    if (table != NULL && table->column_count >= WIDE_TABLE) {
        add_csv(csv, table);
    } else if (table != NULL) {
        add_piped(markdown, table);
    }
}

/* Which known value the line of a front matter is for; -1 where it keeps its own. */
static ptrdiff_t find_value(const struct template_input *template, struct str line,
                            struct str *name)
{
    ptrdiff_t colon = str_find_char(line, ':');
    *name = str_slice(line, 0, colon < 0 ? 0 : (size_t)colon);
    const struct schema_field *field =
        schema_field(template->schema, template->kind, str_trim(*name));
    for (size_t i = 0; field != NULL && i < template->value_count; i++) {
        if (str_equal(template->values[i].key, field->key)) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static void add_known(struct buf *out, struct str name, struct str value)
{
    buf_printf(out, "%.*s: ", STR_ARG(name));
    add_value(out, value);
    buf_add_char(out, '\n');
}

/* What the county's template has no line for. */
static void add_unused(struct buf *out, const struct template_input *template, const bool *is_used)
{
    for (size_t i = 0; i < template->value_count; i++) {
        const struct schema_field *field =
            schema_field(template->schema, template->kind, template->values[i].key);
        if (!is_used[i] && field != NULL) {
            add_known(out, field->zh, template->values[i].text);
        }
    }
}

void template_fill(struct buf *out, struct str text, const struct template_input *template)
{
    bool is_used[TEMPLATE_VALUES_MAX] = {false};
    struct str line, name;
    int fences = 0;
    while (str_cut(&line, &text, '\n')) {
        bool is_fence = str_equal(str_trim(line), STR("---"));
        fences += is_fence;
        if (is_fence && fences == 2) {
            add_unused(out, template, is_used);
        }
        ptrdiff_t value = fences == 1 ? find_value(template, line, &name) : -1;
        if (value >= 0) {
            is_used[value] = true;
            add_known(out, name, template->values[value].text);
        } else {
            buf_add(out, line);
            buf_add_char(out, '\n');
        }
    }
}

void template_file_name(struct buf *out, struct str name)
{
    size_t begin = out->n;
    for (size_t i = 0; i < name.n; i++) {
        bool is_bad = (unsigned char)name.p[i] < 0x20 || strchr("/\\:*?\"<>|", name.p[i]) != NULL;
        buf_add_char(out, is_bad ? '-' : name.p[i]);
    }
    while (out->n > begin && strchr(" .", out->p[out->n - 1]) != NULL) {
        buf_truncate(out, out->n - 1);
    }
}

void template_path(struct buf *out, const struct template_input *template, const char *extension)
{
    const struct config_item *item = template->item;
    buf_add_text(out, "模板/");
    template_file_name(out, item != NULL ? item->category : STR("其他"));
    buf_add_char(out, '/');
    template_file_name(out, item != NULL ? item->name : template->kind->zh);
    buf_add_text(out, extension);
}
