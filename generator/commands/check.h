/* check: everything that is looked at before a commit may be published. For commands/ only. */
#ifndef COMMANDS_CHECK_H
#define COMMANDS_CHECK_H

#include "commands/site.h"

/*
 * Opens what the options name, and looks at all of it; faults of content go to `diag`. `base` is
 * the commit that others have already, as for ages.h; NULL: the one before. The site
 * stays open for whoever wants to know more of it: site_free it, also after a failure.
 */
int check_site(struct site *out, const struct options *options, const char *base, struct diag *diag,
               struct fault *fault);

/* What a changed file is told about: itself, and the record of a table. For diag_keep_near. */
void check_add_near(struct set *out, struct str path);

#endif
