#include "base/file_copy.h"

#include "base/buf.h"
#include "base/file.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PART = 4 * 1024 * 1024 /* bytes that one thread copies at a time */ };

int file_copy_begin(struct file_copy *out, int from_at, const char *from, const char *to,
                    mode_t mode, struct fault *fault)
{
    struct stat status;
    *out = (struct file_copy){.from = from, .to = to, .source = -1, .target = -1};
    out->source = openat(from_at, from, O_RDONLY | O_CLOEXEC);
    if (out->source < 0 || fstat(out->source, &status) != 0) {
        return fault_errno(fault, "cannot open %s", from);
    }
    out->size = status.st_size;
    out->target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (out->target < 0) {
        return fault_errno(fault, "cannot create %s", to);
    }
    if (ioctl(out->target, FICLONE, out->source) == 0) {
        file_copy_stop(out); /* the file system shares the bytes: nothing is left to copy */
    }
    return 0;
}

/*
 * Not the kernel's copy_file_range, which where it copies bytes keeps the target locked while it
 * reads them too: two threads that read and write by themselves take four fifths of the time.
 */
static int copy_part(struct file_copy *copy, off_t at, off_t end, struct buf *chunk,
                     struct fault *fault)
{
    enum { CHUNK = 256 * 1024 };
    for (; at < end; at += CHUNK) {
        size_t size = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        buf_clear(chunk);
        if (file_read_at(chunk, copy->source, copy->from, size, at, fault) != 0 ||
            file_write_at(copy->target, copy->to, buf_str(chunk), at, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

int file_copy_help(struct file_copy *copy, struct fault *fault)
{
    struct buf chunk = BUF_EMPTY;
    long long at;
    int rc = 0;
    while (rc == 0 && (at = atomic_fetch_add(&copy->next, PART)) < copy->size) {
        long long end = at + PART < copy->size ? at + PART : copy->size;
        rc = copy_part(copy, at, end, &chunk, fault);
    }
    if (rc != 0) {
        file_copy_stop(copy);
    }
    buf_free(&chunk);
    return rc;
}

void file_copy_stop(struct file_copy *copy)
{
    atomic_store(&copy->next, copy->size);
}

int file_copy_end(struct file_copy *copy, struct fault *fault)
{
    int rc = 0;
    if (copy->target >= 0 && close(copy->target) != 0) {
        rc = fault_errno(fault, "cannot close %s", copy->to);
    }
    if (copy->source >= 0) {
        close(copy->source);
    }
    return rc;
}
