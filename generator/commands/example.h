/*
 * example: what `gongkai init` laid out under the names of its example county, once gongkai.yml has
 * others. For commands/init.c.
 *
 * A file that somebody touched is left as it is. One that still has exactly the bytes that were
 * laid out gets the present names, and the example's folders go.
 */
#ifndef COMMANDS_EXAMPLE_H
#define COMMANDS_EXAMPLE_H

#include "commands/layout.h"
#include "record/config.h"

/* Names that stand in the laid out files. */
struct example_names {
    struct str title;           /* @TITLE@: of the site */
    struct str folder, village; /* @FOLDER@, @VILLAGE@: of the first village, or what is like one */
};

struct example_names example_names_of(const struct config *config);

enum { EXAMPLE_PAIRS = 5 };

/* What stands for the names, for the day, and for `name` (@NAME@); longer ones first. */
void example_pairs(struct layout_pair out[EXAMPLE_PAIRS], const struct example_names *names,
                   struct str date, struct str name);

/* The example's own configuration. */
int example_config(struct config *out, struct arena *arena, struct fault *fault);

/*
 * Below the open folder: writes `path` anew where it is as `before` made it of `file`, whatever its
 * day, and `now` makes something else of it. 1 where it did, 0, or -1.
 */
int example_renew(int at, const char *path, enum layout_file file,
                  const struct example_names *before, const struct example_names *now,
                  struct fault *fault);

/* Removes the example's folder page, and its folder where nothing else is in it. 1, 0 or -1. */
int example_remove(int at, struct str folder, struct str name, struct fault *fault);

#endif
