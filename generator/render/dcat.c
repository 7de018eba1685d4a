#include "render/dcat.h"

#include "render/archive.h"

struct str dcat_iri(struct render *render, struct str url, const char *fragment)
{
    return arena_join(&render->arena, page_absolute(render, url), str_of(fragment));
}

struct str dcat_org_url(struct render *render, struct str org)
{
    if (org.n == 0) {
        return page_url(render, "archive/catalog.jsonld");
    }
    return arena_printf(&render->arena, "%.*scatalog.jsonld",
                        STR_ARG(archive_url(render, "org", org, STR(""))));
}

bool dcat_has_datasets(struct render *render, struct str org)
{
    struct query *query = database_query(
        render->db, "SELECT 1 FROM records WHERE org = ?1 AND EXISTS (SELECT 1 FROM tables WHERE"
                    " record = records.id) LIMIT 1");
    query_bind_str(query, 1, org);
    bool has_any = query_next(query);
    query_reset(query);
    return has_any;
}

struct str dcat_org_name(struct render *render, struct str org)
{
    return org.n == 0 ? render->site->title : archive_title(render, STR("org"), org);
}

void dcat_write_org_catalog(struct json *json, struct render *render, struct str org)
{
    struct str name = dcat_org_name(render, org), site = render->site->title;
    const struct page_part parts[] = {{"title", name}};
    struct str title =
        org.n == 0 ? site
                   : arena_printf(&render->arena, "%.*s - %.*s", STR_ARG(name), STR_ARG(site));
    dcat_write_about(json, title, page_compose(render, "catalog_org", parts, 1),
                     dcat_iri(render, dcat_org_url(render, org), "#publisher"));
}

/* Texts for people are in the site's language; other values have types. */
static void write_context(struct json *json, struct render *render)
{
    static const char *const prefixes[][2] = {{"dcat", "http://www.w3.org/ns/dcat#"},
                                              {"dct", "http://purl.org/dc/terms/"},
                                              {"foaf", "http://xmlns.com/foaf/0.1/"},
                                              {"spdx", "http://spdx.org/rdf/terms#"},
                                              {"vcard", "http://www.w3.org/2006/vcard/ns#"},
                                              {"xsd", "http://www.w3.org/2001/XMLSchema#"}};
    static const char *const texts[] = {"dct:title", "dct:description", "dcat:keyword", "foaf:name",
                                        "vcard:fn"};
    json_key(json, "@context");
    json_open(json, '{');
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        json_pair(json, prefixes[i][0], str_of(prefixes[i][1]));
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_key(json, texts[i]);
        json_open(json, '{');
        json_pair(json, "@id", str_of(texts[i]));
        json_pair(json, "@language", render->site->config->language);
        json_close(json, '}');
    }
    json_close(json, '}');
}

void dcat_open(struct json *json, struct render *render)
{
    json_open(json, '{');
    write_context(json, render);
    json_key(json, "@graph");
    json_open(json, '[');
}

void dcat_close(struct json *json)
{
    json_close(json, ']');
    json_close(json, '}');
    buf_add_char(json->buf, '\n');
}

void dcat_open_node(struct json *json, struct str id, const char *type)
{
    json_open(json, '{');
    if (id.n > 0) {
        json_pair(json, "@id", id);
    }
    json_pair(json, "@type", str_of(type));
}

void dcat_pair_iri(struct json *json, const char *key, struct str iri)
{
    json_key(json, key);
    json_open(json, '{');
    json_pair(json, "@id", iri);
    json_close(json, '}');
}

void dcat_pair_typed(struct json *json, const char *key, struct str value, const char *type)
{
    json_key(json, key);
    json_open(json, '{');
    json_pair(json, "@value", value);
    json_pair(json, "@type", str_of(type));
    json_close(json, '}');
}

void dcat_pair_moment(struct json *json, const char *key, int64_t moment)
{
    char text[DATE_TEXT_SIZE];
    dcat_pair_typed(json, key, str_of(date_format_rfc3339(text, moment, 0)), "xsd:dateTime");
}

void dcat_write_about(struct json *json, struct str title, struct str description,
                      struct str publisher)
{
    json_pair(json, "dct:title", title);
    json_pair(json, "dct:description", description.n > 0 ? description : title);
    dcat_pair_iri(json, "dct:publisher", publisher);
}

void dcat_write_licence(struct json *json, struct render *render)
{
    if (render->site->config->licence_url.n > 0) {
        dcat_pair_iri(json, "dct:license", render->site->config->licence_url);
    }
}

void dcat_write_agent(struct json *json, struct str id, struct str name)
{
    dcat_open_node(json, id, "foaf:Agent");
    json_pair(json, "foaf:name", name);
    json_close(json, '}');
}
