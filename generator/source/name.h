/*
 * name: which names of files and folders may be published. For source/ and its tests; pure.
 *
 * git stores any bytes but NUL, and libgit2 hands over what is stored. What is refused here could
 * leave the output's folder, hide in a listing, fool a terminal, or not exist on a clerk's Windows.
 * Ordinary names of other people's repositories pass: any script, blanks inside, #?%&+'()[],
 * a leading "-", "_" or ".".
 */
#ifndef SOURCE_NAME_H
#define SOURCE_NAME_H

#include "base/diag.h"

/* True where the component is fit; otherwise `why` is the diagnostic that says why not. */
bool name_is_fit(enum diag_code *why, struct str name);

#endif
