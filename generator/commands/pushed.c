#include "commands/pushed.h"

#include "check/record.h"
#include "commands/check.h"
#include "commands/command.h"
#include "commands/personal_file.h"
#include "commands/pushed_scan.h"
#include "commands/pushed_scope.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 1024 * 1024, ID_SIZE = 40 };

/* One line of the input: a reference that the push would set. */
struct line {
    char old[ID_SIZE + 1], new[ID_SIZE + 1];
    struct str reference;
};

struct push {
    const struct options *options;
    struct buf input;
    struct buf published;       /* the reference that HEAD names */
    char standing[ID_SIZE + 1]; /* the commit that it has now; empty where there is none */
    struct buf remedy;          /* what to type */
    struct diag diag;           /* of all lines */
    size_t record_count;
};

static bool is_zero(const char *id)
{
    return strspn(id, "0") == ID_SIZE;
}

static bool is_zh(const struct push *push)
{
    return push->options->language == LANGUAGE_ZH;
}

static int read_input(struct push *push, struct fault *fault)
{
    for (;;) {
        char *end = buf_reserve(&push->input, 4096);
        ssize_t n = read(STDIN_FILENO, end, 4096);
        if (n < 0) {
            return fault_errno(fault, "standard input cannot be read");
        }
        if (n == 0) {
            break;
        }
        push->input.n += (size_t)n;
        if (push->input.n > INPUT_MAX) {
            return fault_set(fault, "more than %d bytes on standard input", INPUT_MAX);
        }
    }
    return push->input.n > 0 ? 0 : fault_set(fault, "no \"OLD NEW REF\" line on standard input");
}

static bool take_id(char out[ID_SIZE + 1], struct str *rest)
{
    struct str id;
    if (!str_cut(&id, rest, ' ') || id.n != ID_SIZE) {
        return false;
    }
    memcpy(out, id.p, ID_SIZE);
    out[ID_SIZE] = '\0';
    return strspn(out, "0123456789abcdef") == ID_SIZE;
}

static int read_line(struct line *out, struct str text, struct fault *fault)
{
    out->reference = text;
    if (!take_id(out->old, &out->reference) || !take_id(out->new, &out->reference) ||
        out->reference.n == 0) {
        return fault_set(fault, "not \"OLD NEW REF\": %.*s", STR_ARG(text));
    }
    return 0;
}

static struct str branch_of(const struct line *line)
{
    return str_from(line->reference, STR("refs/heads/").n);
}

/* For a shell: nothing of it means anything. Names of branches hold no control characters. */
static void add_quoted(struct buf *out, struct str text)
{
    buf_add_char(out, '\'');
    for (struct str rest = text; rest.n > 0; rest = str_from(rest, 1)) {
        if (rest.p[0] == '\'') {
            buf_add_text(out, "'\\''");
        } else {
            buf_add_char(out, rest.p[0]);
        }
    }
    buf_add_char(out, '\'');
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_letter && strchr("/-_.", c) == NULL) {
            return false;
        }
    }
    return true;
}

static void add_push(struct push *push, const struct line *line)
{
    struct buf target = BUF_EMPTY;
    buf_printf(&target, "HEAD:%.*s", STR_ARG(branch_of(line)));
    buf_add_text(&push->remedy, "    git push origin ");
    if (is_plain(branch_of(line))) {
        buf_add(&push->remedy, buf_str(&target));
    } else {
        add_quoted(&push->remedy, buf_str(&target));
    }
    buf_add_char(&push->remedy, '\n');
    buf_free(&target);
}

/* The last commit is made again, without what was found in it. */
static void add_amend(struct push *push, const struct pushed_leaks *leaks)
{
    buf_add_text(&push->remedy, "    git commit --amend");
    buf_add_text(&push->remedy, leaks->is_in_names ? " --reset-author" : "");
    buf_add_text(&push->remedy, !leaks->is_in_message ? " --no-edit\n"
                                : is_zh(push)         ? " -m \"改正后重新提交\"\n"
                                                      : " -m \"corrected\"\n");
}

/* All that is not pushed becomes one commit. */
static void add_squash(struct push *push, const struct pushed *pushed)
{
    if (pushed->base[0] != '\0') {
        buf_printf(&push->remedy, "    git reset --soft %.10s\n", pushed->base);
    } else {
        buf_add_text(&push->remedy, "    git update-ref -d HEAD\n");
    }
    buf_add_text(&push->remedy, is_zh(push) ? "    git commit -m \"改正后重新提交\"\n"
                                            : "    git commit -m \"corrected\"\n");
}

/* An address of the office instead of the person's own. */
static void add_author(struct push *push, const struct site *site)
{
    struct str mail = site->config.mail.n > 0 ? site->config.mail : STR("clerk@localhost");
    buf_add_text(&push->remedy, "    git config user.email ");
    add_quoted(&push->remedy, mail);
    buf_add_text(&push->remedy, is_zh(push) ? "\n    git config user.name '填报员'\n"
                                            : "\n    git config user.name 'clerk'\n");
}

static void add_heading(struct push *push, const struct line *line, const char *zh, const char *en)
{
    buf_printf(&push->remedy, "\n%.*s: ", STR_ARG(branch_of(line)));
    buf_add_text(&push->remedy, is_zh(push) ? zh : en);
    buf_add_char(&push->remedy, '\n');
}

/* Is something to be mended in a file, and not in the history alone? */
static bool has_file_fault(const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        enum diag_code code = diag->entries[i].code;
        bool is_history = code == DIAG_PUSHED_PERSONAL || code == DIAG_PUSHED_MESSAGE ||
                          code == DIAG_PUSHED_AUTHOR;
        if (diag->entries[i].level == DIAG_LEVEL_ERROR && !is_history) {
            return true;
        }
    }
    return false;
}

static void add_edit_remedy(struct push *push, const struct line *line, const struct site *site,
                            const struct pushed *pushed, const struct pushed_leaks *leaks,
                            bool has_fault)
{
    bool has_leak = leaks->is_in_tip || leaks->is_in_older;
    if (has_leak && !has_fault && pushed->is_base_tree) {
        add_heading(push, line, "没有推送的提交互相抵消了，没有要交的内容。请输入：",
                    "the commits that are not pushed change nothing. Type:");
        buf_printf(&push->remedy, "    git reset --soft %.10s\n", pushed->base);
        return;
    }
    if (has_fault) {
        add_heading(push, line, "先打开上面列出的文件，照“改法”改好、保存，再依次输入：",
                    "mend the files above, save them, then type:");
    } else {
        add_heading(push, line, "文件不用改，请依次输入：", "the files are well. Type:");
    }
    if (leaks->is_in_names) {
        add_author(push, site);
    }
    buf_add_text(&push->remedy, has_fault ? "    git add -u\n" : "");
    if (!has_leak) {
        buf_add_text(&push->remedy, is_zh(push) ? "    git commit -m \"改正\"\n"
                                                : "    git commit -m \"corrected\"\n");
    } else if (leaks->is_in_older) {
        add_squash(push, pushed);
    } else {
        add_amend(push, leaks);
    }
    add_push(push, line);
}

static void add_rewrite_remedy(struct push *push, const struct line *line)
{
    add_heading(push, line, "请依次输入：", "type:");
    buf_printf(&push->remedy, "    git pull --no-rebase --no-edit origin %.*s\n",
               STR_ARG(branch_of(line)));
    add_push(push, line);
}

static bool is_published(const struct push *push, const struct line *line)
{
    return str_equal(line->reference, buf_str(&push->published));
}

/* Has the commit that is published now a configuration? */
static int had_config(bool *out, const struct push *push, struct fault *fault)
{
    struct options options = *push->options;
    struct site site = {0};
    struct diag ignored = {0};
    options.revision = push->standing;
    int rc = site_open(&site, &options, fault);
    if (rc == 0) {
        rc = site_load(&site, NULL, &ignored, fault);
    }
    *out = rc == 0 && site.config.is_given;
    site_free(&site);
    diag_free(&ignored);
    return rc;
}

/* On any branch: what passes unseen there would come to the published one with a merge. */
static int check_config(struct push *push, const struct site *site, struct diag *diag,
                        struct fault *fault)
{
    bool had = false;
    if (site->config.is_given || push->standing[0] == '\0') {
        return 0;
    }
    if (had_config(&had, push, fault) != 0) {
        return -1;
    }
    if (had) {
        diag->is_lenient = false;
        diag_add(diag, DIAG_PUSH_CONFIG_GONE, (struct place){.path = STR("gongkai.yml")},
                 DIAG_PLAIN);
    }
    return 0;
}

/* A leak that only the check of the whole found is in the last commit, or in who knows which. */
static void place_told_leaks(struct pushed_leaks *leaks, const struct diag *diag,
                             const struct pushed *pushed)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (diag->entries[i].level == DIAG_LEVEL_ERROR && personal_is_code(diag->entries[i].code) &&
            !leaks->is_in_tip && !leaks->is_in_older) {
            leaks->is_in_tip = true;
            leaks->is_in_older = pushed->commit_count > 1;
        }
    }
}

/*
 * What others have already: what stood there, or for a new branch what the published one has. Into
 * `out`, empty where there is neither.
 */
static void find_base(char out[ID_SIZE + 1], const struct push *push, const struct line *line)
{
    struct source *source;
    struct fault none;
    const struct source_options options = {.path = push->options->repository,
                                           .revision = push->published.p,
                                           .from_environment = push->options->is_hook};
    memcpy(out, line->old, ID_SIZE + 1);
    if (is_zero(line->old)) {
        out[0] = '\0';
        if (source_open(&source, &options, &none) == 0) { /* before the first push it has none */
            memcpy(out, source_commit(source), ID_SIZE + 1);
            source_close(source);
        }
    }
}

static int check_new(struct push *push, const struct line *line, struct site *site,
                     struct fault *fault)
{
    struct options options = *push->options;
    struct diag diag = {0};
    struct pushed pushed;
    struct pushed_leaks leaks = {0};
    const char *old = is_zero(line->old) ? NULL : line->old;
    char base[ID_SIZE + 1];
    options.revision = line->new;
    find_base(base, push, line);
    if (check_site(site, &options, base[0] != '\0' ? base : NULL, &diag, fault) != 0 ||
        check_config(push, site, &diag, fault) != 0 ||
        pushed_scan(&leaks, &pushed, site, options.content, old, &diag, fault) != 0) {
        diag_free(&diag);
        pushed_leaks_free(&leaks);
        return -1;
    }
    push->record_count += site->record_count;
    if (strcmp(source_commit(site->source), line->new) != 0) { /* the tag's message goes with it */
        diag_add(&diag, DIAG_PUSH_REF, (struct place){0}, DIAG_WITH(line->reference));
    }
    place_told_leaks(&leaks, &diag, &pushed);
    if (diag.error_count > 0) {
        add_edit_remedy(push, line, site, &pushed, &leaks, has_file_fault(&diag));
    }
    if (pushed.is_rewrite && is_published(push, line)) {
        diag.is_lenient = false;
        diag_add(&diag, DIAG_PUSH_REWRITTEN, (struct place){0}, DIAG_WITH(branch_of(line)));
        add_rewrite_remedy(push, line);
    }
    diag_keep_near(&diag, &leaks.touched);
    diag_merge(&push->diag, &diag);
    pushed_leaks_free(&leaks);
    return 0;
}

/* Names of branches are shown to whoever fetches: is a number of a person in one? */
static bool check_branch_name(struct push *push, const struct line *line)
{
    struct check check = {0};
    size_t before = push->diag.error_count;
    if (!is_zero(line->new)) {
        check_text(&check, &push->diag.arena, branch_of(line), STR(""), &push->diag);
    }
    check_clear(&check);
    return push->diag.error_count > before;
}

static int check_line(struct push *push, const struct line *line, struct fault *fault)
{
    if (!str_starts(line->reference, STR("refs/heads/"))) {
        diag_add(&push->diag, DIAG_PUSH_REF, (struct place){0}, DIAG_WITH(line->reference));
        return 0;
    }
    if (check_branch_name(push, line)) {
        return 0;
    }
    if (is_zero(line->new)) {
        if (is_published(push, line)) {
            diag_add(&push->diag, DIAG_PUSH_DELETED, (struct place){0}, DIAG_WITH(branch_of(line)));
        }
        return 0;
    }
    if (push->options->org != NULL) {
        struct options options = *push->options;
        options.revision = line->new;
        return pushed_scope(&options, &push->diag, fault);
    }
    struct site site = {0};
    int rc = check_new(push, line, &site, fault);
    site_free(&site);
    return rc;
}

static int check_lines(struct push *push, struct fault *fault)
{
    const struct source_options source = {.path = push->options->repository};
    if (read_input(push, fault) != 0 ||
        pushed_published_branch(&push->published, push->standing, &source, fault) != 0) {
        return -1;
    }
    struct str text, rest = buf_str(&push->input);
    while (str_cut(&text, &rest, '\n')) {
        struct line line;
        if (read_line(&line, text, fault) != 0 || check_line(push, &line, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

static int tell(struct push *push, int rc, const struct fault *fault)
{
    const struct options *options = push->options;
    bool zh = is_zh(push);
    command_print(&push->diag, options);
    if (rc != 0) {
        command_fail(fault, options);
        fputs(zh ? "检查没有做完，推送被退回，服务器上什么也没有变。请把上面这一行告诉管理员。\n"
                 : "The check did not come to its end: the push is refused. Tell the administrator "
                   "the line above.\n",
              stderr);
        return COMMAND_FAILED;
    }
    if (push->diag.error_count == 0 && options->org != NULL) {
        return COMMAND_DONE;
    }
    if (push->diag.error_count == 0) {
        fprintf(stderr, zh ? "检查通过：%zu 条记录\n" : "nothing wrong in %zu records\n",
                push->record_count);
        return COMMAND_DONE;
    }
    struct buf summary = BUF_EMPTY;
    diag_write_summary(&summary, &push->diag, options->language);
    fprintf(stderr,
            zh ? "\n推送被退回：%s。服务器和网站上什么也没有变。\n"
               : "\nThe push is refused: %s. Nothing has changed on the server.\n",
            summary.p);
    buf_free(&summary);
    fwrite(push->remedy.p, 1, push->remedy.n, stderr);
    return COMMAND_REFUSED;
}

int pushed_check(const struct options *options)
{
    struct push push = {
        .options = options, .input = BUF_EMPTY, .published = BUF_EMPTY, .remedy = BUF_EMPTY};
    struct fault fault = {.text = ""};
    int rc = check_lines(&push, &fault);
    int status = tell(&push, rc, &fault);
    buf_free(&push.input);
    buf_free(&push.published);
    buf_free(&push.remedy);
    diag_free(&push.diag);
    return status;
}
