#include "cgi/search_page.h"

#include "base/date.h"
#include "cgi/limits.h"
#include "theme/theme.h"

/* The names of the templates to load; each is looked at once. */
struct needed {
    struct str names[LIMIT_TEMPLATES];
    size_t count;
};

void search_page_begin(struct search_page *page, struct host *host, struct arena *arena,
                       const struct request *request)
{
    *page = (struct search_page){.host = host, .arena = arena, .request = request};
    page->base = host_meta(host, arena, "base");
    if (page->base.n == 0) {
        page->base = STR("/");
    }
    struct str own = host_meta(host, arena, "language");
    page->language = request->language.n > 0 ? request->language : own.n > 0 ? own : STR("zh-CN");
}

enum language search_page_language(const struct search_page *page)
{
    return str_starts(page->language, STR("zh")) ? LANGUAGE_ZH : LANGUAGE_EN;
}

static int need(struct needed *needed, struct str name)
{
    for (size_t i = 0; i < needed->count; i++) {
        if (str_equal(needed->names[i], name)) {
            return 0;
        }
    }
    if (needed->count == LIMIT_TEMPLATES) {
        return -1;
    }
    needed->names[needed->count++] = name;
    return 0;
}

/* Partials and parents that the template calls, in the usual delimiters. */
static int need_called(struct needed *needed, struct str body)
{
    for (ptrdiff_t at; (at = str_find(body, STR("{{"))) >= 0;) {
        body = str_from(body, (size_t)at + 2);
        bool is_call = body.n > 0 && (body.p[0] == '>' || body.p[0] == '<');
        ptrdiff_t end = is_call ? str_find(body, STR("}}")) : -1;
        if (end > 0 && need(needed, str_trim(str_slice(body, 1, (size_t)end))) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Text of the string files is held to one line; a line feed in it is written \n there. */
static void add_string(void *context, struct str key, struct str text)
{
    struct buf *file = context;
    buf_add(file, key);
    buf_add_text(file, " = ");
    size_t written = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool is_feed = text.p[i] == '\n';
        if (is_feed || text.p[i] == '\\') {
            buf_add(file, str_slice(text, written, i));
            buf_add(file, is_feed ? STR("\\n") : STR("\\\\"));
            written = i + 1;
        }
    }
    buf_add(file, str_from(text, written));
    buf_add_char(file, '\n');
}

static void load_strings(struct search_page *page, struct diag *diag)
{
    struct buf file = BUF_EMPTY;
    search_strings(page->host->search, page->arena, page->language, add_string, &file);
    theme_add_strings(page->theme, page->language, STR("strings"), buf_str(&file), diag);
    buf_free(&file);
}

static int load_templates(struct search_page *page, const char *template, struct diag *diag)
{
    struct needed needed = {.count = 0};
    int rc = need(&needed, str_of(template));
    for (size_t i = 0; rc == 0 && i < needed.count; i++) {
        struct str name = needed.names[i];
        struct str body = search_template(page->host->search, page->arena, name);
        if (body.n > 0) {
            theme_add_template(page->theme, name, name, body, diag);
            rc = need_called(&needed, body);
        }
    }
    return rc;
}

int search_page_load(struct search_page *page, const char *template)
{
    if (page->host->search == NULL) {
        return -1;
    }
    struct diag diag = {.count = 0};
    page->theme = theme_new();
    load_strings(page, &diag);
    int rc = load_templates(page, template, &diag);
    /* The generator has run theme_check over these; here it would cost a tenth of the answer. */
    if (diag.error_count > 0) {
        struct buf text = BUF_EMPTY;
        diag_write_text(&text, &diag, LANGUAGE_EN);
        host_log("templates", text.p);
        buf_free(&text);
        rc = -1;
    }
    diag_free(&diag);
    return rc;
}

int search_page_draw(struct search_page *page, const char *template, struct buf *out)
{
    struct fault fault;
    int rc = theme_render(page->theme, out, str_of(template), page->language, page->root, &fault);
    if (rc != 0) {
        host_log("templates", fault.text);
    }
    return rc;
}

struct str search_page_string(const struct search_page *page, const char *key)
{
    return theme_string(page->theme, page->language, key);
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

void search_page_end(struct search_page *page)
{
    theme_free(page->theme);
    page->theme = NULL;
}
