/*
 * board: what hangs on the village's notice board and is not published, and what is withdrawn. For
 * record/, and commands/ for record_withhold.
 *
 *     record_parse(&record, ...);       says of each table and link whether it is published
 *     (whoever checks the record sees all of it)
 *     record_withhold(&record, &arena); takes out what is not: from here on it may be published
 *
 * A record with `scope: board` publishes its title, its dates, its amounts, who answers for it and
 * what it belongs to; never its text, its tables, its attachments or any other field. A table alone
 * is named by its number in `board_tables`, a CSV file by its name, which then ends in .board.csv
 * or .公示栏.csv. Of a table that is not published there remain the number of its rows and the sums
 * of its columns of amounts.
 */
#ifndef RECORD_BOARD_H
#define RECORD_BOARD_H

#include "record/record.h"

/* Numbers of tables, from 1, and where they are named. */
struct board_tables {
    size_t *numbers;
    struct place *places;
    size_t count;
};

/* Takes out of the record what may not be published, and puts totals in its place. */
void record_withhold(struct record *record, struct arena *arena);

/* Does the file's name say that it hangs on the notice board? */
bool board_is_file(struct str path);

/* The rest is for record.c: what the front matter says. */
bool board_is_whole(const struct record *record);
const struct record_withdrawal *board_withdrawal(struct arena *arena, const struct record *record);
void board_read(struct board_tables *out, struct arena *arena, const struct record *record);

/* Marks tables and links of the record that are not published. Numbers of no table are faults. */
void board_mark(struct record *record, const struct board_tables *board, struct diag *diag);

/* Rows but for those that add up others, and the sums of columns of amounts. */
void board_add_up(struct table *table, struct arena *arena);

/* The first cell of a column of amounts that is no number; NULL where all are. */
const struct table_cell *board_find_unreadable(const struct table *table, struct arena *arena);

#endif
