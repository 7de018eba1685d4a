/* outputs: which files of the web root no output stands behind any more. For commands/ only. */
#ifndef COMMANDS_OUTPUTS_H
#define COMMANDS_OUTPUTS_H

#include "publish/publish.h"
#include "render/render.h"

/* Marks every other file for removal and counts them. Sorts the list by file, where OUT has any. */
int outputs_remove_others(struct output_list *outputs, struct publish *publish, size_t *removed,
                          struct fault *fault);

/* The same for those of `before` that are not among the outputs any more. Sorts both. */
int outputs_remove_vanished(struct output_list *before, struct output_list *outputs,
                            struct publish *publish, size_t *removed, struct fault *fault);

#endif
