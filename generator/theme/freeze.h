/*
 * freeze: a template made ready for one purpose, so that showing it costs next to nothing. What is
 * known beforehand is filled in: partials, parents and blocks, interface text of one language, and
 * the values that are given; what is left are pieces of finished text, and the few instructions
 * that wait for the rest. The generator freezes, the search program thaws.
 *
 *     struct freeze_request request = {STR("search"), STR("zh-CN"), known, "site", "search_"};
 *     theme_freeze(theme, &bytes, &request, &fault)
 *     ...
 *     theme_thaw(&page, &arena, bytes)
 *     theme_page_render(page, &out, values, &fault)
 *
 * A value that comes later is known as value_unknown(). Inside a section that waits a name may mean
 * something of that section, so all but the constant wait there too: the values that a page is
 * rendered with must have everything, the constant excepted.
 */
#ifndef THEME_FREEZE_H
#define THEME_FREEZE_H

#include "theme/theme.h"

/* Stands in `known` for a value that comes later. Never to be rendered. */
struct value *value_unknown(struct arena *arena);

struct freeze_request {
    struct str name, language;
    const struct value *known; /* the outermost map; what it does not have shows nothing */
    const char *constant;      /* a name of it that no other map has */
    const char *strings;       /* the page carries those whose keys begin so */
};

/*
 * Appends the page. A template that cannot be rendered cannot be frozen; neither can one that calls
 * itself without end, or that needs to know inside a waiting section what a known one around it,
 * other than the outermost map, has.
 */
int theme_freeze(const struct theme *theme, struct buf *out, const struct freeze_request *request,
                 struct fault *fault);

struct theme_page;

/* Makes the page of its bytes, which must live as long. -1 where they are no frozen page. */
int theme_thaw(struct theme_page **out, struct arena *arena, struct str bytes);

/* Appends the page: theme_render. */
int theme_page_render(const struct theme_page *page, struct buf *out, const struct value *values,
                      struct fault *fault);

/* The string of that key; the key itself where the page has none. */
struct str theme_page_string(const struct theme_page *page, const char *key);

#endif
