/*
 * which: the record of the commit that somebody means by a name. For commands/ only.
 */
#ifndef COMMANDS_WHICH_H
#define COMMANDS_WHICH_H

#include "commands/site.h"

/*
 * `given` is a path from the folder that we stand in, where that is in the repository, or from the
 * content's root, or from the repository's; with or without ".md", or that of a folder with a page.
 * False where the commit has no such record.
 */
bool which_record(struct str *out, const struct site *site, const struct options *options,
                  struct arena *arena, struct str given);

/*
 * Says on standard error that there is no such record, and what to type instead: it is not
 * committed yet, or others are called that.
 */
void which_tell_missing(const struct site *site, const struct options *options, struct arena *arena,
                        struct str given);

#endif
