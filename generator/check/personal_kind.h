/*
 * personal_kind: what each kind of number looks like. For personal.c alone.
 */
#ifndef CHECK_PERSONAL_KIND_H
#define CHECK_PERSONAL_KIND_H

#include "check/personal.h"

/* What a shape is worth: alone, and beside a word that raises it. */
enum personal_shape {
    PERSONAL_SHAPE_NONE,
    PERSONAL_SHAPE_LABELLED, /* nothing; doubtful */
    PERSONAL_SHAPE_WEAK,     /* nothing; certain */
    PERSONAL_SHAPE_DOUBTFUL, /* doubtful; certain */
    PERSONAL_SHAPE_CERTAIN
};

/* A row of whole groups out of a run. */
struct personal_number {
    unsigned char values[20];
    size_t count;
    unsigned char gap;       /* the strongest in it */
    bool is_even;            /* its gaps, silent ones aside, all begin alike */
    unsigned char group[20]; /* sizes of the groups between soft and strong gaps */
    size_t group_count;
    unsigned char edge; /* the weaker of the gaps around it; STRONG at an end of the run */
    bool is_whole_run;
    bool is_wrapped; /* whole, and parted by one or two line ends and nothing else */
};

enum personal_shape personal_identity_shape(const struct personal_number *number);
enum personal_shape personal_old_identity_shape(const struct personal_number *number);
enum personal_shape personal_mobile_shape(const struct personal_number *number);
enum personal_shape personal_card_shape(const struct personal_number *number);

#endif
