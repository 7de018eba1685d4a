#include "render/grid.h"

#include "render/fields.h"

struct grid grid_read(struct render *render, int64_t table, struct str columns, size_t row_count)
{
    struct arena *arena = &render->arena;
    struct grid grid = {.rows = row_count};
    struct fields names = fields_read(render, columns);
    grid.columns = names.count > 0 ? names.count - 1 : 0;
    grid.names = arena_array(arena, grid.columns + 1, sizeof *grid.names);
    for (size_t i = 0; i < grid.columns; i++) {
        grid.names[i] = names.nodes[i + 1].text;
    }
    grid.cells = arena_array(arena, grid.columns * row_count + 1, sizeof *grid.cells);
    struct query *query = database_query(
        render->db, "SELECT number, cells FROM table_rows WHERE table_id = ?1 ORDER BY number");
    query_bind_int(query, 1, table);
    while (query_next(query)) {
        size_t row = (size_t)query_int(query, 0) - 1;
        struct fields cells = fields_read(render, arena_copy(arena, query_str(query, 1)));
        for (size_t i = 1; row < row_count && i < cells.count && i <= grid.columns; i++) {
            grid.cells[row * grid.columns + i - 1] = cells.nodes[i].text;
        }
    }
    return grid;
}
