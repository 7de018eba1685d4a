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
    const char *name, *argument, *about;
    bool is_short;
} rows[] = {
    {'C', "repository", "REPO", "the git repository, bare or not (.)", true},
    {'R', "ref", "REV", "the commit to read (HEAD)", false},
    {'S', "staged", NULL, "read what git add has staged, not a commit (for a pre-commit hook)",
     false},
    {'K', "worktree", NULL, "read the files as they stand in the folder, not a commit", false},
    {'U', "pushed", NULL, "read \"OLD NEW REF\" lines from standard input, as pre-receive hooks do",
     false},
    {'I', "item", "ITEM", "the catalogue item, by its name or key", false},
    {'G', "org", "ORG", "an organisation, by name or key; of a push: it stays in its folder",
     false},
    {'B', "server", NULL, "a bare repository with hooks that check and publish each push", false},
    {'N', "names", "FILE.csv", "the list of names, from outside the repository", false},
    {'D', "content", "DIR", "the folder of the commit that holds the content (its root)", false},
    {'T', "theme", "DIR", "templates, strings and stylesheet (the default theme)", false},
    {'o', "output", "OUT", "the web root (./public)", true},
    {'A', "as-of", "YYYY-MM-DD", "the day whose public records are published (today)", false},
    {'W', "allow-rewrite", "REASON", "publish a commit that does not follow the published one",
     false},
    {'F', "full", NULL, "build everything anew", false},
    {'j', "jobs", "N", "threads (one a processor)", true},
    {'n', "dry-run", NULL, "say what would be published, and publish nothing", true},
    {'v', "verbose", NULL, "say what takes how long", true},
    {'J', "json", NULL, "answer in JSON on standard output", false},
    {'O', "port", "N", "the port on 127.0.0.1 (8080)", false},
    {'P', "page", "N", "which page of the results (1)", false},
    {'L', "lang", "zh|en", "language of messages (by LANG)", false},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

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

/* Messages speak Chinese where the environment does not say another language plainly. */
static enum language language_of_environment(void)
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
    fprintf(stderr, "gongkai: no place for “%s”; name the repository behind -C\n",
            options->arguments[0]);
    return false;
}

bool options_read(struct options *out, const struct command *command, int argc, char **argv,
                  bool *wants_help)
{
    struct option names[ROW_COUNT + 2] = {{"help", no_argument, NULL, 'h'}};
    char letters[2 * ROW_COUNT + 3] = "h";
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
                            .language = language_of_environment()};
    optind = 1;
    for (int letter; (letter = getopt_long(argc, argv, letters, names, NULL)) != -1;) {
        if (letter == 'h') {
            return *wants_help = true;
        }
        if (letter == '?') {
            return false;
        }
        if (!set_option(out, letter, optarg)) {
            fprintf(stderr, "gongkai: --%s does not take “%s”\n", find_row(letter)->name, optarg);
            return false;
        }
    }
    out->arguments = argv + optind;
    out->argument_count = argc - optind;
    return has_place_for_arguments(out, command);
}

void options_print(const struct command *command)
{
    for (const char *letter = command->options; *letter != '\0'; letter++) {
        const struct row *row = find_row(*letter);
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", row->name, row->argument == NULL ? "" : " ",
                 row->argument == NULL ? "" : row->argument);
        if (row->is_short) {
            printf("  -%c, %-22s %s\n", row->letter, left, row->about);
        } else {
            printf("      %-22s %s\n", left, row->about);
        }
    }
    printf("      %-22s %s\n", "--help", "this text");
}
