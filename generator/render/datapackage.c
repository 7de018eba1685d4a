/* data/datapackage.json: what the database is, for programs (Data Package v2, datapackage.org). */
#include "render/columns.h"
#include "render/page.h"

int datapackage_list(struct render *render, struct output_list *list,
                     const struct output_kind *kind, const struct touch *touch)
{
    (void)render;
    (void)touch;
    output_add(list, kind, STR(""), STR("data/datapackage.json"));
    return 0;
}

static struct str meta(struct render *render, const char *key)
{
    struct query *query = database_query(render->db, "SELECT value FROM meta WHERE key = ?1");
    query_bind_str(query, 1, str_of(key));
    struct str value =
        query_next(query) ? arena_copy(&render->arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return value;
}

/* A licence needs one of the Open Definition's names or an address, so one without address is left
 * out. */
static void write_licence(struct json *json, struct render *render)
{
    struct str name = meta(render, "licence_name"), url = meta(render, "licence_url");
    if (url.n == 0) {
        return;
    }
    json_key(json, "licenses");
    json_open(json, '[');
    json_open(json, '{');
    json_pair(json, "path", url);
    if (name.n > 0) {
        json_pair(json, "title", name);
    }
    json_close(json, '}');
    json_close(json, ']');
}

static void write_column(struct json *json, struct str key, struct str zh, enum schema_type type)
{
    column_write_package(json, &(struct column){.name = key, .zh = zh, .type = type});
}

static void open_view(struct json *json, struct str name, struct str title, struct str about)
{
    json_open(json, '{');
    json_pair(json, "name", name);
    json_pair(json, "title", title);
    json_pair(json, "description", about);
    json_key(json, "fields");
    json_open(json, '[');
    write_column(json, STR("path"), STR("记录"), SCHEMA_TYPE_TEXT);
}

static void write_org(struct json *json)
{
    write_column(json, STR("org"), STR("单位"), SCHEMA_TYPE_TEXT);
    write_column(json, STR("org_name"), STR("单位名称"), SCHEMA_TYPE_TEXT);
    write_column(json, STR("org_code"), STR("区划代码"), SCHEMA_TYPE_TEXT);
}

static void write_published(struct json *json)
{
    write_column(json, STR("published"), STR("发布日期"), SCHEMA_TYPE_DATE);
}

/* `key`: the columns that name a row, up to two of them beside the record's path. */
static void close_view(struct json *json, const char *first, const char *second)
{
    json_close(json, ']');
    json_key(json, "primaryKey");
    json_open(json, '[');
    json_str(json, STR("path"));
    if (first != NULL) {
        json_str(json, str_of(first));
    }
    if (second != NULL) {
        json_str(json, str_of(second));
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_maps_views(struct json *json, const struct schema_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].view.n == 0) {
            continue;
        }
        open_view(json, fields[i].view, fields[i].zh, fields[i].about);
        write_column(json, STR("number"), STR("序号"), SCHEMA_TYPE_INTEGER);
        write_org(json);
        write_published(json);
        for (size_t k = 0; k < fields[i].field_count; k++) {
            struct column column = column_of_field(&fields[i].fields[k]);
            column_write_package(json, &column);
        }
        close_view(json, "number", NULL);
    }
}

static void write_kind_view(struct json *json, const struct schema_kind *kind)
{
    open_view(json, kind->view, kind->zh, kind->about);
    write_column(json, STR("url"), STR("网址"), SCHEMA_TYPE_TEXT);
    write_column(json, STR("title"), STR("标题"), SCHEMA_TYPE_TEXT);
    write_published(json);
    write_org(json);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct schema_field *field = &kind->fields[i];
        if (field->type != SCHEMA_TYPE_MAP && field->type != SCHEMA_TYPE_MAPS) {
            struct column column = column_of_field(field);
            column_write_package(json, &column);
        }
    }
    close_view(json, NULL, NULL);
}

static void write_table_view(struct json *json, const struct schema_table *table)
{
    open_view(json, table->key, table->zh, table->about);
    write_column(json, STR("table_number"), STR("第几张表"), SCHEMA_TYPE_INTEGER);
    write_column(json, STR("row_number"), STR("第几行"), SCHEMA_TYPE_INTEGER);
    write_org(json);
    write_published(json);
    for (size_t i = 0; i < table->column_count; i++) {
        struct column column = column_of_table(&table->columns[i]);
        column_write_package(json, &column);
    }
    close_view(json, "table_number", "row_number");
}

/* The typed views of the database, with their columns in the order that they have there
 * (store/typed.c): a property of our own, which Data Package allows. */
static void write_views(struct json *json, const struct schema *schema)
{
    json_key(json, "views");
    json_open(json, '[');
    write_maps_views(json, schema->common, schema->common_count);
    for (size_t i = 0; i < schema->kind_count; i++) {
        write_kind_view(json, &schema->kinds[i]);
        write_maps_views(json, schema->kinds[i].fields, schema->kinds[i].field_count);
    }
    for (size_t i = 0; i < schema->table_count; i++) {
        write_table_view(json, &schema->tables[i]);
    }
    json_close(json, ']');
}

static void write_resource(struct json *json, struct render *render)
{
    json_key(json, "resources");
    json_open(json, '[');
    json_open(json, '{');
    json_pair(json, "name", STR("search"));
    json_pair(json, "path", STR("search.db"));
    json_pair(json, "format", STR("sqlite"));
    json_pair(json, "mediatype", STR("application/vnd.sqlite3"));
    json_key(json, "bytes");
    json_int(json, render->site->database_size);
    json_pair(json, "hash",
              arena_printf(&render->arena, "sha256:%.*s", STR_ARG(render->site->database_digest)));
    write_views(json, render->site->schema);
    json_close(json, '}');
    json_close(json, ']');
}

/* The moment from which the database stands: of the commit, or of the as-of day where it is later.
 */
static struct str created(struct render *render)
{
    char text[DATE_TEXT_SIZE];
    int64_t moment = str_number(meta(render, "modified"), INT32_MAX * INT64_C(2));
    return arena_copy(&render->arena, str_of(date_format_rfc3339(text, moment, 0)));
}

int datapackage_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct json json = {.buf = out};
    json_open(&json, '{');
    json_pair(&json, "$schema", STR("https://datapackage.org/profiles/2.0/datapackage.json"));
    json_pair(&json, "name", STR("gongkai"));
    json_pair(&json, "title", render->site->title);
    if (render->site->config->url.n > 0) {
        json_pair(&json, "homepage", page_absolute(render, page_url(render, "")));
    }
    json_pair(&json, "version", render->site->commit);
    json_pair(&json, "created", created(render));
    write_licence(&json, render);
    write_resource(&json, render);
    json_close(&json, '}');
    buf_add_char(out, '\n');
    return 0;
}
