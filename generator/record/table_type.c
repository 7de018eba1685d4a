#include "record/table_type.h"

#include "base/utf8.h"
#include "record/number.h"

enum { MONEY_PLACES = 2, TEN_THOUSAND_PLACES = 4 };

/* A heading in its two parts: "收入（元）" is 收入, in 元. */
struct heading {
    struct str name, unit;
};

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == 0x3000 || c == 0xa0;
}

static struct str without_blanks(struct arena *arena, struct str s)
{
    struct buf buf = BUF_EMPTY;
    struct str rest = s;
    for (uint32_t c; utf8_next(&c, &rest);) {
        if (!is_blank(c)) {
            utf8_add(&buf, c);
        }
    }
    struct str copy = buf.n == s.n ? s : arena_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return copy;
}

/* The brackets at the end of `s`: where they open, or -1. */
static ptrdiff_t find_bracket(struct str s, size_t *width)
{
    static const struct pair {
        struct str open, close;
    } pairs[] = {{{"（", 3}, {"）", 3}}, {{"(", 1}, {")", 1}}, {{"〔", 3}, {"〕", 3}}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        ptrdiff_t at = str_find(s, pairs[i].open);
        if (at > 0 && str_ends(s, pairs[i].close)) {
            *width = pairs[i].open.n;
            return at;
        }
    }
    return -1;
}

static struct heading read_heading(struct arena *arena, struct str text)
{
    struct str bare = without_blanks(arena, text);
    size_t width = 0;
    ptrdiff_t at = find_bracket(bare, &width);
    if (at < 0) {
        return (struct heading){bare, {NULL, 0}};
    }
    size_t from = (size_t)at + width;
    return (struct heading){str_slice(bare, 0, (size_t)at), str_slice(bare, from, bare.n - width)};
}

/* Which columns of one of the schema's tables were found. */
struct candidate {
    uint64_t found; /* a bit for each column */
    int count;
};

static void note_heading(struct candidate *candidates, const struct schema *schema, struct str name)
{
    const struct schema_heading *end = schema->headings + schema->heading_count;
    const struct schema_heading *heading = schema_heading(schema, name);
    for (; heading != NULL && heading < end && str_equal(heading->text, name); heading++) {
        struct candidate *candidate = &candidates[heading->table];
        uint64_t bit = UINT64_C(1) << heading->column;
        candidate->count += (candidate->found & bit) == 0;
        candidate->found |= bit;
    }
}

static bool fits(const struct candidate *candidate, const struct schema_table *table)
{
    bool has_any = !table->has_any;
    for (size_t i = 0; i < table->column_count; i++) {
        bool is_found = (candidate->found >> i & 1) != 0;
        if (table->columns[i].is_needed && !is_found) {
            return false;
        }
        has_any = has_any || (table->columns[i].is_any && is_found);
    }
    return has_any;
}

static const struct schema_table *find_kind(const struct schema *schema, struct arena *arena,
                                            const struct heading *headings, size_t count)
{
    struct candidate *candidates = arena_array(arena, schema->table_count, sizeof *candidates);
    const struct schema_table *best = NULL;
    int best_count = 0;
    for (size_t i = 0; i < count; i++) {
        note_heading(candidates, schema, headings[i].name);
    }
    for (size_t i = 0; i < schema->table_count; i++) {
        if (candidates[i].count > best_count && fits(&candidates[i], &schema->tables[i])) {
            best = &schema->tables[i];
            best_count = candidates[i].count;
        }
    }
    return best;
}

static bool is_name_of(const struct schema_column *column, struct str name)
{
    bool is_one = str_equal(column->zh, name);
    for (size_t i = 0; !is_one && i < column->also_count; i++) {
        is_one = str_equal(column->also[i], name);
    }
    return is_one;
}

const struct schema_column *table_type_column(const struct schema_table *kind, struct arena *arena,
                                              struct str heading)
{
    struct str name = read_heading(arena, heading).name;
    for (size_t i = 0; i < kind->column_count; i++) {
        if (is_name_of(&kind->columns[i], name)) {
            return &kind->columns[i];
        }
    }
    return NULL;
}

/* Of two headings for one column the first counts. */
static void set_places(struct table *table, struct arena *arena, const struct heading *headings)
{
    table->places = arena_array(arena, table->kind->column_count, sizeof *table->places);
    for (size_t i = 0; i < table->kind->column_count; i++) {
        table->places[i] = -1;
        for (size_t k = 0; k < table->column_count && table->places[i] < 0; k++) {
            if (is_name_of(&table->kind->columns[i], headings[k].name)) {
                table->places[i] = (int)k;
            }
        }
    }
}

const struct str table_type_nothing[TABLE_TYPE_NOTHING] = {
    {"", 0},   {"-", 1}, {"--", 2}, {"/", 1},  {"\\", 1},    {"—", 3},
    {"——", 6}, {"–", 3}, {"－", 3}, {"无", 3}, {"不适用", 9}};

bool table_type_says_nothing(struct str text)
{
    for (size_t i = 0; text.n <= 9 && i < TABLE_TYPE_NOTHING; i++) {
        if (str_equal(text, table_type_nothing[i])) {
            return true;
        }
    }
    return false;
}

struct reading {
    struct arena *arena;
    struct str text;
    struct str unit; /* of the heading as it was written */
    const struct schema_column *column;
};

static enum number_result read_money(struct table_value *out, const struct reading *reading)
{
    bool is_large = str_equal(reading->unit, STR("万元"));
    return number_scaled(&out->number, reading->arena, reading->text,
                         is_large ? MONEY_PLACES + TEN_THOUSAND_PLACES : MONEY_PLACES);
}

static enum number_result read_date(struct table_value *out, const struct reading *reading)
{
    char text[DATE_TEXT_SIZE];
    struct date date;
    enum number_result result = number_date(&date, reading->arena, reading->text);
    if (result >= NUMBER_RESULT_KIND) {
        out->number = date_to_days(date);
        out->text = arena_copy(reading->arena, str_of(date_format(text, date)));
    }
    return result;
}

static enum number_result read_period(struct table_value *out, const struct reading *reading)
{
    struct date first;
    enum number_result result = number_period(&out->text, &first, reading->arena, reading->text);
    if (result >= NUMBER_RESULT_KIND) {
        out->number = date_to_days(first);
    }
    return result;
}

static enum number_result read_figure(struct table_value *out, const struct reading *reading)
{
    switch (reading->column->type) {
    case SCHEMA_TYPE_INTEGER:
        return number_integer(&out->number, reading->arena, reading->text);
    case SCHEMA_TYPE_NUMBER:
        return number_scaled(&out->number, reading->arena, reading->text, TABLE_TYPE_PLACES);
    case SCHEMA_TYPE_MONEY:
        return read_money(out, reading);
    case SCHEMA_TYPE_DATE:
        return read_date(out, reading);
    default:
        return read_period(out, reading);
    }
}

/* "12户" in a column of 户 is 12. */
static bool cut_unit(struct reading *reading)
{
    const struct str units[] = {reading->column->unit, reading->unit};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (units[i].n > 0 && str_ends(reading->text, units[i])) {
            reading->text = str_trim(str_slice(reading->text, 0, reading->text.n - units[i].n));
            return true;
        }
    }
    return false;
}

static enum diag_code bad_form(enum schema_type type)
{
    switch (type) {
    case SCHEMA_TYPE_INTEGER:
        return DIAG_INTEGER_FORM;
    case SCHEMA_TYPE_NUMBER:
        return DIAG_NUMBER_FORM;
    case SCHEMA_TYPE_MONEY:
        return DIAG_MONEY_FORM;
    case SCHEMA_TYPE_DATE:
        return DIAG_DATE_FORM;
    default:
        return DIAG_PERIOD_FORM;
    }
}

static enum diag_code fault_of(enum number_result result, enum schema_type type)
{
    switch (result) {
    case NUMBER_RESULT_LARGE:
        return DIAG_NUMBER_LARGE;
    case NUMBER_RESULT_DECIMALS:
        return type == SCHEMA_TYPE_MONEY ? DIAG_MONEY_DECIMALS : DIAG_NUMBER_FORM;
    case NUMBER_RESULT_NO_DAY:
        return DIAG_DATE_IMPOSSIBLE;
    case NUMBER_RESULT_SHORT:
        return DIAG_DATE_SHORT_YEAR;
    default:
        return bad_form(type);
    }
}

static void read_value(struct table_value *out, struct reading *reading,
                       const struct table_cell *cell, const struct table *table, struct str name,
                       struct diag *diag)
{
    enum schema_type type = reading->column->type;
    reading->text = cell->text;
    if (type == SCHEMA_TYPE_TEXT) {
        *out = (struct table_value){cell->text.n > 0, cell->text, 0};
        return;
    }
    if (table_type_says_nothing(cell->text)) {
        return;
    }
    enum number_result result = read_figure(out, reading);
    if (result == NUMBER_RESULT_BAD && cut_unit(reading)) {
        result = read_figure(out, reading);
    }
    out->is_given = result >= NUMBER_RESULT_KIND;
    if (!out->is_given && diag != NULL) {
        struct place place = {table->source, cell->line, cell->column};
        diag_add(diag, fault_of(result, type), place, DIAG_WITH(name, cell->text));
    }
}

static void read_row(struct table *table, struct arena *arena, const struct heading *headings,
                     size_t row, struct diag *diag)
{
    const struct schema_table *kind = table->kind;
    const struct table_cell *cells = &table->cells[row * table->column_count];
    for (size_t i = 0; i < kind->column_count; i++) {
        int place = table->places[i];
        if (place < 0) {
            continue;
        }
        struct reading reading = {
            .arena = arena, .unit = headings[place].unit, .column = &kind->columns[i]};
        read_value(&table->values[row * kind->column_count + i], &reading, &cells[place], table,
                   table->names[place].text, table->totals[row] != TOTAL_NONE ? NULL : diag);
    }
}

void table_type_read(struct table *table, struct arena *arena, const struct schema *schema,
                     struct diag *diag)
{
    struct heading *headings = arena_array(arena, table->column_count, sizeof *headings);
    for (size_t i = 0; i < table->column_count; i++) {
        headings[i] = read_heading(arena, table->names[i].text);
    }
    table->kind = find_kind(schema, arena, headings, table->column_count);
    if (table->kind == NULL) {
        return;
    }
    set_places(table, arena, headings);
    table->values =
        arena_array(arena, table->row_count * table->kind->column_count, sizeof *table->values);
    for (size_t row = 0; row < table->row_count; row++) {
        read_row(table, arena, headings, row, diag);
    }
}
