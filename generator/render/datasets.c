/*
 * archive/org/KEY/catalog.jsonld: the records of one organisation that have tables, each a dataset
 * with its CSV files; those of a catalogue item that comes every month or quarter are a series. One
 * file for each publisher: a site's whole would be rewritten with every record. Sites without a
 * configuration have none, as they have no name and no publisher.
 *
 * The size and checksum of a CSV file stand nowhere but in the file: to tell them, every one of an
 * organisation would be drawn again with each of its records.
 */
#include "render/dcat.h"

#include "base/escape.h"

static void add_datasets(struct render *render, struct output_list *list,
                         const struct output_kind *kind, struct str org)
{
    if (dcat_has_datasets(render, org)) {
        output_add_url(render, list, kind, org, dcat_org_url(render, org));
    }
}

int datasets_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                  const struct touch *touch)
{
    struct set orgs = {0};
    if (!render->site->config->is_given || (touch != NULL && touch->nodes.count == 0)) {
        return 0;
    }
    set_add(&orgs, STR(""));
    if (touch != NULL) {
        touch_orgs(&orgs, touch);
    } else {
        struct query *query =
            database_query(render->db, "SELECT key FROM organisations ORDER BY id");
        while (query_next(query)) {
            set_add(&orgs, query_str(query, 0));
        }
    }
    for (size_t i = 0; i < orgs.count; i++) {
        add_datasets(render, list, kind, orgs.items[i]);
    }
    set_free(&orgs);
    return 0;
}

#define PAGE "page:" /* the prefix of a dataset's page */

struct dataset {
    int64_t id, created, updated;
    struct str page, title, summary, item, period, index_number; /* page: its address, absolute */
};

/* The datasets, and of each item that is a series the last one so far. */
struct catalogue {
    struct render *render;
    struct json *json;
    struct str url, publisher;
    const struct config_item *items;
    struct str *last; /* of the page, by item; empty: there is none */
};

static size_t read_datasets(struct render *render, struct str org, struct dataset **out)
{
    struct arena *arena = &render->arena;
    size_t count = 0;
    struct query *query = database_query(
        render->db, "SELECT id, url, title, own_summary, item, created, updated,"
                    " index_number," PAGE_FIELD(
                        "period") " FROM records WHERE org = ?1 AND EXISTS (SELECT 1 FROM tables"
                                  " WHERE record = records.id) ORDER BY date, path");
    query_bind_str(query, 1, org);
    while (query_next(query)) {
        *out = arena_grow(arena, *out, count, sizeof **out);
        (*out)[count++] = (struct dataset){
            .id = query_int(query, 0),
            .page = page_absolute(render, query_str(query, 1)),
            .title = arena_copy(arena, query_str(query, 2)),
            .summary = arena_copy(arena, query_str(query, 3)),
            .item = arena_copy(arena, query_str(query, 4)),
            .created = query_int(query, 5),
            .updated = query_int(query, 6),
            .index_number = arena_copy(arena, query_str(query, 7)),
            .period = arena_copy(arena, query_str(query, 8)),
        };
    }
    return count;
}

/* How often the item comes, in the words of the EU's authority, which DCAT-AP asks for. */
static const char *frequency_of(const struct config_item *item)
{
    static const char *const rows[][2] = {{"month", "MONTHLY"},
                                          {"quarter", "QUARTERLY"},
                                          {"half-year", "ANNUAL_2"},
                                          {"year", "ANNUAL"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_equal(item->every, str_of(rows[i][0]))) {
            return rows[i][1];
        }
    }
    return NULL;
}

static struct str series_iri(const struct catalogue *catalogue, const struct config_item *item)
{
    struct buf fragment = BUF_EMPTY;
    buf_add_text(&fragment, "#series-");
    escape_query(&fragment, item->key);
    struct str iri = dcat_iri(catalogue->render, catalogue->url, fragment.p);
    buf_free(&fragment);
    return iri;
}

static struct str fragment(struct render *render, struct str page, const char *text)
{
    return arena_join(&render->arena, page, str_of(text));
}

/* The days of 2026, 2026-H1, 2026-Q3 or 2026-09. */
static bool period_days(struct date *first, struct date *last, struct str period)
{
    long year = str_number(str_slice(period, 0, 4), 9999);
    long number = str_number(
        str_from(period, period.n == 7 && period.p[5] != 'H' && period.p[5] != 'Q' ? 5 : 6), 12);
    char kind = period.n > 5 ? period.p[5] : 'Y';
    int months = kind == 'Y' ? 12 : kind == 'H' ? 6 : kind == 'Q' ? 3 : 1;
    number = kind == 'Y' ? 1 : number;
    *first = (struct date){(int)year, (int)(number - 1) * months + 1, 1};
    if (year < 0 || number < 1 || number * months > 12 || !date_is_valid(*first)) {
        return false;
    }
    struct date next = {first->year, first->month + months, 1};
    if (next.month > 12) {
        next = (struct date){first->year + 1, 1, 1};
    }
    *last = date_from_days(date_to_days(next) - 1);
    return true;
}

static void write_period(const struct catalogue *catalogue, struct str period)
{
    struct date first, last;
    char text[DATE_TEXT_SIZE];
    if (period.n == 0 || !period_days(&first, &last, period)) {
        return;
    }
    json_key(catalogue->json, "dct:temporal");
    dcat_open_node(catalogue->json, STR(""), "dct:PeriodOfTime");
    dcat_pair_typed(catalogue->json, "dcat:startDate", str_of(date_format(text, first)),
                    "xsd:date");
    dcat_pair_typed(catalogue->json, "dcat:endDate", str_of(date_format(text, last)), "xsd:date");
    json_close(catalogue->json, '}');
}

static void write_keywords(const struct catalogue *catalogue, int64_t record)
{
    struct query *query = database_query(catalogue->render->db,
                                         "SELECT tag FROM tags WHERE record = ?1 ORDER BY tag");
    query_bind_int(query, 1, record);
    bool has_any = false;
    while (query_next(query)) {
        if (!has_any) {
            json_key(catalogue->json, "dcat:keyword");
            json_open(catalogue->json, '[');
        }
        has_any = true;
        json_str(catalogue->json, query_str(query, 0));
    }
    if (has_any) {
        json_close(catalogue->json, ']');
    }
}

/* Which series it belongs to, and which came before it there. */
static void write_series_of(struct catalogue *catalogue, const struct dataset *dataset)
{
    const struct config_item *item =
        dataset->item.n == 0 ? NULL : config_item(catalogue->render->site->config, dataset->item);
    if (item == NULL || frequency_of(item) == NULL) {
        return;
    }
    struct str *last = &catalogue->last[item - catalogue->items];
    dcat_pair_iri(catalogue->json, "dcat:inSeries", series_iri(catalogue, item));
    if (last->n > 0) {
        dcat_pair_iri(catalogue->json, "dcat:prev", fragment(catalogue->render, *last, "#dataset"));
    }
    *last = dataset->page;
}

static void write_file(const struct catalogue *catalogue, const struct dataset *dataset,
                       struct query *query)
{
    struct arena *arena = &catalogue->render->arena;
    struct json *json = catalogue->json;
    struct str file = query_str(query, 0), caption = query_str(query, 1);
    file = str_from(file, (size_t)(str_find_last_char(file, '/') + 1));
    dcat_open_node(json, STR(""), "dcat:Distribution");
    json_pair(json, "dct:title", caption.n > 0 ? caption : dataset->title);
    dcat_pair_iri(json, "dcat:accessURL", STR(PAGE));
    dcat_pair_iri(json, "dcat:downloadURL", arena_join(arena, STR(PAGE), file));
    dcat_pair_iri(json, "dcat:mediaType",
                  STR("https://www.iana.org/assignments/media-types/text/csv"));
    dcat_write_licence(json, catalogue->render);
    if (query_str(query, 2).n > 0) {
        dcat_pair_iri(json, "dct:conformsTo", STR(PAGE "csv-metadata.json"));
    }
    json_close(json, '}');
}

static void write_files(const struct catalogue *catalogue, const struct dataset *dataset)
{
    struct query *query = database_query(catalogue->render->db,
                                         "SELECT url, caption, kind FROM tables WHERE record = ?1"
                                         " ORDER BY number");
    query_bind_int(query, 1, dataset->id);
    json_key(catalogue->json, "dcat:distribution");
    json_open(catalogue->json, '[');
    while (query_next(query)) {
        write_file(catalogue, dataset, query);
    }
    json_close(catalogue->json, ']');
}

/* The page's address is long where paths are Chinese, and stands in each: a prefix of its own. */
static void write_prefix(struct json *json, const struct dataset *dataset)
{
    json_key(json, "@context");
    json_open(json, '{');
    json_pair(json, "page", dataset->page);
    json_close(json, '}');
}

static void write_dataset(struct catalogue *catalogue, const struct dataset *dataset)
{
    struct json *json = catalogue->json;
    dcat_open_node(json, fragment(catalogue->render, dataset->page, "#dataset"), "dcat:Dataset");
    write_prefix(json, dataset);
    dcat_write_about(json, dataset->title, dataset->summary, catalogue->publisher);
    if (dataset->index_number.n > 0) {
        dcat_pair_typed(json, "dct:identifier", dataset->index_number, "xsd:string");
    }
    dcat_pair_iri(json, "dcat:landingPage", STR(PAGE));
    dcat_pair_moment(json, "dct:issued", dataset->created);
    dcat_pair_moment(json, "dct:modified", dataset->updated);
    write_period(catalogue, dataset->period);
    write_keywords(catalogue, dataset->id);
    write_series_of(catalogue, dataset);
    write_files(catalogue, dataset);
    json_close(json, '}');
}

static void write_series(const struct catalogue *catalogue, struct str org_name)
{
    struct render *render = catalogue->render;
    const struct config *config = render->site->config;
    for (size_t i = 0; i < config->item_count; i++) {
        const struct config_item *item = &config->items[i];
        if (catalogue->last[i].n == 0) {
            continue;
        }
        dcat_open_node(catalogue->json, series_iri(catalogue, item), "dcat:DatasetSeries");
        dcat_write_about(
            catalogue->json,
            arena_printf(&render->arena, "%.*s %.*s", STR_ARG(org_name), STR_ARG(item->name)),
            item->content, catalogue->publisher);
        dcat_pair_iri(catalogue->json, "dct:accrualPeriodicity",
                      arena_printf(&render->arena,
                                   "http://publications.europa.eu/resource/authority/frequency/%s",
                                   frequency_of(item)));
        dcat_pair_iri(catalogue->json, "dcat:last",
                      fragment(render, catalogue->last[i], "#dataset"));
        json_close(catalogue->json, '}');
    }
}

static void write_catalog(struct catalogue *catalogue, struct str org,
                          const struct dataset *datasets, size_t count)
{
    struct json *json = catalogue->json;
    struct render *render = catalogue->render;
    dcat_open_node(json, dcat_iri(render, catalogue->url, "#catalog"), "dcat:Catalog");
    dcat_write_org_catalog(json, render, org);
    dcat_pair_iri(json, "dct:isPartOf",
                  dcat_iri(render, page_url(render, "data/catalog.jsonld"), "#catalog"));
    dcat_write_licence(json, render);
    json_key(json, "dcat:dataset");
    json_open(json, '[');
    for (size_t i = 0; i < count; i++) {
        write_dataset(catalogue, &datasets[i]);
    }
    json_close(json, ']');
    json_close(json, '}');
}

int datasets_draw(struct render *render, struct str key, struct buf *out)
{
    const struct config *config = render->site->config;
    struct json json = {.buf = out};
    struct str url = dcat_org_url(render, key);
    struct str name = dcat_org_name(render, key);
    struct catalogue catalogue = {
        .render = render,
        .json = &json,
        .url = url,
        .publisher = dcat_iri(render, url, "#publisher"),
        .items = config->items,
        .last = arena_array(&render->arena, config->item_count + 1, sizeof(struct str)),
    };
    struct dataset *datasets = NULL;
    size_t count = read_datasets(render, key, &datasets);
    dcat_open(&json, render);
    write_catalog(&catalogue, key, datasets, count);
    dcat_write_agent(&json, catalogue.publisher, name);
    write_series(&catalogue, name);
    dcat_close(&json);
    return 0;
}
