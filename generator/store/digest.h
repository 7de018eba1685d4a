/* digest: one name for what a database says. For store/ only. */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "base/digest.h"
#include "store/database.h"

/*
 * SHA-256 over all rows that tell of the content, in an order that their own values decide: the
 * same rows give the same digest, whatever their internal ids are.
 */
int store_digest(char out[DIGEST_TEXT_SIZE], struct database *db, struct fault *fault);

#endif
