#include "commands/site.h"

#include "base/beside.h"
#include "check/mask.h"

#include <time.h>

static const struct str config_path = {"gongkai.yml", 11};

static int load_config(struct site *site, struct diag *diag, struct fault *fault)
{
    const struct source_file *file = source_find(&site->files, config_path);
    struct buf bytes = BUF_EMPTY;
    struct str text = {NULL, 0};
    if (file != NULL) {
        if (source_read(site->source, &bytes, file, fault) != 0) {
            buf_free(&bytes);
            return -1;
        }
        text = arena_copy(&site->arena, buf_str(&bytes));
    }
    buf_free(&bytes);
    diag->is_lenient = file == NULL;
    config_parse(&site->config, &site->arena, config_path, text, diag);
    if (site->as_of.year == 0) {
        site->as_of = date_from_moment((int64_t)time(NULL), site->config.utc_offset);
    }
    struct date committed =
        date_from_moment(source_commit_time(site->source), site->config.utc_offset);
    if (rules_load(&site->rules, &site->arena, &site->config, site->as_of, committed, diag,
                   fault) != 0) {
        return -1;
    }
    mask_read(&site->masks, &site->config, diag);
    check_text(&site->check, &site->arena, config_path, text, diag);
    return 0;
}

/* Files below ignored folders are put aside; both lists stay in byte order. */
static void split_ignored(struct site *site)
{
    size_t kept = 0;
    struct source_files *files = &site->files, *ignored = &site->ignored;
    if (site->config.ignored_count == 0) {
        return;
    }
    ignored->items = arena_array(&site->arena, files->count + 1, sizeof *ignored->items);
    for (size_t i = 0; i < files->count; i++) {
        if (config_is_ignored(&site->config, files->items[i].path)) {
            ignored->items[ignored->count++] = files->items[i];
        } else {
            files->items[kept++] = files->items[i];
        }
    }
    files->count = kept;
}

/* A page shows what its template says. */
static void check_theme(struct site *site, struct diag *diag)
{
    for (size_t i = 0; i < site->theme.count; i++) {
        const struct theme_file *file = &site->theme.items[i];
        struct str path =
            arena_printf(&site->arena, "theme/%s%.*s%s", file->is_strings ? "strings/" : "",
                         STR_ARG(file->name), file->is_strings ? ".txt" : ".mustache");
        check_text(&site->check, &site->arena, path, file->bytes, diag);
    }
    check_text(&site->check, &site->arena, STR("theme/style.css"), site->theme.stylesheet, diag);
}

static void load_addresses(struct site *site)
{
    size_t count = site->files.count;
    site->paths = arena_array(&site->arena, count + 1, sizeof *site->paths);
    site->records = arena_array(&site->arena, count + 1, sizeof *site->records);
    for (size_t i = 0; i < count; i++) {
        site->paths[i] = site->files.items[i].path;
        if (address_is_markdown(site->paths[i])) {
            site->records[site->record_count++] = i;
        }
    }
    address_book_init(&site->addresses, &site->arena, site->paths, count, site->config.base,
                      &site->moved);
}

/* Everything that the theme says, under one name. */
static int digest_theme(struct site *site, struct fault *fault)
{
    struct digest *digest = digest_new();
    for (size_t i = 0; i < site->theme.count; i++) {
        digest_add(digest, site->theme.items[i].name);
        digest_add(digest, STR("\n"));
        digest_add(digest, site->theme.items[i].bytes);
        digest_add(digest, STR("\n"));
    }
    digest_add(digest, site->theme.stylesheet);
    return digest_finish(site->theme_digest, digest, fault);
}

/* What is read beside the repository, which leaves the site's arena alone meanwhile. */
struct reading {
    struct site *site;
    const char *theme;
};

static int read_theme(void *context, struct fault *fault)
{
    const struct reading *reading = context;
    struct site *site = reading->site;
    int rc = theme_files_read(&site->theme, &site->arena, reading->theme, fault);
    return rc == 0 ? digest_theme(site, fault) : rc;
}

/* What nobody asks for before the files are listed: others can begin to work meanwhile. */
static int compile(void *context, struct fault *fault)
{
    struct site *site = context;
    theme_files_compile(&site->theme, &site->templates);
    return schema_load(&site->schema, &site->schema_arena, fault);
}

static int end_compiling(struct site *site, int rc, struct fault *fault)
{
    bool is_compiling = site->is_compiling;
    site->is_compiling = false;
    return is_compiling ? beside_end(&site->compiling, rc, fault) : rc;
}

int site_open(struct site *out, const struct options *options, struct fault *fault)
{
    static const enum source_tree trees[] = {[OPTIONS_TREE_COMMIT] = SOURCE_TREE_COMMIT,
                                             [OPTIONS_TREE_STAGED] = SOURCE_TREE_INDEX,
                                             [OPTIONS_TREE_WORKTREE] = SOURCE_TREE_WORKTREE};
    const struct source_options source = {.path = options->repository,
                                          .revision = options->revision,
                                          .content = options->content,
                                          .from_environment = options->is_hook,
                                          .tree = trees[options->tree]};
    *out = (struct site){0};
    out->as_of = options->as_of;
    struct reading reading = {.site = out, .theme = options->theme};
    struct beside beside;
    beside_start(&beside, read_theme, &reading);
    int rc = source_open(&out->source, &source, fault);
    rc = beside_end(&beside, rc, fault);
    if (rc == 0) {
        beside_start(&out->compiling, compile, out);
        out->is_compiling = true;
    }
    return rc;
}

/* The files of the commit are listed before the configuration says how strict to be. */
static int list_files(struct site *site, const struct source_listing *listing, struct diag *diag,
                      struct fault *fault)
{
    struct diag names = {0};
    if (source_list(site->source, listing, &site->arena, &site->files, &names, fault) != 0 ||
        load_config(site, diag, fault) != 0) {
        diag_free(&names);
        return -1;
    }
    split_ignored(site);
    int rc = source_measure(site->source, &site->ignored, fault);
    source_drop_unfit(&site->ignored, &names);
    diag_adopt(diag, &names);
    return rc;
}

int site_list(struct site *site, const struct source_listing *listing, struct diag *diag,
              struct fault *fault)
{
    int rc = end_compiling(site, list_files(site, listing, diag, fault), fault);
    diag_merge(diag, &site->templates);
    return rc;
}

void site_prepare(struct site *site, struct diag *diag)
{
    check_theme(site, diag);
    load_addresses(site);
}

void site_settle(struct site *site, struct diag *diag)
{
    struct diag unfit = {0};
    if (source_drop_unfit(&site->files, &unfit) > 0) {
        diag_free(&site->moved);
        site->record_count = 0;
        load_addresses(site);
    }
    diag_adopt(diag, &unfit);
    diag_adopt(diag, &site->moved);
}

int site_complete(struct site *site, struct diag *diag, struct fault *fault)
{
    if (source_measure(site->source, &site->files, fault) != 0) {
        return -1;
    }
    site_prepare(site, diag);
    site_settle(site, diag);
    return 0;
}

int site_load(struct site *site, const struct source_listing *listing, struct diag *diag,
              struct fault *fault)
{
    return site_list(site, listing, diag, fault) == 0 ? site_complete(site, diag, fault) : -1;
}

void site_config_blob(const struct site *site, char out[41])
{
    const struct source_file *file = source_find(&site->files, config_path);
    out[0] = '\0';
    if (file != NULL) {
        source_id_format(out, &file->blob);
    }
}

void site_free(struct site *site)
{
    struct fault ignored;
    end_compiling(site, 0, &ignored);
    theme_files_free(&site->theme);
    check_clear(&site->check);
    diag_free(&site->moved);
    diag_free(&site->templates);
    source_close(site->source);
    arena_free(&site->arena);
    arena_free(&site->schema_arena);
    *site = (struct site){0};
}
