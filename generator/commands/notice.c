/* notice: the sheet of a record for the village's notice board. Names come from outside. */
#include "commands/command.h"
#include "commands/posting.h"
#include "commands/publication.h"
#include "commands/records.h"
#include "commands/roster.h"
#include "commands/sheet.h"
#include "commands/which.h"

#include "base/file.h"
#include "base/path.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct notice {
    const struct options *options;
    struct arena arena;
    struct diag diag;
    struct site site;
    struct record record;
    struct roster roster;
    struct buf sheet;
    struct str target; /* NUL-terminated */
};

/* Is there such a file or folder in the folder or above it? */
static bool stands_below(const char *folder, const char *name)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", folder) >= (int)sizeof path) {
        return false;
    }
    for (;;) {
        struct stat status;
        struct buf one = BUF_EMPTY;
        buf_printf(&one, "%s/%s", path, name);
        bool is_there = stat(one.p, &status) == 0;
        buf_free(&one);
        char *slash = strrchr(path, '/');
        if (is_there || slash == NULL || path[0] == '\0') {
            return is_there;
        }
        *slash = '\0';
    }
}

/* "柳湾镇-柳湾村-2026-Q3-低保.html": of two villages' sheets none takes the place of the other. */
static struct str default_name(struct notice *notice)
{
    struct str path = notice->record.path;
    struct buf name = BUF_EMPTY;
    struct str stem = address_is_folder_page(path) && path_folder(path).n > 0 ? path_folder(path)
                                                                              : path_stem(path);
    buf_add(&name, stem);
    for (size_t i = 0; i < name.n; i++) {
        name.p[i] = name.p[i] == '/' ? '-' : name.p[i];
    }
    struct str file = arena_printf(&notice->arena, "%.*s.html", STR_ARG(buf_str(&name)));
    buf_free(&name);
    return file;
}

/* What -o says; in a folder that it names, or beside the repository, by the record's path. */
static struct str given_target(struct notice *notice)
{
    struct arena *arena = &notice->arena;
    struct str name = default_name(notice), given = str_of(notice->options->output);
    struct stat status;
    if (notice->options->has_output) {
        while (str_ends(given, STR("/")) && given.n > 1) {
            given.n--;
        }
        bool is_folder = stat(notice->options->output, &status) == 0 && S_ISDIR(status.st_mode);
        return is_folder ? arena_printf(arena, "%.*s/%.*s", STR_ARG(given), STR_ARG(name)) : given;
    }
    struct buf top = BUF_EMPTY;
    struct fault is_bare;
    struct str target = name;
    if (source_worktree(&top, notice->site.source, &is_bare) == 0) {
        target = arena_printf(arena, "%s/../%.*s", top.p, STR_ARG(name));
    }
    buf_free(&top);
    return target;
}

static int refuse_target(const struct notice *notice, const char *zh, const char *en)
{
    const struct options *options = notice->options;
    command_say(options, zh, en, notice->target.p);
    fprintf(stderr, "    gongkai notice '%.*s'", STR_ARG(path_stem(notice->record.path)));
    if (options->names != NULL) {
        fprintf(stderr, " --names '%s'", options->names);
    }
    fprintf(stderr, " -o ~/'%.*s'\n", STR_ARG(path_name(notice->target)));
    return COMMAND_REFUSED;
}

/* Where the file at `path` stands, from "./" or "/" on. */
static struct str written_folder(struct notice *notice, struct str path)
{
    return arena_printf(&notice->arena, "%s%.*s", str_starts(path, STR("/")) ? "/" : "./",
                        STR_ARG(path_folder(path)));
}

/* Names must neither be committed nor published by mistake. */
static int choose_target(struct notice *notice, struct fault *fault)
{
    char folder[PATH_MAX];
    struct str given = given_target(notice), place = written_folder(notice, given);
    if (realpath(place.p, folder) == NULL) {
        fault_tell_errno(fault, "没有 %.*s 这个文件夹，写不了；先建好它，或用 -o 写到别处",
                         "no folder %.*s to write into; make it, or choose another place "
                         "with -o",
                         STR_ARG(place));
        return COMMAND_FAILED;
    }
    notice->target = arena_printf(&notice->arena, "%s/%.*s", folder, STR_ARG(path_name(given)));
    if (stands_below(folder, "data/search.db")) {
        return refuse_target(notice,
                             "没有写 %s：那是网站的文件夹，里面的文件谁都能看到。写到别处，如：",
                             "%s was not written: that is a published site, where everyone reads "
                             "it. Choose another place, as in:");
    }
    if (stands_below(folder, ".git")) {
        return refuse_target(notice,
                             "没有写 %s：那是仓库的文件夹，会被一起提交。写到仓库外面，如：",
                             "%s was not written: that is a repository, and it would be committed. "
                             "Choose a place outside, as in:");
    }
    return COMMAND_DONE;
}

/* A list of names that lies in a repository goes into its history with the next `git add`. */
static int check_names(struct notice *notice)
{
    char folder[PATH_MAX];
    const struct options *options = notice->options;
    struct str given = str_of(options->names == NULL ? "" : options->names);
    struct str place = written_folder(notice, given);
    if (given.n == 0 || realpath(place.p, folder) == NULL || !stands_below(folder, ".git")) {
        return COMMAND_DONE;
    }
    command_say(options, "没有读 %s：名单在仓库里，会被一起提交，人人都能看到。先移到仓库外面：",
                "%s was not read: a list of names in a repository would be committed, for everyone "
                "to read. Move it outside first:",
                options->names);
    fprintf(stderr, "    mv '%s' ~/\n    gongkai notice '%.*s' --names ~/'%.*s'\n", options->names,
            STR_ARG(path_stem(notice->record.path)), STR_ARG(path_name(given)));
    return COMMAND_REFUSED;
}

static int write_sheet(struct notice *notice, struct fault *fault)
{
    const struct record *record = &notice->record;
    bool is_private = notice->options->names != NULL || record->is_board ||
                      publication_of(record, notice->site.as_of) == PUBLICATION_HIDDEN;
    for (size_t i = 0; i < record->table_count; i++) {
        is_private |= record->tables[i].is_board;
    }
    const char *target = notice->target.p;
    const char *temporary = arena_printf(&notice->arena, "%s.%ld", target, (long)getpid()).p;
    if (file_create(AT_FDCWD, temporary, buf_str(&notice->sheet), is_private ? 0600 : 0644, true,
                    fault) != 0) {
        return COMMAND_FAILED;
    }
    if (rename(temporary, target) != 0) {
        fault_errno(fault, "cannot write %s", target);
        unlink(temporary);
        return COMMAND_FAILED;
    }
    return COMMAND_DONE;
}

static int draw(struct notice *notice, struct fault *fault)
{
    struct value *values;
    const struct table *names = notice->roster.is_given ? &notice->roster.table : NULL;
    if (sheet_values(&values, &notice->arena, &notice->site, &notice->record, names, fault) != 0 ||
        theme_render(notice->site.theme.theme, &notice->sheet, STR("notice"),
                     notice->site.config.language, values, fault) != 0) {
        return COMMAND_FAILED;
    }
    return write_sheet(notice, fault);
}

static int make(struct notice *notice, struct fault *fault)
{
    const struct options *options = notice->options;
    struct str path, given = str_of(options->arguments[0]);
    if (site_open(&notice->site, options, fault) != 0 ||
        site_load(&notice->site, NULL, &notice->diag, fault) != 0) {
        return COMMAND_FAILED;
    }
    if (!which_record(&path, &notice->site, options, &notice->arena, given)) {
        which_tell_missing(&notice->site, options, &notice->arena, given);
        return COMMAND_USAGE;
    }
    if (records_read(&notice->site, path, &notice->arena, &notice->record, &notice->diag, fault) !=
            0 ||
        posting_check(&notice->site, &notice->record, &notice->diag, fault) != 0) {
        return COMMAND_FAILED;
    }
    int status = notice->diag.error_count > 0 ? COMMAND_REFUSED : choose_target(notice, fault);
    status = status == COMMAND_DONE ? check_names(notice) : status;
    if (status == COMMAND_DONE) {
        status = roster_read(&notice->roster, &notice->arena, options, &notice->record,
                             &notice->diag, fault);
    }
    return status == COMMAND_DONE ? draw(notice, fault) : status;
}

int command_notice(const struct options *options)
{
    bool is_zh = options->language == LANGUAGE_ZH;
    struct notice notice = {.options = options, .roster = {.bytes = BUF_EMPTY}, .sheet = BUF_EMPTY};
    struct fault fault = {.text = ""};
    if (options->argument_count != 1) {
        command_say(options,
                    "写一份记录的路径，如 gongkai notice 柳湾镇/柳湾村/财务/2026-09-集体财务",
                    "name one record by its path, as in gongkai notice liuwan/2026-09-accounts");
        return COMMAND_USAGE;
    }
    int status = make(&notice, &fault);
    command_print(&notice.diag, options);
    if (status == COMMAND_FAILED) {
        command_fail(&fault, options);
    } else if (status == COMMAND_DONE) {
        fprintf(options->is_json ? stderr : stdout,
                is_zh ? "写好了 %s，用浏览器打开、打印（A4）\n"
                      : "wrote %s: open it in a browser and print it on A4\n",
                notice.target.p);
    }
    site_free(&notice.site);
    diag_free(&notice.diag);
    roster_free(&notice.roster);
    buf_free(&notice.sheet);
    arena_free(&notice.arena);
    return status;
}
