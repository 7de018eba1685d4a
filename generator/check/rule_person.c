/* R17, R18, R27, R28: people in tables, words that must not stand in accounts, and sign-offs. */
#include "check/rule.h"

#include "base/set.h"

#include <stdlib.h>
#include <string.h>

#define INT(number) rule_int(run->arena, (int64_t)(number))

static const char aid_words[] =
    "低保 最低生活保障 特困 救助 残疾 重病 大病 慰问对象 困难家庭 困难群众 重度 低收入";
static const char minor_words[] =
    "孤儿 困境儿童 事实无人抚养 未成年人 留守儿童 儿童姓名 学生姓名 幼儿";

/* What the record is about, in its own words. */
static bool is_about(const struct rule_run *run, const char *words, const struct table *table)
{
    return (run->item != NULL && rule_has_word(run->item->name, words)) ||
           rule_has_word(run->record->title, words) ||
           (table != NULL && rule_has_word(table->caption, words));
}

static struct place names_place(const struct table *table, ptrdiff_t column)
{
    return rule_cell_place(table, &table->names[column]);
}

/* R17A: whoever gets aid is named on the notice board alone. */
static void check_aid(struct rule_run *run, const struct table *table, ptrdiff_t column,
                      size_t rows)
{
    struct rule_law law = rule_law(run->rules, "assistance-privacy", run->day);
    if (law.is_known && rows > 0 && is_about(run, aid_words, table)) {
        rule_tell(run, DIAG_RULE_AID_NAMES, names_place(table, column), &law,
                  DIAG_WITH(INT(rows), table->names[column].text));
    }
}

/* R17C, R17D: many people and their money in one table. */
static void check_many(struct rule_run *run, const struct table *table, ptrdiff_t column,
                       size_t rows)
{
    const struct rule_columns *columns = rule_columns_of(run, table);
    bool has_money = false;
    for (size_t i = 0; i < table->column_count; i++) {
        has_money =
            has_money || str_equal(columns->units[i], STR("元")) ||
            rule_has_word(columns->names[i], "金额 补贴额 账号 卡号 一卡通 账户 发放 补助 津贴");
    }
    struct rule_law many = rule_law(run->rules, "person-rows-many", run->day),
                    some = rule_law(run->rules, "person-rows", run->day);
    bool is_many = many.is_known && (int64_t)rows >= many.figure;
    if (has_money && (is_many || (some.is_known && (int64_t)rows >= some.figure))) {
        rule_tell(run, is_many ? DIAG_RULE_PERSONS_MANY : DIAG_RULE_PERSONS,
                  names_place(table, column), is_many ? &many : &some,
                  DIAG_WITH(INT(rows), INT(is_many ? many.figure : some.figure)));
    }
}

static const char traits[] = "组 村民小组 村 年龄 年龄段 性别 出生年月 出生日期 残疾类别 残疾等级 "
                             "病种 原因 救助原因 学校 民族 户籍 类别 家庭人口 "
                             "婚姻状况 文化程度";
/* Without one of these a group is a group of land or houses, not of people's lives. */
static const char tender_traits[] =
    "年龄 年龄段 性别 出生年月 出生日期 残疾类别 残疾等级 病种 救助原因 学校 民族 婚姻状况";

enum { TRAITS_MAX = 8 };

static size_t find_traits(const struct rule_run *run, const struct table *table,
                          size_t out[TRAITS_MAX])
{
    const struct rule_columns *columns = rule_columns_of(run, table);
    size_t count = 0;
    bool is_tender = false;
    for (size_t i = 0; i < table->column_count && count < TRAITS_MAX; i++) {
        if (rule_is_word(columns->names[i], traits)) {
            out[count++] = i;
            is_tender = is_tender || rule_is_word(columns->names[i], tender_traits);
        }
    }
    return is_tender && count >= 2 ? count : 0;
}

static int compare_strs(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The smallest group of rows that are alike in every trait. */
static size_t smallest_group(struct arena *arena, const struct table *table, const size_t *columns,
                             size_t count)
{
    struct str *keys = arena_array(arena, table->row_count + 1, sizeof *keys);
    size_t rows = 0, smallest = 0, run = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        struct buf key = BUF_EMPTY;
        for (size_t i = 0; i < count; i++) {
            buf_add(&key, str_trim(rule_cell(table, row, columns[i])->text));
            buf_add_char(&key, '\t');
        }
        if (table->totals[row] == TOTAL_NONE) {
            keys[rows++] = arena_copy(arena, buf_str(&key));
        }
        buf_free(&key);
    }
    qsort(keys, rows, sizeof *keys, compare_strs);
    for (size_t i = 0; i < rows; i++) {
        run++;
        if (i + 1 == rows || !str_equal(keys[i], keys[i + 1])) {
            smallest = smallest == 0 || run < smallest ? run : smallest;
            run = 0;
        }
    }
    return smallest;
}

/* The smallest number in the column that counts people; 0: none. */
static size_t smallest_count(const struct table *table, size_t column)
{
    size_t smallest = 0;
    int64_t number;
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->totals[row] == TOTAL_NONE &&
            rule_number(&number, rule_cell(table, row, column)->text) && number >= RULE_SCALE) {
            size_t people = (size_t)(number / RULE_SCALE);
            smallest = smallest == 0 || people < smallest ? people : smallest;
        }
    }
    return smallest;
}

/* R17E: traits that together hold of fewer than five people name them without a name. */
static void check_group(struct rule_run *run, const struct table *table)
{
    size_t columns[TRAITS_MAX];
    size_t count = find_traits(run, table, columns);
    struct rule_law law = rule_law(run->rules, "group-size", run->day);
    if (count == 0 || !law.is_known || table->row_count == 0) {
        return;
    }
    ptrdiff_t people = rule_column(run, table, "人数 户数 人次 本季人数");
    size_t smallest = people >= 0 ? smallest_count(table, (size_t)people)
                                  : smallest_group(run->arena, table, columns, count);
    if (smallest > 0 && (int64_t)smallest < law.figure) {
        struct str names = table->names[columns[0]].text;
        for (size_t i = 1; i < count; i++) {
            names = arena_printf(run->arena, "%.*s、%.*s", STR_ARG(names),
                                 STR_ARG(table->names[columns[i]].text));
        }
        rule_tell(run, DIAG_RULE_GROUP, names_place(table, (ptrdiff_t)columns[0]), &law,
                  DIAG_WITH(names, INT(smallest), INT(law.figure)));
    }
}

void rule_scope(struct rule_run *run)
{
    for (size_t i = 0; i < run->record->table_count; i++) {
        const struct table *table = &run->record->tables[i];
        if (rule_is_board_table(run->record, i)) {
            continue;
        }
        ptrdiff_t column = rule_columns_of(run, table)->person;
        size_t rows = column >= 0 ? rule_person_rows(table, (size_t)column) : 0;
        if (column >= 0) {
            check_aid(run, table, column, rows);
            check_many(run, table, column, rows);
        }
        check_group(run, table);
    }
}

/* Ages of those under 14, whom the law protects most, and under 18. */
static size_t count_young(const struct table *table, size_t column, size_t *children)
{
    size_t count = 0;
    int64_t age;
    *children = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        struct str text = str_trim(rule_cell(table, row, column)->text);
        text = str_ends(text, STR("岁")) ? str_slice(text, 0, text.n - 3) : text;
        if (rule_number(&age, text) && table->totals[row] == TOTAL_NONE) {
            count += age < 18 * (int64_t)RULE_SCALE;
            *children += age < 14 * (int64_t)RULE_SCALE;
        }
    }
    return count;
}

static bool is_of_minors(const struct rule_run *run, const struct table *table)
{
    if (is_about(run, minor_words, table)) {
        return true;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (rule_has_word(rule_columns_of(run, table)->names[i], minor_words)) {
            return true;
        }
    }
    return false;
}

/* Names of minors belong neither on the web nor on the board. */
void rule_minors(struct rule_run *run)
{
    static const char columns[] = "儿童姓名 学生姓名 监护人 监护人姓名 孤儿姓名 孩子姓名 幼儿姓名";
    for (size_t i = 0; i < run->record->table_count; i++) {
        const struct table *table = &run->record->tables[i];
        ptrdiff_t person = rule_column(run, table, columns);
        person = person >= 0 ? person : rule_columns_of(run, table)->person;
        size_t rows = person >= 0 ? rule_person_rows(table, (size_t)person) : 0;
        ptrdiff_t age = rule_column(run, table, "年龄 周岁 岁数");
        if (rows == 0) {
            continue;
        }
        size_t children = 0, young = age >= 0 ? count_young(table, (size_t)age, &children) : 0;
        struct rule_law law =
            rule_law(run->rules, children > 0 ? "young-children" : "minors", run->day);
        if (law.is_known && (young > 0 || is_of_minors(run, table))) {
            rule_tell(run, DIAG_RULE_MINORS, names_place(table, person), &law,
                      DIAG_WITH(INT(young > 0 ? young : rows)));
        }
    }
}

/* R27 */

static const struct word {
    const char *text, *fact;
    const char *what;
} words[] = {
    {"担保", "guarantee", "村民委员会不得对外担保"},
    {"招待费", "reception", "村级不得列支招待费"},
    {"接待餐费", "reception", "村级不得列支招待费"},
    {"接待费", "reception", "村级不得列支招待费"},
    {"公务接待", "reception", "村级不得列支招待费"},
    {"业务招待", "reception", "村级不得列支招待费"},
    {"宴请", "reception", "村级不得列支招待费"},
    {"烟酒", "reception", "村级不得列支招待费"},
    {"个人账户", "personal-account", "集体资金不得存入个人账户"},
    {"个人帐户", "personal-account", "集体资金不得存入个人账户"},
    {"个人银行卡", "personal-account", "集体资金不得存入个人账户"},
    {"私人账户", "personal-account", "集体资金不得存入个人账户"},
};

/* 没有担保, 不得担保: it is said that there is none. */
static bool is_denied(struct str text, size_t at, size_t end)
{
    size_t from = at > 36 ? at - 36 : 0;
    struct str before = str_slice(text, from, at);
    for (size_t i = before.n; i > 0; i--) {
        if (before.p[i - 1] == '\n' || (i >= 3 && (memcmp(before.p + i - 3, "。", 3) == 0 ||
                                                   memcmp(before.p + i - 3, "；", 3) == 0 ||
                                                   memcmp(before.p + i - 3, "|", 1) == 0))) {
            before = str_from(before, i);
            break;
        }
    }
    struct str after = str_slice(text, end, end + 12);
    return rule_has_word(before,
                         "没有 不得 未 无 禁止 严禁 不准 不能 零 不为 取消 退回 清退 本人") ||
           str_starts(after, STR("：无")) || str_starts(after, STR(" 0")) ||
           str_starts(after, STR("为零"));
}

static void find_word(struct rule_run *run, const struct word *word, struct str path,
                      struct str text)
{
    struct str needle = str_of(word->text);
    for (size_t at = 0; at < text.n;) {
        ptrdiff_t found = str_find(str_from(text, at), needle);
        if (found < 0) {
            return;
        }
        at += (size_t)found;
        if (!is_denied(text, at, at + needle.n)) {
            struct rule_law law = rule_law(run->rules, word->fact, run->day);
            rule_tell(run, DIAG_RULE_WORDS, diag_place_of(path, text, at), &law,
                      DIAG_WITH(needle, str_of(word->what)));
            return; /* once a word is enough */
        }
        at += needle.n;
    }
}

static void find_in_cells(struct rule_run *run, const struct word *word, const struct table *table)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        const struct table_cell *cell = &table->cells[i];
        ptrdiff_t at = str_find(cell->text, str_of(word->text));
        if (at >= 0 && !is_denied(cell->text, (size_t)at, (size_t)at + strlen(word->text))) {
            struct rule_law law = rule_law(run->rules, word->fact, run->day);
            rule_tell(run, DIAG_RULE_WORDS, rule_cell_place(table, cell), &law,
                      DIAG_WITH(str_of(word->text), str_of(word->what)));
            return;
        }
    }
}

void rule_words(struct rule_run *run)
{
    if (!rule_is_finance(run) || !rule_is_of_village(run)) {
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct rule_law law = rule_law(run->rules, words[i].fact, run->day);
        if (!law.is_known) {
            continue; /* older than its article */
        }
        find_word(run, &words[i], run->diag->source_path, run->diag->source);
        for (size_t k = 0; k < run->record->table_count; k++) {
            if (run->record->tables[k].is_csv) {
                find_in_cells(run, &words[i], &run->record->tables[k]);
            }
        }
    }
}

/* R28 */

static bool is_signed(const struct record *record, const char *key)
{
    const struct record_field *map = rule_field(record, key);
    const struct record_field *by = map != NULL ? rule_subfield(map->value, "by") : NULL;
    return by != NULL && by->text.n > 0;
}

/* Who publishes people's names on the web has thought of what it does to them. */
void rule_clearance(struct rule_run *run)
{
    const struct record *record = run->record;
    for (size_t i = 0; i < record->table_count; i++) {
        const struct table *table = &record->tables[i];
        ptrdiff_t column = rule_columns_of(run, table)->person;
        if (column < 0 || rule_is_board_table(record, i) ||
            rule_plain_rows(table, (size_t)column) == 0) {
            continue;
        }
        struct rule_law pia = rule_law(run->rules, "impact-assessment", run->day),
                        review = rule_law(run->rules, "publication-review", run->day);
        if (pia.is_known && !is_signed(record, "pia")) {
            rule_tell(run, DIAG_RULE_PIA, names_place(table, column), &pia, DIAG_PLAIN);
        }
        if (review.is_known && !is_signed(record, "clearance") && !is_signed(record, "review")) {
            rule_tell(run, DIAG_RULE_CLEARANCE, names_place(table, column), &review, DIAG_PLAIN);
        }
        return;
    }
}
