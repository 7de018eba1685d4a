/* The pages of the tree's nodes, and what readers call them. See archive.h. */
#include "render/archive_node.h"

#include "render/parts.h"

/* Behind every date that begins with the period. */
#define BEHIND "~"

static struct str period_title(struct render *render, struct str period)
{
    static const char *const keys[] = {"title_year", "title_month", "title_day"};
    struct arena *arena = &render->arena;
    long month = str_number(str_slice(period, 5, 7), 99),
         day = str_number(str_slice(period, 8, 10), 99);
    const struct page_part parts[] = {
        {"year", str_slice(period, 0, 4)},
        {"month", month < 0 ? STR("") : arena_printf(arena, "%ld", month)},
        {"day", day < 0 ? STR("") : arena_printf(arena, "%ld", day)},
    };
    size_t depth = period.n == 4 ? 0 : period.n == 7 ? 1 : 2;
    struct str title = page_compose(render, keys[depth], parts, 3);
    ptrdiff_t slash = str_find_char(period, '/');
    if (slash < 0) {
        return title;
    }
    const struct page_part with_part[] = {{"title", title},
                                          {"part", str_from(period, (size_t)slash + 1)}};
    return page_compose(render, "title_part", with_part, 2);
}

struct str archive_title(struct render *render, struct str dimension, struct str value)
{
    const struct config *config = render->site->config;
    if (str_equal(dimension, STR("org"))) {
        const struct config_org *org = config_org(config, value);
        return org == NULL ? value : org->name;
    }
    if (str_equal(dimension, STR("item"))) {
        const struct config_item *item = config_item(config, value);
        return item == NULL ? value : item->name;
    }
    if (str_equal(dimension, STR("tag"))) {
        struct page_part part = {"tag", value};
        return page_compose(render, "title_tag", &part, 1);
    }
    if (str_equal(dimension, STR("section"))) {
        return value.n == 0 ? render->site->title
                            : str_from(value, (size_t)(str_find_last_char(value, '/') + 1));
    }
    return page_string(render, "title_archive");
}

static struct str node_title(struct render *render, const struct node *node, struct str period)
{
    struct str name = archive_title(render, str_of(node->dimension->name), node->value);
    if (period.n == 0) {
        return name;
    }
    struct str when = period_title(render, period);
    return dimension_is_all(node->dimension)
               ? when
               : arena_printf(&render->arena, "%.*s %.*s", STR_ARG(name), STR_ARG(when));
}

static void set_periods(struct render *render, struct value *listing, const struct node *node,
                        int64_t count)
{
    static const char *const keys[] = {"newest", NULL};
    struct arena *arena = &render->arena;
    struct value *list = value_list(arena);
    struct node_periods periods = {0};
    if (node_has_periods(node, count)) {
        periods = node_periods(render, node, count);
    }
    for (size_t i = 0; i < periods.count; i++) {
        struct value *value = value_map(arena);
        value_set_text(arena, value, "title", period_title(render, periods.items[i].name));
        value_set_text(arena, value, "url", node_url(render, node, periods.items[i].name));
        value_set_int(arena, value, "count", periods.items[i].count);
        page_set_date(render, value, "newest", periods.items[i].newest);
        page_set_defaults(render, value, keys);
        value_add(arena, list, value);
    }
    page_set_list(render, listing, "periods", "has_periods", list, periods.count > 0);
}

/* A part of a day, whose beginning is known. */
static void set_part(struct render *render, struct value *listing, const struct node *node)
{
    struct str start = parts_start(render, node->dimension, node->value, node->period, node->part);
    struct query *query = database_query(render->db, node->dimension->part);
    query_bind_str(query, 1, node->value);
    query_bind_str(query, 2, node->period);
    query_bind_str(query, 3, start);
    page_set_entries(render, listing, query, start.n > 0 ? RENDER_LISTING_MAX : 0);
}

static void set_entries(struct render *render, struct value *listing, const struct node *node,
                        int64_t count)
{
    if (node->part > 0 && node->dimension->starts != NULL) {
        set_part(render, listing, node);
        return;
    }
    const struct tally *tally = tally_of(render, node->dimension, node->value);
    struct query *query = database_query(render->db, node->dimension->entries);
    size_t most = node_has_periods(node, count) ? RENDER_NEWEST : RENDER_LISTING_MAX;
    long before = node->part > 0 ? (node->part - 1) * RENDER_LISTING_MAX : 0;
    query_bind_str(query, 1, node->value);
    query_bind_str(query, 2, tally_reach(tally, node->period, before + (int64_t)most));
    query_bind_str(query, 3, arena_printf(&render->arena, "%.*s" BEHIND, STR_ARG(node->period)));
    bool has_more = true;
    for (long i = 0; has_more && i < before; i++) {
        has_more = query_next(query);
    }
    page_set_entries(render, listing, query, has_more ? most : 0);
}

static struct value *org_value(struct render *render, const struct config_org *org)
{
    struct arena *arena = &render->arena;
    struct value *value = page_org_children(render, org->key);
    struct str type_key = arena_printf(arena, "org_%.*s", STR_ARG(org->type));
    value_set_text(arena, value, "type_name", page_string(render, type_key.p));
    value_set_text(arena, value, "code", org->code);
    const struct config_org *parent =
        org->parent.n == 0 ? NULL : config_org(render->site->config, org->parent);
    if (parent == NULL) {
        value_set_bool(arena, value, "parent", false);
        return value;
    }
    struct value *above = value_map(arena);
    value_set_text(arena, above, "name", parent->name);
    value_set_text(arena, above, "url", archive_url(render, "org", parent->key, STR("")));
    value_set(arena, value, "parent", above);
    return value;
}

/* What stands on the first page of an organisation or item, beside its records. */
static void set_about(struct render *render, struct value *listing, const struct node *node)
{
    static const char *const keys[] = {"org", "item", NULL};
    const struct config *config = render->site->config;
    struct str name = str_of(node->dimension->name);
    bool is_first = node->period.n == 0;
    if (is_first && str_equal(name, STR("org")) && config_org(config, node->value) != NULL) {
        value_set(&render->arena, listing, "org",
                  org_value(render, config_org(config, node->value)));
    }
    if (is_first && str_equal(name, STR("item")) && config_item(config, node->value) != NULL) {
        const struct config_item *item = config_item(config, node->value);
        value_set(&render->arena, listing, "item",
                  page_item(render, item, (size_t)(item - config->items) + 1));
    }
    page_set_defaults(render, listing, keys);
}

static void add_crumbs(struct render *render, struct page *page, const struct node *node)
{
    static const struct {
        const char *dimension, *key, *path;
    } roots[] = {
        {"org", "nav_orgs", "archive/org/"}, {"item", "nav_catalogue", "catalogue/"},
        {"tag", "nav_tags", "archive/tag/"}, {"section", "nav_archive", "archive/"},
        {"all", "nav_archive", "archive/"},
    };
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        bool is_self = dimension_is_all(node->dimension) && node->period.n == 0;
        if (str_equal(str_of(roots[i].dimension), str_of(node->dimension->name)) && !is_self) {
            page_add_crumb(render, page, page_string(render, roots[i].key),
                           page_url(render, roots[i].path));
        }
    }
    if (!dimension_is_all(node->dimension) && node->period.n > 0) {
        page_add_crumb(render, page, node_title(render, node, STR("")),
                       node_url(render, node, STR("")));
    }
    for (size_t length = 4; length < node->period.n; length += 3) {
        struct str above = str_slice(node->period, 0, length);
        page_add_crumb(render, page, period_title(render, above), node_url(render, node, above));
    }
}

static void set_feed(struct render *render, struct page *page, const struct node *node)
{
    if (dimension_is_all(node->dimension) || dimension_is_section(node->dimension)) {
        return;
    }
    struct str root = node_url(render, node, STR(""));
    page_set_feed(render, page, arena_printf(&render->arena, "%.*sfeed.xml", STR_ARG(root)),
                  node_title(render, node, STR("")));
    if (str_equal(str_of(node->dimension->name), STR("org"))) {
        value_set_text(&render->arena, page->page, "calendar_url",
                       calendar_url(render, node->value));
    }
}

static void set_flags(struct render *render, struct value *listing, const struct node *node)
{
    struct str name = str_of(node->dimension->name);
    struct arena *arena = &render->arena;
    value_set_bool(arena, listing, "is_org", str_equal(name, STR("org")));
    value_set_bool(arena, listing, "is_item", str_equal(name, STR("item")));
    value_set_bool(arena, listing, "is_tag", str_equal(name, STR("tag")));
    value_set_bool(arena, listing, "is_date", dimension_is_all(node->dimension));
}

int archive_page_draw(struct render *render, struct str key, struct buf *out)
{
    static const char *const keys[] = {"newest", "has_groups", NULL};
    struct node node = node_read(key);
    struct str whole =
        node.part == 0 ? node.period
                       : arena_printf(&render->arena, "%.*s/%ld", STR_ARG(node.period), node.part);
    struct str title = node_title(render, &node, whole);
    struct tally_period all =
        tally_period(tally_of(render, node.dimension, node.value), node.period);
    struct page page = page_new(render, title, node_url(render, &node, whole));
    struct value *listing = value_map(&render->arena);
    value_set_text(&render->arena, listing, "title", title);
    value_set_int(&render->arena, listing, "count", all.count);
    value_set_bool(&render->arena, listing, "is_empty", all.count == 0);
    page_set_date(render, listing, "newest", all.newest);
    value_set(&render->arena, listing, "groups", value_list(&render->arena));
    set_flags(render, listing, &node);
    set_about(render, listing, &node);
    set_periods(render, listing, &node, all.count);
    set_entries(render, listing, &node, all.count);
    page_set_defaults(render, listing, keys);
    value_set(&render->arena, page.root, "listing", listing);
    add_crumbs(render, &page, &node);
    set_feed(render, &page, &node);
    page_set_column(render, &page, title, page_string(render, "nav_archive"));
    return page_draw(render, &page, "archive", out);
}
