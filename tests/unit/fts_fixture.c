#include "fts_fixture.h"

#include "fts5_tokenizer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

unsigned random_below(uint64_t *state, unsigned below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*state >> 33) % below;
}

static const struct shape shapes[SHAPES] = {
    {"nothing", 4050, 0, 1, 1, 1, 0},
    {"one record", 4050, 1, 10, 10, 1, 0},
    {"empty columns", 4050, 50, 1, 3, 1, 0},
    {"many words", 4050, 300, 120, 20000, 1, 0},
    {"few words", 4050, 1500, 40, 30, 1, 0},
    {"few words, runs", 4050, 1500, 40, 30, 1, 113},
    {"long lists on small leaves", 64, 1500, 4, 3, 900, 0},
    {"one word, trees of trees", 32, 6500, 3, 1, 1, 0},
    {"one word, huge ids, runs", 32, 1200, 3, 2, 2000000000, 300},
    {"long records on small leaves", 100, 30, 2000, 12, 70000, 0},
    {"long records on small leaves, runs", 100, 30, 2000, 12, 70000, 7},
    {"leaves of 32 KB", 32768, 500, 200, 5000, 3, 100},
    {"runs of one record", 500, 40, 300, 4000, 1, 1},
};

enum { SHAPES_BY_CHANCE = 1500 };

size_t shape_count(void)
{
    return getenv("SOAK") == NULL ? SHAPES : SHAPES + SHAPES_BY_CHANCE;
}

struct shape shape_at(size_t index)
{
    if (index < SHAPES) {
        return shapes[index];
    }
    uint64_t seed = index;
    static const size_t page_sizes[] = {32, 33, 40, 64, 100, 257, 1000, 4050, 16384, 60000};
    static const unsigned powers[] = {1, 2, 3, 10, 100, 1000, 30000};
    size_t page_size = page_sizes[random_below(&seed, 10)];
    struct shape shape = {
        .page_size = page_size,
        .records = random_below(&seed, random_below(&seed, page_size < 100 ? 600 : 1500) + 1),
        .words_max = powers[random_below(&seed, 4)] * (1 + random_below(&seed, 9)),
        .vocabulary = powers[random_below(&seed, 7)],
        .step_max = powers[random_below(&seed, 7)] * powers[random_below(&seed, 7)],
        .each_run = random_below(&seed, 3) == 0 ? 1 + random_below(&seed, 300) : 0,
    };
    snprintf(shape.name, sizeof shape.name, "by chance %zu", index);
    return shape;
}

/* Word by number: Latin of many lengths, some over those that a key holds, Han, both, marks. */
static void add_word(struct buf *out, unsigned number)
{
    static const char *const han[] = {"村", "务", "公", "开", "财", "路", "𠮷", "〇"};
    switch (number % 5) {
    case 0:
        buf_printf(out, "w%u ", number);
        break;
    case 1:
        buf_printf(out, "%s%s%s", han[number / 5 % 8], han[number / 40 % 8], han[number / 320 % 8]);
        break;
    case 2:
        buf_printf(out, "prefixed%u ", number);
        break;
    case 3:
        buf_printf(out, "%.*s%u ", (int)(number % 90),
                   "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
                   "abcdefghijklmno",
                   number);
        break;
    default:
        buf_printf(out, "第%u。/", number);
        break;
    }
}

struct text *make_texts(const struct shape *shape, uint64_t seed)
{
    struct text *texts = calloc(shape->records + 1, sizeof *texts);
    int64_t id = 0;
    assert_non_null(texts);
    for (size_t i = 0; i < shape->records; i++) {
        id += 1 + random_below(&seed, shape->step_max);
        texts[i].id = id;
        for (int column = 0; column < FTS_COLUMNS; column++) {
            texts[i].columns[column] = BUF_EMPTY;
            unsigned count =
                random_below(&seed, 4) == 0 ? 0 : random_below(&seed, shape->words_max + 1);
            for (unsigned n = 0; n < count; n++) {
                unsigned most = random_below(&seed, shape->vocabulary) + 1;
                add_word(&texts[i].columns[column], random_below(&seed, most));
            }
        }
    }
    return texts;
}

void free_texts(struct text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (int column = 0; column < FTS_COLUMNS; column++) {
            buf_free(&texts[i].columns[column]);
        }
    }
    free(texts);
}

void run(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s: %s", sql, error);
    }
}

void open_again(struct index *index, enum database_mode mode)
{
    struct fault fault;
    assert_int_equal(database_close(index->db, &fault), 0);
    assert_int_equal(database_open(&index->db, index->path, mode, &fault), 0);
    assert_int_equal(tokenizer_register(database_handle(index->db), &fault), 0);
    run(database_handle(index->db), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
}

struct index open_index(size_t page_size)
{
    struct index index = {"/tmp/test_fts.XXXXXX", NULL};
    char sql[200];
    int fd = mkstemp(index.path);
    assert_true(fd >= 0);
    close(fd);
    open_again(&index, DATABASE_CREATE);
    snprintf(sql, sizeof sql,
             "INSERT INTO search (search, rank) VALUES ('pgsz', %zu), ('automerge', 0),"
             " ('crisismerge', 2000), ('hashsize', 1000000000)",
             page_size);
    run(database_handle(index.db),
        "CREATE VIRTUAL TABLE search USING fts5 (body, title, tables, names, content='',"
        " tokenize='unicode61')");
    run(database_handle(index.db), sql);
    open_again(&index, DATABASE_WRITE); /* FTS5 keeps in memory what it read (fts_structure.h) */
    return index;
}

void close_index(struct index *index)
{
    struct fault fault;
    assert_int_equal(database_close(index->db, &fault), 0);
    unlink(index->path);
}

void put_by_fts5(sqlite3 *db, const char *sql, const struct text *text)
{
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_int64(statement, 1, text->id);
    for (int i = 0; i < FTS_COLUMNS; i++) {
        const struct buf *column = &text->columns[i];
        sqlite3_bind_text(statement, i + 2, column->p, (int)column->n, SQLITE_STATIC);
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

void write_by_fts5(struct database *db, const struct text *texts, size_t count, const bool *some)
{
    run(database_handle(db), "BEGIN");
    for (size_t i = 0; i < count; i++) {
        if (some == NULL || some[i]) {
            put_by_fts5(database_handle(db), ADD, &texts[i]);
        }
    }
    run(database_handle(db), "COMMIT");
}

void assert_same_rows(const char *what, struct database *ours, struct database *theirs,
                      const char *sql)
{
    sqlite3_stmt *a, *b;
    assert_int_equal(sqlite3_prepare_v2(database_handle(ours), sql, -1, &a, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database_handle(theirs), sql, -1, &b, NULL), SQLITE_OK);
    for (int row = 0;; row++) {
        int one = sqlite3_step(a), other = sqlite3_step(b);
        if (one != other) {
            fail_msg("%s: %s: row %d: %d, not %d: %s", what, sql, row, one, other,
                     sqlite3_errmsg(database_handle(ours)));
        }
        if (one != SQLITE_ROW) {
            assert_int_equal(one, SQLITE_DONE);
            break;
        }
        for (int i = 0; i < sqlite3_column_count(a); i++) {
            int n = sqlite3_column_bytes(a, i);
            const void *p = sqlite3_column_blob(a, i), *q = sqlite3_column_blob(b, i);
            if (n != sqlite3_column_bytes(b, i) || (n > 0 && memcmp(p, q, (size_t)n) != 0)) {
                fail_msg("%s: %s: row %d, column %d differs", what, sql, row, i);
            }
        }
    }
    sqlite3_finalize(a);
    sqlite3_finalize(b);
}

void assert_same_words(const char *what, struct database *ours, struct database *theirs)
{
    struct database *const both[] = {ours, theirs};
    for (int i = 0; i < 2; i++) {
        run(database_handle(both[i]), "INSERT INTO search (search) VALUES ('integrity-check')");
        run(database_handle(both[i]), "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING "
                                      "fts5vocab (main, search, instance)");
    }
    assert_same_rows(what, ours, theirs, "SELECT term, doc, col, offset FROM temp.words");
    assert_same_rows(what, ours, theirs, "SELECT id, sz FROM search_docsize");
    assert_same_rows(what, ours, theirs, "PRAGMA integrity_check");
    static const char *const queries[] = {
        "SELECT rowid, rank FROM search ('w0') ORDER BY rank, rowid",
        "SELECT rowid, rank FROM search ('w0') ORDER BY rowid DESC",
        "SELECT rowid, rank FROM search ('w5 OR prefixed2') ORDER BY rank, rowid",
        "SELECT rowid, rank FROM search ('w0 AND prefixed2') ORDER BY rank, rowid",
        "SELECT rowid, rank FROM search ('title: w0 *') ORDER BY rank, rowid",
        "SELECT rowid, rank FROM search ('\"村\" *') ORDER BY rank, rowid",
        "SELECT rowid, rank FROM search ('w0') WHERE rowid > 1000 AND rowid < 90000000",
        "SELECT rowid FROM search ('w0') WHERE rowid < 90000000 ORDER BY rowid DESC LIMIT 7",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        assert_same_rows(what, ours, theirs, queries[i]);
    }
}

void assert_same_index(const char *what, struct database *ours, struct database *theirs)
{
    assert_same_rows(what, ours, theirs, "SELECT id, block FROM search_data ORDER BY id");
    assert_same_rows(what, ours, theirs,
                     "SELECT segid, term, pgno FROM search_idx ORDER BY segid, term");
    assert_same_words(what, ours, theirs);
}

void end_segment(struct database *db, struct fts_structure *structure, struct fts_part *part,
                 struct fts_segment *segment, const struct fts_totals *totals)
{
    part->last = fts_segment_close(segment);
    if (part->last > 0) {
        fts_structure_add(structure, part);
        fts_structure_write(structure, db);
        fts_totals_write(totals, db);
    }
    fts_structure_free(structure);
}
