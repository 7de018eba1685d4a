/*
 * database: one SQLite connection and its statements. For store/, check/ and render/.
 *
 *     database_open(&db, path, DATABASE_READ, &fault);
 *     struct query *q = database_query(db, "SELECT title FROM records WHERE org = ?1");
 *     query_bind_str(q, 1, org);
 *     while (query_next(q)) { use query_str(q, 0); }
 *     database_check(db, &fault);          the first error, or 0
 *     database_close(db, &fault);
 *
 * The first error of a connection sticks: later steps do nothing, and database_check tells. SQL is
 * a constant of ours, never glued; a statement is prepared once and kept. A connection belongs to
 * one thread at a time.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include "base/fault.h"
#include "base/str.h"

#include <stdint.h>

struct database;
struct query;
struct sqlite3;

enum database_mode {
    DATABASE_READ,   /* must exist; nothing is ever changed */
    DATABASE_BESIDE, /* the same while another connection of this process writes: see below */
    DATABASE_WRITE,  /* must exist */
    DATABASE_CREATE  /* must not exist */
};

/*
 * Once, before any thread and any other use of SQLite in the process: no statistics of memory are
 * kept, whose one lock all connections of all threads share.
 */
void database_init(void);

/*
 * DATABASE_BESIDE takes no lock and reads what stands when it is opened, all at once, for as long
 * as it is open. It is for tables that nobody changes meanwhile: the other connection may write
 * into others, and may only begin with that when the opening is done.
 */
int database_open(struct database **out, const char *path, enum database_mode mode,
                  struct fault *fault);

/* Reads the first bytes of the file where they lie, at most so many, each page without a call. */
void database_map(struct database *db, size_t bytes);

/* The connection itself, for those who register functions on it. */
struct sqlite3 *database_handle(struct database *db);

/* From now on calls `seen` with every text that is bound to a statement. */
void database_watch(struct database *db, void (*seen)(void *context, struct str text),
                    void *context);

/* Runs statements that give no rows. */
void database_run(struct database *db, const char *sql);

/*
 * The statement of that constant, reset and with nothing bound. The same pointer gives the same
 * statement: it is compiled once per connection. Never NULL.
 */
struct query *database_query(struct database *db, const char *sql);

void query_bind_str(struct query *query, int index, struct str text);
void query_bind_blob(struct query *query, int index, struct str bytes);
void query_bind_int(struct query *query, int index, int64_t number);
void query_bind_real(struct query *query, int index, double number);
void query_bind_null(struct query *query, int index);

/* The next row; false at the end and after an error. At the end the statement is reset. */
bool query_next(struct query *query);

/* One step of a statement that gives no rows, then a reset. */
void query_run(struct query *query);

/* The same; true where it changed a row. */
bool query_run_changes(struct query *query);

/* Resets before the end, so that the read that it holds ends. */
void query_reset(struct query *query);

/* Column values of the row; text is valid until the next step. NULL is the empty str and 0. */
struct str query_str(struct query *query, int column);
struct str query_blob(struct query *query, int column);
int64_t query_int(struct query *query, int column);
double query_real(struct query *query, int column);

int64_t database_last_id(struct database *db);

/* -1 with the message of the first error, whoever was told it before: what was left out for it
 * stays out. */
int database_check(struct database *db, struct fault *fault);

/* Closes; NULL is fine. -1 where an error was still unreported. */
int database_close(struct database *db, struct fault *fault);

#endif
