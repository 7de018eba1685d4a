/*
 * schema_filter: the database's file as a search sees it: without the tables, columns, views and
 * indexes that no search reads. SQLite parses the whole schema before the first statement; the
 * views for researchers alone cost more than a search. What is left out is out of reach, too. For
 * search/ alone.
 *
 *     schema_filter_register(&filter, fd)           the open file, from now on the filter's
 *     sqlite3_open_v2("any", ..., SCHEMA_FILTER_NAME)
 *     sqlite3_close(...)
 *     schema_filter_unregister(&filter)             closes the file
 *
 * Rows are dropped from, and declarations of tables cut short in, the pages of sqlite_schema as
 * these are read; the file is never changed. It must not be read through memory maps.
 */
#ifndef SEARCH_SCHEMA_FILTER_H
#define SEARCH_SCHEMA_FILTER_H

#include "base/str.h"

#include <sqlite3.h>
#include <stdint.h>

#define SCHEMA_FILTER_NAME "gongkai-search"

/* Zeroed is ready to use. It must stay where it is while it is registered. */
struct schema_filter {
    sqlite3_vfs vfs;
    int fd;

    /* Asked before each read; true ends what SQLite does, with SQLITE_INTERRUPT. NULL: never. */
    bool (*is_over)(void *context);
    void *context;
};

/*
 * Makes it what the next sqlite3_open_v2 of that name gets: no file is opened by name, so that what
 * was looked at before is what is read. SQLITE_OK, or what is wrong.
 */
int schema_filter_register(struct schema_filter *filter, int fd);
void schema_filter_unregister(struct schema_filter *filter);

/* Is it a table that a search reads? */
bool schema_filter_keeps(struct str table);

/* A number of SQLite's file format in so many bytes, the greatest first. */
static inline uint32_t schema_filter_number(const unsigned char *p, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | p[i];
    }
    return value;
}

/*
 * Takes the rows out of a page of sqlite_schema, a leaf of a b-tree, that a search does not read,
 * and shortens the others; one always stays, since a leaf without any is damaged. `head` is where
 * its header begins: 100 on the first page of a file. A page that is no such leaf stays as it is.
 */
void schema_filter_page(unsigned char *page, size_t size, size_t head);

#endif
