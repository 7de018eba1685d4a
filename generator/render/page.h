/* page: what every page shows, and the small values that pages share. Inside render/ only. */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "render/output.h"

/* The map that a template gets, with `site`, `page` and `crumbs` in it. */
struct page {
    struct value *root, *page, *crumbs;
    bool has_crumbs;
};

/* A new page: its title and its address from the site's root. Lives in render->arena. */
struct page page_new(struct render *render, struct str title, struct str url);

/* Adds a step to the way from the home page to here. */
void page_add_crumb(struct render *render, struct page *page, struct str title, struct str url);

/* Says which feed belongs to the page. */
void page_set_feed(struct render *render, struct page *page, struct str url, struct str title);

/* The address of an organisation's calendar, or of the site's for the empty key. */
struct str calendar_url(struct render *render, struct str org);

/* Renders the template with the page's values. */
int page_draw(struct render *render, struct page *page, const char *template, struct buf *out);

/* {iso, text}; nothing is set where `iso` is no date. */
void page_set_date(struct render *render, struct value *map, const char *key, struct str iso);

/* The string of that key in the site's language, with values filled in; "" where there is none. */
struct str page_string(const struct render *render, const char *key);

/* The same with the values of `parts` put where it says {{name}}. */
struct page_part {
    const char *name;
    struct str value;
};
struct str page_compose(struct render *render, const char *key, const struct page_part *parts,
                        size_t count);

/* A decimal number as text. */
struct str page_number(struct render *render, int64_t number);

/*
 * Sets each of the NULL-terminated `keys` to an empty text where the map does not have it yet:
 * Mustache would look further out for a key that is missing.
 */
void page_set_defaults(struct render *render, struct value *map, const char *const *keys);

/* Sets `key` to the list and `has_key` to whether it holds anything. */
void page_set_list(struct render *render, struct value *map, const char *key, const char *has_key,
                   struct value *list, bool has_any);

/* {title, url, date} in a list or under a key, from a row of PAGE_LINK_COLUMNS. */
#define PAGE_LINK_COLUMNS " records.title, records.url, records.date "
struct value *page_link(struct render *render, struct query *query);

/* {name, description, keywords, type}: the column of a page, for the head's meta tags. */
void page_set_column(struct render *render, struct page *page, struct str name, struct str type);

/* "386,420.55" from "386420.55". */
struct str page_money(struct render *render, struct str yuan);

/* BASE + path, the path as it is: for constants and what is encoded already. */
struct str page_url(struct render *render, const char *path);

/* "312 KB" and the like. */
struct str page_size(struct render *render, int64_t bytes);

/* The absolute address of an address from the site's root. */
struct str page_absolute(struct render *render, struct str url);

/* The display name of a kind of record; empty for plain pages. */
struct str page_kind_name(const struct render *render, struct str kind);

/* The schema's name for people: Chinese, or the English key with a capital and blanks. */
struct str page_label(struct render *render, struct str key, struct str zh);

/* A field of the front matter. Most records have few of them: no JSON is read for none. */
#define PAGE_FIELD(key)                                                                            \
    " CASE WHEN instr(records.fields, '\"" key "\"') > 0"                                          \
    " THEN json_extract(records.fields, '$." key "') END "

/* One line of a listing, from a row of ENTRY_COLUMNS. */
#define ENTRY_COLUMNS                                                                              \
    " records.url, records.title, records.date, records.kind, records.org, records.item,"          \
    " records.summary, records.fields "
struct value *page_entry(struct render *render, struct query *query);

/* Sets `entries` and `has_entries` to what the query gives, `most` at most; returns how many. */
size_t page_set_entries(struct render *render, struct value *map, struct query *query, size_t most);

/* The node of an organisation and all below it: themes/README.md, orgs. */
struct value *page_org_children(struct render *render, struct str parent);

/* The values of the catalogue: themes/README.md, catalogue. */
struct value *page_catalogue(struct render *render);

/* One item of the catalogue; `number` is its place in it. */
struct value *page_item(struct render *render, const struct config_item *item, size_t number);

/* The address of a folder's page, its own or a generated one. */
struct str page_folder_url(struct render *render, struct str folder);

/* The folders right below: {title, url, count, newest}. */
struct value *page_sections(struct render *render, struct str folder, bool *has_any);

/* What stands in a folder, into `map`: sections and entries. Returns whether there is anything. */
bool page_set_contents(struct render *render, struct value *map, struct str folder);

#endif
