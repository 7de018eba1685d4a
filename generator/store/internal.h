/* internal: what the files of store/ share, and nobody else sees. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/digest.h"
#include "store/fts_structure.h"
#include "store/fts_words.h"
#include "store/gather.h"
#include "store/store.h"

/* What an update has to do to the index. */
struct index_changes {
    struct fts_words *removed; /* words of records that went, or NULL */
    struct fts_totals totals;  /* that they are to be subtracted from the index's */
    int64_t *added;            /* ids of records that came, ascending */
    size_t added_count;
    bool is_whole; /* so much goes that all is indexed anew */
    int result;    /* -1: the index does not have what was to be removed */
    struct fault fault;
};

/* Texts of the record that is being put; the memory is kept for the next one. */
struct store_scratch {
    struct buf text, fields, url;
    struct buf cells; /* of a table: its names and all its rows */
};

struct store {
    struct database *db;
    struct row_digest rows; /* of records and what goes with them */
    struct store_scratch scratch;
    bool is_update; /* a published database is changed: store_purge changes its index */
    struct index_changes index;
    struct gather *gather; /* of a whole build: words of the records that were put */
};

/* The rows of the record's links. */
void put_links(struct store *store, int64_t id, const struct record *record);

/* The record is to come into the index, or to go: the latter while its row is still there. */
void index_add_record(struct store *store, int64_t id);
void index_remove_record(struct store *store, int64_t id);

void index_changes_free(struct index_changes *changes);

#endif
