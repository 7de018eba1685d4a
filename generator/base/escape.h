/*
 * escape: text into the contexts it enters. Anyone may include it.
 *
 * Text stays raw until it meets its context; there, and only there, one of these is called. The
 * input is valid UTF-8; what comes out is appended to `buf`.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"

/* HTML text and quoted attribute values alike: & < > " ' become references. */
void escape_html(struct buf *buf, struct str s);

/*
 * A path as part of a URI (RFC 3986): unreserved characters and `/` stand, every
 * other byte is percent-encoded. Not for HTML by itself: escape_html comes behind it.
 */
void escape_path(struct buf *buf, struct str s);

/* The same for a value of a query string: `/` is encoded too. */
void escape_query(struct buf *buf, struct str s);

/* The inside of a JSON string (RFC 8259), without the quotes; `<` as \u003c, safe in HTML too. */
void escape_json(struct buf *buf, struct str s);

/*
 * One CSV field (RFC 4180), quoted where it must be. Text that a spreadsheet would take for a
 * formula (it begins with = + - @, their full-width forms, TAB or CR, and is not a plain number)
 * gets an apostrophe in front.
 */
void escape_csv(struct buf *buf, struct str s);

/*
 * Takes percent-encoding away: "%" and two hexadecimal digits become a byte. False, with nothing
 * appended, where a "%" has other company or the byte would be NUL.
 */
bool escape_decode_percent(struct buf *buf, struct str s);

/*
 * An address as people read and type it: percent-encoded letters beyond ASCII stand as they are.
 * What is encoded for good reason stays so (blanks, %, controls, what nobody sees, invalid bytes),
 * and so does all of it where a keyboard would give other bytes (it is not in NFC). A browser
 * makes the same address of it.
 */
void escape_readable(struct buf *buf, struct str url);

#endif
