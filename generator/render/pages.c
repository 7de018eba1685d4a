/* Pages that a site has once: home, organisations, catalogue, tags, search, data, 404; and those
 * of folders and former addresses. */
#include "render/record_page.h"

#include "store/address.h"

/* A page of the site as a whole, whatever changes in it. */
static bool is_untouched(const struct touch *touch)
{
    return touch != NULL && touch->records.count == 0;
}

/* One output at a fixed place. */
static int list_one(struct output_list *list, const struct output_kind *kind, const char *file)
{
    output_add(list, kind, STR(""), str_of(file));
    return 0;
}

int home_page_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    (void)render;
    return is_untouched(touch) ? 0 : list_one(list, kind, "index.html");
}

static void set_notices(struct render *render, struct value *home)
{
    char today[DATE_TEXT_SIZE];
    struct str as_of = str_of(date_format(today, render->site->as_of));
    struct value *list = value_list(&render->arena);
    bool has_any = false;
    struct query *query = database_query(
        render->db, "SELECT" ENTRY_COLUMNS "FROM records WHERE instr(fields, '\"notice_end\"') > 0"
                    " AND json_extract(fields, '$.notice_end') >= ?1"
                    " AND json_extract(fields, '$.notice_start') <= ?1"
                    " ORDER BY json_extract(fields, '$.notice_end'), path LIMIT 10");
    query_bind_str(query, 1, as_of);
    while (query_next(query)) {
        value_add(&render->arena, list, page_entry(render, query));
        has_any = true;
    }
    page_set_list(render, home, "notices", "has_notices", list, has_any);
}

static int set_intro(struct render *render, struct value *home)
{
    struct query *query = database_query(render->db, "SELECT id, path FROM records WHERE url = ?1");
    query_bind_str(query, 1, render->site->config->base);
    if (!query_next(query)) {
        return 0;
    }
    int64_t id = query_int(query, 0);
    struct str path = arena_copy(&render->arena, query_str(query, 1));
    query_reset(query);
    return record_body_set(render, home, id, path);
}

static void set_newest(struct render *render, struct value *home)
{
    struct query *query =
        database_query(render->db, "SELECT" ENTRY_COLUMNS "FROM records WHERE url <> ?1"
                                   " ORDER BY date DESC, path");
    query_bind_str(query, 1, render->site->config->base);
    page_set_entries(render, home, query, RENDER_NEWEST);
}

int home_page_draw(struct render *render, struct str key, struct buf *out)
{
    static const char *const keys[] = {"body", "has_title_in_body", "has_table_in_body", NULL};
    (void)key;
    struct page page = page_new(render, render->site->title, page_url(render, ""));
    struct value *home = value_map(&render->arena);
    int rc = set_intro(render, home);
    set_notices(render, home);
    set_newest(render, home);
    bool has_sections = false;
    bool has_orgs = render->site->config->org_count > 0;
    struct value *sections =
        has_orgs ? value_list(&render->arena) : page_sections(render, STR(""), &has_sections);
    page_set_list(render, home, "sections", "has_sections", sections, has_sections);
    page_set_defaults(render, home, keys);
    value_set(&render->arena, page.root, "home", home);
    value_set(&render->arena, page.root, "orgs", page_org_children(render, STR("")));
    value_set(&render->arena, page.root, "catalogue", page_catalogue(render));
    value_set_text(&render->arena, page.page, "description", render->site->config->description);
    return rc == 0 ? page_draw(render, &page, "home", out) : -1;
}

static void add_section(struct render *render, struct output_list *list,
                        const struct output_kind *kind, struct str folder)
{
    struct str url = page_folder_url(render, folder);
    struct query *query = database_query(
        render->db, "SELECT 1 FROM records WHERE path >= ?1 || '/' AND path < ?1 || '0' AND"
                    " NOT EXISTS (SELECT 1 FROM records WHERE url = ?2) AND"
                    " NOT EXISTS (SELECT 1 FROM withdrawals WHERE url = ?2) LIMIT 1");
    query_bind_str(query, 1, folder);
    query_bind_str(query, 2, url);
    bool is_section = query_next(query);
    query_reset(query);
    if (is_section) {
        output_add_url(render, list, kind, folder, url);
    }
}

/* Every folder that holds a page somewhere below and has none of its own. */
int section_page_list(struct render *render, struct output_list *list,
                      const struct output_kind *kind, const struct touch *touch)
{
    struct set all = {0};
    const struct set *folders = touch == NULL ? &all : &touch->folders;
    if (touch == NULL) {
        struct query *query = database_query(
            render->db,
            "WITH RECURSIVE folders (folder) AS (SELECT DISTINCT folder FROM records"
            " UNION SELECT rtrim(rtrim(folder, replace(folder, '/', '')), '/') FROM folders"
            " WHERE instr(folder, '/') > 0)"
            " SELECT folder FROM folders ORDER BY folder");
        while (query_next(query)) {
            set_add(&all, query_str(query, 0));
        }
    }
    for (size_t i = 0; i < folders->count; i++) {
        if (folders->items[i].n > 0) {
            add_section(render, list, kind, folders->items[i]);
        }
    }
    set_free(&all);
    return 0;
}

static int64_t count_below(struct render *render, struct str folder)
{
    struct query *query = database_query(
        render->db, "SELECT count(*) FROM records WHERE path >= ?1 || '/' AND path < ?1 || '0'");
    query_bind_str(query, 1, folder);
    int64_t count = query_next(query) ? query_int(query, 0) : 0;
    query_reset(query);
    return count;
}

int section_page_draw(struct render *render, struct str key, struct buf *out)
{
    struct str name = path_name(key);
    struct page page = page_new(render, name, page_folder_url(render, key));
    struct value *section = value_map(&render->arena);
    value_set_text(&render->arena, section, "title", name);
    value_set_int(&render->arena, section, "count", count_below(render, key));
    page_set_contents(render, section, key);
    value_set(&render->arena, page.root, "section", section);
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '/') {
            struct str above = str_slice(key, 0, i);
            page_add_crumb(render, &page, path_name(above), page_folder_url(render, above));
        }
    }
    page_set_column(render, &page, name, name);
    return page_draw(render, &page, "section", out);
}

int orgs_page_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    bool has_orgs = render->site->config->org_count > 0;
    return has_orgs && !is_untouched(touch) ? list_one(list, kind, "archive/org/index.html") : 0;
}

int orgs_page_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct page page =
        page_new(render, page_string(render, "orgs_title"), page_url(render, "archive/org/"));
    value_set(&render->arena, page.root, "orgs", page_org_children(render, STR("")));
    return page_draw(render, &page, "orgs", out);
}

int catalogue_page_list(struct render *render, struct output_list *list,
                        const struct output_kind *kind, const struct touch *touch)
{
    bool has_items = render->site->config->item_count > 0;
    return has_items && !is_untouched(touch) ? list_one(list, kind, "catalogue/index.html") : 0;
}

int catalogue_page_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct page page =
        page_new(render, page_string(render, "catalogue_title"), page_url(render, "catalogue/"));
    value_set(&render->arena, page.root, "catalogue", page_catalogue(render));
    return page_draw(render, &page, "catalogue", out);
}

int tags_page_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    struct query *query = database_query(render->db, "SELECT 1 FROM tags LIMIT 1");
    bool has_tags = query_next(query);
    query_reset(query);
    return has_tags && !is_untouched(touch) ? list_one(list, kind, "archive/tag/index.html") : 0;
}

int tags_page_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct arena *arena = &render->arena;
    struct page page =
        page_new(render, page_string(render, "tags_title"), page_url(render, "archive/tag/"));
    struct value *tags = value_list(arena);
    struct query *query =
        database_query(render->db, "SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag");
    while (query_next(query)) {
        struct value *tag = value_map(arena);
        struct str name = arena_copy(arena, query_str(query, 0));
        value_set_text(arena, tag, "name", name);
        value_set_int(arena, tag, "count", query_int(query, 1));
        value_set_text(arena, tag, "url", archive_url(render, "tag", name, STR("")));
        value_add(arena, tags, tag);
    }
    value_set(arena, page.root, "tags", tags);
    return page_draw(render, &page, "tags", out);
}

int search_page_list(struct render *render, struct output_list *list,
                     const struct output_kind *kind, const struct touch *touch)
{
    (void)render;
    return touch != NULL ? 0 : list_one(list, kind, "search/index.html");
}

int search_page_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct page page =
        page_new(render, page_string(render, "search_title"), page_url(render, "search/"));
    return page_draw(render, &page, "search_help", out);
}

int notfound_page_list(struct render *render, struct output_list *list,
                       const struct output_kind *kind, const struct touch *touch)
{
    (void)render;
    return touch != NULL ? 0 : list_one(list, kind, "404.html");
}

int notfound_page_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct page page =
        page_new(render, page_string(render, "notfound_title"), page_url(render, "404.html"));
    value_set_bool(&render->arena, page.page, "is_unlisted", true);
    return page_draw(render, &page, "notfound", out);
}

/* Of two that had one address in turn, one may be withdrawn: it leads to the other. */
int redirect_page_list(struct render *render, struct output_list *list,
                       const struct output_kind *kind, const struct touch *touch)
{
    if (touch != NULL) {
        return output_add_touched(render, list, kind, &touch->moved,
                                  "SELECT url, url FROM moved WHERE url = ?1 UNION"
                                  " SELECT url, url FROM withdrawn_addresses WHERE url = ?1");
    }
    return output_add_rows(render, list, kind,
                           database_query(render->db, "SELECT url, url FROM moved UNION SELECT"
                                                      " url, url FROM withdrawn_addresses"
                                                      " ORDER BY url"));
}

/* Where the former address leads; of a withdrawn record no title is known here. */
static bool find_target(struct render *render, struct str former, struct str *title,
                        struct str *url)
{
    struct query *query = database_query(
        render->db, "SELECT records.title, records.url FROM moved JOIN records ON records.id ="
                    " moved.record WHERE moved.url = ?1 UNION ALL SELECT '', withdrawals.url FROM"
                    " withdrawn_addresses JOIN withdrawals USING (path) WHERE"
                    " withdrawn_addresses.url = ?1");
    query_bind_str(query, 1, former);
    bool is_found = query_next(query);
    if (is_found) {
        *title = arena_copy(&render->arena, query_str(query, 0));
        *url = arena_copy(&render->arena, query_str(query, 1));
        *title = title->n > 0 ? *title : page_string(render, "tombstone_title");
    }
    query_reset(query);
    return is_found;
}

int redirect_page_draw(struct render *render, struct str key, struct buf *out)
{
    struct str title, url;
    if (!find_target(render, key, &title, &url)) {
        return fault_set(&render->fault, "the record is gone");
    }
    struct page page = page_new(render, title, key);
    struct value *target = value_map(&render->arena);
    value_set_text(&render->arena, target, "title", title);
    value_set_text(&render->arena, target, "url", url);
    value_set_text(&render->arena, target, "canonical",
                   render->site->config->is_given ? page_absolute(render, url) : STR(""));
    value_set(&render->arena, page.root, "target", target);
    return page_draw(render, &page, "redirect", out);
}

int data_page_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    (void)render;
    (void)touch;
    return list_one(list, kind, "data/index.html");
}

static void add_table_size(struct render *render, struct value *tables, const char *name,
                           const char *sql)
{
    struct query *query = database_query(render->db, sql);
    if (query_next(query)) {
        struct value *table = value_map(&render->arena);
        value_set_text(&render->arena, table, "name", str_of(name));
        value_set_int(&render->arena, table, "rows", query_int(query, 0));
        value_add(&render->arena, tables, table);
        query_reset(query);
    }
}

static void set_table_sizes(struct render *render, struct value *data)
{
    static const struct {
        const char *name, *sql;
    } sizes[] = {
#define SIZE(table) {#table, "SELECT count(*) FROM " #table}
        SIZE(records),      SIZE(tables),      SIZE(table_rows), SIZE(organisations), SIZE(items),
        SIZE(links),        SIZE(attachments), SIZE(tags),       SIZE(moved),         SIZE(meta),
        SIZE(board_tables), SIZE(withdrawals), SIZE(exceptions), SIZE(events),
#undef SIZE
    };
    struct value *tables = value_list(&render->arena);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        add_table_size(render, tables, sizes[i].name, sizes[i].sql);
    }
    page_set_list(render, data, "tables", "has_tables", tables, true);
}

/* Exceptions are counted in public, never what they let pass. */
static void set_exceptions(struct render *render, struct value *data)
{
    struct value *rows = value_list(&render->arena);
    struct query *query = database_query(
        render->db, "SELECT coalesce(organisations.name, ''), rule, sum(exceptions.count),"
                    " count(*) FROM exceptions JOIN records ON records.id = exceptions.record"
                    " LEFT JOIN organisations ON organisations.key = records.org"
                    " GROUP BY records.org, rule ORDER BY records.org, rule");
    bool has_rows = false;
    while (query_next(query)) {
        struct value *row = value_map(&render->arena);
        value_set_text(&render->arena, row, "org", arena_copy(&render->arena, query_str(query, 0)));
        value_set_text(&render->arena, row, "rule",
                       arena_copy(&render->arena, query_str(query, 1)));
        value_set_int(&render->arena, row, "count", query_int(query, 2));
        value_set_int(&render->arena, row, "records", query_int(query, 3));
        value_add(&render->arena, rows, row);
        has_rows = true;
    }
    page_set_list(render, data, "exceptions", "has_exceptions", rows, has_rows);
}

int data_page_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct page page =
        page_new(render, page_string(render, "data_title"), page_url(render, "data/"));
    struct value *data = value_map(&render->arena);
    value_set_text(&render->arena, data, "url", page_url(render, "data/search.db"));
    value_set_text(&render->arena, data, "sums_url", page_url(render, "data/SHA256SUMS"));
    value_set_text(&render->arena, data, "size", page_size(render, render->site->database_size));
    struct query *query = database_query(render->db, "SELECT count(*) FROM records");
    value_set_int(&render->arena, data, "records", query_next(query) ? query_int(query, 0) : 0);
    query_reset(query);
    set_table_sizes(render, data);
    set_exceptions(render, data);
    value_set(&render->arena, page.root, "data", data);
    return page_draw(render, &page, "data", out);
}
