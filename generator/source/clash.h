/*
 * clash: two names that are one address. For source/ alone.
 *
 * Names are kept as git stores them; what is compared is their folded form (unicode_fold_name),
 * under which a.md, A.md and both normal forms of é.md are one. The form of a path is the forms of
 * its components with slashes between, since nothing composes across a slash.
 */
#ifndef SOURCE_CLASH_H
#define SOURCE_CLASH_H

#include "source/source.h"

/* A path's folded form beside it; `folded` is the very same str where folding changes nothing. */
struct clash_name {
    struct str folded, path;
    size_t index; /* of the file; CLASH_FOLDER for a folder */
};

enum { CLASH_FOLDER = -1 };

/* Appends the folded form of one component. */
void clash_fold(struct buf *out, struct str name);

/*
 * Tells of every file whose folded path is that of a file before it in byte order, or of a folder,
 * and sets its `is_clashing`. Where `is_exact`, only of the very same path twice. Sorts `names`.
 */
void clash_find(struct clash_name *names, size_t count, bool is_exact, bool *is_clashing,
                struct diag *diag);

#endif
