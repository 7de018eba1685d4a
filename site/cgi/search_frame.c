#include "cgi/search_page.h"

static const struct str nothing = {"", 0};

static struct str url_of(struct search_page *page, const char *rest)
{
    return arena_printf(page->arena, "%.*s%s", STR_ARG(page->base), rest);
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
    struct str url =
        search_page_url(page, "search.cgi", REQUEST_PAGE, page->request->values[REQUEST_PAGE]);
    bool has_feed = page->request->status == REQUEST_STATUS_OK;
    struct str feed = search_page_url(page, "search-feed.cgi", REQUEST_FORMAT, nothing);
    struct str site = host_meta(page->host, "url");
    struct str rest = str_from(url, page->base.n);
    value_set_text(arena, map, "title", title_of(page));
    value_set_text(arena, map, "url", url);
    value_set_text(arena, map, "canonical",
                   arena_printf(arena, "%.*s%.*s", STR_ARG(site), STR_ARG(rest)));
    value_set_text(arena, map, "feed_url", has_feed ? feed : nothing);
    value_set_text(arena, map, "feed_title", title_of(page));
    value_set_bool(arena, map, "is_unlisted", true);
    value_set_bool(arena, map, "is_search", true);
    value_set(arena, page->root, "page", map);
}

void search_page_set_frame(struct search_page *page)
{
    struct arena *arena = page->arena;
    page->root = value_map(arena);
    set_page(page);
    value_set_text(arena, page->root, "query", page->request->search.query);
}
