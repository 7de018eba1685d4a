#include "record/board.h"

#include "record/number.h"

#include <string.h>

static bool has_any_of(struct str s, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (str_find(s, str_of(words[i])) >= 0) {
            return true;
        }
    }
    return false;
}

/* A site without configuration keeps what is no choice of ours: whoever says 公示栏 means it. */
bool board_is_whole(const struct record *record)
{
    static const char *const words[] = {"board", "公示栏", NULL};
    const struct record_field *scope = record_field(record, STR("scope"));
    return scope != NULL && has_any_of(scope->text, words);
}

bool board_is_file(struct str path)
{
    return str_ends_nocase(path, STR(".board.csv")) || str_ends_nocase(path, STR(".公示栏.csv"));
}

static void set_withdrawal(struct record_withdrawal *out, const struct record_value *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct record_field *item = &map->items[i];
        if (str_equal(item->key, STR("reason"))) {
            out->reason = item->text;
        } else if (str_equal(item->key, STR("approved_by"))) {
            out->approved_by = item->text;
        } else if (str_equal(item->key, STR("title"))) {
            out->title = item->text;
        } else if (str_equal(item->key, STR("date"))) {
            date_parse(&out->date, item->text);
        }
    }
}

/* Where the field is not as it should be the record is withdrawn all the same. */
const struct record_withdrawal *board_withdrawal(struct arena *arena, const struct record *record)
{
    static const struct str no[] = {{"", 0}, {"false", 5}, {"no", 2}, {"否", 3}};
    const struct record_field *field = record_field(record, STR("withdrawn"));
    for (size_t i = 0; field != NULL && field->value == NULL && i < sizeof no / sizeof no[0]; i++) {
        if (str_equal_nocase(field->text, no[i])) {
            return NULL;
        }
    }
    if (field == NULL) {
        return NULL;
    }
    struct record_withdrawal *out = arena_alloc(arena, sizeof *out);
    *out = (struct record_withdrawal){.reason = STR("")};
    if (field->value != NULL) {
        set_withdrawal(out, field->value);
    }
    return out;
}

static void add_number(struct board_tables *out, struct arena *arena, struct str text,
                       struct place place)
{
    long number = str_number(number_fold(arena, str_trim(text)), 1000000);
    size_t count = out->count;
    out->numbers = arena_grow(arena, out->numbers, count, sizeof *out->numbers);
    out->places = arena_grow(arena, out->places, count, sizeof *out->places);
    out->numbers[count] = number < 0 ? 0 : (size_t)number; /* 0 is no table */
    out->places[out->count++] = place;
}

void board_read(struct board_tables *out, struct arena *arena, const struct record *record)
{
    *out = (struct board_tables){.numbers = NULL};
    const struct record_field *field = record_field(record, STR("board_tables"));
    if (field != NULL && field->value == NULL) {
        add_number(out, arena, field->text, field->place);
    }
    for (size_t i = 0; field != NULL && field->value != NULL && i < field->value->count; i++) {
        add_number(out, arena, field->value->items[i].text, field->place);
    }
}

static void mark_links_in(struct record *record, const struct table *table)
{
    int last = table->line + 1 + (int)table->row_count; /* names, the line below them, rows */
    for (size_t i = 0; i < record->link_count; i++) {
        struct record_link *link = &record->links[i];
        link->is_board |= link->place.line >= table->line && link->place.line <= last;
    }
}

void board_mark(struct record *record, const struct board_tables *board, struct diag *diag)
{
    for (size_t i = 0; i < board->count; i++) {
        if (board->numbers[i] > 0 && board->numbers[i] <= record->table_count) {
            record->tables[board->numbers[i] - 1].is_board = true;
        } else {
            diag_add(diag, DIAG_BOARD_NO_TABLE, board->places[i], DIAG_PLAIN);
        }
    }
    for (size_t i = 0; i < record->table_count; i++) {
        struct table *table = &record->tables[i];
        table->is_board |= record->is_board || (table->is_csv && board_is_file(table->source));
        if (table->is_board && !table->is_csv) {
            mark_links_in(record, table);
        }
    }
}

/* Nobody stands in a row that adds up others, or in an empty one. */
static bool has_nobody(const struct table *table, size_t row)
{
    bool is_empty = true;
    for (size_t i = 0; i < table->column_count; i++) {
        is_empty = is_empty && table->cells[row * table->column_count + i].text.n == 0;
    }
    return is_empty || table->totals[row] != TOTAL_NONE;
}

/*
 * Figures that say who somebody is are no amounts, and the sum of one row tells it: a column is
 * added up only where its name says what it counts.
 */
static bool is_amount_name(struct str name)
{
    static const char *const amounts[] = {"元",    "金额",  "资金",  "补贴", "补助",   "数量",
                                          "人数",  "户数",  "人口",  "面积", "亩",     "公斤",
                                          "工日",  "用工",  "合计",  "小计", "amount", "Amount",
                                          "count", "Count", "total", "yuan", "area",   NULL};
    static const char *const marks[] = {"号",   "码",   "电话", "手机", "证",   "序",
                                        "日期", "时间", "年龄", "出生", "标准", NULL};
    return has_any_of(name, amounts) && !has_any_of(name, marks);
}

static bool add_up_column(struct table_sum *out, struct arena *arena, const struct table *table,
                          size_t column)
{
    static const char *const money[] = {"元", "金额", "资金", "amount", "Amount", "yuan", NULL};
    int64_t sum = 0, hundredths;
    bool has_decimals = has_any_of(table->names[column].text, money), has_any = false;
    out->is_money = has_decimals;
    for (size_t row = 0; row < table->row_count; row++) {
        struct str text = table->cells[row * table->column_count + column].text;
        if (text.n == 0 || has_nobody(table, row)) {
            continue;
        }
        if (number_money(&hundredths, arena, text) < NUMBER_RESULT_KIND ||
            __builtin_add_overflow(sum, hundredths, &sum)) {
            return false;
        }
        has_decimals |= hundredths % 100 != 0;
        has_any = true;
    }
    out->name = table->names[column].text;
    out->hundredths = sum;
    uint64_t size = sum < 0 ? 0 - (uint64_t)sum : (uint64_t)sum;
    const char *sign = sum < 0 ? "-" : "";
    out->sum = has_decimals
                   ? arena_printf(arena, "%s%llu.%02llu", sign, (unsigned long long)(size / 100),
                                  (unsigned long long)(size % 100))
                   : arena_printf(arena, "%s%llu", sign, (unsigned long long)(size / 100));
    return has_any;
}

void board_add_up(struct table *table, struct arena *arena)
{
    table->board_rows = 0;
    table->sum_count = 0;
    table->sums = arena_array(arena, table->column_count + 1, sizeof *table->sums);
    for (size_t row = 0; row < table->row_count; row++) {
        table->board_rows += !has_nobody(table, row);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_amount_name(table->names[i].text) &&
            add_up_column(&table->sums[table->sum_count], arena, table, i)) {
            table->sum_count++;
        }
    }
}

const struct table_cell *board_find_unreadable(const struct table *table, struct arena *arena)
{
    int64_t ignored;
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        const struct table_cell *cell = &table->cells[i];
        if (cell->text.n > 0 && is_amount_name(table->names[i % table->column_count].text) &&
            number_money(&ignored, arena, cell->text) < NUMBER_RESULT_KIND) {
            return cell;
        }
    }
    return NULL;
}

static void withhold_table(struct table *table, struct arena *arena)
{
    board_add_up(table, arena);
    table->caption = STR("");
    table->names = table->cells = NULL;
    table->kind = NULL;
    table->places = NULL;
    table->values = NULL;
    table->totals = NULL;
    table->column_count = table->row_count = 0;
}

/* What a record on the notice board tells on the web. */
static bool is_open_field(const struct record_field *field)
{
    static const char *const keys[] = {"title",    "index",      "document",   "contact",
                                       "corrects", "categories", "withdraws",  "tags",
                                       "review",   "related",    "board_place"};
    static const bool types[] = {
        [SCHEMA_TYPE_DATE] = true,   [SCHEMA_TYPE_PERIOD] = true,    [SCHEMA_TYPE_ORG] = true,
        [SCHEMA_TYPE_ITEM] = true,   [SCHEMA_TYPE_INTEGER] = true,   [SCHEMA_TYPE_NUMBER] = true,
        [SCHEMA_TYPE_MONEY] = true,  [SCHEMA_TYPE_BOOLEAN] = true,   [SCHEMA_TYPE_LINK] = true,
        [SCHEMA_TYPE_CHOICE] = true, [SCHEMA_TYPE_MARKDOWN] = false,
    };
    if (field->row == NULL) {
        return false;
    }
    if ((size_t)field->row->type < sizeof types && types[field->row->type]) {
        return true;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (str_equal(field->key, str_of(keys[i]))) {
            return true;
        }
    }
    return false;
}

static void withhold_whole(struct record *record)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->field_count; i++) {
        if (is_open_field(&record->fields[i])) {
            record->fields[kept++] = record->fields[i];
        }
    }
    record->field_count = kept;
    record->html = record->body_text = record->text = STR("");
    record->table_text = record->names_text = record->summary = STR("");
    record->has_title_in_body = false;
}

void record_withhold(struct record *record, struct arena *arena)
{
    size_t kept = 0;
    bool has_board = record->is_board;
    for (size_t i = 0; i < record->table_count; i++) {
        if (record->tables[i].is_board) {
            withhold_table(&record->tables[i], arena);
            has_board = true;
        }
    }
    for (size_t i = 0; i < record->link_count; i++) {
        if (!record->links[i].is_board) {
            record->links[kept++] = record->links[i];
        }
    }
    record->link_count = kept;
    if (record->is_board) {
        withhold_whole(record);
    } else if (has_board) {
        record->text = arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(record->body_text),
                                    STR_ARG(record->table_text), STR_ARG(record->names_text));
    }
}
