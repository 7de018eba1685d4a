/* data/datapackage.json: what the database is, for programs (Data Package v2, datapackage.org). */
#include "render/page.h"

#include "base/json.h"

int datapackage_list(struct render *render, struct output_list *list,
                     const struct output_kind *kind, const struct touch *touch)
{
    (void)render;
    (void)touch;
    output_add(list, kind, STR(""), STR("data/datapackage.json"));
    return 0;
}

static void write_pair(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    json_str(json, value);
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
    write_pair(json, "path", url);
    if (name.n > 0) {
        write_pair(json, "title", name);
    }
    json_close(json, '}');
    json_close(json, ']');
}

static void write_resource(struct json *json, struct render *render)
{
    json_key(json, "resources");
    json_open(json, '[');
    json_open(json, '{');
    write_pair(json, "name", STR("search"));
    write_pair(json, "path", STR("search.db"));
    write_pair(json, "format", STR("sqlite"));
    write_pair(json, "mediatype", STR("application/vnd.sqlite3"));
    json_key(json, "bytes");
    json_int(json, render->site->database_size);
    write_pair(json, "hash",
               arena_printf(&render->arena, "sha256:%.*s", STR_ARG(render->site->database_digest)));
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
    write_pair(&json, "$schema", STR("https://datapackage.org/profiles/2.0/datapackage.json"));
    write_pair(&json, "name", STR("gongkai"));
    write_pair(&json, "title", render->site->title);
    if (render->site->config->url.n > 0) {
        write_pair(&json, "homepage", page_absolute(render, page_url(render, "")));
    }
    write_pair(&json, "version", render->site->commit);
    write_pair(&json, "created", created(render));
    write_licence(&json, render);
    write_resource(&json, render);
    json_close(&json, '}');
    buf_add_char(out, '\n');
    return 0;
}
