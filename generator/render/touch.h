/*
 * touch: what a change of records touches, so that only that is drawn again. For commands/.
 *
 *     touch_record(&touch, render, path);      for every changed path, before and after the change
 *     touch_due(&touch, render, from, to, &fault);   where the as-of date moves
 *     touch_ready(&touch, false);              before the change
 *     output_list_touched(&before, render, &touch, false, &fault);
 *     touch_ready(&touch, true);               after it
 *     output_list_touched(&after, render, &touch, false, &fault);
 *
 * What is in `before` and not in `after` is no more; what is in `after` is drawn. More than needed
 * may be touched, never less: a file that comes out the same is left alone.
 */
#ifndef RENDER_TOUCH_H
#define RENDER_TOUCH_H

#include "base/set.h"
#include "render/render.h"

struct touch {
    struct set records; /* paths whose page shows something that changes */
    struct set changed; /* paths of changed records themselves */
    struct set nodes;   /* "dimension\nvalue\ndate" of listings: archive.h */
    struct set folders; /* with all above them; "" is the root */
    struct set moved;   /* former addresses */
    struct set attachments;
    bool is_other_day; /* the as-of date moves: what is coming and what is past is another matter */
    /*
     * How far a listing's length may be off on the other side of the change. Before it, by as many
     * records as change; after it by twice as many, so that whatever was listed whole before is
     * listed whole after, and nothing that still is is taken for gone.
     */
    size_t slack;
};

/* The record at `path` as this database has it, and all that shows something of it. */
int touch_record(struct touch *touch, struct render *render, struct str path);

/* Records whose page says something else on one of the days than on the other. */
int touch_due(struct touch *touch, struct render *render, struct date from, struct date to);

/* Adds the organisations whose records, or those of one below them, are touched. */
void touch_orgs(struct set *out, const struct touch *touch);

/* Call it when all is touched, before the outputs of either side are listed. */
void touch_ready(struct touch *touch, bool is_after);

/* The outputs of this database that are touched. */
int output_list_touched(struct output_list *out, struct render *render, const struct touch *touch,
                        bool is_late, struct fault *fault);

void touch_free(struct touch *touch);

#endif
