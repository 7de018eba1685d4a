/*
 * digest: one name for what a database says, kept while rows come and go. For store/ only.
 *
 * Each row of content has a SHA-256 of its own, over values and never over internal ids; the sum
 * of them all, lane by lane modulo 2^64, is the same in whatever order rows came, and a row that
 * goes is subtracted. It tells databases apart; what proves a download is the file's own checksum.
 */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "base/buf.h"
#include "base/digest.h"
#include "store/database.h"

#include <stdint.h>

struct row_digest {
    uint64_t lanes[4];
    bool has_failed;
    struct digest *sha; /* used for every row, once there is one */
    struct buf row;     /* what it is of; the memory is kept for the next row */
};

#define ROW_DIGEST_NONE ((struct row_digest){.row = BUF_EMPTY})

/* Adds the row of these values, or takes it out again. */
void row_digest_add(struct row_digest *digest, const struct str *values, size_t count);
void row_digest_subtract(struct row_digest *digest, const struct str *values, size_t count);

/* 64 hexadecimal digits, and back; what is no digest reads as that of no rows. */
void row_digest_format(char out[DIGEST_TEXT_SIZE], const struct row_digest *digest);
struct row_digest row_digest_parse(struct str text);

void row_digest_free(struct row_digest *digest);

/*
 * SHA-256 over the sum and over the rows of the small tables: those of the site itself, attachments
 * and former addresses. `meta` counts but for the digests in it.
 */
int store_digest(char out[DIGEST_TEXT_SIZE], const struct row_digest *rows, struct database *db,
                 struct fault *fault);

#endif
