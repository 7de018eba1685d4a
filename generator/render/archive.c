/* The tree of periods: addresses, counts and the pages of its nodes. See archive.h. */
#include "render/archive.h"

#include "base/escape.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

enum { COMPONENT_MAX = 255, COMPONENT_KEPT = 200 /* bytes of a folder's name */ };

/* What a feed reads of a record; feed.c says how. */
#define FEED_COLUMNS                                                                               \
    " records.id, records.path, records.url, records.title, records.date, records.org,"            \
    " records.summary, records.created, records.updated "

/*
 * ?1 is the value, ?2 and ?3 bound the date. Every text is a constant: one per dimension and
 * question, so that nothing is ever put together at run time. None has a LIMIT: who has read enough
 * stops, for with one SQLite orders the records of each day in a table of its own.
 */
#define DIMENSION(name, counted, listed, date, where, values)                                      \
    {                                                                                              \
        name,                                                                                      \
            "SELECT count(*), max(" date ") FROM " counted " WHERE " where " AND " date            \
            " >= ?2 AND " date " < ?3",                                                            \
            "SELECT " date " FROM " counted " WHERE " where " AND " date " >= ?2 AND " date        \
            " < ?3 ORDER BY " date " DESC LIMIT 1",                                                \
            "SELECT" ENTRY_COLUMNS "FROM " listed " WHERE " where " AND " date " >= ?2 AND " date  \
            " < ?3 ORDER BY " date " DESC, path",                                                  \
            "SELECT" FEED_COLUMNS "FROM " listed " WHERE " where " AND " date                      \
            " < ?3 ORDER BY " date " DESC, created DESC, path",                                    \
            values                                                                                 \
    }

/* The rows of tags have the date too: the periods of a tag are found without its records. */
static const struct dimension {
    const char *name;
    const char *count, *newest, *entries, *feed;
    const char *values; /* of those that have records */
} dimensions[] = {
    DIMENSION("all", "records", "records", "records.date", "?1 = ''", "SELECT ''"),
    DIMENSION("org", "records", "records", "records.date",
              "org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0)",
              "SELECT key FROM organisations ORDER BY id"),
    DIMENSION("item", "records", "records", "records.date", "item = ?1 AND item <> ''",
              "SELECT key FROM items ORDER BY id"),
    DIMENSION("tag", "tags", "tags JOIN records ON records.id = tags.record", "tags.date",
              "tag = ?1", "SELECT DISTINCT tag FROM tags ORDER BY tag"),
    DIMENSION("section", "records", "records", "records.date", "folder = ?1",
              "SELECT folder FROM records GROUP BY folder HAVING count(*) > 200 ORDER BY folder"),
};

enum { DIMENSION_COUNT = sizeof dimensions / sizeof dimensions[0], SECTION = 4 };

/* Behind every date that begins with the period. */
#define BEHIND "~"

static const struct dimension *find_dimension(struct str name)
{
    for (size_t i = 0; i < DIMENSION_COUNT; i++) {
        if (str_equal(str_of(dimensions[i].name), name)) {
            return &dimensions[i];
        }
    }
    return &dimensions[0];
}

static bool is_all(const struct dimension *dimension)
{
    return dimension == &dimensions[0];
}

/* Is it a name that stands inside a listing: its page, its feed, years, months, days and parts? */
static bool is_listing_name(struct str name)
{
    return str_equal(name, STR("index.html")) || str_equal(name, STR("feed.xml")) ||
           str_number(name, LONG_MAX) >= 0;
}

/*
 * The name of a folder of the site for any text. What a file name cannot hold is percent-encoded,
 * and the first byte of a name that is not free there; a long one is cut, and goes on with a digest
 * of the whole.
 */
static void add_component(struct buf *out, struct str value, bool is_free)
{
    size_t begin = out->n;
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '%' || c == '/' || (i == 0 && (c == '.' || !is_free))) {
            buf_printf(out, "%%%02X", (unsigned char)c);
        } else {
            buf_add_char(out, c);
        }
    }
    if (out->n - begin <= COMPONENT_MAX) {
        return;
    }
    size_t end = begin + COMPONENT_KEPT;
    while (((unsigned char)out->p[end] & 0xc0) == 0x80) {
        end--;
    }
    buf_truncate(out, end);
    buf_printf(out, "-%016" PRIx64, str_hash(value));
}

/* A tag may hold a slash, a folder's path has them as folders. */
static void add_value(struct buf *out, const struct dimension *dimension, struct str value)
{
    if (dimension != &dimensions[SECTION]) {
        add_component(out, value, !str_equal(value, STR("index.html")));
        return;
    }
    if (value.n == 0) {
        buf_add_char(out, '-'); /* the folder that is the root */
    }
    bool is_first = true;
    for (struct str piece; str_cut(&piece, &value, '/'); is_first = false) {
        buf_add_text(out, is_first ? "" : "/");
        add_component(out, piece, is_first ? !str_equal(piece, STR("-")) : !is_listing_name(piece));
    }
}

static struct str node_url(struct render *render, const struct dimension *dimension,
                           struct str value, struct str period)
{
    struct buf key = BUF_EMPTY, url = BUF_EMPTY;
    buf_add(&key, STR("archive/"));
    if (!is_all(dimension)) {
        buf_add_text(&key, dimension->name);
        buf_add_char(&key, '/');
        add_value(&key, dimension, value);
        buf_add_char(&key, '/');
    }
    for (size_t i = 0; i < period.n; i++) {
        buf_add_char(&key, period.p[i] == '-' ? '/' : period.p[i]);
    }
    if (period.n > 0) {
        buf_add_char(&key, '/');
    }
    buf_add(&url, render->site->config->base);
    escape_path(&url, buf_str(&key));
    struct str copy = arena_copy(&render->arena, buf_str(&url));
    buf_free(&key);
    buf_free(&url);
    return copy;
}

struct str archive_url(struct render *render, const char *dimension, struct str value,
                       struct str period)
{
    return node_url(render, find_dimension(str_of(dimension)), value, period);
}

struct node {
    const struct dimension *dimension;
    struct str value;
    struct str period; /* without its part */
    long part;         /* from 1; 0: the whole */
};

static struct str node_end(struct render *render, const struct node *node)
{
    return arena_printf(&render->arena, "%.*s" BEHIND, STR_ARG(node->period));
}

static void bind_node(struct render *render, struct query *query, const struct node *node)
{
    query_bind_str(query, 1, node->value);
    query_bind_str(query, 2, node->period);
    query_bind_str(query, 3, node_end(render, node));
}

/* How many records there are from the date on and before the other, and the newest of them. */
static int64_t count_between(struct render *render, const struct node *node, struct str from,
                             struct str to, struct str *newest)
{
    struct query *query = database_query(render->db, node->dimension->count);
    query_bind_str(query, 1, node->value);
    query_bind_str(query, 2, from);
    query_bind_str(query, 3, to);
    int64_t count = 0;
    if (query_next(query)) {
        count = query_int(query, 0);
        *newest = arena_copy(&render->arena, query_str(query, 1));
        query_reset(query);
    }
    return count;
}

static int64_t node_count(struct render *render, const struct node *node, struct str *newest)
{
    return count_between(render, node, node->period, node_end(render, node), newest);
}

/* The newest date before `end`; false where there is none. */
static bool find_newest(struct str *out, struct render *render, const struct node *node,
                        struct str end)
{
    struct query *query = database_query(render->db, node->dimension->newest);
    query_bind_str(query, 1, node->value);
    query_bind_str(query, 2, node->period);
    query_bind_str(query, 3, end);
    bool is_found = query_next(query);
    *out = is_found ? arena_copy(&render->arena, query_str(query, 0)) : (struct str){"", 0};
    query_reset(query);
    return is_found;
}

/* How many bytes of a date name the periods below this one; 0 where a day is cut into parts. */
static int64_t period_length(struct str period)
{
    return period.n == 0 ? 4 : period.n == 4 ? 7 : period.n == 7 ? 10 : 0;
}

struct period {
    struct str name, newest;
    int64_t count;
};

struct periods {
    struct period *items;
    size_t count;
};

static void add_period(struct render *render, struct periods *periods, struct period period)
{
    periods->items =
        arena_grow(&render->arena, periods->items, periods->count, sizeof *periods->items);
    periods->items[periods->count++] = period;
}

static struct periods parts_of(struct render *render, const struct node *node, int64_t count)
{
    struct periods periods = {0};
    for (int64_t part = 1; (part - 1) * RENDER_LISTING_MAX < count; part++) {
        int64_t left = count - (part - 1) * RENDER_LISTING_MAX;
        add_period(render, &periods,
                   (struct period){arena_printf(&render->arena, "%.*s/%lld", STR_ARG(node->period),
                                                (long long)part),
                                   node->period,
                                   left < RENDER_LISTING_MAX ? left : RENDER_LISTING_MAX});
    }
    return periods;
}

/*
 * The newest first. Each is found by a look at the index and counted there: to group all dates by
 * their beginnings would sort them all.
 */
static struct periods periods_of(struct render *render, const struct node *node, int64_t count)
{
    int64_t length = period_length(node->period);
    if (length == 0) {
        return parts_of(render, node, count);
    }
    struct periods periods = {0};
    struct str end = node_end(render, node), newest;
    while (find_newest(&newest, render, node, end)) {
        struct period period = {.name = str_slice(newest, 0, (size_t)length)};
        period.count = count_between(render, node, period.name, end, &period.newest);
        add_period(render, &periods, period);
        end = period.name;
    }
    return periods;
}

/* Does the node show periods? A date of a year and month always has pages of its own. */
static bool has_periods(const struct node *node, int64_t count)
{
    if (node->part > 0) {
        return false;
    }
    return count > RENDER_LISTING_MAX || (is_all(node->dimension) && node->period.n < 7);
}

/* Keys: "dimension\nvalue\nperiod". A value is never empty but for "all". */
static struct str node_key(struct render *render, const struct node *node, struct str period)
{
    return arena_printf(&render->arena, "%s\n%.*s\n%.*s", node->dimension->name,
                        STR_ARG(node->value), STR_ARG(period));
}

static struct node read_key(struct str key)
{
    struct str dimension, value = {"", 0}, period;
    str_cut(&dimension, &key, '\n');
    str_cut(&value, &key, '\n');
    struct node node = {.dimension = find_dimension(dimension), .value = value, .period = key};
    if (str_cut(&period, &key, '/') && key.n > 0) {
        node.period = period;
        node.part = str_number(key, 1000000);
    }
    return node;
}

/* Dates of one value that are touched: a run of touch->nodes, which is sorted. */
struct dates {
    const struct str *keys; /* NULL: all are */
    size_t count, prefix;   /* bytes of a key before its date */
    int64_t changes;        /* how many more or fewer records there are on the other side */
};

static bool is_touched(const struct dates *dates, struct str period)
{
    for (size_t i = 0; dates->keys != NULL && i < dates->count; i++) {
        if (str_starts(str_from(dates->keys[i], dates->prefix), period)) {
            return true;
        }
    }
    return dates->keys == NULL;
}

/*
 * Must all periods of the node be listed? Where the node may have had none before the change, or
 * may have none after it, all of them come or go at once.
 */
static bool is_whole(const struct node *node, const struct dates *dates, int64_t count)
{
    bool is_fixed = is_all(node->dimension) && node->period.n < 7;
    return dates->keys == NULL || period_length(node->period) == 0 ||
           (!is_fixed && count - dates->changes <= RENDER_LISTING_MAX);
}

static void list_node(struct render *render, struct output_list *list,
                      const struct output_kind *kind, const struct node *node, int64_t count,
                      const struct dates *dates)
{
    output_add_url(render, list, kind, node_key(render, node, node->period),
                   node_url(render, node->dimension, node->value, node->period));
    if (!has_periods(node, count)) {
        return;
    }
    struct periods periods = periods_of(render, node, count);
    bool is_all_touched = is_whole(node, dates, count);
    for (size_t i = 0; i < periods.count; i++) {
        struct node below = read_key(node_key(render, node, periods.items[i].name));
        if (below.part > 0) {
            output_add_url(render, list, kind, node_key(render, node, periods.items[i].name),
                           node_url(render, node->dimension, node->value, periods.items[i].name));
        } else if (is_all_touched || is_touched(dates, below.period)) {
            list_node(render, list, kind, &below, periods.items[i].count, dates);
        }
    }
}

/* Organisations and items have a page without records too, tags and long folders do not. */
static bool has_value(const struct dimension *dimension, int64_t count)
{
    if (dimension == &dimensions[SECTION]) {
        return count > RENDER_LISTING_MAX;
    }
    return count > 0 || strcmp(dimension->name, "tag") != 0;
}

static void list_value(struct render *render, struct output_list *list,
                       const struct output_kind *kind, const struct node *node,
                       const struct dates *dates)
{
    struct str newest;
    int64_t count = node_count(render, node, &newest);
    if (has_value(node->dimension, count)) {
        list_node(render, list, kind, node, count, dates);
    }
}

static void list_dimension(struct render *render, struct output_list *list,
                           const struct output_kind *kind, const struct dimension *dimension)
{
    struct periods values = {0};
    struct query *query = database_query(render->db, dimension->values);
    while (query_next(query)) {
        add_period(render, &values,
                   (struct period){.name = arena_copy(&render->arena, query_str(query, 0))});
    }
    const struct dates all = {0};
    for (size_t i = 0; i < values.count; i++) {
        struct node node = {.dimension = dimension, .value = values.items[i].name};
        list_value(render, list, kind, &node, &all);
    }
}

/* The touched values one by one: `next` begins at 0 and is moved on; false at the end. */
static bool next_value(struct node *node, struct dates *dates, const struct touch *touch,
                       size_t *next)
{
    const struct set *nodes = &touch->nodes;
    if (*next >= nodes->count) {
        return false;
    }
    struct str key = nodes->items[*next];
    size_t prefix = (size_t)str_find_last_char(key, '\n') + 1, first = *next;
    while (*next < nodes->count && str_starts(nodes->items[*next], str_slice(key, 0, prefix))) {
        (*next)++;
    }
    *node = read_key(str_slice(key, 0, prefix));
    *dates = (struct dates){&nodes->items[first], *next - first, prefix, (int64_t)touch->slack};
    return true;
}

int archive_page_list(struct render *render, struct output_list *list,
                      const struct output_kind *kind, const struct touch *touch)
{
    if (touch == NULL) {
        for (size_t i = 0; i < DIMENSION_COUNT; i++) {
            list_dimension(render, list, kind, &dimensions[i]);
        }
        return 0;
    }
    struct node node;
    struct dates dates;
    for (size_t next = 0; next_value(&node, &dates, touch, &next);) {
        list_value(render, list, kind, &node, &dates);
    }
    return 0;
}

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
    return is_all(node->dimension)
               ? when
               : arena_printf(&render->arena, "%.*s %.*s", STR_ARG(name), STR_ARG(when));
}

static void set_periods(struct render *render, struct value *listing, const struct node *node,
                        int64_t count)
{
    static const char *const keys[] = {"newest", NULL};
    struct arena *arena = &render->arena;
    struct value *list = value_list(arena);
    struct periods periods = {0};
    if (has_periods(node, count)) {
        periods = periods_of(render, node, count);
    }
    for (size_t i = 0; i < periods.count; i++) {
        struct value *value = value_map(arena);
        value_set_text(arena, value, "title", period_title(render, periods.items[i].name));
        value_set_text(arena, value, "url",
                       node_url(render, node->dimension, node->value, periods.items[i].name));
        value_set_int(arena, value, "count", periods.items[i].count);
        page_set_date(render, value, "newest", periods.items[i].newest);
        page_set_defaults(render, value, keys);
        value_add(arena, list, value);
    }
    page_set_list(render, listing, "periods", "has_periods", list, periods.count > 0);
}

static void set_entries(struct render *render, struct value *listing, const struct node *node,
                        int64_t count)
{
    struct query *query = database_query(render->db, node->dimension->entries);
    bind_node(render, query, node);
    bool has_more = true;
    for (long i = 0; has_more && i < (node->part - 1) * RENDER_LISTING_MAX; i++) {
        has_more = query_next(query);
    }
    size_t most = has_periods(node, count) ? RENDER_NEWEST : RENDER_LISTING_MAX;
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
        bool is_self = is_all(node->dimension) && node->period.n == 0;
        if (str_equal(str_of(roots[i].dimension), str_of(node->dimension->name)) && !is_self) {
            page_add_crumb(render, page, page_string(render, roots[i].key),
                           page_url(render, roots[i].path));
        }
    }
    if (!is_all(node->dimension) && node->period.n > 0) {
        page_add_crumb(render, page, node_title(render, node, STR("")),
                       node_url(render, node->dimension, node->value, STR("")));
    }
    for (size_t length = 4; length < node->period.n; length += 3) {
        struct str above = str_slice(node->period, 0, length);
        page_add_crumb(render, page, period_title(render, above),
                       node_url(render, node->dimension, node->value, above));
    }
}

static void set_feed(struct render *render, struct page *page, const struct node *node)
{
    if (is_all(node->dimension) || node->dimension == &dimensions[SECTION]) {
        return;
    }
    struct str root = node_url(render, node->dimension, node->value, STR(""));
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
    value_set_bool(arena, listing, "is_date", is_all(node->dimension));
}

int archive_page_draw(struct render *render, struct str key, struct buf *out)
{
    static const char *const keys[] = {"newest", "has_groups", NULL};
    struct node node = read_key(key);
    struct str whole =
        node.part == 0 ? node.period
                       : arena_printf(&render->arena, "%.*s/%ld", STR_ARG(node.period), node.part);
    struct str newest = {"", 0}, title = node_title(render, &node, whole);
    int64_t count = node_count(render, &node, &newest);
    struct page page = page_new(render, title, node_url(render, node.dimension, node.value, whole));
    struct value *listing = value_map(&render->arena);
    value_set_text(&render->arena, listing, "title", title);
    value_set_int(&render->arena, listing, "count", count);
    value_set_bool(&render->arena, listing, "is_empty", count == 0);
    page_set_date(render, listing, "newest", newest);
    value_set(&render->arena, listing, "groups", value_list(&render->arena));
    set_flags(render, listing, &node);
    set_about(render, listing, &node);
    set_periods(render, listing, &node, count);
    set_entries(render, listing, &node, count);
    page_set_defaults(render, listing, keys);
    value_set(&render->arena, page.root, "listing", listing);
    add_crumbs(render, &page, &node);
    set_feed(render, &page, &node);
    page_set_column(render, &page, title, page_string(render, "nav_archive"));
    return page_draw(render, &page, "archive", out);
}

struct query *archive_feed_query(struct render *render, struct str dimension, struct str value)
{
    struct query *query = database_query(render->db, find_dimension(dimension)->feed);
    struct node node = {.dimension = find_dimension(dimension), .value = value};
    bind_node(render, query, &node);
    return query;
}

struct query *archive_withdrawals_query(struct render *render, struct str dimension,
                                        struct str value, int64_t limit)
{
    struct query *query = database_query(
        render->db,
        "SELECT path, url, title, announced, org, reason, updated, kind, index_number, cause FROM"
        " withdrawals WHERE ?1 = 'all' OR (?1 = 'item' AND item = ?2 AND item <> '') OR (?1 = 'org'"
        " AND org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?2 || '/') > 0))"
        " ORDER BY announced DESC, path LIMIT ?3");
    query_bind_str(query, 1, dimension);
    query_bind_str(query, 2, value);
    query_bind_int(query, 3, limit);
    return query;
}

/*
 * Is any of the newest `most` touched? No, where as many are newer than all that is: those are the
 * same on both sides of the change, and so is the answer. What was withdrawn has no date here.
 */
static bool is_newest_touched(struct render *render, const struct node *node,
                              const struct dates *dates, int64_t most)
{
    struct str oldest = str_from(dates->keys[0], dates->prefix);
    struct str last = str_from(dates->keys[dates->count - 1], dates->prefix), newest;
    struct str behind = arena_printf(&render->arena, "%.*s" BEHIND, STR_ARG(last));
    return oldest.n == 0 ||
           count_between(render, node, behind, node_end(render, node), &newest) < most;
}

static int visit_touched(struct render *render, const struct touch *touch, int64_t most,
                         int (*visit)(void *context, const char *dimension, struct str value),
                         void *context)
{
    struct node node;
    struct dates dates;
    int rc = 0;
    for (size_t next = 0; rc == 0 && next_value(&node, &dates, touch, &next);) {
        struct str newest;
        bool has_feed = node.dimension != &dimensions[SECTION] &&
                        has_value(node.dimension, node_count(render, &node, &newest));
        if (has_feed && is_newest_touched(render, &node, &dates, most)) {
            rc = visit(context, node.dimension->name, node.value);
        }
    }
    return rc;
}

int archive_visit_values(struct render *render, const struct touch *touch, int64_t most,
                         int (*visit)(void *context, const char *dimension, struct str value),
                         void *context)
{
    if (touch != NULL) {
        return visit_touched(render, touch, most, visit, context);
    }
    int rc = 0;
    for (size_t i = 0; i < SECTION; i++) {
        struct query *query = database_query(render->db, dimensions[i].values);
        while (rc == 0 && query_next(query)) {
            struct str value = arena_copy(&render->arena, query_str(query, 0));
            rc = visit(context, dimensions[i].name, value);
        }
        query_reset(query);
    }
    return rc;
}
