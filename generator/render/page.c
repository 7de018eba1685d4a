#include "render/page.h"

#include "render/fields.h"
#include "store/address.h"

static void set_contact(struct arena *arena, struct value *site, const struct config *config)
{
    value_set_text(arena, site, "phone", config->phone);
    value_set_text(arena, site, "address", config->address);
    value_set_text(arena, site, "mail", config->mail);
    bool has_contact = config->phone.n + config->address.n + config->mail.n > 0;
    value_set_bool(arena, site, "has_contact", has_contact);
    value_set_text(arena, site, "host", config->host);
    value_set_text(arena, site, "icp", config->icp);
    value_set_text(arena, site, "police", config->police);
    value_set_text(arena, site, "id_code", config->site_code);
    value_set_text(arena, site, "mark_url", config->mark_url);
    value_set_text(arena, site, "report_url", config->report_url);
}

/* "gongkai.example" of "https://gongkai.example/a/". */
static struct str domain_of(struct str url)
{
    ptrdiff_t start = str_find(url, STR("://"));
    struct str rest = str_from(url, start < 0 ? 0 : (size_t)start + 3);
    ptrdiff_t end = str_find_char(rest, '/');
    return end < 0 ? rest : str_slice(rest, 0, (size_t)end);
}

static struct value *make_site_value(struct render *render)
{
    struct arena *arena = &render->arena;
    const struct render_site *site = render->site;
    const struct config *config = site->config;
    struct value *value = value_map(arena);
    value_set_text(arena, value, "title", site->title);
    value_set_text(arena, value, "description", config->description);
    value_set_text(arena, value, "base", config->base);
    value_set_text(arena, value, "domain", domain_of(config->url));
    value_set_text(arena, value, "language", config->language);
    value_set_bool(arena, value, "is_zh", config_is_chinese(config));
    value_set_text(arena, value, "licence_name", config->licence_name);
    value_set_text(arena, value, "licence_url", config->licence_url);
    set_contact(arena, value, config);
    value_set_bool(arena, value, "has_catalogue", config->item_count > 0);
    value_set_bool(arena, value, "has_orgs", config->org_count > 0);
    value_set_bool(arena, value, "has_tags", site->has_tags);
    value_set_text(arena, value, "feed_url", page_url(render, "feed.xml"));
    value_set_text(arena, value, "calendar_url", page_url(render, "calendar.ics"));
    value_set_text(arena, value, "url", config->url);
    value_set_text(arena, value, "commit", site->commit);
    value_set_text(arena, value, "commit_short", str_slice(site->commit, 0, 10));
    char today[DATE_TEXT_SIZE];
    struct str iso = arena_copy(arena, str_of(date_format(today, site->as_of)));
    page_set_date(render, value, "as_of", iso);
    return value;
}

/* The same on every page: made once, in the arena that stays. */
static const struct value *site_value(struct render *render)
{
    if (render->site_value == NULL) {
        struct arena arena = render->arena;
        render->arena = render->kept;
        render->site_value = make_site_value(render);
        render->kept = render->arena;
        render->arena = arena;
    }
    return render->site_value;
}

struct page page_new(struct render *render, struct str title, struct str url)
{
    struct arena *arena = &render->arena;
    struct page page = {.root = value_map(arena), .page = value_map(arena)};
    value_set(arena, page.root, "site", site_value(render));
    value_set(arena, page.root, "page", page.page);
    value_set_text(arena, page.page, "title", title);
    value_set_text(arena, page.page, "url", url);
    /* Without a configuration the site's own name is not known: better none than a wrong one. */
    bool has_name = render->site->config->is_given;
    value_set_text(arena, page.page, "canonical", has_name ? page_absolute(render, url) : STR(""));
    page.crumbs = value_list(arena);
    return page;
}

static struct value *crumb_value(struct render *render, struct str title, struct str url)
{
    struct value *crumb = value_map(&render->arena);
    value_set_text(&render->arena, crumb, "title", title);
    value_set_text(&render->arena, crumb, "url", url);
    return crumb;
}

void page_add_crumb(struct render *render, struct page *page, struct str title, struct str url)
{
    if (!page->has_crumbs) {
        struct str home = page_string(render, "nav_home");
        value_add(&render->arena, page->crumbs, crumb_value(render, home, page_url(render, "")));
        page->has_crumbs = true;
    }
    value_add(&render->arena, page->crumbs, crumb_value(render, title, url));
}

void page_set_feed(struct render *render, struct page *page, struct str url, struct str title)
{
    value_set_text(&render->arena, page->page, "feed_url", url);
    value_set_text(&render->arena, page->page, "feed_title", title);
}

void page_set_column(struct render *render, struct page *page, struct str name, struct str type)
{
    struct value *column = value_map(&render->arena);
    value_set_text(&render->arena, column, "name", name);
    value_set_text(&render->arena, column, "description", name);
    value_set_text(&render->arena, column, "keywords", name);
    value_set_text(&render->arena, column, "type", type);
    value_set(&render->arena, page->page, "column", column);
}

void page_set_defaults(struct render *render, struct value *map, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        value_set_text(&render->arena, map, *keys, (struct str){"", 0});
    }
}

void page_set_list(struct render *render, struct value *map, const char *key, const char *has_key,
                   struct value *list, bool has_any)
{
    value_set(&render->arena, map, key, list);
    value_set_bool(&render->arena, map, has_key, has_any);
}

int page_draw(struct render *render, struct page *page, const char *template, struct buf *out)
{
    static const char *const page_keys[] = {"description",  "feed_url", "feed_title",
                                            "calendar_url", "column",   "is_unlisted",
                                            "article",      NULL};
    static const char *const root_keys[] = {"query", NULL};
    page_set_defaults(render, page->page, page_keys);
    page_set_defaults(render, page->root, root_keys);
    page_set_list(render, page->root, "crumbs", "has_crumbs", page->crumbs, page->has_crumbs);
    return theme_render(render->site->theme, out, str_of(template), render->site->config->language,
                        page->root, &render->fault);
}

static char *put_number(char *end, int number)
{
    end = number >= 10 ? put_number(end, number / 10) : end;
    *end = (char)('0' + number % 10);
    return end + 1;
}

/* 2026年9月5日; put together by hand, since a page has a dozen of them. */
static struct str chinese_date(struct arena *arena, struct date date)
{
    static const char *const units[] = {"年", "月", "日"};
    enum { UNIT_BYTES = 3 };
    const int parts[] = {date.year, date.month, date.day};
    char text[sizeof "9999年12月31日"], *end = text;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        end = put_number(end, parts[i]);
        memcpy(end, units[i], UNIT_BYTES);
        end += UNIT_BYTES;
    }
    return arena_copy(arena, (struct str){text, (size_t)(end - text)});
}

void page_set_date(struct render *render, struct value *map, const char *key, struct str iso)
{
    struct date date;
    if (!date_parse(&date, str_slice(iso, 0, 10))) {
        return;
    }
    struct arena *arena = &render->arena;
    struct value *value = value_map(arena);
    value_set_text(arena, value, "iso", str_slice(iso, 0, 10));
    value_set_text(arena, value, "text",
                   config_is_chinese(render->site->config) ? chinese_date(arena, date)
                                                           : str_slice(iso, 0, 10));
    value_set(arena, map, key, value);
}

struct str page_string(const struct render *render, const char *key)
{
    return theme_string(render->site->theme, render->site->config->language, key);
}

struct str page_number(struct render *render, int64_t number)
{
    return arena_printf(&render->arena, "%lld", (long long)number);
}

static const struct page_part *find_part(const struct page_part *parts, size_t count,
                                         struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(str_of(parts[i].name), name)) {
            return &parts[i];
        }
    }
    return NULL;
}

struct str page_compose(struct render *render, const char *key, const struct page_part *parts,
                        size_t count)
{
    struct str text = page_string(render, key);
    struct buf composed = BUF_EMPTY;
    for (ptrdiff_t open; (open = str_find(text, STR("{{"))) >= 0;) {
        ptrdiff_t close = str_find(text, STR("}}"));
        if (close < open) {
            break;
        }
        struct str name = str_trim(str_slice(text, (size_t)open + 2, (size_t)close));
        const struct page_part *part = find_part(parts, count, name);
        buf_add(&composed, str_slice(text, 0, (size_t)open));
        buf_add(&composed, part == NULL ? (struct str){"", 0} : part->value);
        text = str_from(text, (size_t)close + 2);
    }
    buf_add(&composed, text);
    struct str copy = arena_copy(&render->arena, buf_str(&composed));
    buf_free(&composed);
    return copy;
}

struct str page_money(struct render *render, struct str yuan)
{
    ptrdiff_t dot = str_find_char(yuan, '.');
    size_t whole = dot < 0 ? yuan.n : (size_t)dot;
    struct buf text = BUF_EMPTY;
    for (size_t i = 0; i < whole; i++) {
        bool is_group = i > 0 && (whole - i) % 3 == 0 && yuan.p[i - 1] != '-';
        if (is_group) {
            buf_add_char(&text, ',');
        }
        buf_add_char(&text, yuan.p[i]);
    }
    buf_add(&text, str_from(yuan, whole));
    struct str copy = arena_copy(&render->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

struct str page_url(struct render *render, const char *path)
{
    return arena_join(&render->arena, render->site->config->base, str_of(path));
}

struct str page_absolute(struct render *render, struct str url)
{
    const struct config *config = render->site->config;
    struct str rest = str_from(url, config->base.n);
    return arena_join(&render->arena, config->url, rest);
}

struct str page_label(struct render *render, struct str key, struct str zh)
{
    if (config_is_chinese(render->site->config) && zh.n > 0) {
        return zh;
    }
    struct str copy = arena_copy(&render->arena, key);
    char *p = (char *)copy.p;
    for (size_t i = 0; i < copy.n; i++) {
        p[i] = p[i] == '_' ? ' ' : p[i];
    }
    if (copy.n > 0 && p[0] >= 'a' && p[0] <= 'z') {
        p[0] = (char)(p[0] - 'a' + 'A');
    }
    return copy;
}

struct str page_kind_name(const struct render *render, struct str kind)
{
    const struct schema_kind *row = schema_kind(render->site->schema, kind);
    if (row == NULL || str_equal(kind, STR("page"))) {
        return (struct str){"", 0};
    }
    return config_is_chinese(render->site->config) ? row->zh : row->key;
}

static void set_org_and_item(struct render *render, struct value *entry, struct str org_key,
                             struct str item_key)
{
    const struct config *config = render->site->config;
    const struct config_org *org = org_key.n == 0 ? NULL : config_org(config, org_key);
    const struct config_item *item = item_key.n == 0 ? NULL : config_item(config, item_key);
    if (org != NULL) {
        value_set_text(&render->arena, entry, "org_name", org->name);
    }
    if (item != NULL) {
        value_set_text(&render->arena, entry, "item_name", item->name);
    }
}

/* The fields of an entry that it shows. Most records have none of them: no JSON is read for none.
 */
static struct fields entry_fields(struct render *render, struct str json)
{
    static const struct str keys[] = {{"\"amount\"", 8}, {"\"notice_end\"", 12}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (str_find(json, keys[i]) >= 0) {
            return fields_read(render, arena_copy(&render->arena, json));
        }
    }
    return (struct fields){0};
}

static void set_notice(struct render *render, struct value *entry, const struct fields *fields)
{
    struct date first, last;
    struct str start = fields_text(fields, "notice_start"), end = fields_text(fields, "notice_end");
    if (!date_parse(&last, end)) {
        return;
    }
    int64_t today = date_to_days(render->site->as_of);
    bool has_begun = !date_parse(&first, start) || date_to_days(first) <= today;
    bool is_open = has_begun && today <= date_to_days(last);
    value_set_bool(&render->arena, entry, "is_open", is_open);
    value_set_int(&render->arena, entry, "days_left", is_open ? date_to_days(last) - today + 1 : 0);
    page_set_date(render, entry, "notice_end", end);
}

struct value *page_entry(struct render *render, struct query *query)
{
    static const char *const entry_keys[] = {"date",      "org_name",   "item_name", "is_open",
                                             "days_left", "notice_end", NULL};
    struct arena *arena = &render->arena;
    struct value *entry = value_map(arena);
    struct fields fields = entry_fields(render, query_str(query, 7));
    value_set_text(arena, entry, "url", arena_copy(arena, query_str(query, 0)));
    value_set_text(arena, entry, "title", arena_copy(arena, query_str(query, 1)));
    page_set_date(render, entry, "date", arena_copy(arena, query_str(query, 2)));
    value_set_text(arena, entry, "kind_name", page_kind_name(render, query_str(query, 3)));
    set_org_and_item(render, entry, query_str(query, 4), query_str(query, 5));
    value_set_text(arena, entry, "summary", arena_copy(arena, query_str(query, 6)));
    value_set_text(arena, entry, "amount", page_money(render, fields_text(&fields, "amount")));
    set_notice(render, entry, &fields);
    page_set_defaults(render, entry, entry_keys);
    return entry;
}

size_t page_set_entries(struct render *render, struct value *map, struct query *query, size_t most)
{
    struct value *list = value_list(&render->arena);
    size_t count = 0;
    while (count < most && query_next(query)) {
        value_add(&render->arena, list, page_entry(render, query));
        count++;
    }
    query_reset(query);
    page_set_list(render, map, "entries", "has_entries", list, count > 0);
    return count;
}

struct value *page_link(struct render *render, struct query *query)
{
    static const char *const keys[] = {"date", NULL};
    struct arena *arena = &render->arena;
    struct value *link = value_map(arena);
    value_set_text(arena, link, "title", arena_copy(arena, query_str(query, 0)));
    value_set_text(arena, link, "url", arena_copy(arena, query_str(query, 1)));
    page_set_date(render, link, "date", arena_copy(arena, query_str(query, 2)));
    page_set_defaults(render, link, keys);
    return link;
}

struct str page_folder_url(struct render *render, struct str folder)
{
    struct buf url = BUF_EMPTY;
    address_folder_url(&url, render->site->config->base, folder);
    struct str copy = arena_copy(&render->arena, buf_str(&url));
    buf_free(&url);
    return copy;
}
