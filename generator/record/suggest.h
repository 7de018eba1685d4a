/*
 * suggest: the word that was probably meant. For record/ alone.
 *
 *     struct suggest suggest = {.wanted = key};
 *     suggest_offer(&suggest, candidate);     for each, the likelier ones first
 *     suggest.best                            empty where none is near
 */
#ifndef RECORD_SUGGEST_H
#define RECORD_SUGGEST_H

#include "base/str.h"

struct suggest {
    struct str wanted;
    struct str best;
    int distance; /* of best; no meaning where best is empty */
};

/* Words of up to SUGGEST_LENGTH_MAX characters; longer ones are never near. */
void suggest_offer(struct suggest *suggest, struct str candidate);

enum { SUGGEST_LENGTH_MAX = 40 };

#endif
