/* main: options → command → exit status. */
#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Adding a command is adding a row here and a file in commands/. */
static const struct command commands[] = {
    {"build", "[options]", "publish a commit: pages, feeds, database", "CRDToAFWjnvJL",
     command_build},
    {"check", "[options]", "tell what is wrong in a commit, and publish nothing", "CRSKUGDTAjJL",
     command_check},
    {"init", "DIR", "lay out a content repository, or the server's with its hooks", "BoAJL",
     command_init_folder},
    {"new", "KIND [TITLE]", "write a record to be filled in, where it belongs", "CDIGAJL",
     command_new},
    {"notice", "RECORD", "the sheet of a record for the village's notice board, to be printed",
     "CRKDTNoAJL", command_notice},
    {"search", "SITE QUERY...", "search a published database as the site does", "PJL",
     command_search},
    {"serve", "[options]", "show the site on this machine, built anew as it changes", "CRKDTAOjvL",
     command_serve},
    {"verify", "SITE", "check a published site: database, checksums, every file", "CDTjL",
     command_verify},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *out)
{
    fprintf(out, "usage: gongkai COMMAND [options]\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].about);
    }
    fprintf(out, "\ngongkai COMMAND --help tells more; gongkai --version, the version.\n"
                 "Exit status: 0 done, 1 content refused, 2 wrong usage, 3 the machine failed.\n");
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct options options;
    bool wants_help = false;
    if (!options_read(&options, command, argc, argv, &wants_help)) {
        fprintf(stderr, "usage: gongkai %s %s\n", command->name, command->synopsis);
        return COMMAND_USAGE;
    }
    if (wants_help) {
        printf("usage: gongkai %s %s\n%s.\n\n", command->name, command->synopsis, command->about);
        options_print(command);
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
    fprintf(stderr, "gongkai: no command “%s”\n\n", argv[1]);
    print_usage(stderr);
    return COMMAND_USAGE;
}
