#include "render/search_pages.h"

#include "render/page.h"
#include "theme/freeze.h"

/* The interface text that the search program asks for by key. */
#define STRINGS "search_"

static void set_unknown(struct arena *arena, struct value *map, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        value_set(arena, map, *keys, value_unknown(arena));
    }
}

/* The first of two equal keys wins: what comes with each answer is said to be unknown first. */
static struct page new_page(struct render *render)
{
    static const char *const later[] = {"query", "search", "error", NULL};
    static const char *const later_page[] = {"title",      "url",          "canonical", "feed_url",
                                             "feed_title", "calendar_url", NULL};
    struct page page = page_new(render, STR(""), STR(""));
    struct value *root = value_map(&render->arena), *values = value_map(&render->arena);
    set_unknown(&render->arena, root, later);
    set_unknown(&render->arena, values, later_page);
    value_set_bool(&render->arena, values, "is_unlisted", true);
    value_set_bool(&render->arena, values, "is_search", true);
    value_copy(&render->arena, values, page.page);
    value_set(&render->arena, root, "page", values);
    value_copy(&render->arena, root, page.root);
    page.root = root;
    page.page = values;
    return page;
}

/* Where the pages go. */
struct freezing {
    search_pages_visit *visit;
    void *context;
    struct fault *fault;
};

static int freeze_page(const struct freezing *freezing, struct render *render, struct str name)
{
    struct page page = new_page(render);
    struct buf bytes = BUF_EMPTY;
    struct str language = render->site->config->language;
    struct freeze_request request = {name, language, page.root, "site", STRINGS};
    int rc = theme_freeze(render->site->theme, &bytes, &request, freezing->fault);
    if (rc == 0) {
        freezing->visit(freezing->context, language, name, buf_str(&bytes));
    }
    buf_free(&bytes);
    return rc;
}

/* The site's pages in a language that need not be its own. */
static int freeze_pages(const struct freezing *freezing, const struct render_site *site,
                        struct str language)
{
    struct config config = *site->config;
    struct render_site other = *site;
    config.language = language;
    other.config = &config;
    struct render render = {.site = &other};
    int rc = freeze_page(freezing, &render, STR("search"));
    rc = rc == 0 ? freeze_page(freezing, &render, STR("error")) : rc;
    render_free(&render);
    return rc;
}

int search_pages_freeze(const struct render_site *site, search_pages_visit *visit, void *context,
                        struct fault *fault)
{
    static const char *const languages[] = {"zh-CN", "en"};
    struct str own = site->config->language;
    const struct freezing freezing = {visit, context, fault};
    int rc = freeze_pages(&freezing, site, own);
    for (size_t i = 0; i < sizeof languages / sizeof languages[0] && rc == 0; i++) {
        if (!str_equal(own, str_of(languages[i]))) {
            rc = freeze_pages(&freezing, site, str_of(languages[i]));
        }
    }
    return rc;
}
