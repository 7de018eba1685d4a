/* ical_check: a strict reader of iCalendar (RFC 5545). Inside format/ only. */
#ifndef FORMAT_ICAL_CHECK_H
#define FORMAT_ICAL_CHECK_H

#include "format/format.h"

/*
 * Lines: CRLF, at most 75 octets, whole characters, name and parameters well formed. Components:
 * one VCALENDAR of which each begins and ends, with what it must have and nothing twice; values of
 * their types; no two events of one UID, none that ends before it begins.
 */
int ical_check(struct format_fault *out, struct str bytes);

#endif
