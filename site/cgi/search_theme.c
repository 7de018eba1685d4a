#include "cgi/search_page.h"

#include "base/date.h"

void search_page_begin(struct search_page *page, struct host *host, struct arena *arena,
                       const struct request *request)
{
    *page = (struct search_page){.host = host, .arena = arena, .request = request};
    page->base = host_meta(host, "base");
    if (page->base.n == 0) {
        page->base = STR("/");
    }
    struct str own = host_meta(host, "language");
    page->language = request->language.n > 0 ? request->language : own.n > 0 ? own : STR("zh-CN");
}

enum language search_page_language(const struct search_page *page)
{
    return str_starts(page->language, STR("zh")) ? LANGUAGE_ZH : LANGUAGE_EN;
}

int search_page_load(struct search_page *page, const char *template)
{
    if (page->host->search == NULL) {
        return -1;
    }
    struct str bytes =
        search_page_bytes(page->host->search, page->arena, page->language, str_of(template));
    if (theme_thaw(&page->theme, page->arena, bytes) != 0) {
        host_log("templates", "the database has no such page");
        return -1;
    }
    return 0;
}

int search_page_draw(struct search_page *page, struct buf *out)
{
    struct fault fault;
    int rc = theme_page_render(page->theme, out, page->root, &fault);
    if (rc != 0) {
        host_log("templates", fault.text);
    }
    return rc;
}

struct str search_page_string(const struct search_page *page, const char *key)
{
    return theme_page_string(page->theme, key);
}

void search_page_set_date(struct search_page *page, struct value *map, const char *key,
                          struct str iso)
{
    struct date date;
    if (!date_parse(&date, iso)) {
        value_set_text(page->arena, map, key, (struct str){"", 0});
        return;
    }
    struct value *value = value_map(page->arena);
    struct str text = iso;
    if (search_page_language(page) == LANGUAGE_ZH) {
        text = arena_printf(page->arena, "%d年%d月%d日", date.year, date.month, date.day);
    }
    value_set_text(page->arena, value, "iso", iso);
    value_set_text(page->arena, value, "text", text);
    value_set(page->arena, map, key, value);
}
