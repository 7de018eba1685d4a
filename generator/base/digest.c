#include "base/digest.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/parallel.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <sys/stat.h>
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

enum { PART_SIZE = 512 * 1024, SLOTS = 4, THREADS = 2 };

/* A file's parts: read on any of the threads, added in their order. */
struct file_parts {
    int fd;
    const char *path;
    long long size;
    struct digest *digest;
    struct buf parts[SLOTS];
    struct fault faults[THREADS];
};

/* 0, or the thread's number from 1 on, whose fault it is. */
static int read_part(void *context, int thread, size_t index, size_t slot)
{
    struct file_parts *file = context;
    struct buf *part = &file->parts[slot];
    long long at = (long long)index * PART_SIZE, rest = file->size - at;
    buf_clear(part);
    int rc = file_read_at(part, file->fd, file->path, rest < PART_SIZE ? (size_t)rest : PART_SIZE,
                          at, &file->faults[thread]);
    return rc == 0 ? 0 : thread + 1;
}

static int add_part(void *context, size_t index, size_t slot)
{
    struct file_parts *file = context;
    (void)index;
    digest_add(file->digest, buf_str(&file->parts[slot]));
    return 0;
}

static int add_file(struct file_parts *file, bool reads_ahead, struct fault *fault)
{
    const struct parallel parallel = {.count = (size_t)((file->size + PART_SIZE - 1) / PART_SIZE),
                                      .slots = SLOTS,
                                      .threads = reads_ahead ? THREADS : 1,
                                      .context = file,
                                      .work = read_part,
                                      .take = add_part};
    int failed = parallel_run(&parallel);
    for (size_t i = 0; i < SLOTS; i++) {
        buf_free(&file->parts[i]);
    }
    if (failed != 0) {
        *fault = file->faults[failed - 1];
        return -1;
    }
    return 0;
}

static int open_file(struct file_parts *out, int at, const char *path, struct fault *fault)
{
    struct stat status;
    *out = (struct file_parts){.fd = openat(at, path, O_RDONLY | O_CLOEXEC), .path = path};
    if (out->fd < 0 || fstat(out->fd, &status) != 0) {
        fault_errno(fault, "cannot open %s", path);
        if (out->fd >= 0) {
            close(out->fd);
        }
        return -1;
    }
    out->size = status.st_size;
    return 0;
}

int digest_of_file(char out[DIGEST_TEXT_SIZE], long long *bytes_out, int at, const char *path,
                   bool reads_ahead, struct fault *fault)
{
    struct file_parts file;
    struct fault cause;
    if (open_file(&file, at, path, fault) != 0) {
        return -1;
    }
    file.digest = digest_new();
    int rc = add_file(&file, reads_ahead, fault);
    int finished = digest_finish(out, file.digest, &cause);
    close(file.fd);
    if (rc == 0 && finished != 0) {
        rc = fault_set(fault, "%s: %s", path, cause.text);
    }
    if (rc == 0 && bytes_out != NULL) {
        *bytes_out = file.size;
    }
    return rc;
}
