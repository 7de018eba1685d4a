#include "base/escape.h"
#include "cgi/search_page.h"

#include <stdint.h>

/* The filters that a facet or a chosen value stands for. */
static const struct {
    enum request_parameter parameter;
    const char *label_key;
    int facet; /* enum search_facet_kind, or -1 */
} filters[] = {
    {REQUEST_ORG, "search_facet_org", SEARCH_FACET_ORG},
    {REQUEST_KIND, "search_facet_kind", SEARCH_FACET_KIND},
    {REQUEST_ITEM, "search_facet_item", SEARCH_FACET_ITEM},
    {REQUEST_YEAR, "search_facet_year", SEARCH_FACET_YEAR},
    {REQUEST_STATE, "search_state", SEARCH_FACET_STATUS},
    {REQUEST_FROM, "search_from", -1},
    {REQUEST_TO, "search_to", -1},
};
enum { FILTER_COUNT = sizeof filters / sizeof filters[0] };

static const struct str nothing = {"", 0};

/* Escaped first, marked then: nothing of a record or a query becomes markup. */
static struct value *pieces_value(struct search_page *page, const struct search_pieces *pieces)
{
    struct buf html = BUF_EMPTY;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct search_piece *piece = &pieces->v[i];
        buf_add_text(&html, piece->is_match ? "<mark>" : "");
        escape_html(&html, piece->text);
        buf_add_text(&html, piece->is_match ? "</mark>" : "");
    }
    struct markup markup = {arena_copy(page->arena, buf_str(&html))};
    buf_free(&html);
    return value_markup(page->arena, markup);
}

static struct value *plain_value(struct search_page *page, struct str text)
{
    struct search_piece piece = {.text = text, .is_match = false};
    return pieces_value(page, &(struct search_pieces){.v = &piece, .count = 1});
}

/* What the facet calls the key; the key where it does not have it. */
static struct str facet_name(const struct search_facet *facet, struct str key)
{
    for (size_t i = 0; i < facet->count; i++) {
        if (str_equal(facet->v[i].key, key)) {
            return facet->v[i].name.n > 0 ? facet->v[i].name : key;
        }
    }
    return key;
}

/* The theme's name of a key that has none in the database, as `search_<facet>_<key>`. */
static struct str theme_name(struct search_page *page, const char *facet, struct str key)
{
    struct str name_key = arena_printf(page->arena, "search_%s_%.*s", facet, STR_ARG(key));
    struct str name = search_page_string(page, name_key.p);
    return str_equal(name, name_key) ? key : name;
}

/* "power_item" as "Power item". */
static struct str spell_out(struct search_page *page, struct str key)
{
    struct str copy = arena_copy(page->arena, key);
    char *p = (char *)(uintptr_t)copy.p;
    for (size_t i = 0; i < copy.n; i++) {
        p[i] = p[i] == '_' ? ' ' : p[i];
    }
    if (copy.n > 0 && p[0] >= 'a' && p[0] <= 'z') {
        p[0] = (char)(p[0] - 'a' + 'A');
    }
    return copy;
}

/* The theme's name of a kind, else the one that the database has, which is Chinese. */
static struct str kind_name(struct search_page *page, struct str kind, struct str chinese)
{
    struct str name = theme_name(page, "kind", kind);
    if (!str_equal(name, kind)) {
        return name;
    }
    bool has_chinese = chinese.n > 0 && !str_equal(chinese, kind);
    bool is_chinese = search_page_language(page) == LANGUAGE_ZH && has_chinese;
    return is_chinese ? chinese : has_chinese ? spell_out(page, kind) : kind;
}

/* What stands for a value of the filter. */
static struct str value_name(struct search_page *page, enum request_parameter parameter,
                             struct str key, struct str name)
{
    if (parameter == REQUEST_KIND) {
        return kind_name(page, key, name);
    }
    if (parameter == REQUEST_STATE) {
        return theme_name(page, "state", key);
    }
    return name.n > 0 ? name : key;
}

static struct value *hit_value(struct search_page *page, const struct search_hit *hit)
{
    struct arena *arena = page->arena;
    struct value *map = value_map(arena);
    bool has_title = hit->title_pieces.count > 0;
    value_set_text(arena, map, "url", hit->url);
    value_set(arena, map, "title",
              has_title ? pieces_value(page, &hit->title_pieces) : plain_value(page, hit->title));
    value_set_bool(arena, map, "has_snippet", hit->snippet.count > 0);
    value_set(arena, map, "snippet", pieces_value(page, &hit->snippet));
    search_page_set_date(page, map, "date", hit->date);
    value_set_text(arena, map, "org_name", hit->org_name.n > 0 ? hit->org_name : hit->org);
    value_set_text(arena, map, "kind_name",
                   str_equal(hit->kind, STR("page")) ? nothing
                                                     : kind_name(page, hit->kind, hit->kind_name));
    return map;
}

static void set_hits(struct search_page *page, struct value *map,
                     const struct search_result *result)
{
    struct value *list = value_list(page->arena);
    for (size_t i = 0; i < result->hit_count; i++) {
        value_add(page->arena, list, hit_value(page, &result->hits[i]));
    }
    value_set(page->arena, map, "hits", list);
    value_set_bool(page->arena, map, "has_hits", result->hit_count > 0);
}

static struct value *facet_row_value(struct search_page *page, enum request_parameter parameter,
                                     const struct search_facet_row *row)
{
    struct arena *arena = page->arena;
    struct value *map = value_map(arena);
    struct str key = row->is_chosen ? nothing : row->key;
    value_set_text(arena, map, "name", value_name(page, parameter, row->key, row->name));
    value_set_int(arena, map, "count", row->count);
    value_set_int(arena, map, "depth", row->depth);
    value_set_bool(arena, map, "is_chosen", row->is_chosen);
    value_set_text(arena, map, "url", search_page_url(page, "search.cgi", parameter, key));
    return map;
}

static struct value *facet_value(struct search_page *page, int filter,
                                 const struct search_facet *facet)
{
    struct arena *arena = page->arena;
    struct value *map = value_map(arena);
    struct value *rows = value_list(arena);
    const char *key = request_parameter_name(filters[filter].parameter);
    for (size_t i = 0; i < facet->count; i++) {
        value_add(arena, rows, facet_row_value(page, filters[filter].parameter, &facet->v[i]));
    }
    value_set_text(arena, map, "key", str_of(key));
    value_set_text(arena, map, "title", search_page_string(page, filters[filter].label_key));
    value_set(arena, map, "rows", rows);
    return map;
}

static void set_facets(struct search_page *page, struct value *map,
                       const struct search_result *result)
{
    struct value *list = value_list(page->arena);
    bool has_any = false;
    for (int i = 0; i < FILTER_COUNT; i++) {
        const struct search_facet *facet =
            filters[i].facet < 0 ? NULL : &result->facets[filters[i].facet];
        if (facet != NULL && facet->count > 0) {
            value_add(page->arena, list, facet_value(page, i, facet));
            has_any = true;
        }
    }
    value_set(page->arena, map, "facets", list);
    value_set_bool(page->arena, map, "has_facets", has_any);
}

/* The filters that are set, each with the address that takes it away. */
static void set_chosen(struct search_page *page, struct value *map,
                       const struct search_result *result)
{
    struct arena *arena = page->arena;
    struct value *list = value_list(arena);
    bool has_any = false;
    for (int i = 0; i < FILTER_COUNT; i++) {
        enum request_parameter parameter = filters[i].parameter;
        struct str key = page->request->values[parameter];
        if (key.n == 0) {
            continue;
        }
        struct value *row = value_map(arena);
        struct str name =
            filters[i].facet < 0 ? key : facet_name(&result->facets[filters[i].facet], key);
        value_set_text(arena, row, "label", search_page_string(page, filters[i].label_key));
        value_set_text(arena, row, "name", value_name(page, parameter, key, name));
        value_set_text(arena, row, "url", search_page_url(page, "search.cgi", parameter, nothing));
        value_add(arena, list, row);
        has_any = true;
    }
    value_set(arena, map, "chosen", list);
    value_set_bool(arena, map, "has_chosen", has_any);
}

/* What the form carries along beside its own fields. */
static void set_hidden(struct search_page *page, struct value *map)
{
    static const enum request_parameter carried[] = {REQUEST_ORG,  REQUEST_KIND,  REQUEST_ITEM,
                                                     REQUEST_YEAR, REQUEST_STATE, REQUEST_SORT,
                                                     REQUEST_LANG};
    struct arena *arena = page->arena;
    struct value *list = value_list(arena);
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++) {
        if (page->request->values[carried[i]].n == 0) {
            continue;
        }
        struct value *field = value_map(arena);
        value_set_text(arena, field, "name", str_of(request_parameter_name(carried[i])));
        value_set_text(arena, field, "value", page->request->values[carried[i]]);
        value_add(arena, list, field);
    }
    value_set(arena, map, "hidden", list);
    value_set_text(arena, map, "from", page->request->search.from);
    value_set_text(arena, map, "to", page->request->search.to);
}

static void set_page_url(struct search_page *page, struct value *map, const char *key,
                         bool is_there, long number)
{
    struct str text = number == 1 ? nothing : arena_printf(page->arena, "%ld", number);
    value_set_text(page->arena, map, key,
                   is_there ? search_page_url(page, "search.cgi", REQUEST_PAGE, text) : nothing);
}

static void set_pages(struct search_page *page, struct value *map,
                      const struct search_result *result)
{
    bool is_past_end = result->total > 0 && result->page > result->page_count;
    long previous = is_past_end ? result->page_count : result->page - 1;
    value_set_int(page->arena, map, "page", result->page);
    value_set_int(page->arena, map, "page_count", result->page_count);
    value_set_bool(page->arena, map, "is_past_end", is_past_end);
    value_set_bool(page->arena, map, "has_pages", result->page_count > 1 || is_past_end);
    set_page_url(page, map, "previous_url", result->page > 1 && result->total > 0, previous);
    set_page_url(page, map, "next_url", result->page < result->page_count, result->page + 1);
}

static void set_urls(struct search_page *page, struct value *map)
{
    struct arena *arena = page->arena;
    const char *cgi = "search.cgi";
    value_set_text(arena, map, "json_url", search_page_url(page, cgi, REQUEST_FORMAT, STR("json")));
    value_set_text(arena, map, "csv_url", search_page_url(page, cgi, REQUEST_FORMAT, STR("csv")));
    value_set_text(arena, map, "feed_url",
                   search_page_url(page, "search-feed.cgi", REQUEST_FORMAT, nothing));
    value_set_text(arena, map, "relevance_url", search_page_url(page, cgi, REQUEST_SORT, nothing));
    value_set_text(arena, map, "date_url", search_page_url(page, cgi, REQUEST_SORT, STR("date")));
}

/* The language of titles, texts and names, where the page's own words are of another. */
static struct str content_language(const struct search_page *page)
{
    struct str own = host_meta(page->host, "language");
    return str_equal(own, page->language) ? nothing : own;
}

void search_page_set_result(struct search_page *page, const struct search_result *result)
{
    struct arena *arena = page->arena;
    struct value *map = value_map(arena);
    bool has_query = page->request->search.query.n > 0;
    bool is_by_date = page->request->search.sort == SEARCH_SORT_DATE;
    value_set_bool(arena, map, "has_query", has_query);
    value_set_int(arena, map, "total", result->total);
    value_set_bool(arena, map, "is_exact", result->total > 0 && !result->is_nearest);
    value_set_bool(arena, map, "is_nearest", result->total > 0 && result->is_nearest);
    value_set_bool(arena, map, "is_empty", result->total == 0);
    value_set_bool(arena, map, "is_too_many_to_rank", result->is_by_date && !is_by_date);
    value_set_bool(arena, map, "is_sorted_by_date", is_by_date);
    value_set_bool(arena, map, "can_sort", has_query && result->hit_count > 1);
    value_set_text(arena, map, "content_language", content_language(page));
    set_hits(page, map, result);
    set_facets(page, map, result);
    set_chosen(page, map, result);
    set_hidden(page, map);
    set_pages(page, map, result);
    set_urls(page, map);
    value_set(arena, page->root, "search", map);
}
