/*
 * ical: writes iCalendar (RFC 5545) into a buffer. For render/.
 *
 *     ical_line(&buf, "BEGIN", STR("VEVENT"));
 *     ical_text(&buf, "SUMMARY", title);              escaped
 *     ical_line(&buf, "DTSTART;VALUE=DATE", STR("20260905"));
 *     ical_line(&buf, "END", STR("VEVENT"));
 *
 * Every line ends in CRLF, and is folded where it would pass 75 octets, never inside a character.
 * What comes of it is proved by format.h, which reads it back.
 */
#ifndef FORMAT_ICAL_H
#define FORMAT_ICAL_H

#include "base/buf.h"

enum { ICAL_LINE_MAX = 75 /* octets of a line without its end: RFC 5545, 3.1 */ };

/* `name` is a constant of ours, with its parameters; `value` is written as it stands. */
void ical_line(struct buf *out, const char *name, struct str value);

/* A value of type TEXT, valid UTF-8: backslash, comma, semicolon and line feed are escaped. */
void ical_text(struct buf *out, const char *name, struct str text);

#endif
