#include "base/file_copy.h"

#include "base/file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART = 4 * 1024 * 1024 /* bytes that one thread copies at a time */ };

int file_copy_begin(struct file_copy *out, int from_at, const char *from, const char *to,
                    mode_t mode, struct fault *fault)
{
    struct stat status;
    *out = (struct file_copy){.path = to, .source = -1, .target = -1};
    out->source = openat(from_at, from, O_RDONLY | O_CLOEXEC);
    if (out->source < 0 || fstat(out->source, &status) != 0) {
        return fault_errno(fault, "cannot open %s", from);
    }
    out->size = status.st_size;
    out->target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    return out->target < 0 ? fault_errno(fault, "cannot create %s", to) : 0;
}

static int copy_by_hand(struct file_copy *copy, off_t at, off_t end, struct fault *fault)
{
    enum { CHUNK = 64 * 1024 };
    char chunk[CHUNK];
    while (at < end) {
        size_t want = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        ssize_t n = pread(copy->source, chunk, want, at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? fault_errno(fault, "cannot copy %s", copy->path)
                         : fault_set(fault, "cannot copy %s: it became shorter", copy->path);
        }
        struct fault cause;
        if (file_write_at(copy->target, (struct str){chunk, (size_t)n}, at, &cause) != 0) {
            return fault_set(fault, "cannot copy %s: %s", copy->path, cause.text);
        }
        at += n;
    }
    return 0;
}

/* Kernels and file systems that cannot copy by themselves say so in one of these ways. */
static bool is_not_offered(int number)
{
    return number == ENOSYS || number == EXDEV || number == EOPNOTSUPP || number == EINVAL;
}

static int copy_part(struct file_copy *copy, off_t at, off_t end, struct fault *fault)
{
    while (at < end) {
        off_t from = at, to = at;
        ssize_t n = copy_file_range(copy->source, &from, copy->target, &to, (size_t)(end - at), 0);
        if (n == 0 || (n < 0 && is_not_offered(errno))) {
            return copy_by_hand(copy, at, end, fault);
        }
        if (n < 0 && errno != EINTR) {
            return fault_errno(fault, "cannot copy %s", copy->path);
        }
        at += n > 0 ? n : 0;
    }
    return 0;
}

int file_copy_help(struct file_copy *copy, struct fault *fault)
{
    long long at;
    while ((at = atomic_fetch_add(&copy->next, PART)) < copy->size) {
        long long end = at + PART < copy->size ? at + PART : copy->size;
        if (copy_part(copy, at, end, fault) != 0) {
            file_copy_stop(copy);
            return -1;
        }
    }
    return 0;
}

void file_copy_stop(struct file_copy *copy)
{
    atomic_store(&copy->next, copy->size);
}

int file_copy_end(struct file_copy *copy, struct fault *fault)
{
    int rc = 0;
    if (copy->target >= 0 && close(copy->target) != 0) {
        rc = fault_errno(fault, "cannot close %s", copy->path);
    }
    if (copy->source >= 0) {
        close(copy->source);
    }
    return rc;
}
