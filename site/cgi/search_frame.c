#include "cgi/search_page.h"

/* Rows of `meta` that the frame shows as they are. */
static const char *const meta_keys[] = {
    "title",   "description", "url",  "licence_name", "licence_url", "phone",
    "address", "mail",        "host", "icp",          "commit",      "id_code",
};
/* Those that are "1" where it is so. */
static const char *const meta_flags[] = {"has_orgs", "has_catalogue", "has_tags"};

enum { SHORT_COMMIT = 10 };

static struct str meta(struct search_page *page, const char *key)
{
    return host_meta(page->host, page->arena, key);
}

static struct str url_of(struct search_page *page, const char *rest)
{
    return arena_printf(page->arena, "%.*s%s", STR_ARG(page->base), rest);
}

static struct str domain_of(struct str url)
{
    ptrdiff_t start = str_find(url, STR("://"));
    struct str rest = str_from(url, start < 0 ? 0 : (size_t)start + 3);
    ptrdiff_t end = str_find_char(rest, '/');
    return end < 0 ? rest : str_slice(rest, 0, (size_t)end);
}

static void set_site(struct search_page *page)
{
    struct arena *arena = page->arena;
    struct value *site = value_map(arena);
    for (size_t i = 0; i < sizeof meta_keys / sizeof meta_keys[0]; i++) {
        value_set_text(arena, site, meta_keys[i], meta(page, meta_keys[i]));
    }
    for (size_t i = 0; i < sizeof meta_flags / sizeof meta_flags[0]; i++) {
        bool is_so = str_equal(meta(page, meta_flags[i]), STR("1"));
        value_set_bool(arena, site, meta_flags[i], is_so);
    }
    size_t contact = meta(page, "phone").n + meta(page, "address").n + meta(page, "mail").n;
    value_set_bool(arena, site, "has_contact", contact > 0);
    value_set_text(arena, site, "base", page->base);
    value_set_text(arena, site, "domain", domain_of(meta(page, "url")));
    value_set_text(arena, site, "language", page->language);
    value_set_bool(arena, site, "is_zh", search_page_language(page) == LANGUAGE_ZH);
    value_set_text(arena, site, "feed_url", url_of(page, "feed.xml"));
    value_set_text(arena, site, "commit_short", str_slice(meta(page, "commit"), 0, SHORT_COMMIT));
    search_page_set_date(page, site, "as_of", meta(page, "as_of"));
    search_page_set_date(page, site, "updated", meta(page, "as_of"));
    value_set(arena, page->root, "site", site);
}

/* "低保 - 搜索", or "搜索" alone. */
static struct str title_of(struct search_page *page)
{
    struct str word = search_page_string(page, "search_title");
    struct str query = page->request->search.query;
    return query.n == 0 ? word
                        : arena_printf(page->arena, "%.*s - %.*s", STR_ARG(query), STR_ARG(word));
}

struct str search_page_url(struct search_page *page, const char *program,
                           enum request_parameter changed, struct str value)
{
    struct buf url = BUF_EMPTY;
    request_write_url(&url, page->request, url_of(page, program), changed, value);
    struct str copy = arena_copy(page->arena, buf_str(&url));
    buf_free(&url);
    return copy;
}

static void set_page(struct search_page *page)
{
    struct arena *arena = page->arena;
    struct value *map = value_map(arena);
    struct str empty = {"", 0};
    struct str url =
        search_page_url(page, "search.cgi", REQUEST_PAGE, page->request->values[REQUEST_PAGE]);
    bool has_feed = page->request->status == REQUEST_STATUS_OK;
    struct str feed = search_page_url(page, "search-feed.cgi", REQUEST_FORMAT, empty);
    struct str site = meta(page, "url");
    struct str rest = str_from(url, page->base.n);
    value_set_text(arena, map, "title", title_of(page));
    value_set_text(arena, map, "url", url);
    value_set_text(arena, map, "canonical",
                   arena_printf(arena, "%.*s%.*s", STR_ARG(site), STR_ARG(rest)));
    value_set_text(arena, map, "description", empty);
    value_set_text(arena, map, "feed_url", has_feed ? feed : empty);
    value_set_text(arena, map, "feed_title", title_of(page));
    value_set_text(arena, map, "column", empty);
    value_set_text(arena, map, "article", empty);
    value_set_bool(arena, map, "is_unlisted", true);
    value_set_bool(arena, map, "is_search", true);
    value_set(arena, page->root, "page", map);
}

void search_page_set_frame(struct search_page *page)
{
    struct arena *arena = page->arena;
    page->root = value_map(arena);
    set_site(page);
    set_page(page);
    value_set(arena, page->root, "crumbs", value_list(arena));
    value_set_bool(arena, page->root, "has_crumbs", false);
    value_set_text(arena, page->root, "query", page->request->search.query);
}
