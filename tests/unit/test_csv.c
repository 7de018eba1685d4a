/* What CSV reads as: cells, their places, and what is made of faulty rows. */
#include "record/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void write_row(struct buf *out, const struct table_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%.*s", i > 0 ? "|" : "", STR_ARG(cells[i].text));
    }
    buf_add_char(out, ';');
}

static void test_cells(void **state)
{
    static const struct row {
        const char *name, *input, *want;
        size_t fault_count;
    } rows[] = {
        {"plain", "a,b\n1,2\n", "a|b;1|2;", 0},
        {"no line feed at the end", "a,b\n1,2", "a|b;1|2;", 0},
        {"CR LF and a byte-order mark",
         "\xef\xbb\xbf"
         "a,b\r\n1,2\r\n",
         "a|b;1|2;", 0},
        {"CR alone", "a,b\r1,2\r", "a|b;1|2;", 0},
        {"quotes", "a,b\n\"1,2\",\"say \"\"x\"\"\"\n", "a|b;1,2|say \"x\";", 0},
        {"a line feed in quotes", "a,b\n\"1\n2\",3\n", "a|b;1\n2|3;", 0},
        {"empty cells", "a,b\n,\n", "a|b;|;", 0},
        {"blanks are trimmed", "a, b \n 1 ,2\n", "a|b;1|2;", 0},
        {"blank lines are nothing", "\na\n\n1\n\n", "a;1;", 0},
        {"a quoted empty cell is a row", "a\n\"\"\n", "a;;", 0},
        {"too few", "a,b\n1\n", "a|b;1|;", 1},
        {"too many", "a,b\n1,2,3\n", "a|b;1|2;", 1},
        {"an open quote", "a,b\n1,\"2\n3", "a|b;1|2\n3;", 1},
        {"text behind a quote", "a,b\n\"1\"x,2\n", "a|b;1|2;", 1},
        {"nothing", "", ";", 1},
        {"one comma", ",", "|;", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        struct diag diag = {0};
        struct table table;
        struct buf got = BUF_EMPTY;
        table_read_csv(&table, &arena, STR("x/名单.csv"), str_of(rows[i].input), &diag);
        write_row(&got, table.names, table.column_count);
        for (size_t k = 0; k < table.row_count; k++) {
            write_row(&got, &table.cells[k * table.column_count], table.column_count);
        }
        if (strcmp(got.p, rows[i].want) != 0 || diag.count != rows[i].fault_count) {
            fail_msg("%s: got %s with %zu faults", rows[i].name, got.p, diag.count);
        }
        assert_true(table.is_csv && str_equal(table.caption, STR("名单")));
        buf_free(&got);
        diag_free(&diag);
        arena_free(&arena);
    }
}

static void test_places(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct diag diag = {0};
    struct table table;
    table_read_csv(&table, &arena, STR("a.csv"), STR("项目,金额\n\"多\n行\",3\n结余,4\n"), &diag);
    assert_int_equal(table.names[1].column, 4);
    assert_int_equal(table.cells[0].line, 2);
    assert_int_equal(table.cells[1].line, 3);
    assert_int_equal(table.cells[1].column, 4);
    assert_int_equal(table.cells[3].line, 4);
    assert_int_equal(table.cells[3].column, 4);
    diag_free(&diag);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
