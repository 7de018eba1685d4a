/*
 * check/attachment: what files may be published beside records, and what must not be in them. For
 * commands/.
 *
 * Files of text are searched like records. What we can't read (PDF, documents, pictures, sound)
 * needs somebody who has looked: an attestation in the record that offers it. Pictures tell where
 * they were taken and by whom: that must be taken out.
 */
#ifndef CHECK_ATTACHMENT_H
#define CHECK_ATTACHMENT_H

#include "check/record.h"

enum attachment_kind {
    ATTACHMENT_UNLISTED, /* not published: a browser may run it, or nobody can look into it */
    ATTACHMENT_TEXT,
    ATTACHMENT_IMAGE,
    ATTACHMENT_OPAQUE
};

/* By the end of its name. */
enum attachment_kind attachment_kind(struct str path);

/* May the file be published at all? A site without configuration refuses programs alone. */
bool attachment_is_listed(struct str path, bool is_free);

struct attachment_input {
    const struct record *record; /* that offers it */
    struct arena *arena;
    struct str path, bytes;
    struct place place; /* of the link */
};

/* Faults are at the link, or in the file where it is text. */
void check_attachment(struct check *check, const struct attachment_input *input, struct diag *diag);

#endif
