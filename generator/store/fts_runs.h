/*
 * fts_runs: words that are too many for the memory, in a file that is gone when it is closed. For
 * store/ only.
 *
 *     fts_runs_open(&runs, beside, &fault);
 *     fts_runs_add(runs, words, &fault);               as often as needed; ids ascend
 *     fts_runs_write(runs, segment, &fault);           all of it, merged, into a segment
 *     fts_runs_close(runs);
 *
 * Each run is a file's piece of sorted words with their lists. They are merged in one pass.
 */
#ifndef STORE_FTS_RUNS_H
#define STORE_FTS_RUNS_H

#include "base/fault.h"
#include "store/fts_segment.h"
#include "store/fts_words.h"

struct fts_runs;

/* The file is made in the folder of the path `beside`. */
int fts_runs_open(struct fts_runs **out, const char *beside, struct fault *fault);
void fts_runs_close(struct fts_runs *runs);

/* Adds a run: sorts the words, and clears them. */
int fts_runs_add(struct fts_runs *runs, struct fts_words *words, struct fault *fault);

int fts_runs_write(struct fts_runs *runs, struct fts_segment *segment, struct fault *fault);

#endif
