/*
 * loose: objects that git keeps in files of their own. For source/ alone.
 *
 * libgit2 1.5 trusts such a file: where its header tells too small a size, bytes are copied past
 * the end of their memory, and some damaged streams are inflated without end. So they are read
 * here, through a buffer, and every byte is counted; what libgit2 will read all the same is looked
 * at here first.
 */
#ifndef SOURCE_LOOSE_H
#define SOURCE_LOOSE_H

#include "source/repository.h"

/* -1 with a fault where the object lies loose and is damaged; 0 else, also where it is not loose.
 */
int loose_check(struct source *source, const struct source_id *id, struct str path,
                struct fault *fault);

/* The same of its header alone. */
int loose_check_header(struct source *source, const struct source_id *id, struct str path,
                       struct fault *fault);

/*
 * 1 with the object, whose name is not verified; 0 where it is not loose; -1 with a fault where it
 * is damaged or not what is wanted. In any case *out may be set, and the caller releases it.
 */
int loose_read(struct object **out, struct source *source, const struct source_id *id,
               const struct repository_wanted *wanted, struct fault *fault);

/* Whether it has a file of its own, be it one that cannot be read. */
bool loose_is_there(const struct source *source, const struct source_id *id);

#endif
