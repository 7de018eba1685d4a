/* The schema itself: names that mean one thing, parts that fit together. */
#include "base/date.h"
#include "record/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct names {
    struct str items[400];
    size_t count;
};

static void add_name(struct names *names, struct str name, struct str where)
{
    for (size_t i = 0; i < names->count && name.n > 0; i++) {
        if (str_equal(names->items[i], name)) {
            fail_msg("%.*s stands twice in %.*s", STR_ARG(name), STR_ARG(where));
        }
    }
    assert_true(names->count < sizeof names->items / sizeof names->items[0]);
    names->items[names->count++] = name;
}

static void check_fields(struct names *names, const struct schema_field *fields, size_t count,
                         struct str where)
{
    for (size_t i = 0; i < count; i++) {
        struct date since;
        add_name(names, fields[i].key, where);
        add_name(names, fields[i].zh, where);
        add_name(names, fields[i].also, where);
        assert_true(fields[i].since.n == 0 || date_parse(&since, fields[i].since));
        assert_int_equal(fields[i].law.n > 0, fields[i].since.n > 0);
        struct names below = {.count = 0};
        check_fields(&below, fields[i].fields, fields[i].field_count, fields[i].key);
    }
}

/* A clerk's word is one field: common fields and those of the kind share their names. */
static void test_fields(void **state)
{
    struct schema schema;
    struct arena arena = {0};
    struct fault fault;
    (void)state;
    assert_int_equal(schema_load(&schema, &arena, &fault), 0);
    const struct schema_field *kind = schema_field(&schema, NULL, STR("kind"));
    assert_int_equal(kind->value_count, schema.kind_count);
    for (size_t i = 0; i < schema.kind_count; i++) {
        const struct schema_kind *one = &schema.kinds[i];
        struct names names = {.count = 0};
        check_fields(&names, schema.common, schema.common_count, STR("common"));
        check_fields(&names, one->fields, one->field_count, one->key);
        const struct schema_choice *choice = schema_choice(kind, one->key);
        assert_non_null(choice);
        assert_true(str_equal(choice->zh, one->zh) && one->view.n > 0 && one->about.n > 0);
        for (size_t k = 0; k < one->required_count; k++) {
            assert_non_null(schema_field(&schema, NULL, one->required[k]));
        }
        for (size_t k = 0; k < one->table_count; k++) {
            assert_non_null(schema_table(&schema, one->tables[k]));
        }
    }
    arena_free(&arena);
}

static void test_tables(void **state)
{
    struct schema schema;
    struct arena arena = {0};
    struct fault fault;
    (void)state;
    assert_int_equal(schema_load(&schema, &arena, &fault), 0);
    struct names tables = {.count = 0};
    for (size_t i = 0; i < schema.table_count; i++) {
        const struct schema_table *table = &schema.tables[i];
        struct names names = {.count = 0}, keys = {.count = 0};
        bool needs_one = false;
        add_name(&tables, table->key, STR("tables"));
        add_name(&tables, table->zh, STR("tables"));
        for (size_t k = 0; k < table->column_count; k++) {
            add_name(&keys, table->columns[k].key, table->key);
            add_name(&names, table->columns[k].zh, table->key);
            for (size_t n = 0; n < table->columns[k].also_count; n++) {
                add_name(&names, table->columns[k].also[n], table->key);
            }
            needs_one = needs_one || table->columns[k].is_needed;
            assert_ptr_equal(schema_column(table, table->columns[k].key), &table->columns[k]);
        }
        assert_true(needs_one);
    }
    arena_free(&arena);
}

/* Each heading is found, and all tables that know it stand side by side. */
static void test_headings(void **state)
{
    struct schema schema;
    struct arena arena = {0};
    struct fault fault;
    (void)state;
    assert_int_equal(schema_load(&schema, &arena, &fault), 0);
    const struct schema_heading *amount = schema_heading(&schema, STR("金额"));
    size_t count = 0;
    for (; amount + count < schema.headings + schema.heading_count &&
           str_equal(amount[count].text, STR("金额"));
         count++) {
        const struct schema_table *table = &schema.tables[amount[count].table];
        assert_true(str_equal(table->columns[amount[count].column].key, STR("amount")));
    }
    assert_true(count >= 4);
    assert_true(amount == schema.headings || !str_equal(amount[-1].text, STR("金额")));
    assert_null(schema_heading(&schema, STR("金")));
    assert_null(schema_heading(&schema, STR("")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_headings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
