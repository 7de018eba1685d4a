/* Bodies between parsing and drawing: what was put is got, by its record's number. */
#include "commands/spool.h"

#include "base/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_bodies(void **state)
{
    struct spool spool;
    struct fault fault;
    struct buf got = BUF_EMPTY;
    (void)state;
    assert_int_equal(spool_open(&spool, AT_FDCWD, &fault), 0);
    assert_int_equal(spool_put(&spool, 1, STR("甲"), &fault), 0);
    assert_int_equal(spool_put(&spool, 5000, STR(""), &fault), 0);
    assert_int_equal(spool_put(&spool, 5001, STR("丙"), &fault), 0);
    assert_int_equal(spool_put(&spool, 1, STR("又甲"), &fault), 0);
    assert_int_equal(spool_flush(&spool, &fault), 0);
    assert_true(spool_has(&spool, 1) && spool_has(&spool, 5000) && spool_has(&spool, 5001));
    assert_false(spool_has(&spool, 2) || spool_has(&spool, 100000) || spool_has(&spool, -1));
    assert_int_equal(spool_get(&spool, 1, &got, &fault), 0);
    assert_int_equal(spool_get(&spool, 2, &got, &fault), 0);
    assert_int_equal(spool_get(&spool, 5001, &got, &fault), 0);
    assert_string_equal(got.p, "又甲丙");
    buf_free(&got);
    spool_close(&spool);
}

/* What the database gives where it could put no row: nothing may be looked for at such a place. */
static void test_no_record(void **state)
{
    static const int64_t ids[] = {0, -1, INT64_MIN};
    struct spool spool;
    struct fault fault;
    (void)state;
    assert_int_equal(spool_open(&spool, AT_FDCWD, &fault), 0);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_int_equal(spool_put(&spool, ids[i], STR("甲"), &fault), -1);
    }
    spool_close(&spool);
}

static void expect_at(const struct scratch *scratch, const char *want, uint64_t offset)
{
    struct buf got = BUF_EMPTY;
    struct fault fault;
    assert_int_equal(scratch_read(scratch, &got, strlen(want), offset, &fault), 0);
    assert_string_equal(got.p, want);
    buf_free(&got);
}

/* A file that is longer than what may be mapped, and grows behind that. */
static void test_mapped(void **state)
{
    struct scratch scratch;
    struct fault fault;
    struct buf got = BUF_EMPTY;
    const uint64_t border = SCRATCH_MAPPED_MAX;
    (void)state;
    assert_int_equal(scratch_open(&scratch, AT_FDCWD, "/tmp", &fault), 0);
    scratch_map(&scratch); /* of nothing */
    assert_null(scratch.mapped);
    assert_int_equal(file_write_at(scratch.fd, "", STR("begin"), 0, &fault), 0);
    assert_int_equal(file_write_at(scratch.fd, "", STR("across"), SCRATCH_MAPPED_MAX - 3, &fault),
                     0);
    scratch_map(&scratch);
    assert_int_equal(scratch.mapped_size, border);
    assert_int_equal(file_write_at(scratch.fd, "", STR("behind"), SCRATCH_MAPPED_MAX + 3, &fault),
                     0);
    for (int i = 0; i < 2; i++, scratch_unmap(&scratch)) {
        expect_at(&scratch, "begin", 0);
        expect_at(&scratch, "acr", border - 3);
        expect_at(&scratch, "across", border - 3);
        expect_at(&scratch, "", border);
        expect_at(&scratch, "behind", border + 3);
        assert_int_equal(scratch_read(&scratch, &got, 7, border + 3, &fault), -1);
        assert_int_equal(scratch_read(&scratch, &got, 1, UINT64_C(1) << 40, &fault), -1);
    }
    struct scratch_closing closing = {.is_begun = false};
    scratch_close_end(&closing);
    scratch_close_beside(&closing, scratch_take(&scratch));
    scratch_close_end(&closing);
    scratch_close(&scratch); /* there is none any more */
    buf_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_no_record),
        cmocka_unit_test(test_mapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
