/* data/catalog.jsonld: the site's catalogue: its database, and where those of its organisations
 * are. */
#include "render/dcat.h"

#include "base/escape.h"

int catalog_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                 const struct touch *touch)
{
    (void)render;
    (void)touch;
    output_add(list, kind, STR(""), STR("data/catalog.jsonld"));
    return 0;
}

struct ids {
    struct str catalog, publisher, database, file;
};

static void write_contact(struct json *json, struct render *render, struct str name)
{
    const struct config *config = render->site->config;
    if (config->phone.n + config->mail.n == 0) {
        return;
    }
    json_key(json, "dcat:contactPoint");
    dcat_open_node(json, STR(""), "vcard:Kind");
    json_pair(json, "vcard:fn", name);
    if (config->mail.n > 0) {
        struct buf mail = BUF_EMPTY;
        buf_add(&mail, STR("mailto:"));
        ptrdiff_t at = str_find_last_char(config->mail, '@');
        escape_query(&mail, str_slice(config->mail, 0, at < 0 ? 0 : (size_t)at));
        buf_add_char(&mail, '@');
        escape_query(&mail, str_from(config->mail, (size_t)(at + 1)));
        dcat_pair_iri(json, "vcard:hasEmail", buf_str(&mail));
        buf_free(&mail);
    }
    if (config->phone.n > 0) {
        dcat_pair_typed(json, "vcard:telephone", config->phone, "xsd:string");
    }
    json_close(json, '}');
}

static void write_org_catalog(struct json *json, struct render *render, struct str org)
{
    dcat_open_node(json, dcat_iri(render, dcat_org_url(render, org), "#catalog"), "dcat:Catalog");
    dcat_write_org_catalog(json, render, org);
    json_close(json, '}');
}

static void write_org_catalogs(struct json *json, struct render *render)
{
    json_key(json, "dcat:catalog");
    json_open(json, '[');
    if (render->site->config->is_given && dcat_has_datasets(render, STR(""))) {
        write_org_catalog(json, render, STR(""));
    }
    struct query *query = database_query(
        render->db, "SELECT key FROM organisations WHERE EXISTS (SELECT 1 FROM records WHERE"
                    " records.org = organisations.key AND EXISTS (SELECT 1 FROM tables WHERE"
                    " record = records.id)) ORDER BY id");
    while (query_next(query)) {
        write_org_catalog(json, render, query_str(query, 0));
    }
    json_close(json, ']');
}

/* When the database came to be as it is: with the commit, or on the as-of day where it is later. */
static int64_t modified(struct render *render)
{
    struct query *query =
        database_query(render->db, "SELECT value FROM meta WHERE key = 'modified'");
    int64_t moment =
        query_next(query) ? str_number(query_str(query, 0), INT32_MAX * INT64_C(2)) : 0;
    query_reset(query);
    return moment;
}

static void write_catalog(struct json *json, struct render *render, const struct ids *ids,
                          struct str publisher)
{
    dcat_open_node(json, ids->catalog, "dcat:Catalog");
    dcat_write_about(json, render->site->title, render->site->config->description, ids->publisher);
    dcat_pair_iri(json, "foaf:homepage", page_absolute(render, page_url(render, "")));
    dcat_pair_moment(json, "dct:modified", modified(render));
    dcat_write_licence(json, render);
    write_contact(json, render, publisher);
    dcat_pair_iri(json, "dcat:dataset", ids->database);
    write_org_catalogs(json, render);
    json_close(json, '}');
}

static void write_database(struct json *json, struct render *render, const struct ids *ids)
{
    const struct page_part parts[] = {{"title", render->site->title}};
    struct str page = page_absolute(render, page_url(render, "data/"));
    dcat_open_node(json, ids->database, "dcat:Dataset");
    dcat_write_about(json, page_compose(render, "catalog_database", parts, 1),
                     page_string(render, "data_text"), ids->publisher);
    dcat_pair_typed(json, "dct:identifier", page, "xsd:anyURI");
    dcat_pair_iri(json, "dcat:landingPage", page);
    dcat_pair_moment(json, "dct:modified", modified(render));
    dcat_pair_typed(json, "dcat:version", render->site->commit, "xsd:string");
    dcat_write_licence(json, render);
    dcat_pair_iri(json, "dcat:distribution", ids->file);
    json_close(json, '}');
}

static void write_file(struct json *json, struct render *render, const struct ids *ids)
{
    dcat_open_node(json, ids->file, "dcat:Distribution");
    json_pair(json, "dct:title", STR("search.db"));
    dcat_pair_iri(json, "dcat:accessURL", page_absolute(render, page_url(render, "data/")));
    dcat_pair_iri(json, "dcat:downloadURL",
                  page_absolute(render, page_url(render, "data/search.db")));
    dcat_pair_iri(json, "dcat:mediaType",
                  STR("https://www.iana.org/assignments/media-types/application/vnd.sqlite3"));
    dcat_pair_typed(json, "dcat:byteSize", page_number(render, render->site->database_size),
                    "xsd:nonNegativeInteger");
    dcat_write_licence(json, render);
    dcat_pair_iri(json, "dct:conformsTo",
                  page_absolute(render, page_url(render, "data/datapackage.json")));
    json_key(json, "spdx:checksum");
    dcat_open_node(json, STR(""), "spdx:Checksum");
    dcat_pair_iri(json, "spdx:algorithm",
                  STR("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"));
    dcat_pair_typed(json, "spdx:checksumValue", render->site->database_digest, "xsd:hexBinary");
    json_close(json, '}');
    json_close(json, '}');
}

int catalog_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct json json = {.buf = out};
    struct str url = page_url(render, "data/catalog.jsonld");
    const struct ids ids = {dcat_iri(render, url, "#catalog"), dcat_iri(render, url, "#publisher"),
                            dcat_iri(render, page_url(render, "data/"), "#database"),
                            dcat_iri(render, page_url(render, "data/search.db"), "#file")};
    struct str host = render->site->config->host;
    struct str publisher = host.n > 0 ? host : render->site->title;
    dcat_open(&json, render);
    write_catalog(&json, render, &ids, publisher);
    dcat_write_agent(&json, ids.publisher, publisher);
    write_database(&json, render, &ids);
    write_file(&json, render, &ids);
    dcat_close(&json);
    return 0;
}
