/*
 * prefilter_fast: prefilter.c's search, 64 bytes at a time. For prefilter.c alone.
 */
#ifndef CHECK_PREFILTER_FAST_H
#define CHECK_PREFILTER_FAST_H

#include "check/digit_row.h"

/* Can this processor do it (AVX2)? */
bool prefilter_fast_can(void);

/* Where the first row of digits begins, from `from` on; s.n where there is none. Serial numbers
 * that stand for themselves may be passed over (serial.h) where `most` is NORMALISE_GAP_SOFT. */
size_t prefilter_fast_find(struct str s, size_t from, enum normalise_gap most);

#endif
