/*
 * unicode: normal forms and folding; the one door to utf8proc. Anyone may include it.
 *
 * Input is valid UTF-8; output is appended to `buf` as valid UTF-8.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include "base/buf.h"

#include <stdint.h>

/* Unicode Normalization Form C (UAX #15). */
void unicode_nfc(struct buf *buf, struct str s);

/* The form under which two file names are one address: NFC, then full case folding, then NFC. */
void unicode_fold_name(struct buf *buf, struct str s);

/*
 * The form under which text is searched: compatibility composition with full case folding
 * (NFKC_Casefold without its default ignorables, UAX #31), then marks of Latin, Greek and
 * Cyrillic letters dropped (é is e).
 */
void unicode_fold_search(struct buf *buf, struct str s);

/* General categories L* and N*: what makes a word. */
bool unicode_is_alphanumeric(uint32_t c);

#endif
