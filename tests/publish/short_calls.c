/*
 * short_calls: a preloaded library under which every read and write does half of what it was
 * asked to, and every fifth one is interrupted first. For tests/publish/test_errors.py.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_uint call_count;

static bool is_interrupted(void)
{
    if (atomic_fetch_add(&call_count, 1) % 5 != 4) {
        return false;
    }
    errno = EINTR;
    return true;
}

static size_t half(size_t size)
{
    return size < 2 ? size : size / 2;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return is_interrupted() ? -1 : syscall(SYS_write, fd, bytes, half(size));
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    return is_interrupted() ? -1 : syscall(SYS_pwrite64, fd, bytes, half(size), offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return pwrite64(fd, bytes, size, offset);
}

ssize_t read(int fd, void *bytes, size_t size)
{
    return is_interrupted() ? -1 : syscall(SYS_read, fd, bytes, half(size));
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t offset)
{
    return is_interrupted() ? -1 : syscall(SYS_pread64, fd, bytes, half(size), offset);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t offset)
{
    return pread64(fd, bytes, size, offset);
}
