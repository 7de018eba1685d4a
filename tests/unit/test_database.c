/* The first error of a connection sticks: nothing is done behind it, and nobody forgets it. */
#include "store/database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void add(struct database *db, int64_t number)
{
    struct query *query = database_query(db, "INSERT INTO numbers VALUES (?1)");
    query_bind_int(query, 1, number);
    query_run(query);
}

/*
 * Who asks on the way and goes on all the same must not take the error from who asks in the end:
 * rows that were left out meanwhile would be published as if there were none.
 */
static void test_an_error_is_told_to_all(void **state)
{
    struct database *db;
    struct fault fault = {.text = ""};
    (void)state;
    assert_int_equal(database_open(&db, ":memory:", DATABASE_CREATE, &fault), 0);
    database_run(db, "CREATE TABLE numbers (number INTEGER UNIQUE)");
    add(db, 1);
    assert_int_equal(database_check(db, &fault), 0);
    add(db, 1);
    add(db, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(database_check(db, &fault), -1);
        assert_non_null(strstr(fault.text, "UNIQUE"));
        add(db, 3);
        assert_false(query_next(database_query(db, "SELECT number FROM numbers")));
    }
    assert_int_equal(database_close(db, &fault), -1);
}

/* The line that tells, not the comment before it. */
static void test_the_message_has_one_line_of_sql(void **state)
{
    struct database *db;
    struct fault fault = {.text = ""};
    (void)state;
    assert_int_equal(database_open(&db, ":memory:", DATABASE_CREATE, &fault), 0);
    database_run(db, "-- one\n\n-- two\nCREATE TABLE nothing (\n  of nothing);\nDROP TABLE other");
    assert_int_equal(database_check(db, &fault), -1);
    assert_non_null(strstr(fault.text, "(CREATE TABLE nothing ()"));
    assert_int_equal(database_close(db, &fault), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_error_is_told_to_all),
        cmocka_unit_test(test_the_message_has_one_line_of_sql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
