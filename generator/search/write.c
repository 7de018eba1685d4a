#include "search/search.h"

#include "base/escape.h"
#include "base/json.h"

enum { JSON_VERSION = 1 };

static void write_key(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    json_str(json, value);
}

/* The text of the pieces, without marks. */
static void join_pieces(struct buf *out, const struct search_pieces *pieces)
{
    buf_clear(out);
    for (size_t i = 0; i < pieces->count; i++) {
        buf_add(out, pieces->v[i].text);
    }
}

static void write_hit(struct json *json, const struct search_hit *hit, struct buf *snippet)
{
    join_pieces(snippet, &hit->snippet);
    json_open(json, '{');
    write_key(json, "url", hit->url);
    write_key(json, "title", hit->title);
    write_key(json, "date", hit->date);
    write_key(json, "org", hit->org);
    write_key(json, "org_name", hit->org_name);
    write_key(json, "kind", hit->kind);
    write_key(json, "kind_name", hit->kind_name);
    write_key(json, "path", hit->path);
    write_key(json, "snippet", buf_str(snippet));
    json_close(json, '}');
}

static void write_facet(struct json *json, const char *name, const struct search_facet *facet)
{
    json_key(json, name);
    json_open(json, '[');
    for (size_t i = 0; i < facet->count; i++) {
        json_open(json, '{');
        write_key(json, "key", facet->v[i].key);
        write_key(json, "name", facet->v[i].name);
        json_key(json, "count");
        json_int(json, facet->v[i].count);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_facets(struct json *json, const struct search_result *result)
{
    static const char *const names[SEARCH_FACET_COUNT] = {
        [SEARCH_FACET_ORG] = "org",       [SEARCH_FACET_KIND] = "kind",
        [SEARCH_FACET_ITEM] = "item",     [SEARCH_FACET_YEAR] = "year",
        [SEARCH_FACET_STATUS] = "status",
    };
    json_key(json, "facets");
    json_open(json, '{');
    for (int i = 0; i < SEARCH_FACET_COUNT; i++) {
        write_facet(json, names[i], &result->facets[i]);
    }
    json_close(json, '}');
}

static void write_number(struct json *json, const char *key, long value)
{
    json_key(json, key);
    json_int(json, value);
}

static void write_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void search_write_json(struct buf *out, const struct search_request *request,
                       const struct search_result *result)
{
    struct buf snippet = BUF_EMPTY;
    struct json json = {.buf = out};
    json_open(&json, '{');
    write_number(&json, "version", JSON_VERSION);
    write_key(&json, "query", request->query);
    write_number(&json, "total", result->is_nearest ? 0 : result->total);
    write_number(&json, "page", result->page);
    write_number(&json, "pages", result->page_count);
    write_bool(&json, "nearest", result->is_nearest);
    write_bool(&json, "by_date", result->is_by_date);
    json_key(&json, "results");
    json_open(&json, '[');
    for (size_t i = 0; i < result->hit_count; i++) {
        write_hit(&json, &result->hits[i], &snippet);
    }
    json_close(&json, ']');
    write_facets(&json, result);
    json_close(&json, '}');
    buf_free(&snippet);
}

static void write_row(struct buf *out, const struct search_hit *hit, struct buf *snippet)
{
    join_pieces(snippet, &hit->snippet);
    const struct str fields[] = {hit->title,     hit->date, hit->org_name,
                                 hit->kind_name, hit->url,  buf_str(snippet)};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        buf_add(out, i > 0 ? STR(",") : STR(""));
        escape_csv(out, fields[i]);
    }
    buf_add(out, STR("\r\n"));
}

void search_write_csv(struct buf *out, const struct search_result *result)
{
    struct buf snippet = BUF_EMPTY;
    buf_add(out, STR("\xef\xbb\xbf标题,日期,单位,类型,网址,摘录\r\n"));
    for (size_t i = 0; !result->is_nearest && i < result->hit_count; i++) {
        write_row(out, &result->hits[i], &snippet);
    }
    buf_free(&snippet);
}
