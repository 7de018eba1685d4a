/*
 * search_fixture: a small published database for the tests of search/, made with the real schema
 * and the real tokenizer. Every fault ends the test program. Run from the repository's root.
 */
#ifndef TESTS_SEARCH_FIXTURE_H
#define TESTS_SEARCH_FIXTURE_H

#include <sqlite3.h>

struct fixture_org {
    const char *key, *name, *parent, *lineage;
};

/* Left-out fields are empty; the kind is "page" then. */
struct fixture_record {
    const char *path, *kind, *title, *date, *org, *item;
    const char *body, *tables, *names; /* the three parts of the text */
    const char *fields;                /* JSON */
};

/* A new database at `path`, in a transaction; what stood there is removed. */
sqlite3 *fixture_create(const char *path);

void fixture_run(sqlite3 *db, const char *sql);
void fixture_add_org(sqlite3 *db, const struct fixture_org *org);
void fixture_add_item(sqlite3 *db, const char *key, const char *name);
void fixture_add_synonym(sqlite3 *db, const char *word, const char *same);
void fixture_add(sqlite3 *db, const struct fixture_record *record);

/* Commits, merges the index and closes; the file is then as published (mode 0644). */
void fixture_finish(sqlite3 *db, const char *path);

/* Opens the database for cmocka's set-up: `*state` is the search. -1 where that fails. */
int fixture_open(void **state, const char *path);

#endif
