/*
 * normalise: the digits of a text, however they are written. For check/ alone.
 *
 * A run is a row of digits with nothing but joiners between them: blanks, dashes, dots, invisible
 * characters, emphasis, escapes, tags, line ends and cell borders of tables. Digits are those of
 * every script, full-width, circled and Chinese ones, also as character references, as escapes of
 * JSON and YAML, and percent-encoded. Each digit remembers its bytes in the source.
 *
 *     for (size_t at = 0; (at = prefilter_find(s, at, ...)) < s.n;) {
 *         at = normalise_read(&run, s, at);      run.count may be 0
 *     }
 */
#ifndef CHECK_NORMALISE_H
#define CHECK_NORMALISE_H

#include "base/str.h"

#include <stdint.h>

/* What stands before a digit. All but NONE can be the border of a number. */
enum normalise_gap {
    NORMALISE_GAP_NONE,
    NORMALISE_GAP_SILENT, /* nothing that a reader sees */
    NORMALISE_GAP_SOFT,   /* what people group digits with */
    NORMALISE_GAP_STRONG  /* line ends, cells, commas: mostly two numbers */
};

enum { NORMALISE_RUN_MAX = 256, NORMALISE_X = 10, NORMALISE_SCRIPT_CHINESE = 1 };

struct normalise_digit {
    size_t start, end;    /* its bytes in the source */
    unsigned char value;  /* 0 to 9; NORMALISE_X for the X that ends an identity number */
    unsigned char script; /* digits of two scripts side by side have a SILENT gap */
    unsigned char gap;    /* before it, in the run */
    unsigned char joiner; /* first byte of that gap */
};

struct normalise_run {
    struct normalise_digit digits[NORMALISE_RUN_MAX];
    size_t count;
};

/* Reads the run that begins at `from`; where to go on. A run that is too long is cut, overlapping
 * the next by more digits than a number has. Any bytes are fine. */
size_t normalise_read(struct normalise_run *out, struct str s, size_t from);

#endif
