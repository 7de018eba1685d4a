#include "base/digest.h"

#include "base/arena.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

static void format(char out[DIGEST_TEXT_SIZE], const unsigned char *bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 32; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[64] = '\0';
}

int digest_of(char out[DIGEST_TEXT_SIZE], struct str bytes, struct fault *fault)
{
    unsigned char raw[EVP_MAX_MD_SIZE];
    if (EVP_Digest(bytes.n == 0 ? "" : bytes.p, bytes.n, raw, NULL, EVP_sha256(), NULL) != 1) {
        return fault_set(fault, "SHA-256 failed");
    }
    format(out, raw);
    return 0;
}

int digest_sha1_of(unsigned char out[DIGEST_SHA1_SIZE], const struct str *pieces, size_t count,
                   struct fault *fault)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool is_good = md != NULL && EVP_DigestInit_ex(md, EVP_sha1(), NULL) == 1;
    for (size_t i = 0; i < count && is_good; i++) {
        is_good = pieces[i].n == 0 || EVP_DigestUpdate(md, pieces[i].p, pieces[i].n) == 1;
    }
    is_good = is_good && EVP_DigestFinal_ex(md, out, NULL) == 1;
    EVP_MD_CTX_free(md);
    return is_good ? 0 : fault_set(fault, "SHA-1 failed");
}

struct digest {
    EVP_MD_CTX *md;
    bool is_good;
};

struct digest *digest_new(void)
{
    struct digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL) {
        arena_out_of_memory();
    }
    digest->md = EVP_MD_CTX_new();
    digest->is_good = digest->md != NULL && EVP_DigestInit_ex(digest->md, EVP_sha256(), NULL) == 1;
    return digest;
}

void digest_add(struct digest *digest, struct str bytes)
{
    if (digest->is_good && bytes.n > 0) {
        digest->is_good = EVP_DigestUpdate(digest->md, bytes.p, bytes.n) == 1;
    }
}

bool digest_take(unsigned char out[DIGEST_SIZE], struct digest *digest)
{
    digest->is_good = digest->is_good && EVP_DigestFinal_ex(digest->md, out, NULL) == 1 &&
                      EVP_DigestInit_ex(digest->md, NULL, NULL) == 1;
    return digest->is_good;
}

void digest_free(struct digest *digest)
{
    if (digest != NULL) {
        EVP_MD_CTX_free(digest->md);
        free(digest);
    }
}

int digest_finish(char out[DIGEST_TEXT_SIZE], struct digest *digest, struct fault *fault)
{
    unsigned char raw[EVP_MAX_MD_SIZE];
    bool is_good = digest->is_good && EVP_DigestFinal_ex(digest->md, raw, NULL) == 1;
    digest_free(digest);
    if (!is_good) {
        return fault_set(fault, "SHA-256 failed");
    }
    format(out, raw);
    return 0;
}

static int add_file(struct digest *digest, long long *size, int fd, struct fault *fault)
{
    enum { CHUNK = 1 << 18 };
    struct buf chunk = BUF_EMPTY;
    ssize_t n;
    *size = 0;
    while ((n = read(fd, buf_reserve(&chunk, CHUNK), CHUNK)) != 0) {
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            break;
        }
        digest_add(digest, (struct str){chunk.p, (size_t)n});
        *size += n;
    }
    int rc = n == 0 ? 0 : fault_errno(fault, "cannot read");
    buf_free(&chunk);
    return rc;
}

int digest_of_file(char out[DIGEST_TEXT_SIZE], long long *bytes_out, int at, const char *path,
                   struct fault *fault)
{
    int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fault_errno(fault, "cannot open %s", path);
    }
    long long size = 0;
    struct fault cause, ignored;
    struct digest *digest = digest_new();
    int rc = add_file(digest, &size, fd, &cause);
    int finished = digest_finish(out, digest, rc == 0 ? &cause : &ignored);
    close(fd);
    if (rc != 0 || finished != 0) {
        return fault_set(fault, "%s: %s", path, cause.text);
    }
    if (bytes_out != NULL) {
        *bytes_out = size;
    }
    return 0;
}
