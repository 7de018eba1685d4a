/*
 * record: what a document says, as one number and a count. Private to xml/.
 *
 * The writer records what it was asked for, the reader what it finds. Neighbouring pieces of text
 * are one text, however they were cut; names and values hold no NUL, so that a NUL ends them.
 */
#ifndef XML_RECORD_H
#define XML_RECORD_H

#include "base/str.h"

#include <stdint.h>

struct record {
    uint64_t digest, count; /* of events */
    bool is_in_text;
};

static const struct record RECORD_EMPTY = {14695981039346656037u, 0, false};

void record_start(struct record *record, struct str name);
void record_attribute(struct record *record, struct str name, struct str value);
void record_text(struct record *record, struct str text);
void record_end(struct record *record);
void record_instruction(struct record *record, struct str target, struct str content);

/* Something that the writer never writes. */
void record_foreign(struct record *record);

bool record_equal(const struct record *a, const struct record *b);

/* Reads the document into `out`; false where it is not well-formed. */
bool record_read(struct record *out, struct str document);

#endif
