/* R16J: what a column is called says what is in it, whatever its cells look like. */
#include "check/column.h"

/* Of the field policy: what is never published of a person, how it is called, and what to do. */
static const char *const never[] = {
    "身份证",   "证件号码", "公民身份号码", "银行账号", "银行卡号", "一卡通账号",
    "一卡通号", "社保卡号", "开户账号",     "家庭住址", "家庭地址", "住址",
    "门牌",     "门牌号",   "出生日期",     "出生年月", "病情",     "病种",
    "疾病名称", "残疾等级", "残疾类别",     "手机号",   "手机号码"};

/* What counts people by such a trait says how many there are. */
static const char *const counts[] = {"人数", "户数", "数量", "合计", "金额", "标准"};

static bool has_any(struct str text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_find(text, str_of(words[i])) >= 0) {
            return true;
        }
    }
    return false;
}

#define HAS(text, words) has_any(text, words, sizeof(words) / sizeof(words)[0])

static bool is_policy_column(struct str name)
{
    return HAS(name, never) && !HAS(name, counts);
}

/* Does the table have a row for each person? A list of standards by grade has none. */
static bool names_people(const struct table *table)
{
    static const char *const names[] = {"姓名", "户主",   "对象",  "申请人",
                                        "户名", "领取人", "受益人"};
    for (size_t i = 0; i < table->column_count; i++) {
        if (HAS(table->names[i].text, names)) {
            return true;
        }
    }
    return false;
}

/* A cell that says something: no dash, nothing masked. */
static bool is_told(struct str cell)
{
    static const char *const nothing[] = {"*", "＊", "—", "无", "略", "×"};
    struct str text = str_trim(cell);
    return text.n > 1 && !HAS(text, nothing);
}

static void check_column(const struct table *table, size_t column, struct diag *diag)
{
    size_t told = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        told += is_told(table->cells[row * table->column_count + column].text);
    }
    if (told > 0) {
        struct place place = {table->source, table->names[column].line,
                              table->names[column].column};
        diag_add(diag, DIAG_PERSONAL_COLUMN, place, DIAG_WITH(table->names[column].text));
    }
}

void check_columns(const struct record *record, struct diag *diag)
{
    for (size_t i = 0; i < record->table_count; i++) {
        const struct table *table = &record->tables[i];
        if (table->is_board || record->is_board || !names_people(table)) {
            continue;
        }
        for (size_t column = 0; column < table->column_count; column++) {
            if (is_policy_column(table->names[column].text)) {
                check_column(table, column, diag);
            }
        }
    }
}
