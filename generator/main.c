/* main: options → command → exit status. */
#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Adding a command is adding a row here and a file in commands/. */
static const struct command commands[] = {
    {"build", "[options]", "publish a commit: pages, feeds, database", "[选项]",
     "发布一次提交：网页、订阅、数据库", "CRDToAFWjnvJL", command_build},
    {"check", "[options]", "tell what is wrong in a commit, and publish nothing", "[选项]",
     "检查一次提交有什么错，不发布", "CRSKUGDTAjJL", command_check},
    {"init", "DIR", "lay out a content repository, or the server's with its hooks", "文件夹",
     "建一个放内容的仓库，或服务器上带钩子的仓库", "BoAJL", command_init_folder},
    {"new", "KIND [TITLE]", "write a record to be filled in, where it belongs",
     "类型或目录事项 [标题]", "写一份要填的记录，放在该放的地方", "CDIGAJL", command_new},
    {"notice", "RECORD", "the sheet of a record for the village's notice board, to be printed",
     "记录", "打印一份记录，贴公示栏", "CRKDTNoAJL", command_notice},
    {"search", "SITE QUERY...", "search a published database as the site does", "网站 词…",
     "在发布的网站里找，和网页上的搜索一样", "PJL", command_search},
    {"serve", "[options]", "show the site on this machine, built anew as it changes", "[选项]",
     "在这台电脑上看网站，文件一改就重新生成", "CRKDTAOjvL", command_serve},
    {"verify", "SITE", "check a published site: database, checksums, every file", "网站",
     "核对发布的网站：数据库、校验和、每一个文件", "CDTjL", command_verify},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out)
{
    bool is_zh = options_language() == LANGUAGE_ZH;
    fputs(is_zh ? "用法：gongkai 命令 [选项]\n\n" : "usage: gongkai COMMAND [options]\n\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-8s %s\n", commands[i].name, is_zh ? commands[i].zh : commands[i].about);
    }
    fputs(is_zh ? "\ngongkai 命令 --help 看这个命令的选项；gongkai --version 看版本。\n"
                  "退出状态：0 完成，1 内容没有通过，2 用法不对，3 机器出了问题。\n"
                : "\ngongkai COMMAND --help tells more; gongkai --version, the version.\n"
                  "Exit status: 0 done, 1 content refused, 2 wrong usage, 3 the machine failed.\n",
          out);
}

static void print_synopsis(FILE *out, const struct command *command, enum language language)
{
    fprintf(out, language == LANGUAGE_ZH ? "用法：gongkai %s %s\n" : "usage: gongkai %s %s\n",
            command->name, language == LANGUAGE_ZH ? command->zh_synopsis : command->synopsis);
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct options options;
    bool wants_help = false;
    if (!options_read(&options, command, argc, argv, &wants_help)) {
        print_synopsis(stderr, command, options.language);
        return COMMAND_USAGE;
    }
    if (wants_help) {
        print_synopsis(stdout, command, options.language);
        printf(options.language == LANGUAGE_ZH ? "%s。\n\n" : "%s.\n\n",
               options.language == LANGUAGE_ZH ? command->zh : command->about);
        options_print(command, options.language);
        return COMMAND_DONE;
    }
    int status = command->run(&options);
    bool is_written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (is_written || errno == EPIPE || status != COMMAND_DONE) {
        return status;
    }
    struct fault fault;
    fault_tell_errno(&fault, "答复没有写完整", "the answer could not be written whole");
    return command_fail(&fault, &options);
}

int main(int argc, char **argv)
{
    command_init();
    umask(022); /* what is published is for everyone to read, whoever publishes it */
    if (argc < 2) {
        print_usage(stderr);
        return COMMAND_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("gongkai %s\n", GONGKAI_VERSION);
        return COMMAND_DONE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return run_command(&commands[i], argc - 1, argv + 1);
        }
    }
    fprintf(stderr,
            options_language() == LANGUAGE_ZH ? "gongkai: 没有“%s”这个命令\n\n"
                                              : "gongkai: no command “%s”\n\n",
            argv[1]);
    print_usage(stderr);
    return COMMAND_USAGE;
}
