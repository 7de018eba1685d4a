/* pushed_scan: personal data in what a push brings. For commands/ only. */
#ifndef COMMANDS_PUSHED_SCAN_H
#define COMMANDS_PUSHED_SCAN_H

#include "commands/site.h"
#include "source/pushed.h"

/* Where it was found, which decides how it is taken out of the history again. */
struct pushed_leaks {
    bool is_in_tip, is_in_older; /* commits */
    bool is_in_message, is_in_names;
    struct set touched; /* files that the push brings, from the content's root */
};

/*
 * Looks at all that the site's commit brings; `diag` has what its own check told, and gets the
 * rest. `content` is the folder of the site in the repository.
 */
int pushed_scan(struct pushed_leaks *out, struct pushed *pushed, struct site *site,
                const char *content, const char *old, struct diag *diag, struct fault *fault);

void pushed_leaks_free(struct pushed_leaks *leaks);

#endif
