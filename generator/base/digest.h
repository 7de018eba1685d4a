/*
 * digest: SHA-256 and SHA-1 (FIPS 180-4); the one door to libcrypto. For publish/, store/, render/,
 * source/, commands/.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/fault.h"
#include "base/str.h"

enum { DIGEST_TEXT_SIZE = 65, DIGEST_SIZE = 32, DIGEST_SHA1_SIZE = 20 };

/* The digest of `bytes` in lower-case hexadecimal, NUL-terminated. */
int digest_of(char out[DIGEST_TEXT_SIZE], struct str bytes, struct fault *fault);

/*
 * The digest of a file's content; `bytes_out`, where not NULL, gets its size. Where it reads ahead,
 * another thread does a fifth of the work, which is reading.
 */
int digest_of_file(char out[DIGEST_TEXT_SIZE], long long *bytes_out, int at, const char *path,
                   bool reads_ahead, struct fault *fault);

/* SHA-1 of the pieces one after another: git's names of objects, and nothing else. Thread-safe. */
int digest_sha1_of(unsigned char out[DIGEST_SHA1_SIZE], const struct str *pieces, size_t count,
                   struct fault *fault);

/* SHA-256 piece by piece: the first failure sticks, and digest_finish, which frees, reports it. */
struct digest;
struct digest *digest_new(void);
void digest_add(struct digest *digest, struct str bytes);
int digest_finish(char out[DIGEST_TEXT_SIZE], struct digest *digest, struct fault *fault);

/* The bytes of the digest so far, and begins the next one: to set one up costs more than to hash a
 * short text. False where it failed, and from then on. */
bool digest_take(unsigned char out[DIGEST_SIZE], struct digest *digest);

/* Gives back one that is not finished; NULL is none. */
void digest_free(struct digest *digest);

#endif
