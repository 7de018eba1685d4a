/*
 * archive_node: a node of the tree of periods (archive.h): its key, its address, what is below it.
 * For archive_*.c alone.
 */
#ifndef RENDER_ARCHIVE_NODE_H
#define RENDER_ARCHIVE_NODE_H

#include "render/archive.h"
#include "render/tally.h"

struct node {
    const struct dimension *dimension;
    struct str value;
    struct str period; /* without its part */
    long part;         /* from 1; 0: the whole */
};

struct node_periods {
    struct tally_period *items;
    size_t count;
};

/* What an output is drawn from: "dimension\nvalue\nperiod". A value is never empty but for "all".
 */
struct str node_key(struct render *render, const struct node *node, struct str period);
struct node node_read(struct str key);

/* The address of one of the periods of the node's value. */
struct str node_url(struct render *render, const struct node *node, struct str period);

/* Has the value a page? `count` is how many records it has. */
bool node_has_page(const struct node *node, int64_t count);

/* Does the node of so many records show periods? */
bool node_has_periods(const struct node *node, int64_t count);

/* Are those below it parts of a day? */
bool node_is_day(const struct node *node);

/* They themselves, the newest first; a day's are its parts, "2026-09-05/2". */
struct node_periods node_periods(struct render *render, const struct node *node, int64_t count);

#endif
