/* events: what happens on a day, out of what records say. For store/ only. */
#ifndef STORE_EVENTS_H
#define STORE_EVENTS_H

#include "record/record.h"
#include "store/database.h"

/* The rows of a record that is `id`; none of one that hangs on the notice board alone. */
void events_put(struct database *db, int64_t id, const struct record *record);

void events_remove(struct database *db, int64_t id);

#endif
