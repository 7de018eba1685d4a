/*
 * container: what of a source line is block quote and list item, and what is content. cmark tells
 * where a block begins, but for its later lines not where their content does; this finds it, by
 * CommonMark's rules for matching open containers. For pipe_table.
 */
#ifndef RECORD_CONTAINER_H
#define RECORD_CONTAINER_H

#include "base/buf.h"
#include "record/lines.h"

#include <cmark.h>

/* Blocks nested deeper than this hold no tables. */
enum { CONTAINER_DEPTH_MAX = 100 };

struct container_line {
    bool is_matched;    /* false: a lazy continuation, or nested too deep */
    size_t indent;      /* columns of blanks before the content */
    struct str content; /* without those blanks and without the line's end */
};

/* How the containers of `block` take line `number`. The user data of list items is kept here. */
struct container_line container_match(const struct lines *lines, cmark_node *block, int number);

/* Blanks and marks that put a new block into the containers of `block` on a line of its own. */
void container_prefix(struct buf *out, const struct lines *lines, cmark_node *block);

#endif
