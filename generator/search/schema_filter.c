#include "search/schema_filter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a page of a b-tree: SQLite's file format, sections 1.3 and 1.6. */
enum {
    FILE_HEADER_BYTES = 100,
    FILE_PAGE_SIZE = 16,
    PAGE_CELL_COUNT = 3,
    PAGE_RIGHT_CHILD = 8,
    PAGE_LEAF_HEADER = 8,
    PAGE_INTERIOR_HEADER = 12,
    PAGE_INTERIOR = 0x05,
    PAGE_LEAF = 0x0d,
    CHILDREN_MAX = 64 /* of the first page; the schema of a database of ours has a few */
};

/* The open file, as SQLite gets it. */
struct filtered_file {
    sqlite3_file base;
    const struct schema_filter *filter;
    sqlite3_int64 page_size;            /* 0: no header of a database */
    sqlite3_int64 leaves[CHILDREN_MAX]; /* where pages of sqlite_schema begin in the file */
    size_t leaf_count;
};

/* A number of SQLite's variable length; the bytes left are cut by it. False at the end of them. */
static bool cut_number(size_t *out, struct str *rest)
{
    size_t value = 0;
    for (size_t i = 0; i < 8 && i < rest->n; i++) {
        unsigned char c = (unsigned char)rest->p[i];
        value = value << 7 | (c & 0x7f);
        if ((c & 0x80) == 0) {
            *rest = str_from(*rest, i + 1);
            *out = value;
            return true;
        }
    }
    return false;
}

/* The columns of a row of sqlite_schema, each as its bytes. */
struct schema_row {
    struct str type, name, table, root, sql;
};

/* How many bytes a value takes, by its serial type. */
static size_t value_bytes(size_t serial)
{
    static const size_t numbers[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return serial < 12 ? numbers[serial] : (serial - 12) / 2;
}

/* The row that a cell holds. False where it is no such row, or does not end within the page. */
static bool read_row(struct str cell, struct schema_row *out)
{
    struct str *const columns[] = {&out->type, &out->name, &out->table, &out->root, &out->sql};
    size_t payload, rowid, header, serial;
    struct str rest = cell;
    if (!cut_number(&payload, &rest) || !cut_number(&rowid, &rest) || payload > rest.n) {
        return false;
    }
    struct str record = str_slice(rest, 0, payload);
    rest = record;
    if (!cut_number(&header, &rest) || header > record.n) {
        return false;
    }
    struct str values = str_from(record, header);
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (!cut_number(&serial, &rest) || value_bytes(serial) > values.n) {
            return false;
        }
        *columns[i] = str_slice(values, 0, value_bytes(serial));
        values = str_from(values, value_bytes(serial));
    }
    return true;
}

/*
 * The tables that a search reads. Those of ours are declared with no more than it needs: the
 * columns up to the last that it reads, no type, no constraint, and so no index that would have to
 * be there. NULL: as FTS5 declares it.
 */
static const struct {
    const char *name, *sql;
} tables[] = {
    {"records", "CREATE TABLE records(id INTEGER PRIMARY KEY,path,url,folder,kind,title,date,org,"
                "item,own_summary,summary_length,text)"},
    {"organisations", "CREATE TABLE organisations(id INTEGER PRIMARY KEY,key,name,type,code,"
                      "division,parent,lineage)"},
    {"items", "CREATE TABLE items(id INTEGER PRIMARY KEY,key,name)"},
    {"meta", "CREATE TABLE meta(key PRIMARY KEY,value)WITHOUT ROWID"},
    {"synonyms", "CREATE TABLE synonyms(word,same,PRIMARY KEY(word,same))WITHOUT ROWID"},
    {"search_pages", "CREATE TABLE search_pages(language,name,page,PRIMARY KEY(language,name))"
                     "WITHOUT ROWID"},
    {"search_facts", "CREATE TABLE search_facts(block INTEGER PRIMARY KEY,bytes)"},
    {"search", NULL},
    {"search_data", NULL},
    {"search_idx", NULL},
    {"search_config", NULL},
};
enum { TABLE_COUNT = sizeof(tables) / sizeof(tables[0]) };

static int find_table(struct str name)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (str_equal(name, str_of(tables[i].name))) {
            return i;
        }
    }
    return -1;
}

bool schema_filter_keeps(struct str table)
{
    return find_table(table) >= 0;
}

/* A row that is not understood stays, for SQLite to complain of. */
static bool is_wanted(struct str cell)
{
    struct schema_row row;
    return !read_row(cell, &row) ||
           (str_equal(row.type, STR("table")) && schema_filter_keeps(row.name));
}

/* Does SQLite take the row though no search reads it? It refuses an index that lacks its table. */
static bool is_harmless(struct str cell)
{
    struct schema_row row;
    return read_row(cell, &row) && !str_equal(row.type, STR("index"));
}

/* Writes what the search needs of the table over its declaration, where that is not shorter. */
static void shorten(unsigned char *page, struct str cell)
{
    struct schema_row row;
    int table = read_row(cell, &row) ? find_table(row.name) : -1;
    struct str sql = table >= 0 ? str_of(tables[table].sql) : (struct str){NULL, 0};
    if (sql.n > 0 && sql.n <= row.sql.n) {
        unsigned char *at = page + (row.sql.p - (const char *)page);
        memset(at, ' ', row.sql.n);
        memcpy(at, sql.p, sql.n);
    }
}

static struct str cell_at(const unsigned char *page, size_t size, const unsigned char *pointer)
{
    return str_from((struct str){(const char *)page, size}, schema_filter_number(pointer, 2));
}

/* The row that stays where none is wanted. */
static size_t find_harmless(const unsigned char *page, size_t size, const unsigned char *pointers,
                            size_t count)
{
    size_t i = 0;
    while (i + 1 < count && !is_harmless(cell_at(page, size, pointers + 2 * i))) {
        i++;
    }
    return i;
}

void schema_filter_page(unsigned char *page, size_t size, size_t head)
{
    if (size < head + PAGE_LEAF_HEADER || page[head] != PAGE_LEAF) {
        return;
    }
    size_t count = schema_filter_number(page + head + PAGE_CELL_COUNT, 2), kept = 0;
    unsigned char *pointers = page + head + PAGE_LEAF_HEADER;
    if (count > (size - head - PAGE_LEAF_HEADER) / 2) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(cell_at(page, size, pointers + 2 * i))) {
            memmove(pointers + 2 * kept++, pointers + 2 * i, 2);
        }
    }
    for (size_t i = 0; i < kept; i++) {
        shorten(page, cell_at(page, size, pointers + 2 * i));
    }
    if (kept == 0 && count > 0) {
        memmove(pointers, pointers + 2 * find_harmless(page, size, pointers, count), 2);
        kept = 1;
    }
    page[head + PAGE_CELL_COUNT] = (unsigned char)(kept >> 8);
    page[head + PAGE_CELL_COUNT + 1] = (unsigned char)(kept & 0xff);
}

/* The pages of sqlite_schema, whose root is the first page: that one, or those that it names. */
static void find_leaves(struct filtered_file *file, const unsigned char *page, size_t size)
{
    const unsigned char *head = page + FILE_HEADER_BYTES;
    file->leaf_count = 0;
    if (head[0] == PAGE_LEAF) {
        file->leaves[file->leaf_count++] = 0;
        return;
    }
    size_t count = schema_filter_number(head + PAGE_CELL_COUNT, 2);
    if (head[0] != PAGE_INTERIOR || count >= CHILDREN_MAX) {
        return; /* not as we write it: SQLite gets it whole */
    }
    for (size_t i = 0; i <= count; i++) {
        size_t at = schema_filter_number(head + PAGE_INTERIOR_HEADER + 2 * i, 2);
        const unsigned char *child = i < count ? page + at : head + PAGE_RIGHT_CHILD;
        if (i == count || at + 4 <= size) {
            sqlite3_int64 number = (sqlite3_int64)schema_filter_number(child, 4);
            file->leaves[file->leaf_count++] = (number - 1) * (sqlite3_int64)size;
        }
    }
}

static void filter(struct filtered_file *file, unsigned char *page, sqlite3_int64 offset)
{
    size_t size = (size_t)file->page_size;
    if (offset == 0) {
        find_leaves(file, page, size);
    }
    for (size_t i = 0; i < file->leaf_count; i++) {
        if (file->leaves[i] == offset) {
            schema_filter_page(page, size, offset == 0 ? FILE_HEADER_BYTES : 0);
            return;
        }
    }
}

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

static int do_read(sqlite3_file *base, void *bytes, int n, sqlite3_int64 offset)
{
    struct filtered_file *file = (struct filtered_file *)base;
    const struct schema_filter *own = file->filter;
    if (own->is_over != NULL && own->is_over(own->context)) {
        return SQLITE_INTERRUPT;
    }
    int code = read_whole(own->fd, bytes, (size_t)n, offset);
    if (code == SQLITE_OK && n == file->page_size) {
        filter(file, bytes, offset);
    }
    return code;
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
    size_t size = schema_filter_number(header + FILE_PAGE_SIZE, 2);
    size = size == 1 ? 65536 : size;
    return size >= 512 ? (sqlite3_int64)size : 0;
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
