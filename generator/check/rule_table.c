/* What the rules share: fields, headings, figures in cells, and who is named in a table. */
#include "check/rule.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

const struct record_field *rule_field(const struct record *record, const char *key)
{
    const struct record_field *field = record_field(record, str_of(key));
    return field != NULL && field->row != NULL ? field : NULL;
}

const struct record_field *rule_subfield(const struct record_value *map, const char *key)
{
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        if (str_equal(map->items[i].key, str_of(key)) && map->items[i].row != NULL) {
            return &map->items[i];
        }
    }
    return NULL;
}

struct str rule_text(const struct record *record, const char *key)
{
    const struct record_field *field = rule_field(record, key);
    return field != NULL ? field->text : (struct str){NULL, 0};
}

struct str rule_int(struct arena *arena, int64_t number)
{
    return arena_printf(arena, "%lld", (long long)number);
}

struct str rule_yuan(struct arena *arena, int64_t fen)
{
    int64_t whole = fen < 0 ? -fen : fen;
    return arena_printf(arena, "%s%lld.%02lld", fen < 0 ? "-" : "", (long long)(whole / 100),
                        (long long)(whole % 100));
}

struct str rule_day(struct arena *arena, int64_t day)
{
    char text[DATE_TEXT_SIZE];
    return arena_copy(arena, str_of(date_format(text, date_from_days(day))));
}

/* Of a record without an organisation we do not know: what asks the villages asks it too. */
bool rule_is_village_org(const struct config_org *org)
{
    static const char others[] = "county department township partner";
    return org == NULL || !rule_is_word(org->type, others);
}

bool rule_is_of_village(const struct rule_run *run)
{
    return rule_is_village_org(run->org);
}

bool rule_is_finance(const struct rule_run *run)
{
    return rule_field(run->record, "closing") != NULL ||
           rule_field(run->record, "opening") != NULL ||
           (run->item != NULL && str_equal(run->item->category, STR("财务")));
}

bool rule_is_board(const struct record *record)
{
    return str_equal(rule_text(record, "scope"), STR("board"));
}

bool rule_is_board_table(const struct record *record, size_t table)
{
    return table < record->table_count && record->tables[table].is_board;
}

/* Signs of money before a figure and behind it. */
static struct str without_money(struct str s)
{
    static const struct str before[] = {{"¥", 2}, {"￥", 3}}, behind[] = {{"元", 3}};
    for (size_t i = 0; i < 2; i++) {
        s = str_starts(s, before[i]) ? str_from(s, before[i].n) : s;
    }
    return str_ends(s, behind[0]) ? str_slice(s, 0, s.n - behind[0].n) : s;
}

bool rule_number(int64_t *out, struct str cell)
{
    enum { DIGITS_MAX = 13, DECIMALS_MAX = 4 };
    struct str s = str_trim(without_money(str_trim(cell)));
    bool is_negative = str_starts(s, STR("-")) || str_starts(s, STR("−"));
    if (is_negative) {
        s = str_from(s, s.p[0] == '-' ? 1 : 3);
    }
    int64_t number = 0;
    int digits = 0, decimals = -1;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ',' && decimals < 0 && digits > 0) {
            continue;
        }
        if (s.p[i] == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || digits == DIGITS_MAX || decimals == DECIMALS_MAX) {
            return false;
        }
        number = number * 10 + (s.p[i] - '0');
        digits++;
        decimals += decimals >= 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < DECIMALS_MAX; i++) {
        number *= 10;
    }
    *out = is_negative ? -number : number;
    return digits > 0;
}

struct str rule_amount(struct arena *arena, int64_t number, bool is_money)
{
    int64_t whole = number < 0 ? -number : number;
    struct str text =
        arena_printf(arena, "%s%lld.%04lld", number < 0 ? "-" : "", (long long)(whole / RULE_SCALE),
                     (long long)(whole % RULE_SCALE));
    size_t least = is_money ? 2 : 0;
    for (size_t decimals = 4; decimals > least && text.p[text.n - 1] == '0'; decimals--) {
        text.n--;
    }
    return text.p[text.n - 1] == '.' ? str_slice(text, 0, text.n - 1) : text;
}

/* Has the heading a bracket, of either width, or a blank? Few have. */
static bool is_bare(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == ' ' || c == '(' || c == 0xef) {
            return false;
        }
    }
    return true;
}

/* A heading without its unit in brackets and without blanks. */
static struct str read_heading(struct arena *arena, struct str name, struct str *unit)
{
    static const struct str opening[] = {{"（", 3}, {"(", 1}}, closing[] = {{"）", 3}, {")", 1}};
    struct str s = str_trim(name), inside = {NULL, 0};
    bool has_more = !is_bare(s);
    for (size_t i = 0; has_more && i < 2; i++) {
        ptrdiff_t at = str_find(s, opening[i]);
        if (at > 0 && inside.n == 0) {
            inside = str_from(s, (size_t)at + opening[i].n);
            s = str_slice(s, 0, (size_t)at);
        }
    }
    for (size_t i = 0; has_more && i < 2; i++) {
        ptrdiff_t at = str_find(inside, closing[i]);
        inside = at >= 0 ? str_slice(inside, 0, (size_t)at) : inside;
    }
    *unit = inside;
    if (!has_more) {
        return s;
    }
    char *bare = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ') {
            bare[n++] = s.p[i];
        }
    }
    return (struct str){bare, n};
}

const struct table_cell *rule_cell(const struct table *table, size_t row, size_t column)
{
    return &table->cells[row * table->column_count + column];
}

struct place rule_cell_place(const struct table *table, const struct table_cell *cell)
{
    return (struct place){table->source, cell->line > 0 ? cell->line : table->line, cell->column};
}

bool rule_is_word(struct str s, const char *words)
{
    struct str all = str_of(words);
    ptrdiff_t found = s.n == 0 ? -1 : str_find(all, s);
    for (size_t from = 0; found >= 0; found = str_find(str_from(all, from), s)) {
        from += (size_t)found;
        size_t end = from + s.n;
        if ((from == 0 || words[from - 1] == ' ') && (words[end] == ' ' || words[end] == '\0')) {
            return str_find_char(s, ' ') < 0;
        }
        from++;
    }
    return false;
}

bool rule_has_word(struct str s, const char *words)
{
    for (const char *end; *words != '\0'; words = *end == ' ' ? end + 1 : end) {
        for (end = words; *end != ' ' && *end != '\0'; end++) {
        }
        struct str word = {words, (size_t)(end - words)};
        if (word.n > 0 && word.n <= s.n && str_find(s, word) >= 0) {
            return true;
        }
    }
    return false;
}

static ptrdiff_t find_column(const struct rule_columns *columns, size_t count, const char *words)
{
    for (size_t i = 0; i < count; i++) {
        if (rule_is_word(columns->names[i], words)) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

const struct rule_columns *rule_columns_of(const struct rule_run *run, const struct table *table)
{
    return &run->columns[table - run->record->tables];
}

ptrdiff_t rule_column(const struct rule_run *run, const struct table *table, const char *words)
{
    return find_column(rule_columns_of(run, table), table->column_count, words);
}

static const char person_words[] =
    "姓名 户主 户主姓名 申请人 申请人姓名 领取人 受益人 持卡人 农户 农户姓名 对象 救助对象 "
    "保障对象 享受对象 "
    "补贴对象 老人姓名 残疾人姓名 患者 患者姓名 受助人 对象姓名 村民姓名 村民 困难群众 困难户 "
    "低保户 低保对象 特困人员 五保户 残疾人 享受人 享受人姓名 人员姓名 救助人员 受助对象 户名 name";

static const char official_words[] =
    "职务 岗位 任职 分工 得票 得票数 候选人 推选票数 称职 不称职 同意票 办公电话 岗位电话";

static void read_columns(struct rule_columns *out, struct arena *arena, const struct table *table)
{
    size_t count = table->column_count;
    out->names = arena_array(arena, count, sizeof *out->names);
    out->units = arena_array(arena, count, sizeof *out->units);
    for (size_t i = 0; i < count; i++) {
        out->names[i] = read_heading(arena, table->names[i].text, &out->units[i]);
    }
    bool is_of_officials = find_column(out, count, official_words) >= 0;
    out->person = is_of_officials ? -1 : find_column(out, count, person_words);
}

struct rule_columns *rule_columns_read(struct arena *arena, const struct record *record)
{
    struct rule_columns *columns = arena_array(arena, record->table_count, sizeof *columns);
    for (size_t i = 0; i < record->table_count; i++) {
        read_columns(&columns[i], arena, &record->tables[i]);
    }
    return columns;
}

/* 8户 and the like are no names, nor is a sum. */
static bool is_name(struct str s)
{
    int64_t number;
    s = str_trim(s);
    bool is_short = s.n >= 3 && utf8_length(s) <= 12;
    bool has_digit = false;
    for (size_t i = 0; i < s.n; i++) {
        has_digit = has_digit || (s.p[i] >= '0' && s.p[i] <= '9');
    }
    return is_short && !has_digit && !rule_number(&number, s) &&
           !rule_has_word(s, "合计 小计 总计 共计 不公布 公示栏 以下 空白 — －");
}

/* 张*明, 王某 */
static bool is_masked(struct str name)
{
    return str_find(name, STR("*")) >= 0 || str_find(name, STR("＊")) >= 0 ||
           str_find(name, STR("某")) >= 0 || str_find(name, STR("×")) >= 0;
}

size_t rule_plain_rows(const struct table *table, size_t column)
{
    size_t count = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        struct str name = rule_cell(table, row, column)->text;
        count += table->totals[row] == TOTAL_NONE && is_name(name) && !is_masked(name);
    }
    return count;
}

size_t rule_person_rows(const struct table *table, size_t column)
{
    size_t count = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        count += table->totals[row] == TOTAL_NONE && is_name(rule_cell(table, row, column)->text);
    }
    return count;
}
