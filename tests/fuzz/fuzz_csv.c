/* Any bytes as CSV: a table whose cells are all there and valid. */
#include "base/utf8.h"
#include "record/table.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cells(const struct table_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (utf8_find_invalid(cells[i].text) >= 0 || cells[i].line < 1 || cells[i].column < 1) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int round = 0; round < 2; round++) {
        struct arena arena = {0};
        struct diag diag = {.is_lenient = round == 1};
        struct table table;
        table_read_csv(&table, &arena, STR("a.csv"), (struct str){(const char *)data, size}, &diag);
        check_cells(table.names, table.column_count);
        check_cells(table.cells, table.column_count * table.row_count);
        diag_free(&diag);
        arena_free(&arena);
    }
    return 0;
}
