/*
 * records: every record of the commit, parsed on several threads and taken up in order. For
 * commands/ only.
 */
#ifndef COMMANDS_RECORDS_H
#define COMMANDS_RECORDS_H

#include "commands/site.h"
#include "commands/spool.h"
#include "store/store.h"

struct records_job {
    const struct site *site;
    struct diag *diag;   /* gets all diagnostics, in the order of the records */
    struct store *store; /* NULL: only look for faults */
    struct spool *spool; /* gets the bodies; NULL with store */
    int threads;
};

/* Parses all; with a store, puts in what is public on the as-of date, and attachments. */
int records_run(const struct records_job *job, struct fault *fault);

#endif
