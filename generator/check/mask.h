/*
 * mask: how the site says that numbers are masked: `rules: {masks: …}` in gongkai.yml. For
 * commands/.
 */
#ifndef CHECK_MASK_H
#define CHECK_MASK_H

#include "check/record.h"
#include "record/config.h"

/*
 * Puts the windows that the configuration names into `out`, as if a record had shown numbers so:
 * check_windows then tells of every other. What cannot be read, and what shows more than may be
 * shown (a mobile 3+4, an identity number 2+3, a card 4+4), is a fault and left out.
 */
void mask_read(struct check *out, const struct config *config, struct diag *diag);

#endif
