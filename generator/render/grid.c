#include "render/grid.h"

#include "render/fields.h"

static void add_row(struct render *render, struct grid *grid, struct str json)
{
    struct arena *arena = &render->arena;
    struct fields cells = fields_read(render, json);
    grid->cells = arena_grow(arena, grid->cells, grid->rows, grid->columns * sizeof *grid->cells);
    struct str *row = &grid->cells[grid->rows++ * grid->columns];
    for (size_t i = 0; i < grid->columns; i++) {
        row[i] = i + 1 < cells.count ? cells.nodes[i + 1].text : (struct str){NULL, 0};
    }
}

struct grid grid_read(struct render *render, int64_t table, struct str columns)
{
    struct arena *arena = &render->arena;
    struct grid grid = {0};
    struct fields names = fields_read(render, columns);
    grid.columns = names.count > 0 ? names.count - 1 : 0;
    grid.names = arena_array(arena, grid.columns + 1, sizeof *grid.names);
    for (size_t i = 0; i < grid.columns; i++) {
        grid.names[i] = names.nodes[i + 1].text;
    }
    struct query *query = database_query(
        render->db, "SELECT cells FROM table_rows WHERE table_id = ?1 ORDER BY number");
    query_bind_int(query, 1, table);
    while (query_next(query)) {
        add_row(render, &grid, arena_copy(arena, query_str(query, 0)));
    }
    return grid;
}
