/*
 * name_check: do objects bear the names of their bytes? Asked on a thread of its own, while whoever
 * read them goes on with what they say. For source/ alone.
 *
 *     struct name_check *check = name_check_start();
 *     cache.check = check;                        trees that this cache reads are put
 *     ...
 *     if (!name_check_end(check)) ...             what was read must be read anew, with care
 *
 * Of a long history, hashing its trees takes as long as all else.
 */
#ifndef SOURCE_NAME_CHECK_H
#define SOURCE_NAME_CHECK_H

#include "source/object.h"

struct name_check;

/* NULL where no thread is to be had. */
struct name_check *name_check_start(void);

/* Holds the object once more until it has been looked at. Waits where too many are held so. */
void name_check_put(struct name_check *check, struct object *object, const struct source_id *id);

/* Waits, and frees it. Were all of them as they should be? NULL is fine. */
bool name_check_end(struct name_check *check);

#endif
