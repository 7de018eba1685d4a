/*
 * records: records of the commit, parsed on several threads and taken up in order. For commands/
 * only.
 */
#ifndef COMMANDS_RECORDS_H
#define COMMANDS_RECORDS_H

#include "base/set.h"
#include "commands/gate.h"
#include "commands/site.h"
#include "commands/spool.h"
#include "source/history.h"
#include "store/memory.h"
#include "store/store.h"

struct records_job {
    const struct site *site;
    struct diag *diag;     /* gets all diagnostics, in the order of the records */
    const size_t *indices; /* of site->files: what to parse, in order of paths */
    size_t count;
    int threads;
    /* Where faults are all that is asked for: a store in memory, or NULL, and NULL below. */
    struct store *store;
    struct gate *gate;             /* where memory is not NULL: gets what check let pass */
    struct memory *memory;         /* gets what is not public */
    struct spool *spool;           /* gets the bodies */
    const struct history *history; /* who knows since when there is what */
    const char *base;              /* the commit that others have already; NULL: ages.h */
    struct set *linked;            /* or NULL: gets the CSV files that records link to */
    struct set *drawn_in; /* gets paths of records that change with those that are read: since they
                             withdraw them (publication.h), or keep back what they link to */
};

/*
 * Parses; with a store, puts in what is public on the as-of date. `hidden` holds the paths that are
 * known not to be public, and gets those that are found: no page may lead to them.
 */
int records_run(const struct records_job *job, struct set *hidden, struct fault *fault);

/*
 * Tells of CSV files that are nobody's: no record has their name, and none of `linked`. Only where
 * the site is configured: elsewhere they are as good as any other file.
 */
void records_tell_unread(const struct site *site, const struct set *linked, struct diag *diag);

/*
 * Parses again, for their links alone, records that are in the store: what they link to has come,
 * gone or moved. Paths that are no public record are passed over.
 */
int records_relink(const struct records_job *job, const struct set *paths, const struct set *hidden,
                   struct fault *fault);

/*
 * The rules about the whole, over what is in the store; `touched` as for rules_check_whole. Records
 * that have a fault are parsed again, for its place.
 */
int records_check_whole(const struct records_job *job, const struct set *touched,
                        const struct set *hidden, struct fault *fault);

/* The files that public records link to or show, all of them, into the emptied table. */
int records_put_attachments(const struct site *site, struct store *store, struct fault *fault);

/* Former addresses of records, all of them, into the emptied table. */
int records_put_moved(const struct site *site, struct store *store, struct memory *memory,
                      struct fault *fault);

/* Appends the record's rendered body. Several threads may ask at once. */
int records_body(const struct site *site, const struct set *hidden, struct str path,
                 struct buf *out, struct fault *fault);

/*
 * One record with all that it says, whatever may be published of it: for the notice board. It lives
 * in the arena. A path that the commit does not have is a fault.
 */
int records_read(const struct site *site, struct str path, struct arena *arena, struct record *out,
                 struct diag *diag, struct fault *fault);

#endif
