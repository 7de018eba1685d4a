/*
 * parts: where in a day each part of its listing begins. Inside render/ only.
 *
 * A day of 100,000 records, as a repository without dates that was committed at once has, is
 * listed on 500 pages. Each would sort all of them, and pass over those before it: the beginnings
 * are found once, and kept with the render for the next page of the day. Its database must not
 * change.
 */
#ifndef RENDER_PARTS_H
#define RENDER_PARTS_H

#include "render/dimension.h"
#include "render/render.h"

/*
 * The path of the first record of the part, counted from 1; "" where there is none. Only for
 * dimensions that have `starts`. Good until it is asked for another day.
 */
struct str parts_start(struct render *render, const struct dimension *dimension, struct str value,
                       struct str day, long part);

#endif
