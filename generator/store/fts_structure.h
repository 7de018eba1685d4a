/*
 * fts_structure: which segments the full-text index has, and what it knows of all records
 * together. For store/ only.
 *
 *     fts_structure_read(&structure, db);
 *     int id = fts_structure_new_id(&structure);
 *     fts_structure_add(&structure, &part);
 *     fts_structure_write(&structure, db);
 *     fts_structure_free(&structure);
 *
 * FTS5 keeps what it read of this in memory, and asks only whether another connection wrote.
 * So it is written before the first statement of a connection that names the table `search`.
 */
#ifndef STORE_FTS_STRUCTURE_H
#define STORE_FTS_STRUCTURE_H

#include "base/fault.h"
#include "store/database.h"

enum { FTS_COLUMNS = 4, FTS_LEVELS_MAX = 64 };

/* A segment: four of one level are merged into one of the next. */
struct fts_part {
    int level, id;
    int64_t first, last; /* leaves */
};

struct fts_structure {
    unsigned char cookie[4];
    int64_t writes;
    int level_count;
    int64_t merging[FTS_LEVELS_MAX]; /* segments of a level that are being merged */
    struct fts_part *parts;          /* by level, each level's oldest first */
    size_t count;
};

/* How many records there are, and the words of each column of them all. */
struct fts_totals {
    int64_t records;
    int64_t places[FTS_COLUMNS];
};

int fts_structure_read(struct fts_structure *out, struct database *db, struct fault *fault);
void fts_structure_write(const struct fts_structure *structure, struct database *db);
void fts_structure_free(struct fts_structure *structure);

/* A number that no segment has, or 0 where there are too many. */
int fts_structure_new_id(const struct fts_structure *structure);

/* Adds the newest segment of its level; takes one out, with its rows. */
void fts_structure_add(struct fts_structure *structure, const struct fts_part *part);
void fts_structure_remove(struct fts_structure *structure, size_t index, struct database *db);

int fts_totals_read(struct fts_totals *out, struct database *db, struct fault *fault);
void fts_totals_write(const struct fts_totals *totals, struct database *db);

/* The places of a record's columns. */
void fts_sizes_write(struct database *db, int64_t id, const int64_t places[FTS_COLUMNS]);

/* Takes them out; false where there is no such record. */
bool fts_sizes_remove(struct database *db, int64_t id, int64_t places[FTS_COLUMNS]);

#endif
