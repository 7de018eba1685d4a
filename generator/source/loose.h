/*
 * loose: objects that git keeps in files of their own, looked at before libgit2 sees them. For
 * source/ alone.
 *
 * libgit2 1.5 trusts such a file: where its header tells too small a size, bytes are copied past
 * the end of their memory, and some damaged streams are inflated without end. So the whole stream
 * is run here first, through a buffer, and every byte of it counted.
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

/* Whether it has a file of its own, be it one that cannot be read. */
bool loose_is_there(const struct source *source, const struct source_id *id);

#endif
