#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_open_file(struct buf *out, int fd, const char *path, size_t limit,
                          struct fault *fault)
{
    enum { CHUNK = 64 * 1024 };
    size_t start = out->n;
    for (;;) {
        ssize_t n = read(fd, buf_reserve(out, CHUNK), CHUNK);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fault_tell_errno(fault, "读不了 %s", "cannot read %s", path);
        }
        if (n == 0) {
            out->p[out->n] = '\0';
            return 0;
        }
        out->n += (size_t)n;
        if (out->n - start > limit) {
            return fault_tell(fault, "%s 太大，最多 %zu 字节", "%s is larger than %zu bytes", path,
                              limit);
        }
    }
}

int file_read(struct buf *out, int at, const char *path, size_t limit, struct fault *fault)
{
    int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fault_tell_errno(fault, "打不开 %s", "cannot open %s", path);
    }
    int rc = read_open_file(out, fd, path, limit, fault);
    close(fd);
    return rc;
}

int file_temporary(int at, const char *folder, struct fault *fault)
{
    int fd = openat(at, folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        fd = memfd_create("gongkai", MFD_CLOEXEC);
    }
    return fd < 0 ? fault_errno(fault, "cannot make a temporary file") : fd;
}

int file_read_at(struct buf *out, int fd, const char *name, size_t size, off_t offset,
                 struct fault *fault)
{
    while (size > 0) {
        char *end = buf_reserve(out, size);
        ssize_t n = pread(fd, end, size, offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? fault_set(fault, "%s is too short", name)
                          : fault_errno(fault, "cannot read %s", name);
        }
        out->n += (size_t)n;
        out->p[out->n] = '\0';
        offset += n;
        size -= (size_t)n;
    }
    return 0;
}

int file_write_at(int fd, const char *name, struct str bytes, off_t offset, struct fault *fault)
{
    while (bytes.n > 0) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fault_errno(fault, "cannot write %s", name);
        }
        offset += n;
        bytes = str_from(bytes, (size_t)n);
    }
    return 0;
}

int file_write_all(int fd, struct str bytes, struct fault *fault)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fault_tell_errno(fault, "写不进去", "cannot write");
        }
        bytes = str_from(bytes, (size_t)n);
    }
    return 0;
}

static int write_and_close(int fd, const char *path, struct str bytes, bool is_synced,
                           struct fault *fault)
{
    struct fault cause;
    if (file_write_all(fd, bytes, &cause) != 0) {
        close(fd);
        return fault_wrap(fault, path, &cause);
    }
    if (is_synced && fsync(fd) != 0) {
        close(fd);
        return fault_errno(fault, "cannot sync %s", path);
    }
    if (close(fd) != 0) {
        return fault_errno(fault, "cannot close %s", path);
    }
    return 0;
}

int file_create(int at, const char *path, struct str bytes, mode_t mode, bool is_synced,
                struct fault *fault)
{
    int fd = openat(at, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) {
        return fault_tell_errno(fault, "写不了 %s", "cannot create %s", path);
    }
    if (write_and_close(fd, path, bytes, is_synced, fault) != 0) {
        int cause = errno;
        unlinkat(at, path, 0);
        errno = cause;
        return -1;
    }
    return 0;
}

int file_create_below(int at, const char *path, struct str bytes, mode_t mode, struct fault *fault)
{
    struct fault first;
    if (file_create(at, path, bytes, mode, false, &first) == 0) {
        return 0;
    }
    if (errno != ENOENT) {
        *fault = first;
        return -1;
    }
    return file_make_parents(at, path, fault) == 0
               ? file_create(at, path, bytes, mode, false, fault)
               : -1;
}

/* The innermost first: most of the way is there already. */
static int make_folder(int at, const char *path, struct fault *fault)
{
    if (mkdirat(at, path, 0777) == 0 || errno == EEXIST) {
        return 0;
    }
    if (errno != ENOENT) {
        return fault_tell_errno(fault, "建不了文件夹 %s", "cannot make the folder %s", path);
    }
    if (file_make_parents(at, path, fault) != 0) {
        return -1;
    }
    if (mkdirat(at, path, 0777) != 0 && errno != EEXIST) {
        return fault_tell_errno(fault, "建不了文件夹 %s", "cannot make the folder %s", path);
    }
    return 0;
}

int file_make_parents(int at, const char *path, struct fault *fault)
{
    struct buf folder = BUF_EMPTY;
    buf_add_text(&folder, path);
    ptrdiff_t slash = str_find_last_char(buf_str(&folder), '/');
    buf_truncate(&folder, slash < 0 ? 0 : (size_t)slash);
    int rc = folder.n == 0 ? 0 : make_folder(at, folder.p, fault);
    buf_free(&folder);
    return rc;
}

int file_sync_folder(int at, const char *path, struct fault *fault)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fault_tell_errno(fault, "打不开文件夹 %s", "cannot open the folder %s", path);
    }
    int rc = fsync(fd) == 0 ? 0 : fault_errno(fault, "cannot sync the folder %s", path);
    close(fd);
    return rc;
}

static int remove_children(int fd, const char *path, struct fault *fault)
{
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        int rc = fault_errno(fault, "cannot read the folder %s", path);
        close(fd);
        return rc;
    }
    int rc = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            rc = errno == 0 ? 0 : fault_errno(fault, "cannot read the folder %s", path);
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        rc = file_remove_tree(dirfd(folder), entry->d_name, fault);
        if (rc != 0) {
            break;
        }
    }
    closedir(folder);
    return rc;
}

int file_remove_tree(int at, const char *path, struct fault *fault)
{
    if (unlinkat(at, path, 0) == 0 || errno == ENOENT) {
        return 0;
    }
    if (errno != EISDIR && errno != EPERM) {
        return fault_errno(fault, "cannot remove %s", path);
    }
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return fault_tell_errno(fault, "打不开文件夹 %s", "cannot open the folder %s", path);
    }
    if (remove_children(fd, path, fault) != 0) {
        return -1;
    }
    if (unlinkat(at, path, AT_REMOVEDIR) != 0 && errno != ENOENT) {
        return fault_errno(fault, "cannot remove the folder %s", path);
    }
    return 0;
}
