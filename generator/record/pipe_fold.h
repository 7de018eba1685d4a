/*
 * pipe_fold: tables that were written with full-width bars (｜). For record/ and its tests.
 */
#ifndef RECORD_PIPE_FOLD_H
#define RECORD_PIPE_FOLD_H

#include "base/arena.h"
#include "base/diag.h"

/*
 * The text with | for ｜ wherever that makes a table: in all lines of one whose heading or whose
 * line of dashes has them, and in rows of an ordinary one that have as many bars as its heading
 * only with them. Other ｜ are text. Lines and columns stay, counted in characters. Each table is
 * told once. `offset` is where the body begins.
 */
struct str pipe_fold(struct arena *arena, struct str path, struct str text, size_t offset,
                     struct diag *diag);

#endif
