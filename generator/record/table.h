/*
 * table: rows and columns, from a pipe table or a CSV file. For record/ and whoever reads records.
 */
#ifndef RECORD_TABLE_H
#define RECORD_TABLE_H

#include "base/arena.h"
#include "base/diag.h"
#include "record/schema.h"

struct table_cell {
    struct str text;  /* plain text, trimmed */
    int line, column; /* in the table's source */
};

/* What a cell of a known column says, as the column's type. */
struct table_value {
    bool is_given;   /* false: the column is not there, the cell is empty, or not of the type */
    struct str text; /* TEXT: the cell; DATE, PERIOD: as we write them */
    int64_t number;  /* INTEGER; MONEY in fen; NUMBER in millionths; DATE, PERIOD in days since
                        1970, of the first day */
};

/* What a row adds up: total.h. */
enum total {
    TOTAL_NONE, /* nothing: it is an entry */
    TOTAL_PART, /* 小计: the rows since the last one */
    TOTAL_ALL,  /* 合计: all rows above */
    TOTAL_OTHER /* 累计, 收入合计: what, the word alone does not tell */
};

/* The sum of a column of amounts. */
struct table_sum {
    struct str name, sum;
    int64_t hundredths;
    bool is_money; /* by the column's name */
};

struct table {
    struct str source;  /* path of the file it stands in */
    struct str text;    /* of that file, where it is CSV */
    struct str caption; /* nearest heading above, or the CSV file's name without extension */
    bool is_csv;
    bool is_ragged; /* some row has another number of cells: which of them is whose is not known */
    bool is_board;  /* hangs on the village's notice board, and is not published */
    int line;
    size_t column_count;
    size_t row_count;         /* without the row of names */
    struct table_cell *names; /* column_count of them */
    struct table_cell *cells; /* row by row: cells[row * column_count + column] */
    enum total *totals;       /* by row: total.h */

    /* Where the schema knows its columns; else NULL. table_type.h sets them. */
    const struct schema_table *kind;
    int *places;                /* for each column of the kind its number among `names`, or -1 */
    struct table_value *values; /* row by row: values[row * kind->column_count + column] */

    /* What is published of a table that is not: board.h. */
    size_t board_rows;
    struct table_sum *sums;
    size_t sum_count;
};

/*
 * Reads CSV (RFC 4180; UTF-8, with or without byte-order mark; LF or CRLF). The first row names
 * the columns. Rows with too few or too many fields, quotes that do not close, text behind a
 * closing quote, invalid UTF-8 and sizes past the limits are faults with line and column; what
 * could be read is returned all the same.
 */
void table_read_csv(struct table *out, struct arena *arena, struct str path, struct str bytes,
                    struct diag *diag);

enum { TABLE_COLUMNS_MAX = 100, TABLE_ROWS_MAX = 20000 };

#endif
