#include "store/fts_structure.h"

#include "base/arena.h"
#include "base/buf.h"
#include "store/fts_segment.h"
#include "store/fts_varint.h"

#include <stdlib.h>
#include <string.h>

enum {
    TOTALS_ROW = 1,
    STRUCTURE_ROW = 10,
    SEGMENTS_MAX = 2000, /* FTS5 takes no more */
    ID_MAX = 65535
};

struct reader {
    const unsigned char *p, *end;
    bool is_damaged;
};

static int64_t get(struct reader *reader)
{
    uint64_t value = 0;
    size_t n = fts_varint_get(reader->p, reader->end, &value);
    reader->is_damaged = reader->is_damaged || n == 0 || value > INT32_MAX;
    reader->p += n;
    return reader->is_damaged ? 0 : (int64_t)value;
}

static int64_t get_large(struct reader *reader)
{
    uint64_t value = 0;
    size_t n = fts_varint_get(reader->p, reader->end, &value);
    reader->is_damaged = reader->is_damaged || n == 0;
    reader->p += n;
    return (int64_t)value;
}

static void put(struct buf *out, int64_t value)
{
    unsigned char *at = (unsigned char *)buf_reserve(out, FTS_VARINT_SIZE);
    out->n += fts_varint_put(at, (uint64_t)value);
}

static struct query *query_row(struct database *db, int64_t id)
{
    struct query *query = database_query(db, "SELECT block FROM search_data WHERE id = ?1");
    query_bind_int(query, 1, id);
    return query;
}

static void write_row(struct database *db, int64_t id, const struct buf *bytes)
{
    struct query *query =
        database_query(db, "REPLACE INTO search_data (id, block) VALUES (?1, ?2)");
    query_bind_int(query, 1, id);
    query_bind_blob(query, 2, buf_str(bytes));
    query_run(query);
}

void fts_structure_add(struct fts_structure *structure, const struct fts_part *part)
{
    size_t at = 0;
    while (at < structure->count && structure->parts[at].level <= part->level) {
        at++;
    }
    structure->parts =
        reallocarray(structure->parts, structure->count + 1, sizeof *structure->parts);
    if (structure->parts == NULL) {
        arena_out_of_memory();
    }
    memmove(&structure->parts[at + 1], &structure->parts[at],
            (structure->count - at) * sizeof *structure->parts);
    structure->parts[at] = *part;
    structure->count++;
    if (structure->level_count <= part->level) {
        structure->level_count = part->level + 1;
    }
}

static void read_level(struct fts_structure *out, struct reader *reader, int level)
{
    out->merging[level] = get(reader);
    int64_t count = get(reader);
    for (int64_t i = 0; i < count && !reader->is_damaged; i++) {
        struct fts_part part = {.level = level, .id = (int)get(reader)};
        part.first = get(reader);
        part.last = get(reader);
        reader->is_damaged = reader->is_damaged || part.id > ID_MAX || part.first > part.last;
        fts_structure_add(out, &part);
    }
}

int fts_structure_read(struct fts_structure *out, struct database *db, struct fault *fault)
{
    *out = (struct fts_structure){.level_count = 0};
    struct query *query = query_row(db, STRUCTURE_ROW);
    struct str bytes = query_next(query) ? query_blob(query, 0) : STR("");
    struct reader reader = {(const unsigned char *)bytes.p, NULL, bytes.n < sizeof out->cookie};
    if (!reader.is_damaged) {
        reader.end = reader.p + bytes.n;
        memcpy(out->cookie, bytes.p, sizeof out->cookie);
        reader.p += sizeof out->cookie;
        int64_t levels = get(&reader);
        get(&reader); /* the number of all segments */
        out->writes = get_large(&reader);
        reader.is_damaged = reader.is_damaged || levels > FTS_LEVELS_MAX;
        out->level_count = reader.is_damaged ? 0 : (int)levels;
        for (int level = 0; level < out->level_count && !reader.is_damaged; level++) {
            read_level(out, &reader, level);
        }
    }
    query_reset(query);
    if (database_check(db, fault) != 0) {
        return -1;
    }
    return reader.is_damaged ? fault_damage(fault, "the full-text index is damaged") : 0;
}

void fts_structure_write(const struct fts_structure *structure, struct database *db)
{
    struct buf bytes = BUF_EMPTY;
    buf_add(&bytes, (struct str){(const char *)structure->cookie, sizeof structure->cookie});
    put(&bytes, structure->level_count);
    put(&bytes, (int64_t)structure->count);
    put(&bytes, structure->writes);
    size_t at = 0;
    for (int level = 0; level < structure->level_count; level++) {
        size_t end = at;
        while (end < structure->count && structure->parts[end].level == level) {
            end++;
        }
        put(&bytes, structure->merging[level]);
        put(&bytes, (int64_t)(end - at));
        for (; at < end; at++) {
            put(&bytes, structure->parts[at].id);
            put(&bytes, structure->parts[at].first);
            put(&bytes, structure->parts[at].last);
        }
    }
    write_row(db, STRUCTURE_ROW, &bytes);
    buf_free(&bytes);
}

void fts_structure_free(struct fts_structure *structure)
{
    free(structure->parts);
    structure->parts = NULL;
    structure->count = 0;
}

int fts_structure_new_id(const struct fts_structure *structure)
{
    bool is_used[SEGMENTS_MAX + 1] = {true};
    for (size_t i = 0; i < structure->count; i++) {
        int id = structure->parts[i].id;
        if (id > 0 && id <= SEGMENTS_MAX) {
            is_used[id] = true;
        }
    }
    for (int id = 1; id <= SEGMENTS_MAX; id++) {
        if (!is_used[id]) {
            return id;
        }
    }
    return 0;
}

void fts_structure_remove(struct fts_structure *structure, size_t index, struct database *db)
{
    struct fts_part *part = &structure->parts[index];
    struct query *query = database_query(db, "DELETE FROM search_data WHERE id BETWEEN ?1 AND ?2");
    query_bind_int(query, 1, fts_leaf_id(part->id, 0));
    query_bind_int(query, 2, fts_leaf_id(part->id + 1, 0) - 1);
    query_run(query);
    query = database_query(db, "DELETE FROM search_idx WHERE segid = ?1");
    query_bind_int(query, 1, part->id);
    query_run(query);
    if (structure->merging[part->level] > 0) {
        structure->merging[part->level]--;
    }
    structure->count--;
    memmove(part, part + 1, (structure->count - index) * sizeof *part);
    structure->level_count = structure->count == 0 ? 0 : structure->level_count;
}

int fts_totals_read(struct fts_totals *out, struct database *db, struct fault *fault)
{
    *out = (struct fts_totals){.records = 0};
    struct query *query = query_row(db, TOTALS_ROW);
    struct str bytes = query_next(query) ? query_blob(query, 0) : STR("");
    struct reader reader = {(const unsigned char *)bytes.p, NULL, false};
    reader.end = reader.p + bytes.n;
    if (bytes.n > 0) { /* no bytes are zeroes: the table is new */
        out->records = get_large(&reader);
        for (int i = 0; i < FTS_COLUMNS; i++) {
            out->places[i] = get_large(&reader);
        }
    }
    query_reset(query);
    if (database_check(db, fault) != 0) {
        return -1;
    }
    return reader.is_damaged ? fault_damage(fault, "the full-text index is damaged") : 0;
}

void fts_totals_write(const struct fts_totals *totals, struct database *db)
{
    struct buf bytes = BUF_EMPTY;
    put(&bytes, totals->records);
    for (int i = 0; i < FTS_COLUMNS; i++) {
        put(&bytes, totals->places[i]);
    }
    write_row(db, TOTALS_ROW, &bytes);
    buf_free(&bytes);
}

void fts_sizes_write(struct database *db, int64_t id, const int64_t places[FTS_COLUMNS])
{
    unsigned char bytes[FTS_COLUMNS * FTS_VARINT_SIZE];
    size_t n = 0;
    for (int i = 0; i < FTS_COLUMNS; i++) {
        n += fts_varint_put(bytes + n, (uint64_t)places[i]);
    }
    struct query *query =
        database_query(db, "REPLACE INTO search_docsize (id, sz) VALUES (?1, ?2)");
    query_bind_int(query, 1, id);
    query_bind_blob(query, 2, (struct str){(const char *)bytes, n});
    query_run(query);
}

bool fts_sizes_remove(struct database *db, int64_t id, int64_t places[FTS_COLUMNS])
{
    struct query *query = database_query(db, "SELECT sz FROM search_docsize WHERE id = ?1");
    query_bind_int(query, 1, id);
    bool is_there = query_next(query);
    struct str bytes = is_there ? query_blob(query, 0) : STR("");
    struct reader reader = {(const unsigned char *)bytes.p, NULL, false};
    reader.end = reader.p + bytes.n;
    for (int i = 0; i < FTS_COLUMNS; i++) {
        places[i] = is_there ? get_large(&reader) : 0;
    }
    query_reset(query);
    query = database_query(db, "DELETE FROM search_docsize WHERE id = ?1");
    query_bind_int(query, 1, id);
    query_run(query);
    return is_there && !reader.is_damaged;
}
