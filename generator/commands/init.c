/* init: a new content repository, or the server's with its hooks. What somebody wrote is never
 * overwritten. */
#include "commands/command.h"
#include "commands/example.h"
#include "commands/layout.h"
#include "commands/program.h"
#include "commands/template.h"

#include "base/file.h"
#include "base/json.h"
#include "source/create.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CONFIG_MAX = 4 * 1024 * 1024 };

struct init {
    const struct options *options;
    const char *path; /* as it was given */
    int at;           /* the open folder */
    bool was_empty;
    bool was_configured; /* gongkai.yml was there before */
    struct layout_count count;
    size_t renewed, removed; /* of the example's files */
    struct example_names names, example;
    struct schema schema;
    struct config config;
    struct diag diag;
    struct arena arena;
    struct buf bytes; /* of one file */
    char date[DATE_TEXT_SIZE];
};

static bool is_zh(const struct init *init)
{
    return init->options->language == LANGUAGE_ZH;
}

/* A folder that does not exist is empty too. */
static bool is_empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    bool is_empty = true;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        is_empty =
            is_empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return is_empty;
}

static int open_folder(struct init *init, struct fault *fault)
{
    init->at = open(init->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return init->at >= 0 ? 0 : fault_errno(fault, "cannot open %s", init->path);
}

/* The configuration that is there, else ours. 1 where it has faults. */
static int read_config(struct init *init, struct fault *fault)
{
    struct buf bytes = BUF_EMPTY;
    int rc = 0;
    init->was_configured = faccessat(init->at, "gongkai.yml", F_OK, 0) == 0;
    if (init->was_configured) {
        rc = file_read(&bytes, init->at, "gongkai.yml", CONFIG_MAX, fault);
    } else {
        buf_add(&bytes, layout_bytes(LAYOUT_FILE_CONFIG));
    }
    if (rc == 0) {
        rc = schema_load(&init->schema, &init->arena, fault);
    }
    if (rc == 0) {
        struct str text = arena_copy(&init->arena, buf_str(&bytes));
        config_parse(&init->config, &init->arena, STR("gongkai.yml"), text, &init->diag);
        rc = init->diag.error_count > 0;
    }
    buf_free(&bytes);
    return rc;
}

static int write_file(struct init *init, const char *path, enum layout_file file, struct str name,
                      int mode, struct fault *fault)
{
    struct layout_pair pairs[EXAMPLE_PAIRS];
    example_pairs(pairs, &init->names, str_of(init->date), name);
    buf_clear(&init->bytes);
    layout_fill(&init->bytes, file, pairs, EXAMPLE_PAIRS);
    return layout_write(&init->count, init->at, path, buf_str(&init->bytes), mode, fault);
}

/* It is generated, with a day of its own. */
static int write_fields(struct init *init, struct fault *fault)
{
    struct str today = arena_printf(&init->arena, "\n发布日期: %s\n", init->date);
    const struct layout_pair pair = {STR("\n发布日期: 2026-11-18\n"), today};
    buf_clear(&init->bytes);
    layout_fill(&init->bytes, LAYOUT_FILE_FIELDS, &pair, 1);
    return layout_write(&init->count, init->at, "字段一览.md", buf_str(&init->bytes), 0644, fault);
}

/* What nobody touched since it was laid out for the example follows gongkai.yml. */
static int renew_example(struct init *init, struct fault *fault)
{
    static const struct {
        const char *path;
        enum layout_file file;
    } files[] = {{"README.md", LAYOUT_FILE_README}, {"填报指南.md", LAYOUT_FILE_GUIDE}};
    struct config example;
    if (example_config(&example, &init->arena, fault) != 0) {
        return -1;
    }
    init->example = example_names_of(&example);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        int rc = example_renew(init->at, files[i].path, files[i].file, &init->example, &init->names,
                               fault);
        if (rc < 0) {
            return -1;
        }
        init->renewed += (size_t)rc;
    }
    for (size_t i = example.org_count; i-- > 0;) {
        const struct config_org *org = &example.orgs[i];
        bool is_there = org->folder.n == 0 || str_equal(org->folder, STR("."));
        for (size_t k = 0; k < init->config.org_count; k++) {
            is_there |= str_equal(init->config.orgs[k].folder, org->folder);
        }
        int rc = is_there ? 0 : example_remove(init->at, org->folder, org->name, fault);
        if (rc < 0) {
            return -1;
        }
        init->removed += (size_t)rc;
    }
    return 0;
}

static int write_fixed(struct init *init, struct fault *fault)
{
    static const struct {
        const char *path;
        enum layout_file file;
        int mode;
    } files[] = {{"gongkai.yml", LAYOUT_FILE_CONFIG, 0644},
                 {"README.md", LAYOUT_FILE_README, 0644},
                 {"填报指南.md", LAYOUT_FILE_GUIDE, 0644},
                 {".gitattributes", LAYOUT_FILE_GITATTRIBUTES, 0644},
                 {".gitignore", LAYOUT_FILE_GITIGNORE, 0644},
                 {".githooks/pre-commit", LAYOUT_FILE_PRE_COMMIT, 0755}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (write_file(init, files[i].path, files[i].file, STR(""), files[i].mode, fault) != 0) {
            return -1;
        }
    }
    return write_fields(init, fault);
}

/* git keeps no empty folder: each organisation's has its page. */
static int write_folders(struct init *init, struct fault *fault)
{
    for (size_t i = 0; i < init->config.org_count; i++) {
        const struct config_org *org = &init->config.orgs[i];
        if (org->folder.n == 0 || str_equal(org->folder, STR("."))) {
            continue;
        }
        struct str path = arena_printf(&init->arena, "%.*s/README.md", STR_ARG(org->folder));
        if (write_file(init, path.p, LAYOUT_FILE_FOLDER, org->name, 0644, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

static int write_template(struct init *init, const struct schema_kind *kind,
                          const struct config_item *item, struct fault *fault)
{
    const struct template_value values[] = {{STR("kind"), kind->zh},
                                            {STR("item"), item != NULL ? item->name : STR("")}};
    const struct template_input template = {.schema = &init->schema,
                                            .config = &init->config,
                                            .kind = kind,
                                            .item = item,
                                            .values = values,
                                            .value_count = 2};
    struct buf path = BUF_EMPTY, csv = BUF_EMPTY;
    buf_clear(&init->bytes);
    template_write(&init->bytes, &csv, &template);
    template_path(&path, &template, ".md");
    int rc = layout_write(&init->count, init->at, path.p, buf_str(&init->bytes), 0644, fault);
    if (rc == 0 && csv.n > 0) {
        buf_clear(&path);
        template_path(&path, &template, ".csv");
        rc = layout_write(&init->count, init->at, path.p, buf_str(&csv), 0644, fault);
    }
    buf_free(&path);
    buf_free(&csv);
    return rc;
}

static int write_templates(struct init *init, struct fault *fault)
{
    for (size_t i = 0; i < init->config.item_count; i++) {
        const struct config_item *item = &init->config.items[i];
        if (write_template(init, template_kind(&init->schema, item), item, fault) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < init->schema.kind_count; i++) {
        if (write_template(init, &init->schema.kinds[i], NULL, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Templates must not become pages: a configuration that does not ignore them gets none. */
static bool ignores_templates(const struct init *init)
{
    return config_is_ignored(&init->config, STR("模板/a.md"));
}

static void tell_counts(const struct init *init)
{
    bool zh = is_zh(init);
    printf(zh ? "写下 %zu 个文件，原有 %zu 个没有动。\n"
              : "%zu files written, %zu kept as they were\n",
           init->count.written, init->count.kept - init->renewed);
    if (init->renewed + init->removed > 0) {
        printf(zh ? "没有改过的 %zu 个换上了您的名称，示例县的 %zu 个已移走。\n"
                  : "%zu that nobody touched got your names, %zu of the example are gone\n",
               init->renewed, init->removed);
    }
    if (!ignores_templates(init)) {
        printf(
            "%s",
            zh ? "没有写模板：先在 gongkai.yml 里加一行 ignore: [模板]，不然模板会变成网页。\n"
               : "no templates: they would become pages. Add \"ignore: [模板]\" to gongkai.yml\n");
    }
}

static void tell_folder(const struct init *init)
{
    if (!str_equal(str_of(init->path), STR("."))) {
        printf("    cd '%s'\n", init->path);
    }
}

/* The names are still the example's: they come first. */
static void tell_first_steps(const struct init *init)
{
    bool zh = is_zh(init);
    printf("%s", zh ? "\n接下来：打开 gongkai.yml，把示例县、示例镇、示例村改成您的，再输入：\n"
                    : "\nNow write your county and its villages into gongkai.yml, then type:\n");
    tell_folder(init);
    printf("    gongkai init .\n    gongkai check --worktree\n    git add -A\n"
           "    git commit -m '%s'\n    gongkai build -o ../public\n",
           zh ? "开始公开" : "begin");
}

static void tell_next_steps(const struct init *init)
{
    bool zh = is_zh(init);
    if (init->count.written + init->renewed + init->removed == 0) {
        printf("%s", zh ? "没有要补的。\n" : "nothing was missing\n");
        return;
    }
    printf("%s", zh ? "\n接下来输入：\n" : "\nNow type:\n");
    tell_folder(init);
    printf("    gongkai check --worktree\n    git add -A\n    git commit -m '%s'\n",
           zh ? "写上本县的名称和模板" : "our names");
    printf("%s", zh ? "\n在这台电脑上看看：gongkai serve；放到服务器上：gongkai init --server "
                      "/srv/gongkai.git\n"
                    : "\nTo look at it here: gongkai serve; to put it on a server: gongkai init "
                      "--server /srv/gongkai.git\n");
}

static void tell_content(const struct init *init)
{
    bool is_example = str_equal(init->names.folder, init->example.folder);
    tell_counts(init);
    if (is_example || !init->was_configured) {
        tell_first_steps(init);
    } else {
        tell_next_steps(init);
    }
}

static void tell_json(const struct init *init)
{
    struct buf text = BUF_EMPTY;
    struct json json = {.buf = &text};
    json_open(&json, '{');
    json_key(&json, "folder");
    json_str(&json, str_of(init->path));
    json_key(&json, "written");
    json_int(&json, (int64_t)init->count.written);
    json_key(&json, "kept");
    json_int(&json, (int64_t)(init->count.kept - init->renewed));
    json_key(&json, "renewed");
    json_int(&json, (int64_t)init->renewed);
    json_key(&json, "removed");
    json_int(&json, (int64_t)init->removed);
    json_close(&json, '}');
    printf("%s\n", text.p);
    buf_free(&text);
}

/* 0 done, 1 the configuration that is there has faults, -1. */
static int init_content(struct init *init, struct fault *fault)
{
    bool is_new;
    if (create_repository(&is_new, init->path, false, fault) != 0 ||
        open_folder(init, fault) != 0) {
        return -1;
    }
    int rc = read_config(init, fault);
    if (rc != 0) {
        return rc;
    }
    init->names = example_names_of(&init->config);
    if (renew_example(init, fault) != 0 || write_fixed(init, fault) != 0 ||
        write_folders(init, fault) != 0 ||
        (ignores_templates(init) && write_templates(init, fault) != 0) ||
        create_config(init->path, "core.hooksPath", ".githooks", fault) != 0 ||
        create_config(init->path, "core.quotepath", "false", fault) != 0) {
        return -1;
    }
    return is_new && init->was_empty
               ? create_commit(init->path, is_zh(init) ? "公开内容的样子" : "the layout", fault)
               : 0;
}

/* Paths stand in scripts and in units of systemd, each with quotes of its own. */
static bool is_plain_path(const char *path)
{
    for (; *path != '\0'; path++) {
        if ((unsigned char)*path <= ' ' || strchr("'\"\\%$`@", *path) != NULL) {
            return false;
        }
    }
    return true;
}

struct server_paths {
    char repository[PATH_MAX];
    struct str program, output, output_parent, cgi;
};

static struct str folder_of(struct arena *arena, const char *path)
{
    struct str whole = str_of(path);
    ptrdiff_t slash = str_find_last_char(whole, '/');
    return arena_copy(arena, slash <= 0 ? STR("/") : str_slice(whole, 0, (size_t)slash));
}

/* The web root: as it was given, from where we stand; else beside the repository. */
static struct str find_output(struct init *init, const char *repository)
{
    const struct options *options = init->options;
    char here[PATH_MAX];
    if (!options->has_output) {
        struct str parent = folder_of(&init->arena, repository);
        return arena_printf(&init->arena, "%.*s/public", STR_ARG(parent));
    }
    if (options->output[0] == '/' || getcwd(here, sizeof here) == NULL) {
        return str_of(options->output);
    }
    const char *rest =
        strncmp(options->output, "./", 2) == 0 ? options->output + 2 : options->output;
    return arena_printf(&init->arena, "%s/%s", here, rest);
}

static int find_paths(struct server_paths *out, struct init *init, struct fault *fault)
{
    if (program_path(&out->program, &init->arena, fault) != 0) {
        return -1;
    }
    if (realpath(init->path, out->repository) == NULL) {
        return fault_errno(fault, "cannot find the way to %s", init->path);
    }
    out->output = find_output(init, out->repository);
    out->output_parent = folder_of(&init->arena, out->output.p);
    out->cgi = program_cgi_folder(&init->arena, out->program);
    if (!is_plain_path(out->program.p) || !is_plain_path(out->repository) ||
        !is_plain_path(out->output.p)) {
        return fault_tell(
            fault,
            "这些路径里不能有空格、引号、$ 和 %%，它们要写进脚本；换个没有这些的地方：%s，%s，%s",
            "blanks, quotes, $ and %% cannot stand in these paths, which scripts name: %s, %s, %s",
            out->program.p, out->repository, out->output.p);
    }
    return 0;
}

static int write_server_files(struct init *init, const struct server_paths *paths,
                              struct fault *fault)
{
    static const struct {
        const char *path;
        enum layout_file file;
        int mode;
    } files[] = {{"hooks/pre-receive", LAYOUT_FILE_PRE_RECEIVE, 0755},
                 {"hooks/post-receive", LAYOUT_FILE_POST_RECEIVE, 0755},
                 {"gongkai/publish", LAYOUT_FILE_PUBLISH, 0755},
                 {"gongkai/gongkai.service", LAYOUT_FILE_SERVICE, 0644},
                 {"gongkai/gongkai.timer", LAYOUT_FILE_TIMER, 0644},
                 {"gongkai/gongkai-search.service", LAYOUT_FILE_SEARCH_SERVICE, 0644},
                 {"gongkai/nginx.conf", LAYOUT_FILE_NGINX, 0644}};
    const struct layout_pair pairs[] = {{STR("@PROGRAM@"), paths->program},
                                        {STR("@REPOSITORY@"), str_of(paths->repository)},
                                        {STR("@OUTPUT_PARENT@"), paths->output_parent},
                                        {STR("/srv/gongkai/public"), paths->output},
                                        {STR("/usr/local/lib/gongkai/cgi"), paths->cgi}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        buf_clear(&init->bytes);
        layout_fill(&init->bytes, files[i].file, pairs, sizeof pairs / sizeof pairs[0]);
        if (layout_write(&init->count, init->at, files[i].path, buf_str(&init->bytes),
                         files[i].mode, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

/* git looks at what it takes, and takes nothing endless; the reflog tells who pushed what when. */
static int configure_server(struct init *init, const struct server_paths *paths,
                            struct fault *fault)
{
    static const char *const rows[][2] = {{"receive.fsckObjects", "true"},
                                          {"receive.maxInputSize", "268435456"},
                                          {"core.logAllRefUpdates", "true"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (create_config(init->path, rows[i][0], rows[i][1], fault) != 0) {
            return -1;
        }
    }
    return create_config(init->path, "gongkai.program", paths->program.p, fault) == 0
               ? create_config(init->path, "gongkai.output", paths->output.p, fault)
               : -1;
}

static void tell_server(const struct init *init, const struct server_paths *paths)
{
    bool zh = is_zh(init);
    printf(zh ? "写下 %zu 个文件，原有 %zu 个没有动。网站将放在 %s。\n"
              : "%zu files written, %zu kept as they were. The site will stand in %s.\n",
           init->count.written, init->count.kept, paths->output.p);
    if (init->count.written == 0) {
        printf("%s", zh ? "没有要补的。\n" : "nothing was missing\n");
        return;
    }
    printf(zh ? "\n接下来，在内容文件夹里输入：\n"
              : "\nNow, in the folder of the content, type:\n");
    printf("    git remote add origin '%s'\n    git push -u origin HEAD:main\n", paths->repository);
    printf(zh ? "\n每天发布一次（定时发布、到期撤下不靠推送）：\n"
              : "\nTo publish each day too, since what is due does not wait for a push:\n");
    printf(
        "    sudo cp '%s'/gongkai/gongkai.service '%s'/gongkai/gongkai.timer /etc/systemd/system/\n"
        "    sudo systemctl enable --now gongkai.timer\n",
        paths->repository, paths->repository);
    printf(zh ? "\n网页服务器的配置在 %s/gongkai/nginx.conf。\n"
              : "\nA configuration for the web server is %s/gongkai/nginx.conf.\n",
           paths->repository);
}

static int init_server(struct init *init, struct fault *fault)
{
    bool is_new;
    struct server_paths paths;
    if (create_repository(&is_new, init->path, true, fault) != 0 || open_folder(init, fault) != 0 ||
        find_paths(&paths, init, fault) != 0 || write_server_files(init, &paths, fault) != 0 ||
        configure_server(init, &paths, fault) != 0) {
        return -1;
    }
    if (!init->options->is_json) {
        tell_server(init, &paths);
    }
    return 0;
}

static int run(struct init *init, struct fault *fault)
{
    if (init->options->is_server) {
        return init_server(init, fault);
    }
    int rc = init_content(init, fault);
    if (rc == 0 && !init->options->is_json) {
        tell_content(init);
    }
    return rc;
}

int command_init_folder(const struct options *options)
{
    if (options->argument_count != 1) {
        fputs(options->language == LANGUAGE_ZH
                  ? "gongkai: 写一个文件夹，如 gongkai init 村务公开\n"
                  : "gongkai: name one folder, as in gongkai init site\n",
              stderr);
        return COMMAND_USAGE;
    }
    struct init init = {
        .options = options, .path = options->arguments[0], .at = -1, .bytes = BUF_EMPTY};
    struct fault fault = {.text = ""};
    struct date today =
        options->as_of.year > 0 ? options->as_of : date_from_moment((int64_t)time(NULL), 8 * 3600);
    date_format(init.date, today);
    init.was_empty = is_empty_folder(init.path);
    int rc = run(&init, &fault);
    if (init.diag.count > 0) {
        command_print(&init.diag, options);
    }
    if (rc == 0 && options->is_json) {
        tell_json(&init);
    }
    if (init.at >= 0) {
        close(init.at);
    }
    buf_free(&init.bytes);
    diag_free(&init.diag);
    arena_free(&init.arena);
    return rc < 0 ? command_fail(&fault, options) : rc > 0 ? COMMAND_REFUSED : COMMAND_DONE;
}
