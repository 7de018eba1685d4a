/*
 * fit: may a file be published, by how large it is and how it begins? For source/ alone.
 */
#ifndef SOURCE_FIT_H
#define SOURCE_FIT_H

#include "source/source.h"

/* A Markdown or CSV file, by its extension. */
bool fit_is_text(struct str path);

/* More bytes than that are not published. */
size_t fit_limit(struct str path);

/*
 * Only small files can be pointers of Git LFS, and reading them all would cost more than the list
 * itself: of text files, which are read anyway but may be short, only those of a pointer's usual
 * size are asked.
 */
bool fit_may_be_pointer(const struct source_file *file);
bool fit_is_pointer(struct str bytes);

/* Says why the file is left out, unless it is fit. */
void fit_tell(struct diag *diag, const struct source_file *file);

#endif
