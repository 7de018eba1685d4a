#include "search/schema_filter.h"

#include "search/schema_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the header of a file: SQLite's file format, section 1.3. */
enum { FILE_HEADER_BYTES = 100, FILE_PAGE_SIZE = 16, PAGE_SIZE_MIN = 512 };

/* The open file, as SQLite gets it. */
struct filtered_file {
    sqlite3_file base;
    const struct schema_filter *filter;
    sqlite3_int64 page_size; /* 0: no header of a database */
};

/* Reads `n` bytes; what lies behind the end of the file is zero. */
static int read_whole(int fd, unsigned char *bytes, size_t n, sqlite3_int64 offset)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(fd, bytes + done, n - done, (off_t)offset + (off_t)done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return SQLITE_IOERR_READ;
        }
        if (got == 0) {
            memset(bytes + done, 0, n - done);
            return SQLITE_IOERR_SHORT_READ;
        }
        done += (size_t)got;
    }
    return SQLITE_OK;
}

/*
 * Puts the schema that a search sees in place of the first page. A schema that is not as we write
 * it stays, for SQLite to complain of.
 */
static int filter(int fd, unsigned char *page, size_t size)
{
    uint32_t leaves[SCHEMA_LEAVES_MAX];
    size_t count = schema_page_leaves(leaves, page, size);
    struct schema_page out;
    unsigned char *leaf = count > 0 ? malloc(size) : NULL;
    int code = count > 0 && leaf == NULL ? SQLITE_NOMEM : SQLITE_OK;
    for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
        sqlite3_int64 at = ((sqlite3_int64)leaves[i] - 1) * (sqlite3_int64)size;
        if (i == 0) {
            schema_page_begin(&out, page, size);
        }
        code = leaves[i] > 0 ? read_whole(fd, leaf, size, at) : SQLITE_CORRUPT;
        if (code == SQLITE_OK) {
            schema_page_add(&out, leaf, at == 0 ? FILE_HEADER_BYTES : 0);
        }
    }
    free(leaf);
    return code;
}

static int do_read(sqlite3_file *base, void *bytes, int n, sqlite3_int64 offset)
{
    struct filtered_file *file = (struct filtered_file *)base;
    const struct schema_filter *own = file->filter;
    if (own->is_over != NULL && own->is_over(own->context)) {
        return SQLITE_INTERRUPT;
    }
    int code = read_whole(own->fd, bytes, (size_t)n, offset);
    return code == SQLITE_OK && offset == 0 && n == file->page_size
               ? filter(own->fd, bytes, (size_t)n)
               : code;
}

static int do_close(sqlite3_file *base)
{
    (void)base; /* schema_filter_unregister closes it */
    return SQLITE_OK;
}

static int do_file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    struct stat about;
    if (fstat(((struct filtered_file *)base)->filter->fd, &about) != 0) {
        return SQLITE_IOERR_FSTAT;
    }
    *out = about.st_size;
    return SQLITE_OK;
}

/* What writes and locks is never asked of a file that is read-only and immutable. */
static int refuse_write(sqlite3_file *base, const void *bytes, int n, sqlite3_int64 offset)
{
    (void)base, (void)bytes, (void)n, (void)offset;
    return SQLITE_READONLY;
}

static int refuse_size(sqlite3_file *base, sqlite3_int64 size)
{
    (void)base, (void)size;
    return SQLITE_READONLY;
}

static int do_nothing(sqlite3_file *base, int how)
{
    (void)base, (void)how;
    return SQLITE_OK;
}

static int is_not_reserved(sqlite3_file *base, int *out)
{
    (void)base;
    *out = 0;
    return SQLITE_OK;
}

static int know_no_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int tell_of_sectors(sqlite3_file *base)
{
    (void)base;
    return 4096;
}

static int tell_of_device(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1, /* without memory maps */
    .xClose = do_close,
    .xRead = do_read,
    .xWrite = refuse_write,
    .xTruncate = refuse_size,
    .xSync = do_nothing,
    .xFileSize = do_file_size,
    .xLock = do_nothing,
    .xUnlock = do_nothing,
    .xCheckReservedLock = is_not_reserved,
    .xFileControl = know_no_control,
    .xSectorSize = tell_of_sectors,
    .xDeviceCharacteristics = tell_of_device,
};

/* The page size that the header speaks of; 0 where there is no such header. */
static sqlite3_int64 read_page_size(int fd)
{
    unsigned char header[FILE_HEADER_BYTES];
    if (read_whole(fd, header, sizeof(header), 0) != SQLITE_OK) {
        return 0;
    }
    size_t size = schema_page_number(header + FILE_PAGE_SIZE, 2);
    size = size == 1 ? 65536 : size;
    return size >= PAGE_SIZE_MIN ? (sqlite3_int64)size : 0;
}

static int do_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
                   int *out_flags)
{
    struct schema_filter *filter = vfs->pAppData;
    struct filtered_file *file = (struct filtered_file *)base;
    (void)path;
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
        base->pMethods = NULL;
        return SQLITE_CANTOPEN; /* journals and temporary files: a search has none */
    }
    *file = (struct filtered_file){
        .base = {&methods}, .filter = filter, .page_size = read_page_size(filter->fd)};
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int do_delete(sqlite3_vfs *vfs, const char *path, int is_synced)
{
    (void)vfs, (void)path, (void)is_synced;
    return SQLITE_READONLY;
}

static int do_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs, (void)path, (void)flags;
    *out = 0; /* there is nothing beside the database */
    return SQLITE_OK;
}

static int do_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    return snprintf(out, (size_t)size, "%s", path) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

int schema_filter_register(struct schema_filter *filter, int fd)
{
    sqlite3_vfs *below = sqlite3_vfs_find(NULL);
    filter->fd = fd;
    if (below == NULL) {
        return SQLITE_ERROR;
    }
    filter->vfs = *below; /* the clock and chance are the system's */
    filter->vfs.pNext = NULL;
    filter->vfs.zName = SCHEMA_FILTER_NAME;
    filter->vfs.szOsFile = (int)sizeof(struct filtered_file);
    filter->vfs.pAppData = filter;
    filter->vfs.xOpen = do_open;
    filter->vfs.xDelete = do_delete;
    filter->vfs.xAccess = do_access;
    filter->vfs.xFullPathname = do_full_path;
    return sqlite3_vfs_register(&filter->vfs, 0);
}

void schema_filter_unregister(struct schema_filter *filter)
{
    if (filter->vfs.zName != NULL) {
        sqlite3_vfs_unregister(&filter->vfs);
    }
    if (filter->fd >= 0) {
        close(filter->fd);
        filter->fd = -1;
    }
}
