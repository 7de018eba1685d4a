/*
 * csv-metadata.json beside a record's CSV files, where programs look for it: which columns they
 * have (CSV on the Web: tabular-metadata, W3C). Of records with a table that the schema knows.
 *
 * Cells stand in a CSV file as people wrote them. So a column is told to have its type only where
 * every cell of the file keeps to the type's form; else it is text.
 */
#include "render/columns.h"
#include "render/grid.h"
#include "render/page.h"

#include "base/set.h"
#include "record/table_type.h"

#define DESCRIBED                                                                                  \
    "SELECT path, url || 'csv-metadata.json' FROM records WHERE id IN"                             \
    " (SELECT record FROM tables WHERE tables.kind <> '')"

int csvw_list(struct render *render, struct output_list *list, const struct output_kind *kind,
              const struct touch *touch)
{
    if (touch != NULL) {
        return output_add_touched(
            render, list, kind, &touch->changed,
            "SELECT path, url || 'csv-metadata.json' FROM records WHERE path = ?1 AND EXISTS"
            " (SELECT 1 FROM tables WHERE record = records.id AND tables.kind <> '')");
    }
    return output_add_rows(render, list, kind,
                           database_query(render->db, DESCRIBED " ORDER BY path"));
}

struct described {
    int64_t id, number;
    struct str caption, kind, columns;
};

static size_t read_tables(struct render *render, int64_t record, struct described **out)
{
    size_t count = 0;
    struct query *query = database_query(
        render->db, "SELECT id, number, caption, kind, columns FROM tables WHERE record = ?1"
                    " ORDER BY number");
    query_bind_int(query, 1, record);
    while (query_next(query)) {
        *out = arena_grow(&render->arena, *out, count, sizeof **out);
        (*out)[count++] = (struct described){
            .id = query_int(query, 0),
            .number = query_int(query, 1),
            .caption = arena_copy(&render->arena, query_str(query, 2)),
            .kind = arena_copy(&render->arena, query_str(query, 3)),
            .columns = arena_copy(&render->arena, query_str(query, 4)),
        };
    }
    return count;
}

static struct column_cells look_at_cells(const struct grid *grid, size_t place,
                                         const struct schema_column *column)
{
    struct column_cells cells = {
        .heading = grid->names[place], .number = place + 1, .is_typed = column != NULL};
    for (size_t row = 0; cells.is_typed && row < grid->rows; row++) {
        struct str cell = grid->cells[row * grid->columns + place];
        if (column_is_formed(column->type, cell) || table_type_says_nothing(cell)) {
            continue;
        }
        cells.is_total |= column_is_total(cell);
        cells.is_typed = column_is_total(cell);
    }
    cells.is_total &= cells.is_typed;
    return cells;
}

/* Do the cells of the column name the rows: is each there, and another? */
static bool names_rows(const struct grid *grid, size_t place)
{
    struct set seen = {0};
    bool is_key = grid->rows > 0;
    for (size_t row = 0; is_key && row < grid->rows; row++) {
        struct str cell = grid->cells[row * grid->columns + place];
        is_key = !table_type_says_nothing(cell) && set_add(&seen, cell);
    }
    set_free(&seen);
    return is_key;
}

static void write_columns(struct json *json, struct render *render, const struct grid *grid,
                          const struct schema_table *kind)
{
    struct str key = {"", 0};
    bool *is_told =
        arena_array(&render->arena, kind == NULL ? 1 : kind->column_count + 1, sizeof *is_told);
    json_key(json, "columns");
    json_open(json, '[');
    for (size_t i = 0; i < grid->columns; i++) {
        const struct schema_column *known =
            kind == NULL ? NULL : table_type_column(kind, &render->arena, grid->names[i]);
        if (known != NULL && is_told[known - kind->columns]) {
            known = NULL; /* of two headings for one column the first counts */
        }
        struct column_cells cells = look_at_cells(grid, i, known);
        struct column column = known == NULL ? (struct column){0} : column_of_table(known);
        column_write_csvw(json, render, known == NULL ? NULL : &column, &cells);
        if (known != NULL) {
            is_told[known - kind->columns] = true;
            bool is_number = str_equal(known->key, STR("number")) && cells.is_typed;
            key = is_number && !cells.is_total && names_rows(grid, i) ? known->key : key;
        }
    }
    json_close(json, ']');
    if (key.n > 0) {
        json_pair(json, "primaryKey", key);
    }
}

static void write_table(struct json *json, struct render *render, const struct described *table,
                        struct str title)
{
    struct grid grid = grid_read(render, table->id, table->columns);
    const struct schema_table *kind =
        table->kind.n == 0 ? NULL : schema_table(render->site->schema, table->kind);
    json_open(json, '{');
    json_pair(json, "url",
              arena_printf(&render->arena, "table-%lld.csv", (long long)table->number));
    json_pair(json, "dc:title", table->caption.n > 0 ? table->caption : title);
    if (kind != NULL) {
        json_pair(json, "dc:type", kind->key);
    }
    json_key(json, "tableSchema");
    json_open(json, '{');
    write_columns(json, render, &grid, kind);
    json_close(json, '}');
    json_close(json, '}');
}

static void write_head(struct json *json, struct render *render, struct str title, struct str url)
{
    json_key(json, "@context");
    json_open(json, '[');
    json_str(json, STR("http://www.w3.org/ns/csvw"));
    json_open(json, '{');
    json_pair(json, "@language", render->site->config->language);
    json_close(json, '}');
    json_close(json, ']');
    json_pair(json, "dc:title", title);
    json_pair(json, "dc:source", page_absolute(render, url));
    if (render->site->config->licence_url.n > 0) {
        json_pair(json, "dc:license", render->site->config->licence_url);
    }
    column_write_nothing(json, false);
}

int csvw_draw(struct render *render, struct str key, struct buf *out)
{
    struct query *query =
        database_query(render->db, "SELECT id, title, url FROM records WHERE path = ?1");
    query_bind_str(query, 1, key);
    if (!query_next(query)) {
        return fault_set(&render->fault, "the record is gone");
    }
    int64_t record = query_int(query, 0);
    struct str title = arena_copy(&render->arena, query_str(query, 1));
    struct str url = arena_copy(&render->arena, query_str(query, 2));
    query_reset(query);
    struct described *tables = NULL;
    size_t count = read_tables(render, record, &tables);
    struct json json = {.buf = out};
    json_open(&json, '{');
    write_head(&json, render, title, url);
    json_key(&json, "tables");
    json_open(&json, '[');
    for (size_t i = 0; i < count; i++) {
        write_table(&json, render, &tables[i], title);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_add_char(out, '\n');
    return 0;
}
