/*
 * utf8: reading and writing UTF-8 (RFC 3629). Anyone may include it.
 *
 * Strict: overlong forms, surrogates and anything past U+10FFFF are invalid.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

/*
 * Decodes the character at the front of `s` into `out` and returns its length in bytes, 1 to 4;
 * 0 where `s` is empty or does not begin with a valid character.
 */
size_t utf8_decode(uint32_t *out, struct str s);

/* The character at the front of `rest`, which is moved past it; false at the end or if invalid. */
bool utf8_next(uint32_t *out, struct str *rest);

/* Appends `c`, a Unicode scalar value. */
void utf8_add(struct buf *buf, uint32_t c);

/*
 * From `at` on, where a character begins, past those that nearly all text consists of: printable
 * ASCII and line feeds, U+1000 to U+CFFF, full-width forms to U+FF3F. What is skipped is valid,
 * and fit for XML.
 */
size_t utf8_skip_common(struct str s, size_t at);

/* The offset of the first byte that is not valid UTF-8, or -1 where all are. */
ptrdiff_t utf8_find_invalid(struct str s);

/* How many characters `s` has; an invalid byte counts as one. */
size_t utf8_length(struct str s);

/* The same of a text that is known to be valid, and so in a few instructions for many bytes. */
size_t utf8_count(struct str valid);

/* At most the first `count` characters of `s`. */
struct str utf8_first(struct str s, size_t count);

/* Columns of a terminal that `s` takes: 2 for wide East Asian characters, 0 for combining ones. */
size_t utf8_width(struct str s);

/* C0 and C1 controls but for tab, LF and CR: they stand in no text of ours. */
bool utf8_is_control(uint32_t c);

/* Characters of the Bidi_Control property, which make text read otherwise than it is stored. */
bool utf8_is_bidi(uint32_t c);

/* Zero-width, tag and other invisible format characters; U+FEFF included, U+200D and U+200C not. */
bool utf8_is_invisible(uint32_t c);

/* Characters that XML 1.0 may hold (section 2.2). */
bool utf8_is_xml(uint32_t c);

/* Unified and compatibility ideographs, with 〇 (U+3007) and 々 (U+3005): the script Han. */
bool utf8_is_han(uint32_t c);

#endif
