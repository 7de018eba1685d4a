/* grid: a table of the database as names and cells. Inside render/ only. */
#ifndef RENDER_GRID_H
#define RENDER_GRID_H

#include "render/render.h"

struct grid {
    struct str *names;
    struct str *cells; /* row by row */
    size_t columns, rows;
};

/* The table of that id; `columns` is its JSON, which must live as long. Lives in render->arena. */
struct grid grid_read(struct render *render, int64_t table, struct str columns);

#endif
