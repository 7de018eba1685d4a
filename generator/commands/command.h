/* command: the table of commands, and how a command ends. For main and commands/ only. */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include "base/diag.h"
#include "base/fault.h"
#include "commands/options.h"

/* Exit statuses, which README.md documents. */
enum command_status {
    COMMAND_DONE = 0,
    COMMAND_REFUSED = 1, /* the content has errors */
    COMMAND_USAGE = 2,
    COMMAND_FAILED = 3 /* the machine failed */
};

struct command {
    const char *name;
    const char *synopsis; /* behind the name */
    const char *about;    /* one line */
    const char *zh_synopsis, *zh;
    const char *options; /* letters and names that it takes: see options.c */
    int (*run)(const struct options *options);
};

/* Settings of libraries for the whole process: once, before any command and any thread. */
void command_init(void);

int command_build(const struct options *options);
int command_check(const struct options *options);
int command_init_folder(const struct options *options);
int command_notice(const struct options *options);
int command_new(const struct options *options);
int command_search(const struct options *options);
int command_serve(const struct options *options);
int command_verify(const struct options *options);

/* Says what the machine did on standard error; returns COMMAND_FAILED. */
int command_fail(const struct fault *fault, const struct options *options);

/* A line on standard error: "gongkai: " and the text of the language, with the same arguments. */
void command_say(const struct options *options, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* Prints all diagnostics: text on standard error, or JSON on standard output. */
void command_print(struct diag *diag, const struct options *options);

#endif
