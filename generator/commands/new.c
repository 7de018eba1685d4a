/*
 * new: a record to be filled in, where it belongs, with all that can be known of it: index number,
 * dates, period, organisation, the columns of its table. A file that exists is never touched.
 */
#include "commands/new.h"

#include "base/file.h"
#include "base/json.h"
#include "base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the county wrote by itself into its template counts, where there is one. */
static int read_template(struct buf *out, const struct new *new,
                         const struct template_input *template, const char *extension,
                         struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%s/", new->root);
    template_path(&path, template, extension);
    bool is_found = access(path.p, F_OK) == 0;
    int rc = is_found ? file_read(out, AT_FDCWD, path.p, SOURCE_MARKDOWN_MAX, fault) : 0;
    buf_free(&path);
    return rc != 0 ? rc : is_found;
}

static int fill(struct new *new, struct fault *fault)
{
    const struct template_input template = {.schema = &new->site.schema,
                                            .config = &new->site.config,
                                            .kind = new->kind,
                                            .item = new->item,
                                            .values = new->values,
                                            .value_count = new->value_count};
    struct buf own = BUF_EMPTY;
    int found = read_template(&own, new, &template, ".md", fault);
    if (found == 1) {
        template_fill(&new->markdown, buf_str(&own), &template);
        found = read_template(&new->csv, new, &template, ".csv", fault);
        found = found < 0 ? found : 1;
    } else if (found == 0) {
        template_write(&new->markdown, &new->csv, &template);
    }
    buf_free(&own);
    return found < 0 ? -1 : 0;
}

static int write_one(const struct new *new, struct str path, const struct buf *bytes,
                     struct fault *fault)
{
    struct buf full = BUF_EMPTY;
    buf_printf(&full, "%s/%.*s", new->root, STR_ARG(path));
    int rc = file_create_below(AT_FDCWD, full.p, buf_str(bytes), 0644, fault);
    buf_free(&full);
    return rc;
}

static void tell_text(const struct new *new)
{
    bool zh = new_is_zh(new);
    struct str index = new_known(new, STR("index"));
    printf(zh ? "写好了：%.*s\n" : "written: %.*s\n", STR_ARG(new->path));
    if (new->csv.n > 0) {
        printf(zh ? "它的表：%.*s\n" : "its table: %.*s\n", STR_ARG(new->csv_path));
    }
    if (index.n > 0) {
        printf(zh ? "索引号：%.*s\n" : "index number: %.*s\n", STR_ARG(index));
    }
    if (new->same.n > 0) {
        printf(zh ? "已经有一份 %.*s：要改的是它，就把新写的这份删掉\n"
                  : "there is %.*s already: if that is the one to change, remove this one\n",
               STR_ARG(new->same));
    }
    if (new->is_ambiguous) {
        printf("%s",
               zh ? "这一项有几个单位分别公布：核对“单位”那一行，或删掉它，用 --org 写明再来一次\n"
                  : "several bodies publish this item: look at its organisation, or name it with "
                    "--org\n");
    }
    printf("%s", zh ? "\n填好空着的栏目，再依次输入：\n" : "\nFill in what is empty, then type:\n");
    printf("    gongkai check --worktree\n    git add '%.*s'", STR_ARG(new->path));
    if (new->csv.n > 0) {
        printf(" '%.*s'", STR_ARG(new->csv_path));
    }
    printf("\n    git commit -m '%.*s'\n    git push\n", STR_ARG(new_known(new, STR("title"))));
}

static void tell_json(const struct new *new)
{
    struct buf text = BUF_EMPTY;
    struct json json = {.buf = &text};
    json_open(&json, '{');
    json_key(&json, "path");
    json_str(&json, new->path);
    json_key(&json, "table");
    json_str(&json, new->csv.n > 0 ? new->csv_path : STR(""));
    for (size_t i = 0; i < new->value_count; i++) {
        json_key(&json, new->values[i].key.p); /* a literal, with its NUL */
        json_str(&json, new->values[i].text);
    }
    json_close(&json, '}');
    printf("%s\n", text.p);
    buf_free(&text);
}

static int find_root(struct new *new, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    const char *content = new->options->content;
    if (source_worktree(&path, new->site.source, fault) != 0) {
        buf_free(&path);
        return -1;
    }
    buf_printf(&path, "/%s", content);
    bool is_found = realpath(path.p, new->root) != NULL;
    buf_free(&path);
    return is_found ? 0 : fault_errno(fault, "the working tree has no folder \"%s\"", content);
}

/* A status of the command; COMMAND_FAILED with a fault. */
static int make(struct new *new, struct fault *fault)
{
    struct options options = *new->options;
    options.tree = OPTIONS_TREE_WORKTREE;
    if (site_open(&new->site, &options, fault) != 0 ||
        site_load(&new->site, NULL, &new->diag, fault) != 0 || find_root(new, fault) != 0) {
        return COMMAND_FAILED;
    }
    int status = new_choose_subject(new);
    if (status != COMMAND_DONE) {
        return status;
    }
    if (new_choose_values(new, fault) != 0 || fill(new, fault) != 0 ||
        write_one(new, new->path, &new->markdown, fault) != 0 ||
        (new->csv.n > 0 && write_one(new, new->csv_path, &new->csv, fault) != 0)) {
        return COMMAND_FAILED;
    }
    return COMMAND_DONE;
}

int command_new(const struct options *options)
{
    struct new new = {.options = options, .markdown = BUF_EMPTY, .csv = BUF_EMPTY};
    struct fault fault = {.text = ""};
    if (options->argument_count < 1 || options->argument_count > 2) {
        return new_usage(&new, "写明是什么，如 gongkai new 公开事项 --item 财务收支%s",
                         "say what, as in gongkai new disclosure --item finance%s", "");
    }
    int status = make(&new, &fault);
    if (status == COMMAND_FAILED) {
        command_fail(&fault, options);
    } else if (status == COMMAND_DONE && options->is_json) {
        tell_json(&new);
    } else if (status == COMMAND_DONE) {
        tell_text(&new);
    }
    buf_free(&new.markdown);
    buf_free(&new.csv);
    site_free(&new.site);
    diag_free(&new.diag);
    return status;
}
