/*
 * earlier: what the records that there are tell of the one that comes next. For commands/: `new`.
 *
 * Files are read as text, line by line of their front matter: all of a large repository is looked
 * at in a moment, and records with faults count too.
 */
#ifndef COMMANDS_EARLIER_H
#define COMMANDS_EARLIER_H

#include "commands/site.h"

struct earlier_question {
    struct site *site;
    struct arena *arena; /* for the answers */
    const struct config_item *item;
    const struct config_org *org; /* NULL: unknown */
    struct str folder;            /* of the organisation; "" is all of the content */
};

struct earlier_places {
    struct str folder; /* where most records of the item stand; empty where there are none */
    struct str org;    /* the name that the first of them gives; or empty */
    bool has_several_orgs;
};

int earlier_find(struct earlier_places *out, const struct earlier_question *question,
                 struct fault *fault);

/* The closing balance of the last of the organisation's records of the item; or empty. */
int earlier_closing(struct str *out, const struct earlier_question *question, struct fault *fault);

/*
 * The next index number of the as-of date's year: it begins with `agency`, or where that is empty
 * as the organisation's records do, or those of its folder. Empty where nothing tells. A number
 * that is merely mentioned was given once, and is not given again.
 */
int earlier_next_index(struct str *out, const struct earlier_question *question, struct str agency,
                       struct fault *fault);

#endif
