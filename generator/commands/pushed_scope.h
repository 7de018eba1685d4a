/* pushed_scope: whose files a push touches. For commands/ only. */
#ifndef COMMANDS_PUSHED_SCOPE_H
#define COMMANDS_PUSHED_SCOPE_H

#include "commands/site.h"

/*
 * Each path that a new commit of the options' revision touches must stand in the folder of the
 * organisation that the options name; the others are faults in `diag`. What its folder is, the
 * published configuration says, not the pushed one. The records must speak for it as well
 * (pushed_voice.h).
 */
int pushed_scope(const struct options *options, struct diag *diag, struct fault *fault);

#endif
