/* Which of the schema's tables a table is, and what its cells say. */
#include "record/table_type.h"
#include "record_site.h"

#include <stdio.h>

static struct site site;

static int open_site(void **state)
{
    (void)state;
    site_open(&site);
    return 0;
}

static int close_site(void **state)
{
    (void)state;
    site_close(&site);
    return 0;
}

static void read_table(struct table *out, struct diag *diag, const char *text)
{
    table_read_csv(out, &site.arena, STR("a.csv"), str_of(text), diag);
    table_type_read(out, &site.arena, &site.schema, diag);
}

static void test_kinds(void **state)
{
    static const struct row {
        const char *names, *kind;
    } rows[] = {
        {"序号,日期,凭证号,摘要,科目,收入（元）,支出（元）,结余（元）", "ledger"},
        {"日期,摘要,支出", "ledger"},
        {"日 期,摘　要,支出 (元)", "ledger"}, /* blanks, brackets of ASCII */
        {"日期,摘要,科目", ""},               /* neither income nor expense */
        {"日期,收入,支出", ""},               /* no summary */
        {"科目,金额（元）", "account_totals"},
        {"支出科目,金额（万元）", "account_totals"},
        {"项目,金额（元）", ""},
        {"账,期初（元）,收入（元）,支出（元）,期末（元）", "balances"},
        {"姓名,职务", "assignments"},
        {"姓名,职务,优秀（票）,称职（票）,基本称职（票）,不称职（票）,合计（票）", "reviews"},
        {"姓名,得票（票）", "ballots"},
        {"名次,单位,统一社会信用代码,报价（元）", "bids"},
        {"单位,电话", ""},
        {"议题,应到,实到,赞成,反对,弃权,结果", "votes"},
        {"组,户编号,基础分,加分,减分,本月,余额", "points"},
        {"组,户主,补贴面积（亩）,标准（元/亩）,金额（元）", "subsidies"},
        {"Date,Summary,Income", ""}, /* English headings are not ours */
        {"甲", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct table table;
        struct diag diag = {0};
        read_table(&table, &diag, rows[i].names);
        struct str kind = table.kind == NULL ? STR("") : table.kind->key;
        if (!str_equal(kind, str_of(rows[i].kind))) {
            fail_msg("%s: got %.*s", rows[i].names, STR_ARG(kind));
        }
        diag_free(&diag);
    }
}

static const struct table_value *value_of(const struct table *table, size_t row, const char *key)
{
    for (size_t i = 0; i < table->kind->column_count; i++) {
        if (str_equal(table->kind->columns[i].key, str_of(key))) {
            return &table->values[row * table->kind->column_count + i];
        }
    }
    fail_msg("no column %s", key);
    return NULL;
}

/* What the first row says under one column. */
static void test_values(void **state)
{
    static const struct row {
        const char *csv, *key;
        bool is_given;
        int64_t number;
    } rows[] = {
        {"日期,摘要,收入（元）\n,,1234.5\n", "income", true, 123450},
        {"日期,摘要,收入（元）\n,,\"1,234.50\"\n", "income", true, 123450},
        {"日期,摘要,收入（元）\n,,¥１２．３０元\n", "income", true, 1230},
        {"日期,摘要,收入（元）\n,,-0.05\n", "income", true, -5},
        {"日期,摘要,收入（元）\n,,0\n", "income", true, 0},
        {"日期,摘要,收入（元）\n,x,\n", "income", false, 0},
        {"日期,摘要,收入（元）\n,,—\n", "income", false, 0},
        {"日期,摘要,收入（元）\n,,/\n", "income", false, 0},
        {"日期,摘要,收入（万元）\n,,3.6\n", "income", true, 3600000},
        {"日期,摘要,收入（万元）\n,,0.000001\n", "income", true, 1},
        {"日期,摘要,收入（元）\n,,999999999999999.99\n", "income", true, 99999999999999999},
        {"日期,摘要,收入（元）\n2026-09-02,,\n", "date", true, 20698},
        {"日期,摘要,收入（元）\n2026年9月2日,,\n", "date", true, 20698},
        {"名称,面积（亩）,使用情况\n,12.60,\n", "area", true, 12600000},
        {"名称,面积（亩）,使用情况\n,12.6亩,\n", "area", true, 12600000},
        {"网格号,网格员,户数（户）\n,,64户\n", "households", true, 64},
        {"事项,分\n焚烧秸秆,−20\n", "points", true, -20},
        {"统计期,数值\n2026年第三季度,\n", "period", true, 20635},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct table table;
        struct diag diag = {0};
        read_table(&table, &diag, rows[i].csv);
        const struct table_value *value = value_of(&table, 0, rows[i].key);
        if (diag.count > 0 || value->is_given != rows[i].is_given ||
            value->number != rows[i].number) {
            fail_msg("%s: %zu faults, got %lld", rows[i].csv, diag.count, (long long)value->number);
        }
        diag_free(&diag);
    }
}

static void test_texts(void **state)
{
    struct table table;
    struct diag diag = {0};
    (void)state;
    read_table(&table, &diag,
               "日期,说了什么,摘要,收入,收入\n2026/9/2,x,鱼塘,1,2\n合 计,,,9,\n,,小计：,,\n");
    assert_true(str_equal(value_of(&table, 0, "date")->text, STR("2026-09-02")));
    assert_true(str_equal(value_of(&table, 0, "summary")->text, STR("鱼塘")));
    assert_int_equal(value_of(&table, 0, "income")->number, 100); /* the first of two */
    assert_false(value_of(&table, 0, "expense")->is_given);
    assert_int_equal(table.totals[0], TOTAL_NONE);
    assert_int_equal(table.totals[1], TOTAL_ALL);
    assert_int_equal(value_of(&table, 1, "income")->number, 900);
    assert_int_equal(table.totals[2], TOTAL_PART);
    diag_free(&diag);
}

/* Every table has them, known or not. */
static void test_totals(void **state)
{
    static const struct {
        const char *row;
        enum total total;
    } rows[] = {
        {"张三,9,1", TOTAL_NONE},
        {"合计,9,1", TOTAL_ALL},
        {"合　　计,9,1", TOTAL_ALL},
        {"合 计（元）：,9,1", TOTAL_ALL},
        {"合计金额,9,1", TOTAL_ALL},
        {"total,9,1", TOTAL_ALL},
        {"Tota,9,1", TOTAL_NONE},
        {"totals,9,1", TOTAL_NONE},
        {"3,1.5,合计", TOTAL_ALL},
        {"张三,小 计,9", TOTAL_PART},
        {"一组小计,9,1", TOTAL_OTHER},
        {"本页合计,9,1", TOTAL_PART},
        {"累计,9,1", TOTAL_OTHER},
        {"收入合计,9,1", TOTAL_OTHER},
        {"张三,以上三项合计,9", TOTAL_NONE},
        {"会计,9,1", TOTAL_NONE},
        {"设计,9,1", TOTAL_NONE},
        {"9,1,3", TOTAL_NONE},
        {",,", TOTAL_NONE},
        {"（合计）,9,1", TOTAL_NONE},
        {"各组上报的面积和金额经核对后合计,9,1", TOTAL_NONE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct table table;
        struct diag diag = {0};
        char csv[200];
        snprintf(csv, sizeof csv, "甲,乙,丙\n%s\n", rows[i].row);
        read_table(&table, &diag, csv);
        assert_int_equal(table.totals[0], rows[i].total);
        diag_free(&diag);
    }
}

/* A free site is told, and published. */
static void test_lenient(void **state)
{
    struct table table;
    struct diag diag = {.is_lenient = true};
    (void)state;
    read_table(&table, &diag, "日期,摘要,收入\nx,y,z\n");
    assert_int_equal(diag.count, 2);
    assert_int_equal(diag.error_count, 0);
    diag_free(&diag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),  cmocka_unit_test(test_values),  cmocka_unit_test(test_texts),
        cmocka_unit_test(test_totals), cmocka_unit_test(test_lenient),
    };
    return cmocka_run_group_tests(tests, open_site, close_site);
}
