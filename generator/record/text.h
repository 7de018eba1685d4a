/*
 * text: the bytes of a source file as clean UTF-8. For record/ and check/.
 */
#ifndef RECORD_TEXT_H
#define RECORD_TEXT_H

#include "base/arena.h"
#include "base/diag.h"

/*
 * The text of a file: valid UTF-8 without a byte-order mark, its lines ending in LF alone. It is
 * the source of the diag from then on. Borrowed from `bytes` where nothing had to be changed.
 *
 * UTF-16 with a byte-order mark and GB18030 are decoded, and noted. Bytes that are neither,
 * controls, bidi and invisible characters are faults with their places. Where the diag is lenient
 * what remains invalid, and controls, become U+FFFD: nothing that XML refuses goes further.
 */
struct str text_read(struct arena *arena, struct str path, struct str bytes, struct diag *diag);

/*
 * A value that was written with escapes, at `place`, may hold what the file's text does not: the
 * same faults, the same replacement.
 */
struct str text_read_escaped(struct arena *arena, struct place place, struct str value,
                             struct diag *diag);

/* At most `limit` characters of `s`, cut behind a sentence or between words; "…" where cut. */
struct str text_shorten(struct arena *arena, struct str s, size_t limit);

enum { TEXT_FAULTS_MAX = 100 }; /* strange characters told of in one file */

#endif
