/*
 * tally: how many records of a dimension's value there are in each period. Inside render/ only.
 *
 *     const struct tally *tally = tally_of(render, dimension, value);
 *     struct tally_walk walk = tally_walk(tally, STR("2026"), 7);
 *     while (tally_next(&period, &walk)) ...     its months, the newest first
 *
 * The dates of all records are read once for each value, and kept with the render for who asks
 * next: its database must not change. A tally is good until another value is asked for.
 * A period is a beginning of a date: "" is all time, "2026" a year, "2026-09-05" a day.
 */
#ifndef RENDER_TALLY_H
#define RENDER_TALLY_H

#include "render/dimension.h"
#include "render/render.h"

struct tally;

struct tally_period {
    struct str name;   /* "2026-09" */
    struct str newest; /* date in it; "" where there is none */
    int64_t count;
};

/* The periods of `length` bytes that are left to be told. */
struct tally_walk {
    const struct tally *tally;
    size_t length, from, to;
};

const struct tally *tally_of(struct render *render, const struct dimension *dimension,
                             struct str value);

struct tally_period tally_period(const struct tally *tally, struct str period);

/* How many records are newer than all of the period. */
int64_t tally_newer(const struct tally *tally, struct str period);

/* The day from which on the period has `count` records; where it has fewer, the period. */
struct str tally_reach(const struct tally *tally, struct str period, int64_t count);

struct tally_walk tally_walk(const struct tally *tally, struct str period, size_t length);
bool tally_next(struct tally_period *out, struct tally_walk *walk);

#endif
