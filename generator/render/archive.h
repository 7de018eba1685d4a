/*
 * archive: listings by time, of everything or of one organisation, item, tag or folder. Inside
 * render/ only.
 *
 * A dimension (all, org, item, tag, section) with a value is a tree of periods: everything, years,
 * months, days and, for a day of very many records, parts. A node of at most RENDER_LISTING_MAX
 * records lists them; a larger one lists the periods below it and the newest few. So a new record
 * touches one node of each depth, however many records there are. For `all`, years and months are
 * always there.
 */
#ifndef RENDER_ARCHIVE_H
#define RENDER_ARCHIVE_H

#include "render/page.h"

/*
 * The address of a node: `dimension` is "all" or the like, `value` its key as it is, `period` ""
 * or "2026" or "2026-09" or "2026-09-05" or "2026-09-05/2".
 */
struct str archive_url(struct render *render, const char *dimension, struct str value,
                       struct str period);

/*
 * Calls `visit` for every dimension that has feeds and every value of it that this database has;
 * where `touch` is not NULL only for those of whose newest `most` records one is touched.
 */
int archive_visit_values(struct render *render, const struct touch *touch, int64_t most,
                         int (*visit)(void *context, const char *dimension, struct str value),
                         void *context);

/* What a reader calls the value: the organisation's name, "标签:路灯", the site's title. */
struct str archive_title(struct render *render, struct str dimension, struct str value);

#endif
