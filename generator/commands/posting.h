/*
 * posting: may a record's sheet hang on the notice board today? For commands/ only.
 */
#ifndef COMMANDS_POSTING_H
#define COMMANDS_POSTING_H

#include "commands/site.h"
#include "record/record.h"

/*
 * What was withdrawn, by itself or by another record of the commit, and what has expired, is an
 * error in `diag`: it must not hang there any more. A draft, and what is not to be published yet,
 * is a warning: its sheet may be read, and says so itself.
 */
int posting_check(struct site *site, const struct record *record, struct diag *diag,
                  struct fault *fault);

#endif
