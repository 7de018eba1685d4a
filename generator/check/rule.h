/*
 * rule: what the functions of the rules share. For check/ alone.
 */
#ifndef CHECK_RULE_H
#define CHECK_RULE_H

#include "check/rules.h"

/* What the columns of a table are called. */
struct rule_columns {
    struct str *names, *units; /* without blanks; in brackets behind the name stood the unit */
    ptrdiff_t person;          /* the one of people who are named as recipients; -1: none */
};

/* One record before one rule. */
struct rule_run {
    const struct rules *rules;
    const struct rules_row *row;
    const struct record *record;
    const struct rule_columns *columns; /* of each of its tables: every rule asks */
    struct arena *arena;
    struct diag *diag;
    int64_t day;                    /* of the record; the as-of date where it has none */
    const struct config_org *org;   /* NULL: none */
    const struct config_item *item; /* NULL: none */
};

/* The candidate database before one rule. Rows that it asks about stand in temp.rule_record. */
struct rule_whole {
    const struct rules *rules;
    const struct rules_row *row;
    struct database *db;
    struct arena *arena;
    struct rules_findings *out;
    bool is_whole;
    const struct rules_ages *ages; /* or NULL */
    struct fault *fault;           /* of asking them */
    bool has_failed;
};

/* A figure or an article in force. */
struct rule_law {
    bool is_known;
    int64_t figure;
    struct str cite[2];
};

struct rule_law rule_law(const struct rules *rules, const char *key, int64_t day);

/* A fault of the record, at the level that the site gave the rule; `law` may be NULL. */
void rule_tell(struct rule_run *run, enum diag_code code, struct place place,
               const struct rule_law *law, struct diag_args args);

/* The same for a rule about the whole; everything is copied. */
void rule_find(struct rule_whole *whole, enum diag_code code, struct str path, const char *field,
               const struct rule_law *law, struct diag_args args);

/* The same at a line of gongkai.yml. */
void rule_find_config(struct rule_whole *whole, enum diag_code code, int line,
                      const struct rule_law *law, struct diag_args args);

/* The field where it was read as the schema says, or NULL; and of a map. */
const struct record_field *rule_field(const struct record *record, const char *key);
const struct record_field *rule_subfield(const struct record_value *map, const char *key);

/* The text of that field, or the empty str. */
struct str rule_text(const struct record *record, const char *key);

struct str rule_int(struct arena *arena, int64_t number);
struct str rule_yuan(struct arena *arena, int64_t fen);
struct str rule_day(struct arena *arena, int64_t day);

/* Does the record speak for a village: its committee, collective, party branch, supervisors? */
bool rule_is_of_village(const struct rule_run *run);
bool rule_is_village_org(const struct config_org *org); /* NULL: who knows, so yes */
/* Does it tell of money: balances, or an item of that category? */
bool rule_is_finance(const struct rule_run *run);
/* Is the whole record, or that table (from 0), for the village's notice board alone? */
bool rule_is_board(const struct record *record);
bool rule_is_board_table(const struct record *record, size_t table);

/* Tables: rule_table.c */

enum { RULE_SCALE = 10000 };

/* A number in a cell, times RULE_SCALE: 1,234.50, ¥12, 12元. False where it is none. */
bool rule_number(int64_t *out, struct str cell);

/* As text again, without zeros at its end; money with two. */
struct str rule_amount(struct arena *arena, int64_t number, bool is_money);

/* Reads the headings of all the record's tables. */
struct rule_columns *rule_columns_read(struct arena *arena, const struct record *record);

/* Those of one of them. */
const struct rule_columns *rule_columns_of(const struct rule_run *run, const struct table *table);

const struct table_cell *rule_cell(const struct table *table, size_t row, size_t column);
struct place rule_cell_place(const struct table *table, const struct table_cell *cell);

/* The first column whose bare heading is one of the words (separated by blanks); -1: none. */
ptrdiff_t rule_column(const struct rule_run *run, const struct table *table, const char *words);

/* Does `s` hold one of the words (separated by blanks)? */
bool rule_has_word(struct str s, const char *words);
bool rule_is_word(struct str s, const char *words);

/* Rows that name somebody in the column. */
size_t rule_person_rows(const struct table *table, size_t column);
/* Those of them whose name is not masked. */
size_t rule_plain_rows(const struct table *table, size_t column);

/* Full-width letters, digits and marks as those of ASCII. */
struct str rule_narrow(struct arena *arena, struct str s);

/* What rules_hold_number and its like fill; there may be none of it. */
void rule_numbers_begin(struct database *db);
void rule_numbers_end(struct database *db);
/* The half of rule_numbers that asks whose a number is. */
void rule_duplicates(struct rule_whole *whole);

/* The functions of the rows. */
void rule_posting(struct rule_run *run);
void rule_due(struct rule_run *run);
void rule_event(struct rule_run *run);
void rule_sums(struct rule_run *run);
void rule_line_by_line(struct rule_run *run);
void rule_quorum(struct rule_run *run);
void rule_notice(struct rule_run *run);
void rule_votes(struct rule_run *run);
void rule_steps(struct rule_run *run);
void rule_party_first(struct rule_run *run);
void rule_supervised(struct rule_run *run);
void rule_scope(struct rule_run *run);
void rule_minors(struct rule_run *run);
void rule_words(struct rule_run *run);
void rule_clearance(struct rule_run *run);
void rule_number_form(struct rule_run *run);
void rule_dates(struct rule_run *run);
void rule_contact(struct rule_run *run);

void rule_site_figures(struct rule_run *run);
void rule_site_footer(struct rule_run *run);

void rule_overdue(struct rule_whole *whole);
void rule_coverage(struct rule_whole *whole);
void rule_balances(struct rule_whole *whole);
void rule_chain(struct rule_whole *whole);
void rule_decisions(struct rule_whole *whole);
void rule_posts(struct rule_whole *whole);
void rule_expired(struct rule_whole *whole);
void rule_posted_late(struct rule_whole *whole);
void rule_stale(struct rule_whole *whole);
void rule_edited(struct rule_whole *whole);
void rule_numbers(struct rule_whole *whole);

#endif
