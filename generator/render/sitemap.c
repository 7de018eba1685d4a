/*
 * sitemap.xml: the addresses of all records (sitemaps.org 0.9). Past RENDER_SITEMAP_WHOLE it is an
 * index of one sitemap a month, so that a new record touches a short one; a month of more than
 * RENDER_SITEMAP_MAX is cut into parts.
 */
#include "render/page.h"
#include "render/tally.h"

#include "base/utf8.h"
#include "xml/xml.h"

static const struct tally *all_records(struct render *render)
{
    return tally_of(render, dimension_find(STR("all")), STR(""));
}

static int64_t count_records(struct render *render)
{
    return tally_period(all_records(render), STR("")).count;
}

static bool is_month_touched(struct render *render, const struct touch *touch, struct str month)
{
    struct str prefix = arena_printf(&render->arena, "all\n\n%.*s", STR_ARG(month));
    for (size_t i = 0; i < touch->nodes.count; i++) {
        if (str_starts(touch->nodes.items[i], prefix)) {
            return true;
        }
    }
    return false;
}

/* Calls `visit` with each part of each month, from the newest on. */
static void visit_parts(struct render *render,
                        void (*visit)(void *context, struct str month, int64_t part), void *context)
{
    struct tally_walk walk = tally_walk(all_records(render), STR(""), STR("2026-09").n);
    for (struct tally_period month; tally_next(&month, &walk);) {
        for (int64_t part = 0; part * RENDER_SITEMAP_MAX < month.count; part++) {
            visit(context, month.name, part);
        }
    }
}

static struct str part_file(struct render *render, struct str month, int64_t part)
{
    return arena_printf(&render->arena, "sitemap-%.*s-%lld.xml", STR_ARG(month),
                        (long long)part + 1);
}

struct listing {
    struct render *render;
    struct output_list *list;
    const struct output_kind *kind;
    const struct touch *touch; /* NULL: all months */
};

static void list_part(void *context, struct str month, int64_t part)
{
    const struct listing *listing = context;
    struct render *render = listing->render;
    if (listing->touch == NULL || is_month_touched(render, listing->touch, month)) {
        output_add(listing->list, listing->kind,
                   arena_printf(&render->arena, "%.*s/%lld", STR_ARG(month), (long long)part),
                   part_file(render, month, part));
    }
}

/* A month of more records than a sitemap may hold is cut: "2026-09/0", "2026-09/1". */
int sitemap_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                 const struct touch *touch)
{
    if (touch != NULL && touch->records.count == 0) {
        return 0;
    }
    output_add(list, kind, STR(""), STR("sitemap.xml"));
    int64_t count = count_records(render);
    if (count > RENDER_SITEMAP_WHOLE) {
        /* All come or go where one sitemap may just have held them. */
        bool is_all = touch == NULL || count <= RENDER_SITEMAP_WHOLE + (int64_t)touch->slack;
        struct listing listing = {render, list, kind, is_all ? NULL : touch};
        visit_parts(render, list_part, &listing);
    }
    return 0;
}

static void write_url(struct xml *xml, struct render *render, struct query *query)
{
    char text[DATE_TEXT_SIZE];
    int offset = render->site->config->utc_offset;
    xml_start(xml, "url");
    xml_element(xml, "loc", page_absolute(render, query_str(query, 0)));
    xml_element(xml, "lastmod", str_of(date_format_rfc3339(text, query_int(query, 1), offset)));
    xml_end(xml);
}

static void write_urls(struct xml *xml, struct render *render, struct query *query)
{
    struct arena kept = render->arena;
    render->arena = (struct arena){0};
    xml_start(xml, "urlset");
    xml_attribute(xml, "xmlns", STR("http://www.sitemaps.org/schemas/sitemap/0.9"));
    while (query_next(query)) {
        write_url(xml, render, query);
        arena_reset(&render->arena);
    }
    xml_end(xml);
    arena_free(&render->arena);
    render->arena = kept;
}

static void write_part(struct xml *xml, struct render *render, struct str key)
{
    struct str month;
    str_cut(&month, &key, '/');
    struct query *query = database_query(
        render->db, "SELECT url, updated FROM records WHERE date >= ?1 AND date < ?1 || '~'"
                    " ORDER BY date, path LIMIT ?2 OFFSET ?3");
    query_bind_str(query, 1, month);
    query_bind_int(query, 2, RENDER_SITEMAP_MAX);
    query_bind_int(query, 3, str_number(key, 1000000) * RENDER_SITEMAP_MAX);
    write_urls(xml, render, query);
}

struct index {
    struct xml *xml;
    struct render *render;
};

static void write_part_address(void *context, struct str month, int64_t part)
{
    const struct index *index = context;
    struct str file = part_file(index->render, month, part);
    xml_start(index->xml, "sitemap");
    xml_element(index->xml, "loc", page_absolute(index->render, page_url(index->render, file.p)));
    xml_end(index->xml);
}

static void write_index(struct xml *xml, struct render *render)
{
    struct index index = {xml, render};
    xml_start(xml, "sitemapindex");
    xml_attribute(xml, "xmlns", STR("http://www.sitemaps.org/schemas/sitemap/0.9"));
    visit_parts(render, write_part_address, &index);
    xml_end(xml);
}

int sitemap_draw(struct render *render, struct str key, struct buf *out)
{
    struct xml *xml = xml_new();
    if (key.n > 0) {
        write_part(xml, render, key);
    } else if (count_records(render) > RENDER_SITEMAP_WHOLE) {
        write_index(xml, render);
    } else {
        write_urls(xml, render,
                   database_query(render->db, "SELECT url, updated FROM records ORDER BY path"));
    }
    return xml_finish(xml, out, &render->fault);
}

int opensearch_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                    const struct touch *touch)
{
    (void)render;
    if (touch == NULL) {
        output_add(list, kind, STR(""), STR("opensearch.xml"));
    }
    return 0;
}

/* OpenSearch 1.1: ShortName holds at most 16 characters, Description 1024. */
int opensearch_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct str search = page_absolute(render, page_url(render, "search.cgi?q={searchTerms}"));
    struct xml *xml = xml_new();
    xml_start(xml, "OpenSearchDescription");
    xml_attribute(xml, "xmlns", STR("http://a9.com/-/spec/opensearch/1.1/"));
    xml_element(xml, "ShortName", utf8_first(render->site->title, 16));
    xml_element(xml, "Description", utf8_first(render->site->title, 1024));
    xml_element(xml, "InputEncoding", STR("UTF-8"));
    xml_start(xml, "Url");
    xml_attribute(xml, "type", STR("text/html"));
    xml_attribute(xml, "template", search);
    xml_end(xml);
    xml_end(xml);
    return xml_finish(xml, out, &render->fault);
}
