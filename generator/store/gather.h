/*
 * gather: the words of records, gathered for the full-text index, and how many each record has.
 * For store/ only.
 *
 *     struct gather *gather = gather_new(path);
 *     gather_share(gather);                       or not: all is done by whoever puts
 *     gather_put(gather, id, columns);            ids ascend
 *     gather_help(gather);                        on any thread meanwhile, now and then
 *     gather_end(gather);                         no more come, nobody helps: the rest begins
 *     gather_wait(gather, &fault);                -1 with the fault of any of the steps above
 *     gather_sizes(gather, &count);
 *     gather_write(gather, segment, &fault);
 *     gather_free(gather);
 *
 * Memory is bounded: words that are too many go to a file beside `path` (fts_runs.h). Shared, texts
 * wait until a thread has time for them. A thread of its own would be one more than there are
 * processors, and interrupt whoever holds what the others need.
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

/* From here on what is put waits for gather_help, and for gather_end. */
void gather_share(struct gather *gather);

/* Helps where much waits already. One thread at a time puts. */
void gather_put(struct gather *gather, int64_t id, const struct str columns[FTS_COLUMNS]);

/* Cuts the texts that wait, if they are worth it and no other thread does. */
void gather_help(struct gather *gather);

void gather_end(struct gather *gather);
int gather_wait(struct gather *gather, struct fault *fault);

/* Of each record that was put, by id. */
const struct gather_size *gather_sizes(const struct gather *gather, size_t *count);

int gather_write(struct gather *gather, struct fts_segment *segment, struct fault *fault);

/* At any time. NULL is fine. */
void gather_free(struct gather *gather);

#endif
