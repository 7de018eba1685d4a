/*
 * record: what a document says, event by event. Private to xml/.
 *
 *     struct record record = RECORD_EMPTY;
 *     record_start(&record, STR("rss")); ...      or record_scan, record_read
 *     record_free(&record);
 *
 * The writer records what it was asked for, the readers what they find. Neighbouring pieces of text
 * are one text, however they were cut; names and values hold no NUL, so that a NUL ends them.
 */
#ifndef XML_RECORD_H
#define XML_RECORD_H

#include "base/buf.h"

struct record {
    struct buf events;
    bool is_in_text;
};

static const struct record RECORD_EMPTY = {{buf_nothing, 0, 0}, false};

void record_start(struct record *record, struct str name);
void record_attribute(struct record *record, struct str name, struct str value);
void record_begin_text(struct record *record);

/* Inlined, since a text that is read back comes in very many pieces. */
static inline void record_text(struct record *record, struct str text)
{
    if (text.n > 0 && !record->is_in_text) {
        record_begin_text(record);
    }
    buf_add(&record->events, text);
}

void record_end(struct record *record);
void record_instruction(struct record *record, struct str target, struct str content);

/* Something that the writer never writes. */
void record_foreign(struct record *record);

bool record_equal(const struct record *a, const struct record *b);

/* Reads the document into `out`; false where it is not well-formed. In any case free `out`. */
bool record_read(struct record *out, struct str document);

/*
 * The same much faster, of documents in the writer's own form: its declaration, no comment or
 * instruction, no character left as it is that might be escaped. False says that the document must
 * be read by record_read. Characters are not looked at: where the record equals one of a text that
 * XML can hold, the document is well-formed.
 */
bool record_scan(struct record *out, struct str document);

void record_free(struct record *record);

#endif
