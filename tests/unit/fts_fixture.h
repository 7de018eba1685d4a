/*
 * fts_fixture: records of many shapes, and two indexes of them to be held against each other: ours
 * and FTS5's own, with our tokenizer. Every fault ends the test program.
 */
#ifndef TESTS_FTS_FIXTURE_H
#define TESTS_FTS_FIXTURE_H

#include "base/buf.h"
#include "store/database.h"
#include "store/fts_segment.h"
#include "store/fts_structure.h"

#include <sqlite3.h>

/* A pseudo-random number below `below`, the same on every machine. */
unsigned random_below(uint64_t *state, unsigned below);

/* What the records of a test are like. */
struct shape {
    char name[40];
    size_t page_size, records;
    unsigned words_max;  /* of a column */
    unsigned vocabulary; /* different words */
    unsigned step_max;   /* from id to id */
    size_t each_run;     /* records to a run; 0: all in memory */
};

/* Some that are known to be strange, and in the long form (SOAK=1) many of chance. */
enum { SHAPES = 13 };
size_t shape_count(void);
struct shape shape_at(size_t index);

struct text {
    struct buf columns[FTS_COLUMNS];
    int64_t id;
};

struct text *make_texts(const struct shape *shape, uint64_t seed);
void free_texts(struct text *texts, size_t count);

void run(sqlite3 *db, const char *sql);

/* A file that is gone when its last connection is closed, with an index that has nothing in it. */
struct index {
    char path[64];
    struct database *db;
};

struct index open_index(size_t page_size);
void open_again(struct index *index, enum database_mode mode);
void close_index(struct index *index);

#define ADD "INSERT INTO search (rowid, body, title, tables, names) VALUES (?1, ?2, ?3, ?4, ?5)"
#define REMOVE                                                                                     \
    "INSERT INTO search (search, rowid, body, title, tables, names)"                               \
    " VALUES ('delete', ?1, ?2, ?3, ?4, ?5)"

void put_by_fts5(sqlite3 *db, const char *sql, const struct text *text);

/* All of them, or those of `some`. */
void write_by_fts5(struct database *db, const struct text *texts, size_t count, const bool *some);

/* The segment is ended, and known to the index where it has anything; frees the structure. */
void end_segment(struct database *db, struct fts_structure *structure, struct fts_part *part,
                 struct fts_segment *segment, const struct fts_totals *totals);

/* Steps through both results side by side; both must end together. */
void assert_same_rows(const char *what, struct database *ours, struct database *theirs,
                      const char *sql);

/* All that the index says, read through FTS5. */
void assert_same_words(const char *what, struct database *ours, struct database *theirs);

/* And every byte of its rows. */
void assert_same_index(const char *what, struct database *ours, struct database *theirs);

#endif
