/*
 * gate: the last look for numbers of persons, at every byte that is about to be published. For
 * commands/ only.
 *
 *     gate_open(&gate, memory);                   the memory that is being written
 *     gate_put_cleared(&gate, path, &check.cleared);   what check let pass in a source
 *     gate_watch(&gate, db, &diag);               every text that goes into the database
 *
 *     gate_open_later(&gate, path);               the finished memory, opened at the first finding
 *     gate_check(&gate, file, record, bytes, &diag, &fault);
 *     gate_close(&gate);
 *
 * check/record has looked through the sources before; a finding here is a fault of the program or
 * of the theme, and nothing is published. A number of which its source says that it is another
 * looks like one again on a page: what was let pass is remembered, with the record that it is in,
 * as digests under a key that never leaves the memory beside OUT, for records too that an update
 * does not read. A gate belongs to one thread.
 */
#ifndef COMMANDS_GATE_H
#define COMMANDS_GATE_H

#include "base/diag.h"
#include "base/digest.h"
#include "base/set.h"
#include "store/memory.h"

struct gate {
    struct memory *memory; /* NULL: not opened yet */
    const char *path;      /* of the memory, which is then the gate's own */
    char key[DIGEST_TEXT_SIZE];
    struct str record; /* what is being put into the watched database */
    struct diag *diag;
    struct fault fault; /* the first of a watched database */
    bool has_failed;
};

/* Draws the key where the memory has none yet. */
int gate_open(struct gate *out, struct memory *memory, struct fault *fault);

void gate_open_later(struct gate *out, const char *path);

/* Numbers of the source at `path`. */
int gate_put_cleared(struct gate *gate, struct str path, const struct set *digits,
                     struct fault *fault);

/* From now on looks at what is bound to statements of `db`; faults go to gate->fault. */
void gate_watch(struct gate *gate, struct database *db, struct diag *diag);

/* Adds what must not be shown to `diag`; `record` may be empty. */
int gate_check(struct gate *gate, struct str file, struct str record, struct str bytes,
               struct diag *diag, struct fault *fault);

void gate_close(struct gate *gate);

#endif
