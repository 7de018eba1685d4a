/* Lists that several pages show: the tree of organisations, the catalogue, a folder's contents. */
#include "render/archive.h"

static struct str org_type_name(struct render *render, struct str type)
{
    return page_string(render, arena_printf(&render->arena, "org_%.*s", STR_ARG(type)).p);
}

struct count {
    int64_t records;
    struct str newest; /* date, or empty */
};

/* The newest is found by a look at the index: max() would copy the date of every record. */
static struct count count_of(struct render *render, const char *sql, struct str value)
{
    struct count count = {0, {"", 0}};
    struct query *query = database_query(render->db, sql);
    query_bind_str(query, 1, value);
    if (query_next(query)) {
        count.records = query_int(query, 0);
        count.newest = arena_copy(&render->arena, query_str(query, 1));
        query_reset(query);
    }
    return count;
}

static void set_count(struct render *render, struct value *map, const struct count *count)
{
    value_set_int(&render->arena, map, "count", count->records);
    value_set_bool(&render->arena, map, "has_records", count->records > 0);
    page_set_date(render, map, "newest", count->newest);
}

static struct value *children_of(struct render *render, struct str parent, struct count *below);

/* Adds to `all` what the organisation has, and all below it. */
static struct value *org_node(struct render *render, const struct config_org *org,
                              struct count *all)
{
    static const char *const keys[] = {"newest", NULL};
    struct arena *arena = &render->arena;
    struct count count =
        count_of(render,
                 "SELECT count(*), (SELECT max(date) FROM records WHERE org = ?1) FROM records"
                 " WHERE org = ?1",
                 org->key);
    struct value *node = children_of(render, org->key, &count);
    value_set_text(arena, node, "name", org->name);
    value_set_text(arena, node, "type_name", org_type_name(render, org->type));
    value_set_text(arena, node, "url",
                   page_url(render, arena_printf(arena, "archive/org/%.*s/", STR_ARG(org->key)).p));
    set_count(render, node, &count);
    page_set_defaults(render, node, keys);
    all->records += count.records;
    all->newest = str_compare(count.newest, all->newest) > 0 ? count.newest : all->newest;
    return node;
}

static struct value *children_of(struct render *render, struct str parent, struct count *below)
{
    const struct config *config = render->site->config;
    struct value *node = value_map(&render->arena);
    struct value *children = value_list(&render->arena);
    bool has_children = false;
    for (size_t i = 0; i < config->org_count; i++) {
        if (str_equal(config->orgs[i].parent, parent)) {
            value_add(&render->arena, children, org_node(render, &config->orgs[i], below));
            has_children = true;
        }
    }
    page_set_list(render, node, "children", "has_children", children, has_children);
    return node;
}

struct value *page_org_children(struct render *render, struct str parent)
{
    struct count below = {0, {"", 0}};
    return children_of(render, parent, &below);
}

/* "每月 期满后次月 15 日前,公示不少于 15 天" out of what the item says. */
static struct str item_when(struct render *render, const struct config_item *item)
{
    struct arena *arena = &render->arena;
    struct str every = arena_printf(arena, "every_%.*s", STR_ARG(item->every));
    for (size_t i = 0; i < every.n; i++) {
        ((char *)every.p)[i] = every.p[i] == '-' ? '_' : every.p[i];
    }
    bool is_zh = config_is_chinese(render->site->config);
    struct buf text = BUF_EMPTY;
    buf_add(&text, item->every.n == 0 ? (struct str){"", 0} : page_string(render, every.p));
    if (item->due > 0) {
        struct page_part due = {"due", page_number(render, item->due)};
        buf_add(&text, text.n > 0 ? is_zh ? STR(",") : STR(", ") : STR(""));
        buf_add(&text, page_compose(render, "due_day", &due, 1));
    }
    if (item->notice_days > 0) {
        struct page_part days = {"notice_days", page_number(render, item->notice_days)};
        buf_add(&text, text.n > 0 ? is_zh ? STR(",") : STR(", ") : STR(""));
        buf_add(&text, page_compose(render, "notice_at_least", &days, 1));
    }
    struct str copy = arena_copy(arena, str_trim(buf_str(&text)));
    buf_free(&text);
    return copy;
}

static struct str join(struct render *render, struct str list, struct str more)
{
    return list.n == 0 ? more
                       : arena_printf(&render->arena, "%.*s、%.*s", STR_ARG(list), STR_ARG(more));
}

/* At which level the organisations of that type stand. */
static const char *level_key(struct str type)
{
    if (str_equal(type, STR("county")) || str_equal(type, STR("department"))) {
        return "level_county";
    }
    return str_equal(type, STR("township")) ? "level_township" : "level_village";
}

static void set_issuers(struct render *render, struct value *value, const struct config_item *item)
{
    static const char *const levels[] = {"level_county", "level_township", "level_village"};
    struct str issuers = {"", 0}, names = {"", 0};
    bool has_level[3] = {false};
    for (size_t i = 0; i < item->issuer_count; i++) {
        issuers = join(render, issuers, org_type_name(render, item->issuers[i]));
        for (size_t k = 0; k < 3; k++) {
            has_level[k] |= level_key(item->issuers[i]) == levels[k] ||
                            str_equal(str_of(level_key(item->issuers[i])), str_of(levels[k]));
        }
    }
    for (size_t k = 0; k < 3; k++) {
        if (has_level[k]) {
            names = join(render, names, page_string(render, levels[k]));
        }
    }
    value_set_text(&render->arena, value, "issuers", issuers);
    value_set_text(&render->arena, value, "level", names);
}

struct value *page_item(struct render *render, const struct config_item *item, size_t number)
{
    static const char *const keys[] = {"channel", "audience", "method", "newest", NULL};
    struct arena *arena = &render->arena;
    struct value *value = value_map(arena);
    value_set_int(arena, value, "number", (int64_t)number);
    value_set_text(arena, value, "name", item->name);
    value_set_text(arena, value, "category", item->category);
    value_set_text(
        arena, value, "url",
        page_url(render, arena_printf(arena, "archive/item/%.*s/", STR_ARG(item->key)).p));
    value_set_text(arena, value, "content", item->content);
    value_set_text(arena, value, "basis", item->basis);
    value_set_text(arena, value, "when", item_when(render, item));
    set_issuers(render, value, item);
    struct count count = count_of(render,
                                  "SELECT count(*), (SELECT max(date) FROM records WHERE item = ?1"
                                  " AND item <> '') FROM records WHERE item = ?1 AND item <> ''",
                                  item->key);
    set_count(render, value, &count);
    page_set_defaults(render, value, keys);
    return value;
}

static struct value *category_value(struct render *render, struct str name, size_t number)
{
    const struct config *config = render->site->config;
    struct value *category = value_map(&render->arena);
    struct value *items = value_list(&render->arena);
    for (size_t i = 0; i < config->item_count; i++) {
        if (str_equal(config->items[i].category, name)) {
            value_add(&render->arena, items, page_item(render, &config->items[i], i + 1));
        }
    }
    value_set_int(&render->arena, category, "number", (int64_t)number);
    value_set_text(&render->arena, category, "name", name);
    value_set(&render->arena, category, "items", items);
    return category;
}

static bool is_first_of_category(const struct config *config, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (str_equal(config->items[i].category, config->items[index].category)) {
            return false;
        }
    }
    return true;
}

struct value *page_catalogue(struct render *render)
{
    const struct config *config = render->site->config;
    struct value *catalogue = value_map(&render->arena);
    struct value *categories = value_list(&render->arena);
    size_t number = 0;
    for (size_t i = 0; i < config->item_count; i++) {
        if (is_first_of_category(config, i)) {
            number++;
            value_add(&render->arena, categories,
                      category_value(render, config->items[i].category, number));
        }
    }
    value_set(&render->arena, catalogue, "categories", categories);
    return catalogue;
}

/* A folder below `folder`, from a row: its path, how many records, the newest, its own title. */
static struct value *section_value(struct render *render, struct query *query)
{
    static const char *const keys[] = {"newest", NULL};
    struct arena *arena = &render->arena;
    struct value *value = value_map(arena);
    struct str path = arena_copy(arena, query_str(query, 0));
    ptrdiff_t slash = str_find_last_char(path, '/');
    struct str title = arena_copy(arena, query_str(query, 3));
    value_set_text(arena, value, "title",
                   title.n > 0 ? title : str_from(path, (size_t)(slash + 1)));
    value_set_text(arena, value, "url", page_folder_url(render, path));
    value_set_int(arena, value, "count", query_int(query, 1));
    page_set_date(render, value, "newest", arena_copy(arena, query_str(query, 2)));
    page_set_defaults(render, value, keys);
    return value;
}

/*
 * Each folder is found by a look at the index and counted there: to group the records by their
 * folders would compare the folder, and copy the date, of every one.
 */
struct value *page_sections(struct render *render, struct str folder, bool *has_any)
{
    struct arena *arena = &render->arena;
    struct str prefix =
        folder.n == 0 ? (struct str){"", 0} : arena_printf(arena, "%.*s/", STR_ARG(folder));
    struct str behind =
        folder.n == 0 ? STR("\xf4\x90") : arena_printf(arena, "%.*s0", STR_ARG(folder));
    struct query *query = database_query(
        render->db,
        "WITH RECURSIVE below (folder) AS (SELECT min(folder) FROM records"
        "  WHERE folder > ?1 AND folder < ?2 UNION ALL"
        "  SELECT (SELECT min(folder) FROM records WHERE folder > below.folder AND folder < ?2)"
        "   FROM below WHERE below.folder IS NOT NULL),"
        " counted AS (SELECT substr(folder, length(?1) + 1) || '/' AS rest,"
        "  (SELECT count(*) FROM records WHERE folder = below.folder) AS number,"
        "  (SELECT max(date) FROM records WHERE folder = below.folder) AS newest"
        "  FROM below WHERE folder IS NOT NULL)"
        " SELECT ?1 || substr(rest, 1, instr(rest, '/') - 1) AS section, sum(number), max(newest),"
        " (SELECT title FROM records AS own WHERE own.path = ?1 ||"
        "  substr(rest, 1, instr(rest, '/') - 1) || '/README.md')"
        " FROM counted GROUP BY section ORDER BY section");
    query_bind_str(query, 1, prefix);
    query_bind_str(query, 2, behind);
    struct value *sections = value_list(arena);
    *has_any = false;
    while (query_next(query)) {
        value_add(arena, sections, section_value(render, query));
        *has_any = true;
    }
    return sections;
}

static int64_t count_in_folder(struct render *render, struct str folder)
{
    struct query *query =
        database_query(render->db, "SELECT count(*) FROM records WHERE folder = ?1");
    query_bind_str(query, 1, folder);
    int64_t count = query_next(query) ? query_int(query, 0) : 0;
    query_reset(query);
    return count;
}

bool page_set_contents(struct render *render, struct value *map, struct str folder)
{
    bool has_sections;
    struct value *sections = page_sections(render, folder, &has_sections);
    page_set_list(render, map, "sections", "has_sections", sections, has_sections);
    int64_t total = count_in_folder(render, folder);
    bool is_long = total > RENDER_LISTING_MAX;
    struct query *query = database_query(render->db, "SELECT" ENTRY_COLUMNS
                                                     "FROM records WHERE folder = ?1 AND url <> ?2"
                                                     " ORDER BY date DESC, path");
    query_bind_str(query, 1, folder);
    struct str url = page_folder_url(render, folder);
    query_bind_str(query, 2, url);
    size_t count =
        page_set_entries(render, map, query, is_long ? RENDER_NEWEST : RENDER_LISTING_MAX);
    value_set_text(&render->arena, map, "all_url",
                   is_long ? archive_url(render, "section", folder, STR("")) : STR(""));
    return has_sections || count > 0;
}
