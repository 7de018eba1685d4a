/*
 * draw: all outputs, drawn on several threads and staged. For commands/ only.
 *
 *     draw_open(&draw, &job, &fault);   from here on other tables of the database may be written
 *     draw_run(draw, &fault);
 *     draw_close(draw);
 */
#ifndef COMMANDS_DRAW_H
#define COMMANDS_DRAW_H

#include "base/diag.h"
#include "publish/publish.h"
#include "render/touch.h"

struct draw_counts {
    size_t same, changed, added;
};

struct draw_job {
    const struct render_site *site;
    const char *database; /* its path: every thread reads it on its own connection */
    struct publish *publish;
    const char *memory; /* its path: what check let pass stands there */
    struct diag *diag;  /* gets what must not be published */
    int threads;
    bool is_late;              /* the outputs that tell of the finished database */
    const struct touch *touch; /* what of the outputs; NULL: all of them */
    struct draw_counts *counts;
    struct output_list *outputs; /* gets every output that is drawn */
};

struct draw;

/* What the job points to stays the caller's, and must stay. */
int draw_open(struct draw **out, const struct draw_job *job, struct fault *fault);
int draw_run(struct draw *draw, struct fault *fault);

/* NULL is fine. */
void draw_close(struct draw *draw);

#endif
