/*
 * sheet: the values of the sheet for the village's notice board: themes/README.md, notice. For
 * commands/ only.
 */
#ifndef COMMANDS_SHEET_H
#define COMMANDS_SHEET_H

#include "commands/site.h"
#include "record/board.h"
#include "theme/value.h"

/* `names` NULL: none were given. All lives in the arena, or borrows from the record. */
int sheet_values(struct value **out, struct arena *arena, const struct site *site,
                 const struct record *record, const struct table *names, struct fault *fault);

#endif
