/*
 * personal: finds numbers that belong to a person in any bytes. For check/ alone; knows base only.
 *
 *     struct personal_list found = {0};
 *     personal_find(&found, &arena, bytes, PERSONAL_FORM_TEXT);
 *
 * Identity numbers are known by province, calendar and check digit (GB 11643, ISO 7064 MOD 11-2),
 * bank cards by prefix and Luhn, mobile numbers by their shape. Words nearby and the heading of a
 * column raise or lower what a number is taken for: a social credit code, a parcel or a contractor
 * code stays what its label says, whatever its digits look like.
 *
 * No caller may show the bytes of a finding: personal_mask first.
 */
#ifndef CHECK_PERSONAL_H
#define CHECK_PERSONAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "check/normalise.h"

enum personal_rule {
    PERSONAL_RULE_IDENTITY,     /* 18 places */
    PERSONAL_RULE_OLD_IDENTITY, /* 15 places, before 1999 */
    PERSONAL_RULE_MOBILE,
    PERSONAL_RULE_CARD,
    PERSONAL_RULE_COUNT /* not a rule */
};

enum personal_certainty {
    PERSONAL_CERTAINTY_NONE,
    PERSONAL_CERTAINTY_LOWERED, /* looks like one, but its label says that it is none */
    PERSONAL_CERTAINTY_DOUBTFUL,
    PERSONAL_CERTAINTY_CERTAIN
};

enum personal_form { PERSONAL_FORM_TEXT, PERSONAL_FORM_CSV };

struct personal_finding {
    enum personal_rule rule;
    enum personal_certainty certainty;
    size_t start, end; /* bytes of the source */
    char digits[24];   /* normalised; never shown */
};

struct personal_list {
    struct personal_finding *items; /* by start, not overlapping */
    size_t count;
};

/* Appends what is found, LOWERED ones included. Any bytes are fine. */
void personal_find(struct personal_list *out, struct arena *arena, struct str bytes,
                   enum personal_form form);

/*
 * Appends what is certain in a page or another output. Line ends, cells and commas part numbers
 * here: what stood together in the source was found there. A number of which the source said what
 * it is looks like one again: the caller knows which.
 */
void personal_find_shown(struct personal_list *out, struct arena *arena, struct str bytes,
                         enum personal_form form);

/* Appends `bytes` with a star for each digit of each finding: no digit of it remains, so that
 * nothing can be confirmed. Lines and columns stay. */
void personal_mask(struct buf *out, struct str bytes, const struct personal_list *found);

/* The same for text whose findings nobody needs. */
void personal_mask_all(struct buf *out, struct arena *arena, struct str bytes);

/* A number of which stars hide a part: how many places are shown before, hidden, and after. */
struct personal_window {
    size_t start, before, hidden, after;
};

/* Numbers of 11, 15 to 19 places with two or more stars in them, at most `max`: how many. A site
 * that hides different places in two tables gives the whole number away. */
size_t personal_windows(struct personal_window *out, size_t max, struct str bytes);

#endif
