/*
 * no_sync: a preloaded library under which files are not synced, only folders are: the fault that
 * tests/publish/test_power.py must find.
 */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int fsync(int fd)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode)) {
        return 0;
    }
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

int syncfs(int fd)
{
    (void)fd;
    return 0;
}
