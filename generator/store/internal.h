/* internal: what the files of store/ share, and nobody else sees. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/digest.h"
#include "store/store.h"

struct store {
    struct database *db;
    struct row_digest rows; /* of records and what goes with them */
    bool is_update;         /* records are indexed as they come, not all at the end */
    bool has_removed;       /* words were taken from the index: they must be purged */
};

/* The rows of the record's links. */
void put_links(struct store *store, int64_t id, const struct record *record);

/* The record's rows into the index, or out of it. */
void index_add_record(struct store *store, int64_t id);
void index_remove_record(struct store *store, int64_t id);

#endif
