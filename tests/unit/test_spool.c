/* Bodies between parsing and drawing: what was put is got, by its record's number. */
#include "commands/spool.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
