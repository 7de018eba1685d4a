/*
 * gather: the words of records, gathered for the full-text index, and how many each record has.
 * For store/ only.
 *
 *     struct gather *gather = gather_new(path);
 *     gather_start(gather);                       or not: all is done by whoever puts
 *     gather_put(gather, id, columns);            ids ascend
 *     gather_end(gather);                         no more come
 *     gather_wait(gather, &fault);                -1 with the fault of any of the steps above
 *     gather_sizes(gather, &count);
 *     gather_write(gather, segment, &fault);
 *     gather_free(gather);
 *
 * Memory is bounded: words that are too many go to a file beside `path` (fts_runs.h). With a thread
 * of its own it cuts one record's text while the next are being read; whoever puts waits only where
 * it falls a megabyte behind.
 */
#ifndef STORE_GATHER_H
#define STORE_GATHER_H

#include "store/fts_segment.h"
#include "store/fts_structure.h"

struct gather;

/* The places that a record's columns take. */
struct gather_size {
    int64_t id;
    int64_t places[FTS_COLUMNS];
};

struct gather *gather_new(const char *path);

/* From here to gather_end the work is a thread's; where none can be started, it is not. */
void gather_start(struct gather *gather);

void gather_put(struct gather *gather, int64_t id, const struct str columns[FTS_COLUMNS]);
void gather_end(struct gather *gather);
int gather_wait(struct gather *gather, struct fault *fault);

/* Of each record that was put, by id. */
const struct gather_size *gather_sizes(const struct gather *gather, size_t *count);

int gather_write(struct gather *gather, struct fts_segment *segment, struct fault *fault);

/* At any time. NULL is fine. */
void gather_free(struct gather *gather);

#endif
