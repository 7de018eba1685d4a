/*
 * format: reads what is about to be published as those read it who take it, strictly. For
 * commands/, which refuses to publish what does not pass, and tells of it where it is published
 * already.
 *
 *     if (format_check(&fault, file, bytes) != 0) ...
 *
 * XML is not here: xml/ reads back what it writes.
 */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "base/str.h"

enum format_wrong {
    FORMAT_WRONG_CALENDAR, /* a line of a calendar */
    FORMAT_WRONG_JSON,     /* no JSON */
    FORMAT_WRONG_MEMBER    /* JSON that lacks what its format asks for, or has something else */
};

struct format_fault {
    enum format_wrong wrong;
    size_t line;     /* of a calendar, from 1; of what is no JSON the byte, from 1 */
    char what[128];  /* which property or key, in the format's own words */
    char where[128]; /* in which object of JSON */
};

/* 0, or -1 with the first fault; `file` is below the web root, and one that is none of ours passes.
 */
int format_check(struct format_fault *out, struct str file, struct str bytes);

#endif
