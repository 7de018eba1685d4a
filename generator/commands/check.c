/* check: what is wrong in a commit; nothing is published. */
#include "commands/check.h"
#include "commands/command.h"
#include "commands/personal_file.h"
#include "commands/pushed.h"
#include "commands/records.h"

#include "base/parallel.h"
#include "source/changes.h"
#include "store/store.h"

#include <fcntl.h>
#include <stdio.h>

static void summarise(const struct options *options, struct diag *diag, size_t records)
{
    if (options->is_json) {
        return;
    }
    struct buf text = BUF_EMPTY;
    diag_write_summary(&text, diag, options->language);
    fprintf(stderr,
            options->language == LANGUAGE_ZH ? "检查了 %zu 条记录，%s\n"
                                             : "%zu records checked, %s\n",
            records, text.p);
    buf_free(&text);
}

int check_site(struct site *out, const struct options *options, const char *base, struct diag *diag,
               struct fault *fault)
{
    int threads = options->threads > 0 ? options->threads : parallel_processors();
    struct history *history = NULL;
    const struct source_listing listing = {.leaves_text = true};
    if (site_open(out, options, fault) != 0 || site_list(out, &listing, diag, fault) != 0) {
        return -1;
    }
    if (out->config.is_unread) {
        int rc = site_complete(out, diag, fault);
        out->record_count = 0;
        return rc; /* every catalogue item and organisation would be told as unknown */
    }
    if (history_walk(&history, out->source, fault) != 0 ||
        source_unpack(out->source, &out->files, threads, AT_FDCWD, P_tmpdir, fault) != 0) {
        history_free(history);
        return -1;
    }
    site_prepare(out, diag);
    site_settle(out, diag);
    struct records_job job = {.site = out,
                              .diag = diag,
                              .indices = out->records,
                              .count = out->record_count,
                              .threads = threads,
                              .history = history,
                              .base = base};
    struct set hidden = {0}, linked = {0};
    job.linked = &linked;
    int rc = store_create(&job.store, "", &out->schema, fault); /* in a file without a name */
    if (rc == 0) {
        store_put_config(job.store, &out->config);
        rc = records_run(&job, &hidden, fault);
    }
    if (rc == 0) {
        records_tell_unread(out, &linked, diag);
        rc = records_check_whole(&job, NULL, &hidden, fault);
    }
    store_abandon(job.store);
    history_free(history);
    set_free(&hidden);
    set_free(&linked);
    return rc;
}

void check_add_near(struct set *out, struct str path)
{
    struct arena arena = {0};
    set_add(out, path);
    for (size_t i = (size_t)(str_find_last_char(path, '/') + 1);
         str_ends_nocase(path, STR(".csv")) && i < path.n; i++) {
        if (path.p[i] == '.') {
            set_add(out, arena_printf(&arena, "%.*s.md", (int)i, path.p));
        }
    }
    arena_free(&arena);
}

/* What the push would find in a file that no record leads to. */
static int look_into(struct personal_file *file, struct str path, struct diag *diag,
                     struct fault *fault)
{
    const struct source_file *staged = source_find(&file->site->files, path);
    struct diag found = {.is_lenient = diag->is_lenient};
    if (staged == NULL || address_is_markdown(path)) {
        return 0; /* a record has been checked */
    }
    buf_clear(&file->bytes);
    int rc = source_read(file->site->source, &file->bytes, staged, fault);
    rc = rc == 0 ? personal_file_find(file, path, &found, fault) : rc;
    if (rc == 0 && personal_has_error(&found) && !personal_is_told(diag, path)) {
        diag_merge(diag, &found);
    }
    diag_free(&found);
    return rc;
}

static int look_at_all(struct personal_file *file, struct diag *diag, struct fault *fault)
{
    const struct source_files *files = &file->site->files;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < files->count; i++) {
        rc = look_into(file, files->items[i].path, diag, fault);
    }
    return rc;
}

/* `paths` gets what the commit to be changes, and the records of changed tables. */
static int look_at_changes(struct personal_file *file, struct set *paths, struct diag *diag,
                           struct fault *fault)
{
    struct arena arena = {0};
    struct source *source = file->site->source;
    struct source_changes changes;
    int rc = source_changes(&changes, source, &arena, source_commit(source), fault);
    for (size_t i = 0; rc == 0 && i < changes.count; i++) {
        check_add_near(paths, changes.items[i].path);
        rc = look_into(file, changes.items[i].path, diag, fault);
    }
    arena_free(&arena);
    return rc;
}

/*
 * Before a commit every file of it is of interest, since what it betrays would stay in the history;
 * and of what is staged, but for errors, nothing else.
 */
static int look_ahead(struct site *site, enum options_tree tree, struct diag *diag,
                      struct fault *fault)
{
    struct personal_file file = {.site = site, .bytes = BUF_EMPTY};
    struct set paths = {0};
    bool is_first = source_commit(site->source)[0] == '\0';
    int rc =
        is_first ? look_at_all(&file, diag, fault) : look_at_changes(&file, &paths, diag, fault);
    if (rc == 0 && !is_first && tree == OPTIONS_TREE_STAGED) {
        diag_keep_near(diag, &paths);
    }
    personal_file_free(&file);
    set_free(&paths);
    return rc;
}

/* As the pre-commit hook it keeps a commit from being made: what to type once it is mended. */
static void tell_staged(const struct options *options)
{
    if (!options->is_json) {
        fputs(options->language == LANGUAGE_ZH
                  ? "没有通过。照“改法”改好、保存，再输入 git add -A，重新提交\n"
                  : "not passed: mend it as told, save, git add -A, and commit again\n",
              stderr);
    }
}

int command_check(const struct options *options)
{
    if (options->is_pushed) {
        return pushed_check(options);
    }
    struct site site = {0};
    struct diag diag = {0};
    struct fault fault = {.text = ""};
    int rc = check_site(&site, options, NULL, &diag, &fault);
    if (rc == 0 && options->tree != OPTIONS_TREE_COMMIT) {
        rc = look_ahead(&site, options->tree, &diag, &fault);
    }
    command_print(&diag, options);
    int status = COMMAND_FAILED;
    if (rc == 0) {
        summarise(options, &diag, site.record_count);
        status = diag.error_count > 0 ? COMMAND_REFUSED : COMMAND_DONE;
        if (status == COMMAND_REFUSED && options->tree == OPTIONS_TREE_STAGED) {
            tell_staged(options);
        }
    } else {
        command_fail(&fault, options);
    }
    site_free(&site);
    diag_free(&diag);
    return status;
}
