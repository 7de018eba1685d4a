#include "search/schema_page.h"

#include <string.h>

/* Of a page of a b-tree: SQLite's file format, section 1.6. */
enum {
    FILE_HEADER_BYTES = 100,
    PAGE_CELL_COUNT = 3,
    PAGE_CONTENT = 5,
    PAGE_RIGHT_CHILD = 8,
    PAGE_LEAF_HEADER = 8,
    PAGE_INTERIOR_HEADER = 12,
    PAGE_INTERIOR = 0x05,
    PAGE_LEAF = 0x0d,
    CELL_HEAD_MAX = 40 /* lengths, row's number and types before the values of a row */
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
    size_t root_type;
};
enum { SCHEMA_COLUMNS = 5, SCHEMA_ROOT = 3 };

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
    out->root_type = 0;
    for (size_t i = 0; i < SCHEMA_COLUMNS; i++) {
        if (!cut_number(&serial, &rest) || value_bytes(serial) > values.n) {
            return false;
        }
        *columns[i] = str_slice(values, 0, value_bytes(serial));
        out->root_type = i == SCHEMA_ROOT ? serial : out->root_type;
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
    {"items", "CREATE TABLE items(id INTEGER PRIMARY KEY,key,name)"},
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

bool schema_page_keeps(struct str table)
{
    return find_table(table) >= 0;
}

/* The two bytes at a place of a page. */
static void put_pair(unsigned char *at, size_t value)
{
    at[0] = (unsigned char)(value >> 8 & 0xff);
    at[1] = (unsigned char)(value & 0xff);
}

static unsigned char *put_number(unsigned char *at, size_t value)
{
    for (int shift = 28; shift > 0; shift -= 7) {
        if (value >> shift != 0) {
            *at++ = (unsigned char)((value >> shift & 0x7f) | 0x80);
        }
    }
    *at++ = (unsigned char)(value & 0x7f);
    return at;
}

/* Writes the row as a cell before those that are there; what does not fit is left out. */
static void add_row(struct schema_page *out, const struct schema_row *row)
{
    const struct str values[] = {row->type, row->name, row->table, row->root, row->sql};
    unsigned char head[CELL_HEAD_MAX], types[CELL_HEAD_MAX], *at = types;
    size_t value_bytes = 0;
    for (size_t i = 0; i < SCHEMA_COLUMNS; i++) {
        at = put_number(at, i == SCHEMA_ROOT ? row->root_type : values[i].n * 2 + 13);
        value_bytes += values[i].n;
    }
    size_t type_bytes = (size_t)(at - types);
    at = put_number(head, 1 + type_bytes + value_bytes);
    at = put_number(at, out->count + 1);
    *at++ = (unsigned char)(1 + type_bytes);
    size_t head_bytes = (size_t)(at - head), bytes = head_bytes + type_bytes + value_bytes;
    size_t pointers = FILE_HEADER_BYTES + PAGE_LEAF_HEADER + 2 * out->count;
    if (out->content < pointers + 2 + bytes) {
        return;
    }
    out->content -= bytes;
    at = out->bytes + out->content;
    memcpy(at, head, head_bytes);
    memcpy(at + head_bytes, types, type_bytes);
    at += head_bytes + type_bytes;
    for (size_t i = 0; i < SCHEMA_COLUMNS; i++) {
        if (values[i].n > 0) {
            memcpy(at, values[i].p, values[i].n);
        }
        at += values[i].n;
    }
    put_pair(out->bytes + pointers, out->content);
    out->count++;
    put_pair(out->bytes + FILE_HEADER_BYTES + PAGE_CELL_COUNT, out->count);
    put_pair(out->bytes + FILE_HEADER_BYTES + PAGE_CONTENT, out->content);
}

void schema_page_begin(struct schema_page *out, unsigned char *bytes, size_t size)
{
    *out = (struct schema_page){.bytes = bytes, .size = size, .content = size};
    memset(bytes + FILE_HEADER_BYTES, 0, size - FILE_HEADER_BYTES);
    bytes[FILE_HEADER_BYTES] = PAGE_LEAF;
    put_pair(bytes + FILE_HEADER_BYTES + PAGE_CONTENT, size);
}

/* Adds the table of that cell, where it is one that a search reads. */
static void add_cell(struct schema_page *out, struct str cell)
{
    struct schema_row row;
    int table = -1;
    if (read_row(cell, &row) && str_equal(row.type, STR("table"))) {
        table = find_table(row.name);
    }
    if (table >= 0) {
        struct str sql = str_of(tables[table].sql);
        row.sql = sql.n > 0 ? sql : row.sql;
        add_row(out, &row);
    }
}

void schema_page_add(struct schema_page *out, const unsigned char *leaf, size_t head)
{
    if (out->size < head + PAGE_LEAF_HEADER || leaf[head] != PAGE_LEAF) {
        return;
    }
    struct str page = {(const char *)leaf, out->size};
    size_t count = schema_page_number(leaf + head + PAGE_CELL_COUNT, 2);
    const unsigned char *pointers = leaf + head + PAGE_LEAF_HEADER;
    for (size_t i = 0; i < count && i < (out->size - head - PAGE_LEAF_HEADER) / 2; i++) {
        add_cell(out, str_from(page, schema_page_number(pointers + 2 * i, 2)));
    }
}

/* Finds the pages of sqlite_schema, whose root is the first page: that one, or those that it names.
 */
size_t schema_page_leaves(uint32_t out[SCHEMA_LEAVES_MAX], const unsigned char *first, size_t size)
{
    const unsigned char *head = first + FILE_HEADER_BYTES;
    size_t count = schema_page_number(head + PAGE_CELL_COUNT, 2), found = 0;
    if (head[0] == PAGE_LEAF) {
        out[found++] = 1;
        return found;
    }
    if (head[0] != PAGE_INTERIOR || count >= SCHEMA_LEAVES_MAX) {
        return 0;
    }
    for (size_t i = 0; i <= count; i++) {
        size_t at = schema_page_number(head + PAGE_INTERIOR_HEADER + 2 * i, 2);
        const unsigned char *child = i < count ? first + at : head + PAGE_RIGHT_CHILD;
        if (i == count || at + 4 <= size) {
            out[found++] = schema_page_number(child, 4);
        }
    }
    return found;
}
