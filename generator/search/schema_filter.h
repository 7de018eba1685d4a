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
 * SQLite gets a first page with the tables that a search reads, declared as short as can be
 * (schema_page.h), in place of all pages of sqlite_schema; the file is never changed. It must not
 * be read through memory maps.
 */
#ifndef SEARCH_SCHEMA_FILTER_H
#define SEARCH_SCHEMA_FILTER_H

#include "base/str.h"

#include <sqlite3.h>

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

#endif
