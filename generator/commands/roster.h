/*
 * roster: the list of names for the notice board, a CSV file from outside the repository, held
 * against the record. For commands/ only.
 */
#ifndef COMMANDS_ROSTER_H
#define COMMANDS_ROSTER_H

#include "commands/options.h"
#include "record/record.h"

struct roster {
    bool is_given; /* --names */
    struct table table;
    struct buf bytes; /* of the file */
};

/*
 * Reads what --names names, if anything, and compares it: a column of amounts with the record's
 * amount; a column of people or households, else the number of rows, with its people and
 * households. Where the rows are the one, the other needs a column of its own to be compared. Each
 * comparison is told on standard error with the column that it took. A status of the command;
 * COMMAND_FAILED with a fault.
 */
int roster_read(struct roster *out, struct arena *arena, const struct options *options,
                const struct record *record, struct diag *diag, struct fault *fault);

void roster_free(struct roster *roster);

#endif
