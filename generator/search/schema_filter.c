#include "search/schema_filter.h"

#include <string.h>

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

/* An open file: what SQLite gets, and behind it the file proper. */
struct filtered_file {
    sqlite3_file base;
    sqlite3_int64 page_size;            /* 0: not the database */
    sqlite3_int64 leaves[CHILDREN_MAX]; /* where pages of sqlite_schema begin in the file */
    size_t leaf_count;
    sqlite3_file *real;
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

/* The bytes of a text by its serial type; of NULL and numbers none are asked for here. */
static size_t text_bytes(size_t serial)
{
    return serial >= 13 ? (serial - 13) / 2 : 0;
}

/* The columns type, name, tbl_name of the row that a cell holds. False where it is no such row. */
static bool read_row(struct str cell, struct str out[3])
{
    size_t payload, rowid, header, serial;
    struct str rest = cell;
    if (!cut_number(&payload, &rest) || !cut_number(&rowid, &rest)) {
        return false;
    }
    struct str record = rest;
    if (!cut_number(&header, &rest) || header > record.n) {
        return false;
    }
    struct str values = str_from(record, header);
    for (int i = 0; i < 3; i++) {
        if (!cut_number(&serial, &rest) || text_bytes(serial) > values.n) {
            return false;
        }
        out[i] = str_slice(values, 0, text_bytes(serial));
        values = str_from(values, text_bytes(serial));
    }
    return true;
}

bool schema_filter_keeps(struct str table)
{
    static const char *const tables[] = {"records",     "search_facts", "organisations", "items",
                                         "synonyms",    "meta",         "search_pages",  "search",
                                         "search_data", "search_idx",   "search_config"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (str_equal(table, str_of(tables[i]))) {
            return true;
        }
    }
    return false;
}

/*
 * Of indexes only those that SQLite made by itself: it complains where it does not find them. A row
 * that is not understood stays, for SQLite to complain of.
 */
static bool is_wanted(struct str cell)
{
    struct str row[3];
    if (!read_row(cell, row)) {
        return true;
    }
    bool is_index = str_equal(row[0], STR("index"));
    return schema_filter_keeps(row[2]) && !str_equal(row[0], STR("view")) &&
           (!is_index || str_starts(row[1], STR("sqlite_autoindex_")));
}

/* Does SQLite take the row though no search reads it? It refuses an index that lacks its table. */
static bool is_harmless(struct str cell)
{
    struct str row[3];
    return read_row(cell, row) && (!str_equal(row[0], STR("index")) || schema_filter_keeps(row[2]));
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

static int do_read(sqlite3_file *base, void *bytes, int n, sqlite3_int64 offset)
{
    struct filtered_file *file = (struct filtered_file *)base;
    int code = file->real->pMethods->xRead(file->real, bytes, n, offset);
    if (code == SQLITE_OK && n == file->page_size) {
        filter(file, bytes, offset);
    }
    return code;
}

static int do_close(sqlite3_file *base)
{
    struct filtered_file *file = (struct filtered_file *)base;
    return file->real->pMethods->xClose(file->real);
}

static int do_file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    struct filtered_file *file = (struct filtered_file *)base;
    return file->real->pMethods->xFileSize(file->real, out);
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
static sqlite3_int64 read_page_size(sqlite3_file *real)
{
    unsigned char header[FILE_HEADER_BYTES];
    if (real->pMethods->xRead(real, header, sizeof(header), 0) != SQLITE_OK) {
        return 0;
    }
    size_t size = schema_filter_number(header + FILE_PAGE_SIZE, 2);
    size = size == 1 ? 65536 : size;
    return size >= 512 ? (sqlite3_int64)size : 0;
}

static int do_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
                   int *out_flags)
{
    sqlite3_vfs *below = vfs->pAppData;
    struct filtered_file *file = (struct filtered_file *)base;
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) {
        base->pMethods = NULL;
        return SQLITE_CANTOPEN; /* journals and temporary files: a search has none */
    }
    memset(file, 0, sizeof(*file));
    file->real = (sqlite3_file *)(file + 1);
    int code = below->xOpen(below, path, file->real, flags, out_flags);
    if (code == SQLITE_OK) {
        file->page_size = read_page_size(file->real);
        base->pMethods = &methods;
    }
    return code;
}

int schema_filter_register(struct schema_filter *filter)
{
    sqlite3_vfs *below = sqlite3_vfs_find(NULL);
    if (below == NULL) {
        return SQLITE_ERROR;
    }
    filter->vfs = *below;
    filter->vfs.pNext = NULL;
    filter->vfs.zName = SCHEMA_FILTER_NAME;
    filter->vfs.szOsFile = (int)sizeof(struct filtered_file) + below->szOsFile;
    filter->vfs.pAppData = below;
    filter->vfs.xOpen = do_open;
    return sqlite3_vfs_register(&filter->vfs, 0);
}

void schema_filter_unregister(struct schema_filter *filter)
{
    if (filter->vfs.zName != NULL) {
        sqlite3_vfs_unregister(&filter->vfs);
    }
}
