/* A record's CSV tables as tables of the page, and the files that it offers. */
#include "render/columns.h"
#include "render/grid.h"
#include "render/record_page.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "record/total.h"

enum { SHORT_CELL = 12 /* characters of a cell that is not broken */ };

/* Digits, points and separators, a sign in front, a per cent behind: no date, no voucher's name. */
static bool is_number(struct str s)
{
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
        s = str_from(s, 1);
    }
    if (str_ends(s, STR("%"))) {
        s = str_slice(s, 0, s.n - 1);
    }
    for (size_t i = 0; i < s.n; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (!is_digit && (i == 0 || (s.p[i] != '.' && s.p[i] != ','))) {
            return false;
        }
    }
    return s.n > 0;
}

static bool is_number_column(const struct grid *grid, size_t column)
{
    bool has_any = false;
    for (size_t row = 0; row < grid->rows; row++) {
        struct str cell = grid->cells[row * grid->columns + column];
        if (cell.n > 0 && !is_number(cell)) {
            return false;
        }
        has_any |= cell.n > 0;
    }
    return has_any;
}

static void set_columns(struct render *render, struct value *table, const struct grid *grid,
                        const bool *numbers)
{
    struct arena *arena = &render->arena;
    struct value *list = value_list(arena);
    for (size_t i = 0; i < grid->columns; i++) {
        struct value *column = value_map(arena);
        value_set_text(arena, column, "name", grid->names[i]);
        value_set_bool(arena, column, "is_number", numbers[i]);
        value_add(arena, list, column);
    }
    value_set(arena, table, "columns", list);
}

static struct value *row_value(struct render *render, const struct grid *grid, size_t row,
                               const bool *numbers)
{
    struct arena *arena = &render->arena;
    struct value *value = value_map(arena), *cells = value_list(arena);
    for (size_t i = 0; i < grid->columns; i++) {
        struct str text = grid->cells[row * grid->columns + i];
        struct value *cell = value_map(arena);
        value_set_text(arena, cell, "text", text);
        value_set_bool(arena, cell, "is_number", numbers[i]);
        value_set_bool(arena, cell, "is_short", !numbers[i] && utf8_length(text) <= SHORT_CELL);
        value_add(arena, cells, cell);
    }
    value_set(arena, value, "cells", cells);
    value_set_bool(arena, value, "is_total",
                   total_of_row(&grid->cells[row * grid->columns], grid->columns) != TOTAL_NONE);
    return value;
}

static void set_grid(struct render *render, struct value *table, const struct grid *grid)
{
    bool *numbers = arena_array(&render->arena, grid->columns + 1, sizeof *numbers);
    for (size_t i = 0; i < grid->columns; i++) {
        numbers[i] = is_number_column(grid, i);
    }
    set_columns(render, table, grid, numbers);
    struct value *rows = value_list(&render->arena);
    for (size_t row = 0; row < grid->rows; row++) {
        value_add(&render->arena, rows, row_value(render, grid, row, numbers));
    }
    value_set(&render->arena, table, "rows", rows);
}

struct table_row {
    int64_t id, number;
    struct str caption, source, columns, url;
};

static struct value *table_value(struct render *render, const struct table_row *row)
{
    struct arena *arena = &render->arena;
    struct value *table = value_map(arena);
    value_set_int(arena, table, "number", row->number);
    value_set_text(arena, table, "caption", row->caption);
    value_set_text(arena, table, "csv_url", row->url);
    struct grid grid = grid_read(render, row->id, row->columns);
    value_set_int(arena, table, "row_count", (int64_t)grid.rows);
    set_grid(render, table, &grid);
    return table;
}

static struct value *file_value(struct render *render, struct str name, struct str url,
                                struct str type, struct str size)
{
    struct arena *arena = &render->arena;
    struct value *file = value_map(arena);
    value_set_text(arena, file, "name", name);
    value_set_text(arena, file, "url", url);
    value_set_text(arena, file, "type", type);
    value_set_text(arena, file, "size", size);
    value_set_bool(arena, file, "is_download", true);
    return file;
}

struct str page_size(struct render *render, int64_t bytes)
{
    struct arena *arena = &render->arena;
    if (bytes < 1024) {
        return arena_printf(arena, "%lld B", (long long)bytes);
    }
    if (bytes < 1024 * 1024) {
        return arena_printf(arena, "%lld KB", (long long)((bytes + 512) / 1024));
    }
    long long tenths = (long long)(bytes * 10 / (1024 * 1024));
    return arena_printf(arena, "%lld.%lld MB", tenths / 10, tenths % 10);
}

static struct str type_of(struct render *render, struct str path)
{
    struct str name = path_name(path);
    ptrdiff_t point = str_find_last_char(name, '.');
    struct str copy =
        arena_copy(&render->arena, point < 0 ? STR("") : str_from(name, (size_t)point + 1));
    for (size_t i = 0; i < copy.n; i++) {
        char c = copy.p[i];
        ((char *)copy.p)[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return copy;
}

static bool add_attachments(struct render *render, struct value *files,
                            const struct record_row *row)
{
    bool has_any = false;
    struct query *query =
        /* Grouped in the order of the index: IN would make a table of its own for each record. */
        database_query(render->db, "SELECT path, url, bytes FROM links CROSS JOIN attachments ON"
                                   " path = target WHERE record = ?1 GROUP BY target"
                                   " ORDER BY target");
    query_bind_int(query, 1, row->id);
    while (query_next(query)) {
        struct str path = arena_copy(&render->arena, query_str(query, 0));
        struct str url = arena_copy(&render->arena, query_str(query, 1));
        value_add(&render->arena, files,
                  file_value(render, path_name(path), url, type_of(render, path),
                             page_size(render, query_int(query, 2))));
        has_any = true;
    }
    return has_any;
}

static size_t read_tables(struct render *render, int64_t record, struct table_row **out)
{
    struct arena *arena = &render->arena;
    size_t count = 0;
    struct query *query = database_query(
        render->db, "SELECT id, number, caption, source, columns, url FROM tables WHERE record = ?1"
                    " ORDER BY number");
    query_bind_int(query, 1, record);
    while (query_next(query)) {
        *out = arena_grow(arena, *out, count, sizeof **out);
        (*out)[count++] = (struct table_row){
            query_int(query, 0),
            query_int(query, 1),
            arena_copy(arena, query_str(query, 2)),
            arena_copy(arena, query_str(query, 3)),
            arena_copy(arena, query_str(query, 4)),
            arena_copy(arena, query_str(query, 5)),
        };
    }
    return count;
}

void record_tables_set(struct render *render, struct value *map, const struct record_row *row)
{
    struct arena *arena = &render->arena;
    struct table_row *rows = NULL;
    size_t count = read_tables(render, row->id, &rows);
    struct value *tables = value_list(arena), *files = value_list(arena);
    bool has_tables = false, has_files = add_attachments(render, files, row);
    for (size_t i = 0; i < count; i++) {
        if (str_ends_nocase(rows[i].source, STR(".csv"))) {
            value_add(arena, tables, table_value(render, &rows[i]));
            has_tables = true;
        } else {
            struct str name = rows[i].caption.n > 0 ? rows[i].caption : row->title;
            value_add(arena, files, file_value(render, name, rows[i].url, STR("CSV"), STR("")));
            has_files = true;
        }
    }
    page_set_list(render, map, "tables", "has_tables", tables, has_tables);
    page_set_list(render, map, "files", "has_files", files, has_files);
}

/* Keys are addresses: ids differ from one database to the next. */
#define CSV_COLUMNS                                                                                \
    "SELECT path || char(10) || number, tables.url FROM tables JOIN records ON"                    \
    " records.id = record"

int table_csv_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    if (touch != NULL) {
        return output_add_touched(render, list, kind, &touch->changed,
                                  CSV_COLUMNS " WHERE path = ?1 ORDER BY number");
    }
    return output_add_rows(render, list, kind,
                           database_query(render->db, CSV_COLUMNS " ORDER BY tables.id"));
}

static void add_csv_row(struct buf *out, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buf_add_char(out, ',');
        }
        escape_csv(out, cells[i]);
    }
    buf_add(out, STR("\r\n"));
}

/* UTF-8 with a byte-order mark: without it a Chinese Windows opens the file as GBK. */
int table_csv_draw(struct render *render, struct str key, struct buf *out)
{
    struct str path, number = key;
    str_cut(&path, &number, '\n');
    struct query *query = database_query(
        render->db, "SELECT tables.id, columns FROM tables JOIN records ON records.id = record"
                    " WHERE path = ?1 AND number = ?2");
    query_bind_str(query, 1, path);
    query_bind_int(query, 2, str_number(number, 1000000));
    if (!query_next(query)) {
        return fault_set(&render->fault, "the table is gone");
    }
    int64_t id = query_int(query, 0);
    struct str columns = arena_copy(&render->arena, query_str(query, 1));
    query_reset(query);
    struct grid grid = grid_read(render, id, columns);
    buf_add(out, STR("\xef\xbb\xbf"));
    add_csv_row(out, grid.names, grid.columns);
    for (size_t row = 0; row < grid.rows; row++) {
        add_csv_row(out, &grid.cells[row * grid.columns], grid.columns);
    }
    return 0;
}
