/* R05, R07: what adds up, in the fields of a record and in every row of its tables. */
#include "check/rule.h"

#include <string.h>

/* The article by which the accounts are owed: the village's, or the collective's. */
static struct rule_law finance_law(const struct rule_run *run)
{
    bool is_collective = run->org != NULL && str_equal(run->org->type, STR("collective"));
    return rule_law(run->rules, is_collective ? "collective-finance" : "finance", run->day);
}

static void check_balance(struct rule_run *run)
{
    const struct record_field *opening = rule_field(run->record, "opening"),
                              *income = rule_field(run->record, "income"),
                              *expense = rule_field(run->record, "expense"),
                              *closing = rule_field(run->record, "closing");
    if (opening == NULL || income == NULL || expense == NULL || closing == NULL) {
        return;
    }
    int64_t sum = opening->number + income->number - expense->number;
    if (sum != closing->number) {
        struct rule_law law = finance_law(run);
        rule_tell(run, DIAG_RULE_BALANCE, closing->place, &law,
                  DIAG_WITH(opening->text, income->text, expense->text, rule_yuan(run->arena, sum),
                            closing->text));
    }
}

/* One table, its headings read. */
struct sheet {
    struct rule_run *run;
    const struct table *table;
    const struct str *names, *units; /* of the columns, bare */
    struct rule_law law;
};

static bool is_money(const struct sheet *sheet, size_t column)
{
    return str_equal(sheet->units[column], STR("元")) ||
           rule_has_word(sheet->names[column],
                         "金额 收入 支出 结余 余额 合价 补贴额 保费 价 款 发放");
}

static struct str amount(const struct sheet *sheet, size_t column, int64_t number)
{
    return rule_amount(sheet->run->arena, number, is_money(sheet, column));
}

/* In the file, as an editor counts them. */
static struct str line_of(const struct sheet *sheet, size_t row)
{
    const struct table_cell *cell = rule_cell(sheet->table, row, 0);
    return rule_int(sheet->run->arena, rule_cell_place(sheet->table, cell).line);
}

static ptrdiff_t find_column(const struct sheet *sheet, const char *words)
{
    return rule_column(sheet->run, sheet->table, words);
}

static bool read_cell(int64_t *out, const struct sheet *sheet, size_t row, ptrdiff_t column)
{
    return column >= 0 && rule_number(out, rule_cell(sheet->table, row, (size_t)column)->text);
}

/* A cell that is a number, or empty and then nothing. */
static bool read_or_nothing(int64_t *out, const struct sheet *sheet, size_t row, ptrdiff_t column)
{
    struct str text = str_trim(rule_cell(sheet->table, row, (size_t)column)->text);
    *out = 0;
    return text.n == 0 || rule_is_word(text, "- — / 无 －") || rule_number(out, text);
}

static void tell_cell(const struct sheet *sheet, enum diag_code code, size_t row, ptrdiff_t column,
                      struct diag_args args)
{
    const struct table_cell *cell = rule_cell(sheet->table, row, (size_t)column);
    rule_tell(sheet->run, code, rule_cell_place(sheet->table, cell), &sheet->law, args);
}

/* Rates, balances, shares and numbers of a row are not added up. */
static bool is_summed(const struct sheet *sheet, size_t column)
{
    struct str name = sheet->names[column], unit = sheet->units[column];
    return !rule_has_word(
               name, "标准 单价 均 比例 占比 率 余额 结余 期初 期末 结存 序号 编号 年龄 下浮 上月 "
                     "累计 名次 年份 月份 日期 期限 天数 时间 电话 代码 文号 号 每 经度 纬度 户均 "
                     "人均") &&
           str_find_char(unit, '/') < 0 && str_find_char(unit, '%') < 0;
}

/* "其中" rows repeat a part of the row above: such a table is not added up. */
static bool has_parts(const struct table *table)
{
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (str_starts(str_trim(rule_cell(table, row, i)->text), STR("其中"))) {
                return true;
            }
        }
    }
    return false;
}

/* Every total of the column against the rows above it. */
static void check_column(const struct sheet *sheet, size_t column)
{
    int64_t all = 0, part = 0, number;
    size_t rows = 0;
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        enum total total = sheet->table->totals[row];
        bool is_number = read_cell(&number, sheet, row, (ptrdiff_t)column);
        if (total == TOTAL_OTHER) {
            continue;
        }
        if (total == TOTAL_NONE) {
            if (!read_or_nothing(&number, sheet, row, (ptrdiff_t)column)) {
                return; /* not a column of figures */
            }
            all += number;
            part += number;
            rows++;
            continue;
        }
        int64_t asked = total == TOTAL_PART ? part : all;
        if (is_number && rows > 0 && number != asked) {
            tell_cell(sheet, DIAG_RULE_TOTAL, row, (ptrdiff_t)column,
                      DIAG_WITH(sheet->names[column], amount(sheet, column, asked),
                                amount(sheet, column, number), line_of(sheet, row)));
        }
        part = 0;
        if (total == TOTAL_ALL) {
            return;
        }
    }
}

static void check_totals(const struct sheet *sheet)
{
    if (has_parts(sheet->table)) {
        return;
    }
    for (size_t i = 0; i < sheet->table->column_count; i++) {
        if (is_summed(sheet, i)) {
            check_column(sheet, i);
        }
    }
}

/* Where the front matter says it, as "path:line". */
static struct str field_place(const struct sheet *sheet, const struct record_field *field)
{
    return arena_printf(sheet->run->arena, "%.*s:%d", STR_ARG(field->place.path),
                        field->place.line);
}

/* Each balance is the one above, with what came and went. After a fault the written one counts. */
static void check_running(const struct sheet *sheet, ptrdiff_t in, ptrdiff_t out, ptrdiff_t balance)
{
    const struct record_field *opening = rule_field(sheet->run->record, "opening");
    bool is_known = opening != NULL;
    int64_t last = is_known ? opening->number * (RULE_SCALE / 100) : 0, income, expense, stated;
    size_t end = 0;
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        if (sheet->table->totals[row] != TOTAL_NONE || !read_or_nothing(&income, sheet, row, in) ||
            !read_or_nothing(&expense, sheet, row, out)) {
            continue;
        }
        if (!read_cell(&stated, sheet, row, balance)) {
            last += income - expense;
            continue;
        }
        if (is_known && last + income - expense != stated) {
            tell_cell(sheet, DIAG_RULE_RUNNING, row, balance,
                      DIAG_WITH(line_of(sheet, row), amount(sheet, (size_t)balance, last),
                                amount(sheet, (size_t)balance, last + income - expense),
                                amount(sheet, (size_t)balance, stated)));
        }
        last = stated;
        is_known = true;
        end = row + 1;
    }
    const struct record_field *closing = rule_field(sheet->run->record, "closing");
    if (end > 0 && closing != NULL && closing->number * (RULE_SCALE / 100) != last) {
        tell_cell(sheet, DIAG_RULE_CLOSING, end - 1, balance,
                  DIAG_WITH(amount(sheet, (size_t)balance, last), closing->row->zh, closing->text,
                            field_place(sheet, closing)));
    }
}

/* What the column adds up to, without rows that are sums themselves. */
static bool sum_of(int64_t *out, size_t *rows, const struct sheet *sheet, ptrdiff_t column)
{
    int64_t number;
    *out = 0;
    *rows = 0;
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        if (sheet->table->totals[row] != TOTAL_NONE) {
            continue;
        }
        if (!read_or_nothing(&number, sheet, row, column)) {
            return false;
        }
        *out += number;
        ++*rows;
    }
    return true;
}

#define INCOME "收入 收入金额 借方 本期收入"
#define EXPENSE "支出 支出金额 贷方 本期支出"

static bool is_ledger(const struct sheet *sheet)
{
    return find_column(sheet, INCOME) >= 0 && find_column(sheet, EXPENSE) >= 0 &&
           find_column(sheet, "日期 月份 时间") >= 0;
}

/*
 * A table of steps, losses and shares is no sum: what the field says is then one of its rows. A
 * ledger, a table of people and one with a total are sums.
 */
static bool has_row(const struct sheet *sheet, ptrdiff_t column, int64_t stated)
{
    int64_t number;
    if (is_ledger(sheet) || find_column(sheet, "户主 姓名 户主姓名 领取人 农户") >= 0) {
        return false;
    }
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        if (sheet->table->totals[row] != TOTAL_NONE) {
            return false;
        }
    }
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        if (sheet->table->totals[row] == TOTAL_NONE &&
            read_or_nothing(&number, sheet, row, column) && number == stated) {
            return true;
        }
    }
    return false;
}

/* The column's sum against what the front matter says. */
static void check_stated(const struct sheet *sheet, const char *key, ptrdiff_t column)
{
    const struct record_field *field = rule_field(sheet->run->record, key);
    int64_t sum;
    size_t rows;
    if (field == NULL || column < 0 || !sum_of(&sum, &rows, sheet, column) || rows == 0) {
        return;
    }
    bool is_fen = field->row->type == SCHEMA_TYPE_MONEY;
    int64_t stated = field->number * (is_fen ? RULE_SCALE / 100 : RULE_SCALE);
    if (sum == stated || has_row(sheet, column, stated)) {
        return;
    }
    struct place place = rule_cell_place(sheet->table, &sheet->table->names[column]);
    rule_tell(sheet->run, DIAG_RULE_STATED, place, &sheet->law,
              DIAG_WITH(sheet->names[column], amount(sheet, (size_t)column, sum), field->row->zh,
                        field->text, field_place(sheet, field)));
}

static void check_ledger(const struct sheet *sheet)
{
    if (!is_ledger(sheet)) {
        return;
    }
    ptrdiff_t in = find_column(sheet, INCOME), out = find_column(sheet, EXPENSE),
              balance = find_column(sheet, "结余 余额");
    check_stated(sheet, "income", in);
    check_stated(sheet, "expense", out);
    if (balance >= 0) {
        check_running(sheet, in, out, balance);
    }
}

/* 期初 + 收入 - 支出 = 期末 in each row, and one month's end is the next one's beginning. */
static void check_periods(const struct sheet *sheet)
{
    static const char *const words[] = {"期初 期初余额 年初结余 上期结余", "收入 本期收入 全年收入",
                                        "支出 本期支出 全年支出",
                                        "期末 期末余额 年末结余 本期结余"};
    ptrdiff_t columns[4];
    int64_t n[4], last = 0;
    for (size_t i = 0; i < 4; i++) {
        columns[i] = find_column(sheet, words[i]);
        if (columns[i] < 0) {
            return;
        }
    }
    bool is_known = false, is_months = find_column(sheet, "月份 期间") >= 0;
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        bool is_read = sheet->table->totals[row] == TOTAL_NONE;
        for (size_t i = 0; i < 4; i++) {
            is_read = is_read && read_cell(&n[i], sheet, row, columns[i]);
        }
        if (!is_read) {
            is_known = false;
            continue;
        }
        if (n[0] + n[1] - n[2] != n[3]) {
            tell_cell(sheet, DIAG_RULE_ROW_BALANCE, row, columns[3],
                      DIAG_WITH(line_of(sheet, row), amount(sheet, (size_t)columns[3], n[3]),
                                amount(sheet, (size_t)columns[3], n[0] + n[1] - n[2])));
        }
        if (is_months && is_known && n[0] != last) {
            tell_cell(sheet, DIAG_RULE_RUNNING, row, columns[0],
                      DIAG_WITH(line_of(sheet, row), amount(sheet, (size_t)columns[0], last),
                                amount(sheet, (size_t)columns[0], last),
                                amount(sheet, (size_t)columns[0], n[0])));
        }
        last = n[3];
        is_known = true;
    }
}

/* The column that the rate counts: 元/亩 areas, 元/人 people; else the one that can be meant. */
static ptrdiff_t counted_by(const struct sheet *sheet, size_t rate)
{
    static const struct row {
        const char *unit, *words;
    } rows[] = {{"元/亩", "补贴面积 面积 投保面积 核定面积"},
                {"元/人", "人数"},
                {"元/户", "户数"},
                {"元/天", "天数 工日"},
                {"元/工日", "工日 工日数"},
                {"元/台", "台数"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_equal(sheet->units[rate], str_of(rows[i].unit))) {
            return find_column(sheet, rows[i].words);
        }
    }
    if (str_equal(sheet->names[rate], STR("单价"))) {
        return find_column(sheet, "数量 工程量");
    }
    bool has_other_unit = str_find_char(sheet->units[rate], '/') >= 0;
    return has_other_unit ? -1 : find_column(sheet, "补贴面积");
}

/* To the fen: halves are rounded either way. */
static bool is_product(int64_t a, int64_t b, int64_t product)
{
    enum { FEN = RULE_SCALE / 100 };
    int64_t limit = (int64_t)1 << 31;
    if (a > limit || b > limit || a < -limit || b < -limit) {
        return true; /* no area and no rate of a village */
    }
    int64_t exact = a * b / RULE_SCALE, off = exact - product;
    return off <= FEN / 2 && off >= -FEN / 2;
}

static void check_rates(const struct sheet *sheet)
{
    ptrdiff_t rate = find_column(sheet, "标准 补贴标准 单价 保费标准");
    if (rate < 0) {
        return;
    }
    ptrdiff_t sum = find_column(sheet, "金额 补贴金额 合价 发放金额 金额合计"),
              count = counted_by(sheet, (size_t)rate);
    int64_t a, b, product;
    for (size_t row = 0; count >= 0 && sum >= 0 && row < sheet->table->row_count; row++) {
        bool is_read = read_cell(&a, sheet, row, count) && read_cell(&b, sheet, row, rate) &&
                       read_cell(&product, sheet, row, sum);
        if (is_read && !is_product(a, b, product)) {
            tell_cell(sheet, DIAG_RULE_PRODUCT, row, sum,
                      DIAG_WITH(line_of(sheet, row), amount(sheet, (size_t)count, a),
                                amount(sheet, (size_t)rate, b),
                                rule_amount(sheet->run->arena, a * b / RULE_SCALE, true),
                                amount(sheet, (size_t)sum, product)));
        }
    }
}

/* 基础 + 加 - 减 = 本月; a balance is what was left, what came above the base, less what went. */
static void check_points(const struct sheet *sheet)
{
    static const char *const words[] = {"基础分 基础", "加分 加分项", "减分 减分项 扣分",
                                        "本月 本月得分 本月积分"};
    ptrdiff_t columns[4];
    int64_t n[4];
    for (size_t i = 0; i < 4; i++) {
        columns[i] = find_column(sheet, words[i]);
        if (columns[i] < 0) {
            return;
        }
    }
    ptrdiff_t redeemed = find_column(sheet, "兑换 本月兑换"),
              balance = find_column(sheet, "余额 结余");
    for (size_t row = 0; row < sheet->table->row_count; row++) {
        bool is_read = true;
        for (size_t i = 0; i < 4; i++) {
            is_read = is_read && read_cell(&n[i], sheet, row, columns[i]);
        }
        if (is_read && n[0] + n[1] - n[2] != n[3]) {
            tell_cell(sheet, DIAG_RULE_POINTS, row, columns[3],
                      DIAG_WITH(line_of(sheet, row),
                                amount(sheet, (size_t)columns[3], n[0] + n[1] - n[2]),
                                amount(sheet, (size_t)columns[3], n[3])));
        }
        int64_t left;
        if (redeemed >= 0 && read_cell(&left, sheet, row, balance) && left < 0) {
            tell_cell(sheet, DIAG_RULE_POINTS_SPENT, row, balance,
                      DIAG_WITH(line_of(sheet, row), amount(sheet, (size_t)balance, left)));
        }
    }
}

/* Where one table alone has amounts, they are what the record says it is about. */
static void check_amount(struct rule_run *run, const struct sheet *sheets, size_t count)
{
    const struct record_field *stated = rule_field(run->record, "amount");
    const struct sheet *only = NULL;
    for (size_t i = 0; stated != NULL && i < count; i++) {
        if (find_column(&sheets[i], "金额 补贴金额") >= 0) {
            if (only != NULL) {
                return;
            }
            only = &sheets[i];
        }
    }
    if (only != NULL) {
        check_stated(only, "amount", find_column(only, "金额 补贴金额"));
    }
}

/* Areas and people of the only table that counts them. */
static void check_counts(struct rule_run *run, const struct sheet *sheets, size_t count)
{
    if (count == 1) {
        check_stated(&sheets[0], "households", find_column(&sheets[0], "户数"));
        check_stated(&sheets[0], "people", find_column(&sheets[0], "人数 本季人数"));
    }
    (void)run;
}

static void open_sheet(struct sheet *out, struct rule_run *run, const struct table *table)
{
    *out = (struct sheet){.run = run, .table = table, .law = finance_law(run)};
    out->names = rule_columns_of(run, table)->names;
    out->units = rule_columns_of(run, table)->units;
}

/* A row with a cell too many has all its figures under wrong names: that was told, and is mended
 * first. */
void rule_sums(struct rule_run *run)
{
    const struct record *record = run->record;
    struct sheet *sheets = arena_array(run->arena, record->table_count + 1, sizeof *sheets);
    bool is_ragged = false;
    check_balance(run);
    for (size_t i = 0; i < record->table_count; i++) {
        is_ragged = is_ragged || record->tables[i].is_ragged;
        open_sheet(&sheets[i], run, &record->tables[i]);
        if (record->tables[i].is_ragged) {
            continue;
        }
        check_totals(&sheets[i]);
        check_ledger(&sheets[i]);
        check_periods(&sheets[i]);
        check_rates(&sheets[i]);
        check_points(&sheets[i]);
    }
    if (!is_ragged) {
        check_amount(run, sheets, record->table_count);
        check_counts(run, sheets, record->table_count);
    }
}

/* Where the province asks for each sum on a line of its own, a month's accounts have such a table.
 */
void rule_line_by_line(struct rule_run *run)
{
    const struct record_field *period = rule_field(run->record, "period");
    struct rule_law law = rule_law(run->rules, "line-by-line", run->day);
    bool is_owed =
        rule_field(run->record, "income") != NULL || rule_field(run->record, "expense") != NULL;
    if (!law.is_known || period == NULL || !is_owed || !rule_is_of_village(run)) {
        return;
    }
    bool is_month = period->text.n == 7 && period->text.p[5] != 'Q' && period->text.p[5] != 'H';
    for (size_t i = 0; i < run->record->table_count; i++) {
        struct sheet sheet;
        open_sheet(&sheet, run, &run->record->tables[i]);
        bool is_lines = find_column(&sheet, "日期") >= 0 && find_column(&sheet, "摘要 事由") >= 0;
        if (is_month && is_lines && sheet.table->row_count > 0) {
            return;
        }
    }
    /* A quarter or a year may sum up what its months told line by line. */
    if (is_month) {
        rule_tell(run, DIAG_RULE_LINES, period->place, &law, DIAG_WITH(period->text));
    }
}
