/*
 * The full-text index that we write ourselves, beside what FTS5 writes of the same records: every
 * row of its tables byte for byte; it reads and goes on with ours as with its own.
 */
#include "fts_fixture.h"

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
    end_segment(db, &structure, &part, segment, &totals);
    fts_words_free(words);
    fts_runs_close(runs);
    close(fd);
    unlink(path);
    assert_int_equal(database_check(db, &fault), 0);
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
        assert_same_index(shape->name, ours.db, theirs.db);
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
        struct shape shape = shape_at(3 + round % (SHAPES - 3));
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
