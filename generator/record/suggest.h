/*
 * suggest: the word that was probably meant. For record/, and for commands/ that take names.
 *
 *     struct suggest suggest = {.wanted = key};
 *     suggest_offer(&suggest, candidate);     for each, the likelier ones first
 *     suggest.best                            empty where none is near
 *
 *     struct suggest_list list = {.wanted = name};
 *     suggest_list_offer(&list, candidate);
 *     suggest_list_text(&list, arena)         the nearest few: "甲、乙", or empty
 *
 * A key is misspelt, a name is abbreviated or half remembered too: the list takes 低保 for
 * 最低生活保障, and 村务公开 for 季度村务公开.
 */
#ifndef RECORD_SUGGEST_H
#define RECORD_SUGGEST_H

#include "base/arena.h"
#include "base/str.h"

struct suggest {
    struct str wanted;
    struct str best;
    int distance; /* of best; no meaning where best is empty */
};

/* Words of up to SUGGEST_LENGTH_MAX characters; longer ones are never near. */
void suggest_offer(struct suggest *suggest, struct str candidate);

enum { SUGGEST_LENGTH_MAX = 40, SUGGEST_LIST_MAX = 3 };

struct suggest_list {
    struct str wanted;
    struct str best[SUGGEST_LIST_MAX]; /* the nearest first */
    int ranks[SUGGEST_LIST_MAX];
    size_t count;
};

void suggest_list_offer(struct suggest_list *list, struct str candidate);
struct str suggest_list_text(const struct suggest_list *list, struct arena *arena);

#endif
