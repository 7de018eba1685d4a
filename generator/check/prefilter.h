/*
 * prefilter: finds quickly where eleven digits and more may stand in a row. For personal.c alone.
 *
 * Almost all bytes of a site hold no number. This looks at 64 bytes at a time where the processor
 * can (prefilter_fast.h), and never passes over a row that normalise_read would read, but for what
 * is told below: what it finds may turn out to be none.
 */
#ifndef CHECK_PREFILTER_H
#define CHECK_PREFILTER_H

#include "check/normalise.h"

enum prefilter_speed { PREFILTER_PLAIN, PREFILTER_FAST };

/* How fast this processor can. */
enum prefilter_speed prefilter_speed(void);

/*
 * Where the next such row begins, from `from` on; s.n where there is none. Digits are taken
 * together over gaps up to `most`. With NORMALISE_GAP_SOFT, Chinese in percent-encoding is passed
 * over, and so are serial numbers (serial.h): addresses of pages are full of them.
 */
size_t prefilter_find(struct str s, size_t from, enum normalise_gap most,
                      enum prefilter_speed speed);

#endif
