/*
 * records_pass: one run over records, and what each is on its way from bytes to rows. For the files
 * records*.c alone.
 */
#ifndef COMMANDS_RECORDS_PASS_H
#define COMMANDS_RECORDS_PASS_H

#include "base/parallel.h"
#include "commands/records.h"

/* Reused for every PARALLEL_SLOTSth record. */
struct records_slot {
    struct arena arena;
    struct buf bytes;
    struct record_input input;
    struct record record;
    struct check check;
    struct diag diag;
    struct fault fault;
};

struct records_pass {
    const struct records_job *asked;
    struct records_slot *slots; /* PARALLEL_SLOTS of them */
    struct set *hidden;
    struct check first; /* how numbers are masked in the records before */
    struct arena arena;
    struct fault fault;
};

void records_pass_begin(struct records_pass *out, const struct records_job *asked,
                        struct set *hidden);

/* Frees it; where `rc` is not 0, `fault` gets its fault, or that of a slot. */
void records_pass_end(struct records_pass *pass, int rc, struct fault *fault);

/* Reads and parses the file of that index, into the slot. -1 with the slot's fault. */
int records_parse(const struct site *site, const struct set *hidden, size_t index,
                  struct records_slot *slot);

/* Links to what is not public are remembered, not published. */
void records_hide_links(struct records_pass *pass, struct record *record);

/*
 * A link that comes to lead nowhere is told of, published or not: it must be known who links. Of a
 * record on the notice board it decides too which fields are read as what they should be.
 */
void records_remember_links(struct records_pass *pass, const struct record *record, bool is_public);

/* A build's database has nothing of what is hidden; the numbers are in its memory. */
void records_know_hidden(const struct records_job *asked);

#endif
