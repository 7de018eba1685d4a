/* notice: the sheet of a record for the village's notice board. Names come from outside. */
#include "commands/command.h"
#include "commands/posting.h"
#include "commands/publication.h"
#include "commands/records.h"
#include "commands/sheet.h"

#include "base/file.h"
#include "base/path.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 4 * 1024 * 1024 };

struct notice {
    const struct options *options;
    struct arena arena;
    struct diag diag;
    struct site site;
    struct record record;
    struct table names;
    struct buf bytes; /* of the file of names */
    struct buf sheet;
    struct str target; /* NUL-terminated */
    bool is_zh;
};

/* "a/b", "a/b.md", or the same from the repository's root where the content is a folder of it. */
static struct str find_record(struct notice *notice)
{
    struct str given = str_of(notice->options->arguments[0]);
    struct str content = str_of(notice->options->content);
    if (content.n > 0 && str_starts(given, content) && given.n > content.n &&
        given.p[content.n] == '/') {
        given = str_from(given, content.n + 1);
    }
    while (str_starts(given, STR("./"))) {
        given = str_from(given, 2);
    }
    struct str with = arena_printf(&notice->arena, "%.*s.md", STR_ARG(given));
    return address_index(&notice->site.addresses, given) >= 0 ? given : with;
}

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

static int refuse(const struct notice *notice, const char *zh, const char *en)
{
    fprintf(stderr, "gongkai: %s\n", notice->is_zh ? zh : en);
    return COMMAND_REFUSED;
}

/* Names must neither be committed nor published by mistake. */
static int choose_target(struct notice *notice, struct fault *fault)
{
    char folder[PATH_MAX];
    struct str given = notice->options->has_output
                           ? str_of(notice->options->output)
                           : arena_printf(&notice->arena, "%.*s.html",
                                          STR_ARG(path_name(path_stem(notice->record.path))));
    struct str parent = path_folder(given);
    bool is_absolute = str_starts(given, STR("/"));
    struct str place =
        arena_printf(&notice->arena, "%s%.*s", is_absolute ? "" : "./", STR_ARG(parent));
    if (realpath(place.n > 0 ? place.p : "/", folder) == NULL) {
        fault_errno(fault, "no folder %.*s", STR_ARG(place));
        return COMMAND_FAILED;
    }
    notice->target = arena_printf(&notice->arena, "%s/%.*s", folder, STR_ARG(path_name(given)));
    if (stands_below(folder, "data/search.db")) {
        return refuse(notice, "不能写在网站的文件夹里:那里的文件谁都能看到。用 -o 写到别处",
                      "not into a published site, where everyone reads it: choose another place "
                      "with -o");
    }
    if (stands_below(folder, ".git")) {
        return refuse(notice, "不能写在仓库的文件夹里:它会被一起提交。用 -o 写到仓库外面",
                      "not into a repository, where it would be committed: choose a place outside "
                      "with -o");
    }
    return COMMAND_DONE;
}

/* "7 行" and what every column of amounts adds up to. */
static void say_totals(const struct notice *notice)
{
    const struct table *names = &notice->names;
    fprintf(stderr, notice->is_zh ? "  名单 %zu 行" : "  %zu rows of names", names->board_rows);
    for (size_t i = 0; i < names->sum_count; i++) {
        fprintf(stderr, notice->is_zh ? ",“%.*s”合计 %.*s" : ", \"%.*s\" %.*s",
                STR_ARG(names->sums[i].name), STR_ARG(names->sums[i].sum));
    }
    fputc('\n', stderr);
}

/* Does a column of that kind add up to the record's figure? True where none is of the kind. */
static bool adds_up(const struct table *names, bool is_money, const char *word, int64_t hundredths,
                    bool *has_any)
{
    *has_any = false;
    for (size_t i = 0; i < names->sum_count; i++) {
        const struct table_sum *sum = &names->sums[i];
        if (sum->is_money != is_money || str_find(sum->name, str_of(word)) < 0) {
            continue;
        }
        *has_any = true;
        if (sum->hundredths == hundredths) {
            return true;
        }
    }
    return !*has_any;
}

static int compare(const struct notice *notice, const char *key, bool is_money, const char *word,
                   bool *is_compared)
{
    const struct record_field *field = record_field(&notice->record, str_of(key));
    if (field == NULL || field->row == NULL) {
        return 0;
    }
    bool has_any;
    int64_t hundredths = is_money ? field->number : field->number * 100;
    bool is_equal = adds_up(&notice->names, is_money, word, hundredths, &has_any);
    if (!has_any && !is_money) {
        is_equal = (int64_t)notice->names.board_rows == field->number;
    }
    if (is_equal && (has_any || !is_money)) {
        *is_compared = true;
        return 0;
    }
    fprintf(stderr,
            notice->is_zh ? "%.*s:%d: 名单和记录对不上:记录里“%.*s”是 %.*s\n"
                          : "%.*s:%d: the names do not agree with the record, whose \"%.*s\" is "
                            "%.*s\n",
            STR_ARG(notice->record.path), field->place.line,
            STR_ARG(notice->is_zh ? field->row->zh : field->row->key), STR_ARG(field->text));
    return 1;
}

static int check_names(struct notice *notice)
{
    const struct table_cell *bad = board_find_unreadable(&notice->names, &notice->arena);
    if (bad != NULL) {
        fprintf(stderr,
                notice->is_zh ? "%s:%d:%d: “%.*s”不是数字,合计算不出来\n"
                              : "%s:%d:%d: \"%.*s\" is no number: nothing can be added up\n",
                notice->options->names, bad->line, bad->column, STR_ARG(bad->text));
        return COMMAND_REFUSED;
    }
    board_add_up(&notice->names, &notice->arena);
    bool is_compared = false;
    int faults = compare(notice, "amount", true, "", &is_compared) +
                 compare(notice, "households", false, "户", &is_compared) +
                 compare(notice, "people", false, "人", &is_compared);
    if (faults > 0 || !is_compared) {
        say_totals(notice);
    }
    if (faults > 0) {
        return refuse(notice, "核对名单和记录,改好再来;什么也没有写",
                      "look at both and try again; nothing was written");
    }
    if (!is_compared) {
        fprintf(stderr, "gongkai: %s\n",
                notice->is_zh ? "记录里没有写金额、户数、人数,名单没有可以核对的数"
                              : "the record has no amount and no number to compare the names with");
    }
    return COMMAND_DONE;
}

static int read_names(struct notice *notice, struct fault *fault)
{
    const char *path = notice->options->names;
    if (path == NULL) {
        return COMMAND_DONE;
    }
    if (file_read(&notice->bytes, AT_FDCWD, path, NAMES_MAX, fault) != 0) {
        return COMMAND_FAILED;
    }
    struct diag diag = {0};
    table_read_csv(&notice->names, &notice->arena, str_of(path), buf_str(&notice->bytes), &diag);
    bool is_bad = diag.error_count > 0;
    diag_merge(&notice->diag, &diag);
    diag_free(&diag);
    return is_bad ? COMMAND_REFUSED : check_names(notice);
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
    const struct table *names = notice->options->names == NULL ? NULL : &notice->names;
    if (sheet_values(&values, &notice->arena, &notice->site, &notice->record, names, fault) != 0 ||
        theme_render(notice->site.theme.theme, &notice->sheet, STR("notice"),
                     notice->site.config.language, values, fault) != 0) {
        return COMMAND_FAILED;
    }
    return write_sheet(notice, fault);
}

static int make(struct notice *notice, struct fault *fault)
{
    if (site_open(&notice->site, notice->options, &notice->diag, fault) != 0 ||
        site_load(&notice->site, NULL, &notice->diag, fault) != 0 ||
        records_read(&notice->site, find_record(notice), &notice->arena, &notice->record,
                     &notice->diag, fault) != 0 ||
        posting_check(&notice->site, &notice->record, &notice->diag, fault) != 0) {
        return COMMAND_FAILED;
    }
    int status = notice->diag.error_count > 0 ? COMMAND_REFUSED : choose_target(notice, fault);
    if (status == COMMAND_DONE) {
        status = read_names(notice, fault);
    }
    return status == COMMAND_DONE ? draw(notice, fault) : status;
}

int command_notice(const struct options *options)
{
    struct notice notice = {.options = options,
                            .bytes = BUF_EMPTY,
                            .sheet = BUF_EMPTY,
                            .is_zh = options->language == LANGUAGE_ZH};
    struct fault fault = {""};
    if (options->argument_count != 1) {
        fprintf(stderr, "usage: gongkai notice RECORD [--names FILE.csv] [-o FILE.html]\n");
        return COMMAND_USAGE;
    }
    int status = make(&notice, &fault);
    command_print(&notice.diag, options);
    if (status == COMMAND_FAILED) {
        command_fail(&fault);
    } else if (status == COMMAND_DONE) {
        fprintf(options->is_json ? stderr : stdout,
                notice.is_zh ? "写好了 %s,用浏览器打开、打印(A4)\n"
                             : "wrote %s: open it in a browser and print it on A4\n",
                notice.target.p);
    }
    site_free(&notice.site);
    diag_free(&notice.diag);
    buf_free(&notice.bytes);
    buf_free(&notice.sheet);
    arena_free(&notice.arena);
    return status;
}
