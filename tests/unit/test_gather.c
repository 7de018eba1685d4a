/* What threads gather for the index, whichever has time: the same bytes as FTS5's, whatever went
 * again meanwhile. */
#include "fts_fixture.h"

#include "store/gather.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void count(struct database *db, struct fts_totals *totals, const struct gather_size *size)
{
    for (int i = 0; i < FTS_COLUMNS; i++) {
        totals->places[i] += size->places[i];
    }
    totals->records++;
    fts_sizes_write(db, size->id, size->places);
}

struct helpers {
    struct gather *gather;
    atomic_bool is_over;
    pthread_t threads[2];
};

static void *help(void *context)
{
    struct helpers *helpers = context;
    while (!helpers->is_over) {
        gather_help(helpers->gather);
    }
    return NULL;
}

/* By two threads, of texts some of which went again before the index is written. */
static void write_others(struct database *db, const struct text *texts, size_t count_all,
                         const bool *is_kept, size_t page_size)
{
    struct fault fault;
    struct fts_structure structure;
    struct fts_totals totals = {0};
    struct fts_segment *segment;
    char path[] = "/tmp/test_fts.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    struct gather *gather = gather_new(path);
    gather_share(gather);
    struct helpers helpers = {.gather = gather};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&helpers.threads[i], NULL, help, &helpers), 0);
    }
    int64_t *gone = calloc(count_all + 1, sizeof *gone);
    size_t gone_count = 0, size_count;
    assert_non_null(gone);
    for (size_t i = 0; i < count_all; i++) {
        struct str columns[FTS_COLUMNS];
        for (int n = 0; n < FTS_COLUMNS; n++) {
            columns[n] = buf_str(&texts[i].columns[n]);
        }
        gather_put(gather, texts[i].id, columns);
        gone[gone_count] = texts[i].id;
        gone_count += !is_kept[i];
    }
    helpers.is_over = true;
    for (int i = 0; i < 2; i++) {
        pthread_join(helpers.threads[i], NULL);
    }
    gather_end(gather);
    assert_int_equal(gather_wait(gather, &fault), 0);
    const struct gather_size *sizes = gather_sizes(gather, &size_count);
    assert_int_equal(size_count, count_all);
    for (size_t i = 0; i < count_all; i++) {
        assert_true(sizes[i].id == texts[i].id);
        if (is_kept[i]) {
            count(db, &totals, &sizes[i]);
        }
    }
    assert_int_equal(fts_structure_read(&structure, db, &fault), 0);
    struct fts_part part = {.id = fts_structure_new_id(&structure), .first = 1};
    fts_segment_open(&segment, db, part.id, page_size);
    fts_segment_leave_out(segment, gone, gone_count);
    assert_int_equal(gather_write(gather, segment, &fault), 0);
    end_segment(db, &structure, &part, segment, &totals);
    gather_free(gather);
    free(gone);
    close(fd);
    unlink(path);
    assert_int_equal(database_check(db, &fault), 0);
}

/* What was gathered and went again leaves the bytes of an index that never had it. */
static void test_left_out(void **state)
{
    (void)state;
    static const unsigned one_in[] = {2, 10, 1};
    for (size_t i = 0; i < shape_count(); i++) {
        const struct shape chosen = shape_at(i), *shape = &chosen;
        struct text *texts = make_texts(shape, i);
        struct index ours = open_index(shape->page_size), theirs = open_index(shape->page_size);
        bool *is_kept = calloc(shape->records + 1, sizeof *is_kept);
        uint64_t seed = i;
        assert_non_null(is_kept);
        for (size_t n = 0; n < shape->records; n++) {
            is_kept[n] = random_below(&seed, one_in[i % 3]) != 0;
        }
        write_others(ours.db, texts, shape->records, is_kept, shape->page_size);
        write_by_fts5(theirs.db, texts, shape->records, is_kept);
        assert_same_index(shape->name, ours.db, theirs.db);
        free(is_kept);
        free_texts(texts, shape->records);
        close_index(&ours);
        close_index(&theirs);
    }
}

/* So many texts that they take several runs (fts_words_is_full). */
static void test_gathered_in_runs(void **state)
{
    (void)state;
    const struct shape shape = {"over the memory", 4050, 4500, 150, 30000, 3, 0};
    struct text *texts = make_texts(&shape, 1);
    struct index ours = open_index(shape.page_size), theirs = open_index(shape.page_size);
    bool *is_kept = calloc(shape.records, sizeof *is_kept);
    assert_non_null(is_kept);
    memset(is_kept, true, shape.records);
    write_others(ours.db, texts, shape.records, is_kept, shape.page_size);
    write_by_fts5(theirs.db, texts, shape.records, NULL);
    assert_same_index(shape.name, ours.db, theirs.db);
    free(is_kept);
    free_texts(texts, shape.records);
    close_index(&ours);
    close_index(&theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_gathered_in_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
