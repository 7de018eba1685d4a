/*
 * path: paths inside a repository, as text. Anyone may include it. Nothing here asks the disk.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/arena.h"

/* The part behind the last slash, and the part before it ("" at the root). */
struct str path_name(struct str path);
struct str path_folder(struct str path);

/* The name without what stands behind its last point; a point at the front is no extension. */
struct str path_stem(struct str path);

/*
 * What `relative`, written in the file `from`, means: a path from the root, "" the root itself. A
 * leading slash is the root; "." and ".." are resolved. False where they lead out of it.
 */
bool path_resolve(struct str *out, struct arena *arena, struct str from, struct str relative);

/* The same of a file in `folder`. */
bool path_resolve_in(struct str *out, struct arena *arena, struct str folder, struct str relative);

#endif
