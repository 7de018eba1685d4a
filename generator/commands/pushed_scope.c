#include "commands/pushed_scope.h"

#include "commands/pushed_voice.h"
#include "source/pushed.h"

struct scope {
    struct str folder; /* from the repository's root; empty: all of it */
    struct str org;
    struct diag *diag;
    struct str content; /* the folder of the repository that holds the content */
    const struct config_org *owner;
    struct set told;
    struct set own; /* touched below the folder, from the content's root */
};

static void visit(void *context, const struct source_id *commit, struct str path)
{
    struct scope *scope = context;
    struct str folder = scope->folder;
    bool is_below =
        folder.n == 0 || (path.n > folder.n && path.p[folder.n] == '/' && str_starts(path, folder));
    (void)commit;
    if (is_below) {
        set_add(&scope->own, scope->content.n > 0 ? str_from(path, scope->content.n + 1) : path);
    } else if (set_add(&scope->told, path)) {
        diag_add(scope->diag, DIAG_PUSH_OUTSIDE, (struct place){.path = path},
                 DIAG_WITH(scope->org, folder));
    }
}

/* The organisation of the published configuration, and its folder in the repository. */
static int find_scope(struct scope *out, struct site *site, const struct options *options,
                      struct fault *fault)
{
    struct options published = *options;
    struct diag ignored = {0};
    published.revision = "HEAD";
    int rc = site_open(site, &published, fault);
    if (rc == 0) {
        rc = site_load(site, NULL, &ignored, fault);
    }
    diag_free(&ignored);
    if (rc != 0) {
        return rc;
    }
    const struct config_org *org = config_org(&site->config, str_of(options->org));
    if (org == NULL || org->folder.n == 0) {
        return fault_tell(
            fault, "已公布的 gongkai.yml 里没有叫“%s”、写了 folder 的单位；请告诉管理员",
            "the published gongkai.yml has no organisation \"%s\" with a folder", options->org);
    }
    struct str content = str_of(options->content);
    bool is_root = str_equal(org->folder, STR("."));
    out->owner = org;
    out->content = content;
    out->org = org->name;
    out->folder = is_root ? content : org->folder;
    if (!is_root && content.n > 0) {
        out->folder =
            arena_printf(&site->arena, "%.*s/%.*s", STR_ARG(content), STR_ARG(org->folder));
    }
    return 0;
}

int pushed_scope(const struct options *options, struct diag *diag, struct fault *fault)
{
    struct scope scope = {.diag = diag};
    size_t before = diag->error_count;
    struct site site = {0};
    struct source *source = NULL;
    const struct source_options new = {.path = options->repository,
                                       .revision = options->revision,
                                       .from_environment = options->is_hook};
    int rc = find_scope(&scope, &site, options, fault);
    if (rc == 0) {
        rc = source_open(&source, &new, fault);
    }
    if (rc == 0) {
        rc = pushed_touched(source, visit, &scope, fault);
    }
    if (rc == 0 && diag->error_count == before) {
        const struct pushed_voice voice = {options, &site.config, scope.owner, &scope.own};
        rc = pushed_voice_check(&voice, diag, fault);
    }
    source_close(source);
    set_free(&scope.told);
    set_free(&scope.own);
    site_free(&site);
    return rc;
}
