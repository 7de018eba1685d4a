#include "record/config.h"

#include "record/config_index.h"
#include "record/config_reader.h"

/* How many bytes of a web address its scheme and host take; 0 where it is not absolute. */
static size_t host_end(struct str url)
{
    size_t start = str_starts(url, STR("https://")) ? 8 : str_starts(url, STR("http://")) ? 7 : 0;
    if (start == 0) {
        return 0;
    }
    ptrdiff_t slash = str_find_char(str_from(url, start), '/');
    size_t end = slash < 0 ? url.n : start + (size_t)slash;
    return end > start ? end : 0;
}

static void set_url(struct config *out, struct arena *arena, struct str url)
{
    out->url = str_ends(url, STR("/")) ? url : arena_printf(arena, "%.*s/", STR_ARG(url));
    out->base = str_from(out->url, host_end(out->url));
}

static void set_defaults(struct config *out, struct arena *arena)
{
    *out = (struct config){.language = STR("zh-CN"), .utc_offset = 8 * 3600};
    set_url(out, arena, STR("http://localhost/"));
}

bool config_parse(struct config *out, struct arena *arena, struct str path, struct str bytes,
                  struct diag *diag)
{
    set_defaults(out, arena);
    if (bytes.p == NULL) {
        return true;
    }
    out->is_given = true;
    out->path = path;
    size_t errors = diag->error_count;
    config_read(out, arena, path, bytes, diag);
    set_url(out, arena, out->url);
    return diag->error_count == errors;
}

/* A configuration that was filled by hand has no index. */
static ptrdiff_t find_org(const struct config *config, struct str name)
{
    if (config->index != NULL) {
        return config_names_find(&config->index->orgs, name);
    }
    for (size_t i = 0; i < config->org_count; i++) {
        if (str_equal(config->orgs[i].key, name) || str_equal(config->orgs[i].name, name)) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

const struct config_org *config_org(const struct config *config, struct str key_or_name)
{
    ptrdiff_t at = find_org(config, key_or_name);
    return at < 0 ? NULL : &config->orgs[at];
}

const struct config_item *config_item(const struct config *config, struct str key_or_name)
{
    if (config->index != NULL) {
        ptrdiff_t at = config_names_find(&config->index->items, key_or_name);
        return at < 0 ? NULL : &config->items[at];
    }
    for (size_t i = 0; i < config->item_count; i++) {
        const struct config_item *item = &config->items[i];
        if (str_equal(item->key, key_or_name) || str_equal(item->name, key_or_name)) {
            return item;
        }
    }
    return NULL;
}

bool config_is_chinese(const struct config *config)
{
    return str_starts(config->language, STR("zh"));
}

bool config_is_ignored(const struct config *config, struct str path)
{
    for (size_t i = 0; i < config->ignored_count; i++) {
        struct str folder = config->ignored[i];
        if (path.n > folder.n && path.p[folder.n] == '/' && str_starts(path, folder)) {
            return true;
        }
    }
    return false;
}

static const struct config_org *org_of_folder(const struct config *config, struct str folder)
{
    if (config->index != NULL) {
        ptrdiff_t at = config_names_find(&config->index->folders, folder);
        return at < 0 ? NULL : &config->orgs[at];
    }
    for (size_t i = 0; i < config->org_count; i++) {
        if (str_equal(config->orgs[i].folder, folder)) {
            return &config->orgs[i];
        }
    }
    return NULL;
}

const struct config_org *config_org_of_path(const struct config *config, struct str path)
{
    for (;;) {
        ptrdiff_t slash = str_find_last_char(path, '/');
        if (slash < 0) {
            return org_of_folder(config, STR("."));
        }
        path = str_slice(path, 0, (size_t)slash);
        const struct config_org *org = org_of_folder(config, path);
        if (org != NULL) {
            return org;
        }
    }
}
