#include "store/typed.h"

#include "base/buf.h"

/* Names come from the schema, which is ours; they are quoted all the same. */
static void add_name(struct buf *sql, struct str name)
{
    buf_add_char(sql, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"') {
            buf_add_char(sql, '"');
        }
        buf_add_char(sql, name.p[i]);
    }
    buf_add_char(sql, '"');
}

static void add_text(struct buf *sql, struct str text)
{
    buf_add_char(sql, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'') {
            buf_add_char(sql, '\'');
        }
        buf_add_char(sql, text.p[i]);
    }
    buf_add_char(sql, '\'');
}

static void create_table_view(struct database *db, struct buf *sql,
                              const struct schema_table *table)
{
    buf_clear(sql);
    buf_add_text(sql, "CREATE VIEW ");
    add_name(sql, table->key);
    buf_add_text(sql, " AS SELECT path, table_number, row_number, org, org_name, org_code,"
                      " published");
    for (size_t i = 0; i < table->column_count; i++) {
        buf_printf(sql, ", c%zu AS ", i + 1);
        add_name(sql, table->columns[i].key);
    }
    buf_add_text(sql, " FROM placed_entries WHERE kind = ");
    add_text(sql, table->key);
    database_run(db, sql->p);
}

/* The value of a field in the JSON `json`, typed. */
static void add_value(struct buf *sql, const char *json, struct str path,
                      const struct schema_field *field)
{
    static const char *const before[] = {
        [SCHEMA_TYPE_MONEY] = "CAST(replace(", [SCHEMA_TYPE_NUMBER] = "CAST("};
    static const char *const behind[] = {
        [SCHEMA_TYPE_MONEY] = ", '.', '') AS INTEGER)", [SCHEMA_TYPE_NUMBER] = " AS REAL)"};
    bool is_cast = field->type == SCHEMA_TYPE_MONEY || field->type == SCHEMA_TYPE_NUMBER;
    buf_add_text(sql, is_cast ? before[field->type] : "");
    buf_printf(sql, "json_extract(%s, ", json);
    add_text(sql, path);
    buf_add_char(sql, ')');
    buf_add_text(sql, is_cast ? behind[field->type] : "");
}

/* A column for the field; of a map, one for each of its own. */
static void add_field(struct buf *sql, struct arena *arena, const struct schema_field *field)
{
    if (field->type == SCHEMA_TYPE_MAP) {
        for (size_t i = 0; i < field->field_count; i++) {
            const struct schema_field *below = &field->fields[i];
            buf_add_text(sql, ", ");
            add_value(sql, "fields",
                      arena_printf(arena, "$.%.*s.%.*s", STR_ARG(field->key), STR_ARG(below->key)),
                      below);
            buf_add_text(sql, " AS ");
            add_name(sql,
                     arena_printf(arena, "%.*s_%.*s", STR_ARG(field->key), STR_ARG(below->key)));
        }
    } else if (field->type != SCHEMA_TYPE_MAPS) {
        buf_add_text(sql, ", ");
        add_value(sql, "fields", arena_printf(arena, "$.%.*s", STR_ARG(field->key)), field);
        buf_add_text(sql, " AS ");
        add_name(sql, field->key);
    }
}

static void create_maps_view(struct database *db, struct buf *sql, struct arena *arena,
                             const struct schema_field *field)
{
    buf_clear(sql);
    buf_add_text(sql, "CREATE VIEW ");
    add_name(sql, field->view);
    buf_add_text(sql, " AS SELECT placed_records.path AS path, json_each.key + 1 AS number, org, "
                      "org_name, org_code,"
                      " published");
    for (size_t i = 0; i < field->field_count; i++) {
        buf_add_text(sql, ", ");
        /* A site without configuration may hold a text where a map should stand. */
        add_value(sql, "CASE WHEN json_each.type = 'object' THEN json_each.value END",
                  arena_printf(arena, "$.%.*s", STR_ARG(field->fields[i].key)), &field->fields[i]);
        buf_add_text(sql, " AS ");
        add_name(sql, field->fields[i].key);
    }
    buf_add_text(sql, " FROM placed_records JOIN json_each(fields, ");
    add_text(sql, arena_printf(arena, "$.%.*s", STR_ARG(field->key)));
    buf_add_text(sql, ") WHERE json_each.type = 'object'");
    database_run(db, sql->p);
}

static void create_maps_views(struct database *db, struct buf *sql, struct arena *arena,
                              const struct schema_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].type == SCHEMA_TYPE_MAPS && fields[i].view.n > 0) {
            create_maps_view(db, sql, arena, &fields[i]);
        }
    }
}

static void create_kind_view(struct database *db, struct buf *sql, struct arena *arena,
                             const struct schema_kind *kind)
{
    buf_clear(sql);
    buf_add_text(sql, "CREATE VIEW ");
    add_name(sql, kind->view);
    buf_add_text(sql, " AS SELECT path, url, title, published, org, org_name, org_code");
    for (size_t i = 0; i < kind->field_count; i++) {
        add_field(sql, arena, &kind->fields[i]);
    }
    buf_add_text(sql, " FROM placed_records WHERE kind = ");
    add_text(sql, kind->key);
    database_run(db, sql->p);
}

/* Columns that placed_records has by itself. */
static bool is_column(struct str key)
{
    static const struct str keys[] = {{"title", 5}, {"kind", 4}, {"date", 4},   {"org", 3},
                                      {"item", 4},  {"tags", 4}, {"summary", 7}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (str_equal(keys[i], key)) {
            return true;
        }
    }
    return false;
}

/* What every record may say, whatever its kind. */
static void create_common_view(struct database *db, struct buf *sql, struct arena *arena,
                               const struct schema *schema)
{
    buf_clear(sql);
    buf_add_text(sql, "CREATE VIEW publications AS SELECT path, url, kind, title, published, org,"
                      " org_name, org_code, item");
    for (size_t i = 0; i < schema->common_count; i++) {
        if (!is_column(schema->common[i].key)) {
            add_field(sql, arena, &schema->common[i]);
        }
    }
    buf_add_text(sql, " FROM placed_records");
    database_run(db, sql->p);
}

void typed_create(struct database *db, const struct schema *schema)
{
    struct arena arena = {0};
    struct buf sql = BUF_EMPTY;
    create_common_view(db, &sql, &arena, schema);
    create_maps_views(db, &sql, &arena, schema->common, schema->common_count);
    for (size_t i = 0; i < schema->kind_count; i++) {
        create_kind_view(db, &sql, &arena, &schema->kinds[i]);
        create_maps_views(db, &sql, &arena, schema->kinds[i].fields, schema->kinds[i].field_count);
    }
    for (size_t i = 0; i < schema->table_count; i++) {
        create_table_view(db, &sql, &schema->tables[i]);
    }
    buf_free(&sql);
    arena_free(&arena);
}

static void bind_value(struct query *query, int index, const struct table_value *value,
                       enum schema_type type)
{
    if (!value->is_given) {
        query_bind_null(query, index);
    } else if (type == SCHEMA_TYPE_INTEGER || type == SCHEMA_TYPE_MONEY) {
        query_bind_int(query, index, value->number);
    } else if (type == SCHEMA_TYPE_NUMBER) {
        query_bind_real(query, index, (double)value->number / 1e6);
    } else {
        query_bind_str(query, index, value->text);
    }
}

void typed_put(struct database *db, int64_t table_id, const struct table *table)
{
    const struct schema_table *kind = table->kind;
    for (size_t row = 0; kind != NULL && row < table->row_count; row++) {
        if (table->totals[row] != TOTAL_NONE) {
            continue;
        }
        struct query *query = database_query(
            db, "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
                " ?13, ?14)");
        query_bind_int(query, 1, table_id);
        query_bind_int(query, 2, (int64_t)row + 1);
        for (size_t i = 0; i < kind->column_count; i++) {
            bind_value(query, (int)i + 3, &table->values[row * kind->column_count + i],
                       kind->columns[i].type);
        }
        query_run(query);
    }
}

void typed_remove(struct database *db, int64_t record)
{
    struct query *query = database_query(
        db, "DELETE FROM entries WHERE table_id IN (SELECT id FROM tables WHERE record = ?1)");
    query_bind_int(query, 1, record);
    query_run(query);
}
