/* options: what stands on the command line. For main and commands/ only. */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include "base/date.h"
#include "base/diag.h"

enum options_tree { OPTIONS_TREE_COMMIT, OPTIONS_TREE_STAGED, OPTIONS_TREE_WORKTREE };

struct options {
    const char *repository;    /* -C; "." */
    const char *revision;      /* --ref; "HEAD" */
    const char *content;       /* --content; the repository's root */
    const char *theme;         /* --theme; NULL: the one that came with the program */
    const char *output;        /* -o; "./public" */
    const char *item, *org;    /* --item, --org; NULL: not said */
    const char *names;         /* --names; NULL: none */
    struct date as_of;         /* --as-of; year 0: today */
    int threads;               /* -j; 0: one a processor */
    enum options_tree tree;    /* --staged, --worktree */
    bool is_hook;              /* git's variables say where objects and index are */
    int port;                  /* --port; 0: not said */
    long page;                 /* --page; 1 */
    const char *allow_rewrite; /* the reason; NULL: a rewritten history is refused */
    bool is_full, is_dry_run, is_verbose, is_json, is_pushed, is_server;
    bool has_output;        /* -o was given */
    bool has_repository;    /* -C was given */
    enum language language; /* of messages: --lang, else LANG */
    char **arguments;       /* what is no option */
    int argument_count;
};

struct command;

/* What messages speak where no --lang says: Chinese, unless the environment says another. */
enum language options_language(void);

/*
 * Reads the options that `command` takes. False after a message on standard error where one is
 * wrong; `wants_help` where --help was asked.
 */
bool options_read(struct options *out, const struct command *command, int argc, char **argv,
                  bool *wants_help);

/* What --help prints: the command's options, one a line. */
void options_print(const struct command *command, enum language language);

#endif
