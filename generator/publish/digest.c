#include "publish/digest.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
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

static int digest_of_open_file(char out[DIGEST_TEXT_SIZE], long long *size, int fd, EVP_MD_CTX *md,
                               struct fault *fault)
{
    enum { CHUNK = 1 << 18 };
    struct buf chunk = BUF_EMPTY;
    unsigned char raw[EVP_MAX_MD_SIZE];
    bool is_good = md != NULL && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;
    ssize_t n = is_good ? 1 : 0;
    *size = 0;
    while (is_good && n != 0) {
        n = read(fd, buf_reserve(&chunk, CHUNK), CHUNK);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        is_good = n >= 0 && EVP_DigestUpdate(md, chunk.p, (size_t)n) == 1;
        *size += n;
    }
    buf_free(&chunk);
    if (!is_good || EVP_DigestFinal_ex(md, raw, NULL) != 1) {
        return n < 0 ? fault_errno(fault, "cannot read") : fault_set(fault, "SHA-256 failed");
    }
    format(out, raw);
    return 0;
}

int digest_of_file(char out[DIGEST_TEXT_SIZE], long long *bytes_out, int at, const char *path,
                   struct fault *fault)
{
    int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fault_errno(fault, "cannot open %s", path);
    }
    long long size = 0;
    struct fault cause;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    int rc = digest_of_open_file(out, &size, fd, md, &cause);
    EVP_MD_CTX_free(md);
    close(fd);
    if (rc != 0) {
        return fault_set(fault, "%s: %s", path, cause.text);
    }
    if (bytes_out != NULL) {
        *bytes_out = size;
    }
    return 0;
}
