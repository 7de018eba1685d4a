/*
 * frozen: how a frozen page (freeze.h) is written in bytes. Private to theme/.
 *
 * Numbers are of four bytes, the lowest first. Behind the head stand its instructions, the parts of
 * names, the strings, and the bytes that all of these point into:
 *
 *     head         FROZEN_MARK, and how many of each of the three
 *     instruction  kind with the count of parts of its name; end; of text its offset and length,
 *                  else the first part of its name and 0
 *     part         offset and length
 *     string       offset and length of its key, then of its text; ascending by key
 */
#ifndef THEME_FROZEN_H
#define THEME_FROZEN_H

#include "theme/freeze.h"
#include "theme/show.h"

enum {
    FROZEN_MARK = 0x31504b47, /* "GKP1" */
    FROZEN_NUMBER = 4,        /* bytes of a number */
    FROZEN_HEAD = 4,          /* numbers of the head, and so on */
    FROZEN_OP = 4,
    FROZEN_PART = 2,
    FROZEN_STRING = 4,
    FROZEN_KIND_BITS = 8 /* of the first number of an instruction; above them the count of parts */
};

/* Runs all of a program; render.c. */
int render_run(struct render *render, struct program program);

#endif
