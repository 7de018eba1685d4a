/*
 * The full-text index that we write ourselves, beside what FTS5 writes of the same records: every
 * row of its tables byte for byte; it reads and goes on with ours as with its own.
 */
#include "fts5_tokenizer.h"

#include "base/buf.h"
#include "store/fts_remove.h"
#include "store/fts_runs.h"
#include "store/fts_structure.h"
#include "store/fts_varint.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A pseudo-random number below `below`, the same on every machine. */
static unsigned random_below(uint64_t *state, unsigned below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*state >> 33) % below;
}

/* What the records of a test are like. */
struct shape {
    char name[40];
    size_t page_size, records;
    unsigned words_max;  /* of a column */
    unsigned vocabulary; /* different words */
    unsigned step_max;   /* from id to id */
    size_t each_run;     /* records to a run; 0: all in memory */
};

static const struct shape shapes[] = {
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

/* The shapes above, and in the long form (SOAK=1) as many of chance. */
enum { SHAPES = sizeof shapes / sizeof shapes[0], SHAPES_BY_CHANCE = 1500 };

static size_t shape_count(void)
{
    return getenv("SOAK") == NULL ? SHAPES : SHAPES + SHAPES_BY_CHANCE;
}

static struct shape shape_at(size_t index)
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

struct text {
    struct buf columns[FTS_COLUMNS];
    int64_t id;
};

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

static struct text *make_texts(const struct shape *shape, uint64_t seed)
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

static void free_texts(struct text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (int column = 0; column < FTS_COLUMNS; column++) {
            buf_free(&texts[i].columns[column]);
        }
    }
    free(texts);
}

static void run(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s: %s", sql, error);
    }
}

/* A file that is gone when its last connection is closed, with an index that has nothing in it. */
struct index {
    char path[64];
    struct database *db;
};

static void open_again(struct index *index, enum database_mode mode)
{
    struct fault fault;
    assert_int_equal(database_close(index->db, &fault), 0);
    assert_int_equal(database_open(&index->db, index->path, mode, &fault), 0);
    assert_int_equal(tokenizer_register(database_handle(index->db), &fault), 0);
    run(database_handle(index->db), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
}

static struct index open_index(size_t page_size)
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

static void close_index(struct index *index)
{
    struct fault fault;
    assert_int_equal(database_close(index->db, &fault), 0);
    unlink(index->path);
}

static void put_by_fts5(sqlite3 *db, const char *sql, const struct text *text)
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

#define ADD "INSERT INTO search (rowid, body, title, tables, names) VALUES (?1, ?2, ?3, ?4, ?5)"
#define REMOVE                                                                                     \
    "INSERT INTO search (search, rowid, body, title, tables, names)"                               \
    " VALUES ('delete', ?1, ?2, ?3, ?4, ?5)"

/* All of them, or those of `some`. */
static void write_by_fts5(struct database *db, const struct text *texts, size_t count,
                          const bool *some)
{
    run(database_handle(db), "BEGIN");
    for (size_t i = 0; i < count; i++) {
        if (some == NULL || some[i]) {
            put_by_fts5(database_handle(db), ADD, &texts[i]);
        }
    }
    run(database_handle(db), "COMMIT");
}

static void gather(struct database *db, struct fts_words *words, struct fts_totals *totals,
                   const struct text *text)
{
    int64_t places[FTS_COLUMNS];
    fts_words_begin(words, text->id);
    for (int i = 0; i < FTS_COLUMNS; i++) {
        assert_true(fts_words_add(words, i, buf_str(&text->columns[i]), &places[i]));
        totals->places[i] += places[i];
    }
    totals->records++;
    fts_sizes_write(db, text->id, places);
}

static void write_words(struct fts_words *words, struct fts_segment *segment)
{
    struct fts_word word;
    fts_words_sort(words);
    while (fts_words_next(words, &word)) {
        fts_segment_put_word(segment, word.text);
        fts_segment_put_list(segment, word.list);
    }
}

static void write_ourselves(struct database *db, const struct text *texts,
                            const struct shape *shape)
{
    struct fault fault;
    struct fts_structure structure;
    struct fts_totals totals = {0};
    struct fts_words *words = fts_words_new();
    struct fts_runs *runs = NULL;
    struct fts_segment *segment;
    char path[] = "/tmp/test_fts.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (size_t i = 0; i < shape->records; i++) {
        gather(db, words, &totals, &texts[i]);
        if (fts_words_is_full(words) || (shape->each_run > 0 && i % shape->each_run == 0)) {
            assert_true(runs != NULL || fts_runs_open(&runs, path, &fault) == 0);
            assert_int_equal(fts_runs_add(runs, words, &fault), 0);
        }
    }
    assert_int_equal(fts_structure_read(&structure, db, &fault), 0);
    struct fts_part part = {.id = fts_structure_new_id(&structure), .first = 1};
    fts_segment_open(&segment, db, part.id, shape->page_size);
    if (runs != NULL) {
        assert_int_equal(fts_runs_add(runs, words, &fault), 0);
        assert_int_equal(fts_runs_write(runs, segment, &fault), 0);
    } else {
        write_words(words, segment);
    }
    part.last = fts_segment_close(segment);
    if (part.last > 0) {
        fts_structure_add(&structure, &part);
        fts_structure_write(&structure, db);
        fts_totals_write(&totals, db);
    }
    fts_structure_free(&structure);
    fts_words_free(words);
    fts_runs_close(runs);
    close(fd);
    unlink(path);
    assert_int_equal(database_check(db, &fault), 0);
}

/* Steps through both results side by side; both must end together. */
static void assert_same_rows(const char *what, struct database *ours, struct database *theirs,
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

/* All that the index says, read through FTS5. */
static void assert_same_words(const char *what, struct database *ours, struct database *theirs)
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

static void test_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < shape_count(); i++) {
        const struct shape chosen = shape_at(i), *shape = &chosen;
        struct text *texts = make_texts(shape, i);
        struct index ours = open_index(shape->page_size), theirs = open_index(shape->page_size);
        write_ourselves(ours.db, texts, shape);
        write_by_fts5(theirs.db, texts, shape->records, NULL);
        assert_same_rows(shape->name, ours.db, theirs.db,
                         "SELECT id, block FROM search_data ORDER BY id");
        assert_same_rows(shape->name, ours.db, theirs.db,
                         "SELECT segid, term, pgno FROM search_idx ORDER BY segid, term");
        assert_same_words(shape->name, ours.db, theirs.db);
        free_texts(texts, shape->records);
        close_index(&ours);
        close_index(&theirs);
    }
}

static void remove_ourselves(struct index *index, const struct text *texts, size_t count,
                             const bool *is_gone, size_t page_size)
{
    struct fault fault;
    struct fts_words *words = fts_words_new();
    struct fts_totals totals;
    open_again(index, DATABASE_WRITE);
    run(database_handle(index->db), "BEGIN");
    assert_int_equal(fts_totals_read(&totals, index->db, &fault), 0);
    for (size_t i = 0; i < count; i++) {
        int64_t places[FTS_COLUMNS], sizes[FTS_COLUMNS];
        if (!is_gone[i]) {
            continue;
        }
        fts_words_begin(words, texts[i].id);
        assert_true(fts_sizes_remove(index->db, texts[i].id, sizes));
        for (int n = 0; n < FTS_COLUMNS; n++) {
            assert_true(fts_words_add(words, n, buf_str(&texts[i].columns[n]), &places[n]));
            assert_int_equal(places[n], sizes[n]);
            totals.places[n] -= places[n];
        }
        totals.records--;
        if (fts_words_is_full(words) && fts_remove(index->db, words, page_size, &fault) != 0) {
            fail_msg("%s", fault.text);
        }
    }
    if (fts_remove(index->db, words, page_size, &fault) != 0) {
        fail_msg("%s", fault.text);
    }
    fts_totals_write(&totals, index->db);
    fts_words_free(words);
    run(database_handle(index->db), "COMMIT");
    open_again(index, DATABASE_WRITE);
}

static void remove_by_fts5(struct index *index, const struct text *texts, size_t count,
                           const bool *is_gone)
{
    run(database_handle(index->db), "BEGIN");
    for (size_t i = 0; i < count; i++) {
        if (is_gone[i]) {
            put_by_fts5(database_handle(index->db), REMOVE, &texts[i]);
        }
    }
    run(database_handle(index->db), "COMMIT;"
                                    "INSERT INTO search (search) VALUES ('optimize')");
}

/*
 * Records go in several steps, at last all of them; after each our index says what FTS5's says
 * that merged all of its own, and at the end nothing is left of either.
 */
static void test_removed(void **state)
{
    (void)state;
    for (size_t i = 0; i < shape_count(); i++) {
        struct shape chosen = shape_at(i);
        const struct shape *shape = &chosen;
        chosen.records = chosen.records > 2000 ? 2000 : chosen.records;
        uint64_t seed = i + 77;
        struct text *texts = make_texts(shape, i);
        struct index ours = open_index(shape->page_size), theirs = open_index(shape->page_size);
        bool *is_gone = calloc(2 * shape->records + 2, sizeof *is_gone);
        bool *was_gone = is_gone + shape->records + 1;
        struct shape most = *shape;
        most.records = shape->records * 3 / 4;
        write_ourselves(ours.db, texts, &most);
        write_by_fts5(theirs.db, texts, most.records, NULL);
        write_by_fts5(ours.db, texts + most.records, shape->records - most.records, NULL);
        write_by_fts5(theirs.db, texts + most.records, shape->records - most.records, NULL);
        for (int step = 0; step < 5; step++) {
            static const unsigned of_ten[] = {1, 0, 4, 8, 10};
            for (size_t n = 0; n < shape->records; n++) {
                bool is_one = step == 1 && n == shape->records / 2;
                is_gone[n] = !was_gone[n] && (is_one || random_below(&seed, 10) < of_ten[step]);
                was_gone[n] = was_gone[n] || is_gone[n];
            }
            remove_ourselves(&ours, texts, shape->records, is_gone, shape->page_size);
            remove_by_fts5(&theirs, texts, shape->records, is_gone);
            assert_same_words(shape->name, ours.db, theirs.db);
            if (step == 2) { /* some come back, put there by FTS5 */
                write_by_fts5(ours.db, texts, shape->records, is_gone);
                write_by_fts5(theirs.db, texts, shape->records, is_gone);
                for (size_t n = 0; n < shape->records; n++) {
                    was_gone[n] = was_gone[n] && !is_gone[n];
                }
                assert_same_words(shape->name, ours.db, theirs.db);
            }
        }
        assert_same_rows(shape->name, ours.db, theirs.db,
                         "SELECT count(*) FROM search_idx UNION ALL SELECT count(*) FROM"
                         " search_data WHERE id > 10");
        free(is_gone);
        free_texts(texts, shape->records);
        close_index(&ours);
        close_index(&theirs);
    }
}

/* FTS5 adds to our index, takes from it and merges it as if it were its own. */
static void test_fts5_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < shape_count(); i++) {
        const struct shape chosen = shape_at(i), *shape = &chosen;
        struct text *texts = make_texts(shape, i);
        struct index ours = open_index(shape->page_size), theirs = open_index(shape->page_size);
        struct shape half = *shape;
        half.records /= 2;
        write_ourselves(ours.db, texts, &half);
        write_by_fts5(theirs.db, texts, half.records, NULL);
        write_by_fts5(ours.db, texts + half.records, shape->records - half.records, NULL);
        write_by_fts5(theirs.db, texts + half.records, shape->records - half.records, NULL);
        for (size_t n = 0; n < shape->records; n += 3) {
            put_by_fts5(database_handle(ours.db), REMOVE, &texts[n]);
            put_by_fts5(database_handle(theirs.db), REMOVE, &texts[n]);
        }
        assert_same_words(shape->name, ours.db, theirs.db);
        run(database_handle(ours.db), "INSERT INTO search (search) VALUES ('optimize')");
        assert_same_words(shape->name, ours.db, theirs.db);
        free_texts(texts, shape->records);
        close_index(&ours);
        close_index(&theirs);
    }
}

/* Some bytes of some rows become others; a few rows go. */
static void damage(struct database *db, uint64_t *seed)
{
    sqlite3 *handle = database_handle(db);
    sqlite3_stmt *read, *write;
    assert_int_equal(sqlite3_prepare_v2(handle,
                                        "SELECT id, block FROM search_data WHERE id > 1"
                                        " ORDER BY id % 9973 * ?1 % 7919, id LIMIT 3",
                                        -1, &read, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, "UPDATE search_data SET block = ?2 WHERE id = ?1",
                                        -1, &write, NULL),
                     SQLITE_OK);
    sqlite3_bind_int64(read, 1, random_below(seed, 7919));
    while (sqlite3_step(read) == SQLITE_ROW) {
        struct buf bytes = BUF_EMPTY;
        buf_add(&bytes,
                (struct str){sqlite3_column_blob(read, 1), (size_t)sqlite3_column_bytes(read, 1)});
        unsigned count = random_below(seed, 6);
        for (unsigned i = 0; i < count && bytes.n > 0; i++) {
            unsigned most = random_below(seed, 2) ? 4 : (unsigned)bytes.n;
            bytes.p[random_below(seed, most) % bytes.n] = (char)random_below(seed, 256);
        }
        buf_truncate(&bytes, count == 0 ? random_below(seed, (unsigned)bytes.n + 1) : bytes.n);
        sqlite3_bind_int64(write, 1, sqlite3_column_int64(read, 0));
        sqlite3_bind_blob(write, 2, bytes.p, (int)bytes.n, SQLITE_TRANSIENT);
        sqlite3_step(write);
        sqlite3_reset(write);
        buf_free(&bytes);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    if (random_below(seed, 5) == 0) {
        run(handle, "DELETE FROM search_data WHERE id = (SELECT max(id) FROM search_data)");
    }
}

/* Removing from a damaged index ends, well or in a fault; the sanitizers see the rest. */
static void test_damaged(void **state)
{
    (void)state;
    int faults = 0;
    for (uint64_t round = 0; round < (getenv("SOAK") == NULL ? 150 : 20000); round++) {
        struct shape shape = shapes[3 + round % (SHAPES - 3)];
        uint64_t seed = round;
        struct fault fault;
        shape.records = shape.records > 60 ? 60 : shape.records;
        shape.words_max = shape.words_max > 200 ? 200 : shape.words_max;
        struct text *texts = make_texts(&shape, round);
        struct index index = open_index(shape.page_size);
        struct fts_words *words = fts_words_new();
        write_ourselves(index.db, texts, &shape);
        damage(index.db, &seed);
        for (size_t i = 0; i < shape.records; i += 2) {
            int64_t places;
            fts_words_begin(words, texts[i].id);
            for (int n = 0; n < FTS_COLUMNS; n++) {
                fts_words_add(words, n, buf_str(&texts[i].columns[n]), &places);
            }
        }
        faults += fts_remove(index.db, words, shape.page_size, &fault) != 0;
        database_check(index.db, &fault);
        fts_words_free(words);
        free_texts(texts, shape.records);
        close_index(&index);
    }
    assert_true(faults > 10);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        size_t n;
        unsigned char bytes[FTS_VARINT_SIZE];
    } rows[] = {
        {0, 1, {0}},
        {127, 1, {0x7f}},
        {128, 2, {0x81, 0x00}},
        {16383, 2, {0xff, 0x7f}},
        {16384, 3, {0x81, 0x80, 0x00}},
        {(1ull << 56) - 1, 8, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}},
        {1ull << 56, 9, {0x80, 0xc0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}},
        {UINT64_MAX, 9, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char bytes[FTS_VARINT_SIZE];
        uint64_t value = 1;
        assert_int_equal(fts_varint_put(bytes, rows[i].value), rows[i].n);
        assert_memory_equal(bytes, rows[i].bytes, rows[i].n);
        assert_int_equal(fts_varint_get(bytes, bytes + rows[i].n, &value), rows[i].n);
        assert_true(value == rows[i].value);
        assert_int_equal(fts_varint_get(bytes, bytes + rows[i].n - 1, &value), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_fts5_goes_on), cmocka_unit_test(test_removed),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
