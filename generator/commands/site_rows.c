#include "commands/site_rows.h"

#include "render/search_pages.h"

#include <stdio.h>

struct str site_title(struct site *site, struct database *db)
{
    if (site->config.title.n > 0) {
        return site->config.title;
    }
    struct query *query = database_query(db, "SELECT title FROM records WHERE url = ?1");
    query_bind_str(query, 1, site->config.base);
    struct str title = query_next(query) ? arena_copy(&site->arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return title.n > 0 ? title : STR("公开");
}

bool site_has_tags(struct database *db)
{
    struct query *query = database_query(db, "SELECT 1 FROM tags LIMIT 1");
    bool has_tags = query_next(query);
    query_reset(query);
    return has_tags;
}

static void put_numbers(const struct site *site, struct store *store)
{
    char as_of[DATE_TEXT_SIZE], number[32];
    store_put_meta(store, "as_of", str_of(date_format(as_of, site->as_of)));
    snprintf(number, sizeof number, "%lld", (long long)source_commit_time(site->source));
    store_put_meta(store, "modified", str_of(number));
    snprintf(number, sizeof number, "%d", STORE_SCHEMA_VERSION);
    store_put_meta(store, "schema_version", str_of(number));
}

static void put_search_page(void *context, struct str language, struct str name, struct str page)
{
    store_put_search_page(context, language, name, page);
}

int site_put_rows(const struct site *site, struct store *store, const struct render_site *render,
                  struct fault *fault)
{
    const struct config *config = &site->config;
    const struct {
        const char *key;
        struct str value;
    } rows[] = {
        {"program", STR("gongkai " GONGKAI_VERSION)},
        {"commit", render->commit},
        {"title", render->title},
        {"description", config->description},
        {"url", config->url},
        {"base", config->base},
        {"language", config->language},
        {"licence_name", config->licence_name},
        {"licence_url", config->licence_url},
        {"phone", config->phone},
        {"address", config->address},
        {"mail", config->mail},
        {"host", config->host},
        {"icp", config->icp},
        {"has_configuration", config->is_given ? STR("1") : STR("")},
        {"has_orgs", config->org_count > 0 ? STR("1") : STR("")},
        {"has_catalogue", config->item_count > 0 ? STR("1") : STR("")},
        {"has_tags", render->has_tags ? STR("1") : STR("")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        store_put_meta(store, rows[i].key, rows[i].value);
    }
    put_numbers(site, store);
    return search_pages_freeze(render, put_search_page, store, fault);
}
