/* pushed_voice: in whose name the records of a push speak. For commands/ only. */
#ifndef COMMANDS_PUSHED_VOICE_H
#define COMMANDS_PUSHED_VOICE_H

#include "base/set.h"
#include "commands/site.h"

struct pushed_voice {
    const struct options *options; /* of the new commit */
    const struct config *config;   /* the published one */
    const struct config_org *org;  /* whose key it is */
    const struct set *paths;       /* touched, from the content's root */
};

/*
 * A key for one folder could speak for others out of it: by `org`, or by withdrawing what is
 * theirs. Each touched record that the new commit has must be of the organisation or one below it,
 * and so must what it withdraws; the others are faults.
 */
int pushed_voice_check(const struct pushed_voice *voice, struct diag *diag, struct fault *fault);

#endif
