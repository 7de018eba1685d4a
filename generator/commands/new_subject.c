/* new_subject: what a new record is about, and whose it is. */
#include "commands/new.h"

#include "record/suggest.h"

#include <stdio.h>
#include <unistd.h>

enum { ORGS_TOLD_MAX = 60 };

bool new_is_zh(const struct new *new)
{
    return new->options->language == LANGUAGE_ZH;
}

int new_usage(const struct new *new, const char *zh, const char *en, const char *what)
{
    fprintf(stderr, "gongkai: ");
    fprintf(stderr, new_is_zh(new) ? zh : en, what);
    fputc('\n', stderr);
    return COMMAND_USAGE;
}

/* Where the options or the folder that we stand in say, whose record it is. */
static const struct config_org *org_here(struct new *new)
{
    char here[PATH_MAX];
    struct str root = str_of(new->root);
    if (getcwd(here, sizeof here) == NULL || !str_starts(str_of(here), root) ||
        (here[root.n] != '/' && here[root.n] != '\0')) {
        return NULL;
    }
    struct str below = str_from(str_of(here), root.n);
    struct str path = arena_printf(&new->site.arena, "%.*s/a.md", STR_ARG(below));
    return config_org_of_path(&new->site.config, str_from(path, 1));
}

/* The only village of a site that has just one. */
static const struct config_org *only_village(const struct config *config)
{
    const struct config_org *found = NULL;
    for (size_t i = 0; i < config->org_count; i++) {
        if (str_equal(config->orgs[i].type, STR("village"))) {
            if (found != NULL) {
                return NULL;
            }
            found = &config->orgs[i];
        }
    }
    return found;
}

static bool is_issuer(const struct config_item *item, const struct config_org *org)
{
    for (size_t i = 0; i < item->issuer_count; i++) {
        if (str_equal(item->issuers[i], org->type)) {
            return true;
        }
    }
    return false;
}

/* Of a village, its own body that publishes the item: the cooperative the accounts, and so on. */
static const struct config_org *issuer_of(const struct new *new, const struct config_org *org)
{
    const struct config *config = &new->site.config;
    if (new->item == NULL || new->item->issuer_count == 0 || is_issuer(new->item, org)) {
        return org;
    }
    for (size_t k = 0; k < new->item->issuer_count; k++) {
        for (size_t i = 0; i < config->org_count; i++) {
            if (str_equal(config->orgs[i].parent, org->key) &&
                str_equal(config->orgs[i].type, new->item->issuers[k])) {
                return &config->orgs[i];
            }
        }
    }
    return org;
}

/* What was probably meant. */
static void tell_nearest(const struct new *new, const struct suggest_list *near)
{
    struct arena arena = {0};
    if (near->count > 0) {
        struct str text = suggest_list_text(near, &arena);
        fprintf(stderr, new_is_zh(new) ? "是不是要写：%.*s？\n" : "did you mean: %.*s?\n",
                STR_ARG(text));
    }
    arena_free(&arena);
}

static const char *between(const struct new *new)
{
    return new_is_zh(new) ? "；" : "; "; /* names have 、 and commas in them */
}

/* All that there is to choose from, where a person can still overlook it; what is near comes last,
 * where it is seen. */
static int refuse_org(const struct new *new, const char *name)
{
    const struct config *config = &new->site.config;
    struct suggest_list near = {.wanted = str_of(name)};
    int status = new_usage(new, "gongkai.yml 里没有叫“%s”的单位",
                           "gongkai.yml has no organisation “%s”", name);
    if (config->org_count <= ORGS_TOLD_MAX) {
        fputs(new_is_zh(new) ? "单位：" : "organisations: ", stderr);
    }
    for (size_t i = 0; i < config->org_count; i++) {
        suggest_list_offer(&near, config->orgs[i].name);
        suggest_list_offer(&near, config->orgs[i].key);
        if (config->org_count <= ORGS_TOLD_MAX) {
            fprintf(stderr, "%s%.*s", i > 0 ? between(new) : "", STR_ARG(config->orgs[i].name));
        }
    }
    fputs(config->org_count <= ORGS_TOLD_MAX ? "\n" : "", stderr);
    tell_nearest(new, &near);
    return status;
}

static int choose_org(struct new *new)
{
    const char *name = new->options->org;
    if (name != NULL) {
        new->org = config_org(&new->site.config, str_of(name));
        if (new->org == NULL) {
            return refuse_org(new, name);
        }
        new->org = issuer_of(new, new->org);
        return COMMAND_DONE;
    }
    new->org = org_here(new);
    bool is_top = new->org == NULL || new->org->depth == 0;
    const struct config_org *village = is_top ? only_village(&new->site.config) : NULL;
    new->org = village != NULL ? village : new->org;
    if (new->org != NULL) {
        new->org = issuer_of(new, new->org);
    }
    return COMMAND_DONE;
}

static void tell_nearest_kind(const struct new *new, const char *name)
{
    struct suggest_list near = {.wanted = str_of(name)};
    for (size_t i = 0; i < new->site.config.item_count; i++) {
        suggest_list_offer(&near, new->site.config.items[i].name);
        suggest_list_offer(&near, new->site.config.items[i].key);
    }
    for (size_t i = 0; i < new->site.schema.kind_count; i++) {
        suggest_list_offer(&near, new->site.schema.kinds[i].zh);
        suggest_list_offer(&near, new->site.schema.kinds[i].key);
    }
    tell_nearest(new, &near);
}

/* All that there is to choose from, since nobody knows it by heart; what is near comes last, where
 * it is seen. */
static int refuse_kind(const struct new *new, const char *name)
{
    int status =
        new_usage(new, "没有叫“%s”的类型或目录事项", "no kind and no catalogue item “%s”", name);
    fputs(new_is_zh(new) ? "类型：" : "kinds: ", stderr);
    for (size_t i = 0; i < new->site.schema.kind_count; i++) {
        const struct schema_kind *kind = &new->site.schema.kinds[i];
        struct str name_shown = new_is_zh(new) ? kind->zh : kind->key;
        fprintf(stderr, "%s%.*s", i > 0 ? between(new) : "", STR_ARG(name_shown));
    }
    fputs(new_is_zh(new) ? "\n目录事项：" : "\ncatalogue items: ", stderr);
    for (size_t i = 0; i < new->site.config.item_count; i++) {
        fprintf(stderr, "%s%.*s", i > 0 ? between(new) : "",
                STR_ARG(new->site.config.items[i].name));
    }
    fputs(new_is_zh(new) ? "\n照抄其中一个，如 gongkai new 公开事项 --item 财务收支\n"
                         : "\nname one as it stands there, as in gongkai new disclosure --item "
                           "finance\n",
          stderr);
    tell_nearest_kind(new, name);
    return status;
}

/* KIND is a kind or, since clerks know those better, an item of the catalogue. */
static int choose_kind(struct new *new)
{
    const struct options *options = new->options;
    struct str name = str_of(options->arguments[0]);
    const char *item = options->item;
    new->kind = schema_kind(&new->site.schema, name);
    if (new->kind == NULL && item == NULL) {
        item = options->arguments[0];
    } else if (new->kind == NULL) {
        return refuse_kind(new, options->arguments[0]);
    }
    if (item == NULL) {
        return COMMAND_DONE;
    }
    new->item = config_item(&new->site.config, str_of(item));
    if (new->item == NULL) {
        return refuse_kind(new, item);
    }
    if (new->kind == NULL) {
        new->kind = template_kind(&new->site.schema, new->item);
    }
    return COMMAND_DONE;
}

int new_choose_subject(struct new *new)
{
    int status = choose_kind(new);
    return status == COMMAND_DONE ? choose_org(new) : status;
}
