/*
 * search_page: the answers of search.cgi in the site's look. For search_main.c.
 *
 * A page comes out of the database with all filled in that is known of the site; what comes with
 * the answer is told in site/README.md. Values live in the arena.
 */
#ifndef CGI_SEARCH_PAGE_H
#define CGI_SEARCH_PAGE_H

#include "cgi/host.h"
#include "cgi/request.h"
#include "theme/freeze.h"

/* What the pages of one request share. */
struct search_page {
    struct host *host;
    struct arena *arena;
    const struct request *request;
    struct str base;          /* begins and ends with "/" */
    struct str language;      /* of the page: "zh-CN" or "en" */
    struct theme_page *theme; /* once loaded */
    struct value *root;       /* what the template gets */
};

/* Reads language and base. The page is ready for values and, once loaded, for drawing. */
void search_page_begin(struct search_page *page, struct host *host, struct arena *arena,
                       const struct request *request);

/* Loads the page of that template. -1 where there is none. */
int search_page_load(struct search_page *page, const char *template);

/* Sets `page` and `query`. After loading. */
void search_page_set_frame(struct search_page *page);

/* Sets `search`: the result as site/README.md describes it. */
void search_page_set_result(struct search_page *page, const struct search_result *result);

/* Appends the drawn page. -1 with a line in the log. */
int search_page_draw(struct search_page *page, struct buf *out);

/* Interface text of that key. */
struct str search_page_string(const struct search_page *page, const char *key);

/* "2026年9月30日" or as the language writes it, {iso, text}; an empty text where it is no date. */
void search_page_set_date(struct search_page *page, struct value *map, const char *key,
                          struct str iso);

/* The address of `program` for this request with one parameter changed: request_write_url. */
struct str search_page_url(struct search_page *page, const char *program,
                           enum request_parameter changed, struct str value);

enum language search_page_language(const struct search_page *page);

#endif
