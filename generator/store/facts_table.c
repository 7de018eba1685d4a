#include "store/facts_table.h"

#include "base/arena.h"
#include "search/facts.h"

#include <string.h>

static void load(struct buf *out, struct database *db, int64_t block)
{
    struct query *query = database_query(db, "SELECT bytes FROM search_facts WHERE block = ?1");
    query_bind_int(query, 1, block);
    buf_clear(out);
    if (query_next(query)) {
        buf_add(out, query_blob(query, 0));
    }
    query_reset(query);
}

static void save(struct database *db, int64_t block, struct str bytes)
{
    struct query *query = database_query(db, "DELETE FROM search_facts WHERE block = ?1");
    if (bytes.n > 0) {
        query = database_query(db, "REPLACE INTO search_facts (block, bytes) VALUES (?1, ?2)");
        query_bind_blob(query, 2, bytes);
    }
    query_bind_int(query, 1, block);
    query_run(query);
}

static void flush(struct facts_table *table)
{
    if (table->has_begun) {
        save(table->db, table->block, buf_str(&table->bytes));
    }
}

/* The place of the kind's key among the kinds, from 1; a new one is added. */
static uint32_t number_kind(struct facts_table *table, struct str kind)
{
    struct str rest = buf_str(&table->kinds), key;
    uint32_t number = 1;
    for (struct str line; str_cut(&line, &rest, '\n'); number++) {
        (void)str_cut(&key, &line, '\t');
        if (str_equal(key, kind)) {
            return number;
        }
    }
    buf_add(&table->kinds, kind);
    buf_add_char(&table->kinds, '\n');
    return number;
}

void facts_table_name_kinds(struct database *db, const struct schema *schema)
{
    struct buf lines = BUF_EMPTY;
    for (size_t i = 0; i < schema->kind_count; i++) {
        buf_printf(&lines, "%.*s\t%.*s\n", STR_ARG(schema->kinds[i].key),
                   STR_ARG(schema->kinds[i].zh));
    }
    save(db, FACTS_KINDS, buf_str(&lines));
    buf_free(&lines);
}

/* A name may be written over two lines; here a line feed ends a row, and a tab a column. */
static void add_in_one_line(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        buf_add_char(out, text.p[i] == '\n' || text.p[i] == '\t' ? ' ' : text.p[i]);
    }
}

void facts_table_copy_site(struct database *db)
{
    static const struct {
        int64_t row;
        int columns;
        const char *sql;
    } rows[] = {
        {FACTS_META, 2, "SELECT key, value FROM meta ORDER BY key"},
        {FACTS_ORGANISATIONS, 4,
         "SELECT id, key, name, lineage FROM organisations ORDER BY lineage"},
        {FACTS_SYNONYMS, 2, "SELECT word, same FROM synonyms ORDER BY word, same"},
    };
    struct buf lines = BUF_EMPTY;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_clear(&lines);
        struct query *query = database_query(db, rows[i].sql);
        while (query_next(query)) {
            for (int column = 0; column < rows[i].columns; column++) {
                add_in_one_line(&lines, query_str(query, column));
                buf_add_char(&lines, column + 1 < rows[i].columns ? '\t' : '\n');
            }
        }
        query_reset(query);
        save(db, rows[i].row, buf_str(&lines));
    }
    buf_free(&lines);
}

void facts_table_begin(struct facts_table *table, struct database *db)
{
    *table = (struct facts_table){.db = db, .bytes = BUF_EMPTY, .kinds = BUF_EMPTY};
}

static void begin_block(struct facts_table *table, int64_t block)
{
    if (!table->has_begun) {
        load(&table->kinds, table->db, FACTS_KINDS);
        table->kinds_written = table->kinds.n;
    } else if (table->block == block) {
        return;
    }
    flush(table);
    load(&table->bytes, table->db, block);
    table->has_begun = true;
    table->block = block;
}

/* The place of the id in the row of its block, which is made to reach so far. */
static unsigned char *place_of(struct facts_table *table, int64_t id)
{
    static const char nothing[FACTS_BYTES] = {0};
    size_t at = (size_t)(id % FACTS_PER_BLOCK) * FACTS_BYTES;
    while (table->bytes.n < at + FACTS_BYTES) {
        buf_add(&table->bytes, (struct str){nothing, FACTS_BYTES});
    }
    return (unsigned char *)table->bytes.p + at;
}

void facts_table_put(struct facts_table *table, struct query *row, int first, int64_t words)
{
    int64_t id = query_int(row, first);
    begin_block(table, id / FACTS_PER_BLOCK);
    struct facts facts = {
        .date = facts_date(query_str(row, first + 1)),
        .words = words < UINT32_MAX ? (uint32_t)words : UINT32_MAX,
        .kind = number_kind(table, query_str(row, first + 2)),
        .org = (uint32_t)query_int(row, first + 5),
        .item = (uint32_t)query_int(row, first + 6),
    };
    struct arena arena = {0};
    struct str start = arena_copy(&arena, query_str(row, first + 3));
    facts_set_notice(&facts, start, query_str(row, first + 4));
    arena_free(&arena);
    facts_write(place_of(table, id), &facts);
}

void facts_table_finish(struct facts_table *table)
{
    flush(table);
    if (table->kinds.n != table->kinds_written) {
        save(table->db, FACTS_KINDS, buf_str(&table->kinds));
    }
    buf_free(&table->bytes);
    buf_free(&table->kinds);
}

static bool is_nothing(const char *bytes)
{
    for (size_t i = 0; i < FACTS_BYTES; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

void facts_table_remove(struct database *db, int64_t id)
{
    struct buf bytes = BUF_EMPTY;
    size_t at = (size_t)(id % FACTS_PER_BLOCK) * FACTS_BYTES;
    load(&bytes, db, id / FACTS_PER_BLOCK);
    if (bytes.n >= at + FACTS_BYTES) {
        memset(bytes.p + at, 0, FACTS_BYTES);
        while (bytes.n >= FACTS_BYTES && is_nothing(bytes.p + bytes.n - FACTS_BYTES)) {
            buf_truncate(&bytes, bytes.n - FACTS_BYTES);
        }
        save(db, id / FACTS_PER_BLOCK, buf_str(&bytes));
    }
    buf_free(&bytes);
}

void facts_table_clear(struct database *db)
{
    database_run(db, "DELETE FROM search_facts WHERE block >= 0");
}
