/*
 * pushed: the check of a pre-receive hook. For commands/ only.
 *
 * "OLD NEW REF" lines stand on standard input. Of each branch the new commit is checked whole, and
 * personal data is looked for in everything that any new commit brings, since it stays in the
 * history. What cannot be read is refused. The published branch, the one that HEAD names, may
 * neither be deleted nor rewritten, nor lose its configuration.
 */
#ifndef COMMANDS_PUSHED_H
#define COMMANDS_PUSHED_H

#include "commands/options.h"

/* With --org only whether all that the push touches stands in that organisation's folder. */
int pushed_check(const struct options *options);

#endif
