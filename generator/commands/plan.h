/*
 * plan: what a build will do to each record, and when the next one is due. For commands/ only; both
 * are asked once the records are read, before the store is sealed.
 */
#ifndef COMMANDS_PLAN_H
#define COMMANDS_PLAN_H

#include "base/buf.h"
#include "base/date.h"
#include "base/fault.h"
#include "store/memory.h"

/*
 * The next day on which something changes by itself: a notice begins, counts its days or ends, a
 * deadline passes, a record comes out or is taken down. Year 0: none.
 */
int plan_find_due(struct date *out, struct memory *memory, struct date as_of, struct fault *fault);

/*
 * Appends what changes, by record, in the order of their paths, to `text` a line each and to `json`
 * an array. `old` NULL: nothing is published yet.
 */
int plan_write(struct buf *text, struct buf *json, struct database *old, struct database *new,
               struct memory *memory, bool is_zh, struct fault *fault);

#endif
