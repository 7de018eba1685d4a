/*
 * lines: where each line of a source begins, as cmark counts them: a line ends in LF, CR LF or CR.
 * For the Markdown modules.
 */
#ifndef RECORD_LINES_H
#define RECORD_LINES_H

#include "base/arena.h"

struct lines {
    struct str source;
    size_t *starts; /* of `count` lines, and the source's end behind them */
    size_t count;
};

void lines_split(struct lines *out, struct arena *arena, struct str source);

/* Line `number`, from 1, without its end; the empty str where there is none. */
struct str lines_get(const struct lines *lines, int number);

/* The same with its end. */
struct str lines_get_whole(const struct lines *lines, int number);

#endif
