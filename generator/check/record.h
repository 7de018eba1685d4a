/*
 * check/record: the search for personal data in a record, and in all that is about to be published.
 * For commands/.
 *
 *     record_parse(&record, &arena, &input, &diag);
 *     check_record(&record, &arena, diag.source, &check, &diag);
 *     ...
 *     check_output(bytes, &check.cleared)        each output, before it is published
 *
 * Certain findings are errors, in a site without configuration warnings; doubtful ones warnings.
 * No diagnostic shows a digit: the quoted lines of the file are masked, those of earlier
 * diagnostics too.
 */
#ifndef CHECK_RECORD_H
#define CHECK_RECORD_H

#include "base/set.h"
#include "check/personal.h"
#include "record/record.h"

struct check {
    struct set cleared; /* numbers that a label or an exception lets pass; never shown */
    size_t excepted;    /* findings that exceptions let pass */
};

/* The record, as text in the diag's encoding: front matter, body, comments, links, its file name.
 */
void check_record(const struct record *record, struct arena *arena, struct str source,
                  struct check *check, struct diag *diag);

/* A file beside it: CSV where its name says so, else text. */
void check_file(const struct record *record, struct arena *arena, const struct record_file *file,
                struct check *check, struct diag *diag);

/* How many certain findings stand in `bytes` that are not cleared. `cleared` may be NULL. */
size_t check_output(struct str bytes, const struct set *cleared);

void check_free(struct check *check);

#endif
