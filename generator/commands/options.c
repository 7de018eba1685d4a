#include "commands/options.h"

#include "base/parallel.h"
#include "commands/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A command lists the letters of the options that it takes; those without a short form have a
 * capital letter here that is no option of its own. */
static const struct row {
    char letter;
    const char *name, *argument, *about, *zh;
    bool is_short;
} rows[] = {
    {'C', "repository", "REPO", "the git repository, bare or not (.)",
     "git 仓库，服务器上的也行（当前文件夹）", true},
    {'R', "ref", "REV", "the commit to read (HEAD)", "读哪一次提交（HEAD）", false},
    {'S', "staged", NULL, "read what git add has staged, not a commit (for a pre-commit hook)",
     "读 git add 放进来的，不读提交（提交前的钩子用）", false},
    {'K', "worktree", NULL, "read the files as they stand in the folder, not a commit",
     "读文件夹里现在的文件，不读提交", false},
    {'U', "pushed", NULL, "read \"OLD NEW REF\" lines from standard input, as pre-receive hooks do",
     "从标准输入读“旧 新 分支”，pre-receive 钩子用", false},
    {'I', "item", "ITEM", "the catalogue item, by its name or key",
     "公开目录里的事项，写名称或代号", false},
    {'G', "org", "ORG", "an organisation, by name or key; of a push: it stays in its folder",
     "单位，写名称或代号；检查推送时：只许改它的文件夹", false},
    {'B', "server", NULL, "a bare repository with hooks that check and publish each push",
     "服务器上的仓库，带检查和发布的钩子", false},
    {'N', "names", "FILE.csv", "the list of names, from outside the repository",
     "名单，放在仓库外面", false},
    {'D', "content", "DIR", "the folder of the commit that holds the content (its root)",
     "提交里放内容的文件夹（仓库的根）", false},
    {'T', "theme", "DIR", "templates, strings and stylesheet (the default theme)",
     "模板、文字和样式（自带的主题）", false},
    {'o', "output", "OUT", "the web root (./public)", "网站放在哪里（./public）", true},
    {'A', "as-of", "YYYY-MM-DD", "the day whose public records are published (today)",
     "公布到哪一天为止（今天）", false},
    {'W', "allow-rewrite", "REASON", "publish a commit that does not follow the published one",
     "提交不接着已发布的也发布，写明理由", false},
    {'F', "full", NULL, "build everything anew", "全部重新生成", false},
    {'j', "jobs", "N", "threads (one a processor)", "用几个线程（有几个处理器用几个）", true},
    {'n', "dry-run", NULL, "say what would be published, and publish nothing",
     "只说会公布什么，不公布", true},
    {'v', "verbose", NULL, "say what takes how long", "说每一步用了多久", true},
    {'J', "json", NULL, "answer in JSON on standard output", "用 JSON 回答", false},
    {'O', "port", "N", "the port on 127.0.0.1 (8080)", "127.0.0.1 的端口（8080）", false},
    {'P', "page", "N", "which page of the results (1)", "第几页（1）", false},
    {'L', "lang", "zh|en", "language of messages (by LANG)", "用哪种文字（看 LANG）", false},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* Where an option means something of its own. */
static const struct exception {
    const char *command;
    char letter;
    const char *about, *zh;
} exceptions[] = {
    {"notice", 'o', "the file to write, or a folder for it (beside the repository)",
     "写到哪个文件，或哪个文件夹（仓库的旁边）"},
    {"init", 'o', "with --server: where the site will stand (beside the repository)",
     "和 --server 一起：网站放在哪里（仓库的旁边）"},
    {"init", 'A', "the day that is written into pages (today)", "页面上写的日期（今天）"},
    {"new", 'A', "the day of publication that is written (today)", "发布日期写哪一天（今天）"},
    {"verify", 'C', "the repository, to build the site anew and compare every byte",
     "网站的仓库：照它重新生成，逐字节核对"},
};

static const char *about(const struct command *command, const struct row *row, bool is_zh)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
        if (exceptions[i].letter == row->letter &&
            strcmp(exceptions[i].command, command->name) == 0) {
            return is_zh ? exceptions[i].zh : exceptions[i].about;
        }
    }
    return is_zh ? row->zh : row->about;
}

static const struct row *find_row(int letter)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].letter == letter) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool set_number(long *out, const char *text, long max)
{
    *out = str_number(str_of(text), max);
    return *out > 0;
}

static bool set_option(struct options *out, int letter, const char *argument)
{
    long number = 0;
    switch (letter) {
    case 'C':
        out->repository = argument;
        return out->has_repository = true;
    case 'R':
        out->revision = argument;
        return true;
    case 'N':
        out->names = argument;
        return true;
    case 'D':
        out->content = argument;
        return true;
    case 'T':
        out->theme = argument;
        return true;
    case 'o':
        out->output = argument;
        return out->has_output = true;
    case 'I':
        out->item = argument;
        return true;
    case 'G':
        out->org = argument;
        return true;
    case 'W':
        out->allow_rewrite = argument;
        return argument[0] != '\0';
    case 'A':
        return date_parse(&out->as_of, str_of(argument));
    case 'B':
        return out->is_server = true;
    case 'S':
        out->tree = OPTIONS_TREE_STAGED;
        return out->is_hook = true;
    case 'K':
        out->tree = OPTIONS_TREE_WORKTREE;
        return true;
    case 'U':
        return out->is_pushed = out->is_hook = true;
    case 'F':
        return out->is_full = true;
    case 'n':
        return out->is_dry_run = true;
    case 'v':
        return out->is_verbose = true;
    case 'J':
        return out->is_json = true;
    case 'O':
        if (!set_number(&number, argument, 65535)) {
            return false;
        }
        out->port = (int)number;
        return true;
    case 'P':
        return set_number(&out->page, argument, 1000000);
    case 'L':
        out->language = strcmp(argument, "en") == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
        return strcmp(argument, "en") == 0 || strcmp(argument, "zh") == 0;
    case 'j':
        if (!set_number(&number, argument, PARALLEL_THREADS_MAX)) {
            return false;
        }
        out->threads = (int)number;
        return true;
    default:
        return false;
    }
}

enum language options_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return strncmp(value, "en", 2) == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
        }
    }
    return LANGUAGE_ZH;
}

/* A repository without its -C must not be taken for the one that we stand in. */
static bool has_place_for_arguments(const struct options *options, const struct command *command)
{
    if (options->argument_count == 0 || command->synopsis[0] != '[') {
        return true;
    }
    command_say(options, "“%s”是多余的；仓库写在 -C 后面",
                "no place for “%s”; name the repository behind -C", options->arguments[0]);
    return false;
}

bool options_read(struct options *out, const struct command *command, int argc, char **argv,
                  bool *wants_help)
{
    struct option names[ROW_COUNT + 2] = {{"help", no_argument, NULL, 'h'}};
    char letters[2 * ROW_COUNT + 4] = ":h";
    size_t count = 1;
    for (const char *letter = command->options; *letter != '\0'; letter++) {
        const struct row *row = find_row(*letter);
        bool has_argument = row->argument != NULL;
        names[count++] = (struct option){row->name, has_argument ? required_argument : no_argument,
                                         NULL, row->letter};
        if (row->is_short) {
            size_t n = strlen(letters);
            snprintf(letters + n, sizeof letters - n, "%c%s", row->letter, has_argument ? ":" : "");
        }
    }
    *out = (struct options){.repository = ".",
                            .revision = "HEAD",
                            .content = "",
                            .output = "./public",
                            .page = 1,
                            .language = options_language()};
    optind = 1;
    opterr = 0; /* getopt speaks English alone */
    for (int letter; (letter = getopt_long(argc, argv, letters, names, NULL)) != -1;) {
        if (letter == 'h') {
            *wants_help = true; /* in the language that --lang may still name */
            continue;
        }
        if (letter == '?' || letter == ':') {
            command_say(out, letter == '?' ? "没有“%s”这个选项" : "“%s”后面要写内容",
                        letter == '?' ? "no option “%s”" : "“%s” takes an argument",
                        argv[optind - 1]);
            return false;
        }
        if (!set_option(out, letter, optarg)) {
            command_say(out, "--%s 后面不能写“%s”", "--%s does not take “%s”",
                        find_row(letter)->name, optarg);
            return false;
        }
    }
    out->arguments = argv + optind;
    out->argument_count = argc - optind;
    return *wants_help || has_place_for_arguments(out, command);
}

void options_print(const struct command *command, enum language language)
{
    bool is_zh = language == LANGUAGE_ZH;
    for (const char *letter = command->options; *letter != '\0'; letter++) {
        const struct row *row = find_row(*letter);
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", row->name, row->argument == NULL ? "" : " ",
                 row->argument == NULL ? "" : row->argument);
        if (row->is_short) {
            printf("  -%c, %-22s %s\n", row->letter, left, about(command, row, is_zh));
        } else {
            printf("      %-22s %s\n", left, about(command, row, is_zh));
        }
    }
    printf("      %-22s %s\n", "--help", is_zh ? "看这一页" : "this text");
}
