/*
 * schema_page: the first page of a database as a search sees it: sqlite_schema with no more in it
 * than the tables that a search reads. For schema_filter.c and its test.
 *
 *     count = schema_page_leaves(leaves, bytes, size);   the bytes are the first page of the file
 *     schema_page_begin(&page, bytes, size);
 *     schema_page_add(&page, leaf, head);                each of these leaves
 *
 * The bytes then hold a leaf that SQLite takes for the whole schema. All pages are of `size`, which
 * is 512 at least.
 */
#ifndef SEARCH_SCHEMA_PAGE_H
#define SEARCH_SCHEMA_PAGE_H

#include "base/str.h"

#include <stdint.h>

enum { SCHEMA_LEAVES_MAX = 64 /* the schema of a database of ours has a few */ };

struct schema_page {
    unsigned char *bytes;
    size_t size, count, content; /* of the page; of its cells; where these begin */
};

/* An empty schema behind the header of the file, which the bytes begin with. */
void schema_page_begin(struct schema_page *out, unsigned char *bytes, size_t size);

/*
 * Adds the tables that a search reads of a page of sqlite_schema, a leaf of a b-tree. `head` is
 * where its header begins: 100 on the first page of a file. Of a page that is no such leaf, and of
 * a row that is not understood, nothing is added.
 */
void schema_page_add(struct schema_page *out, const unsigned char *leaf, size_t head);

/* The numbers of the pages that sqlite_schema stands on, and how many; 0: not as we write it. */
size_t schema_page_leaves(uint32_t out[SCHEMA_LEAVES_MAX], const unsigned char *first, size_t size);

/* Is it a table that a search reads? */
bool schema_page_keeps(struct str table);

/* A number of SQLite's file format in so many bytes, the greatest first. */
static inline uint32_t schema_page_number(const unsigned char *p, int bytes)
{
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | p[i];
    }
    return value;
}

#endif
