#include "render/columns.h"

#include "base/escape.h"
#include "record/table_type.h"
#include "render/page.h"

static const struct str totals[] = {{"合计", 6}, {"总计", 6}, {"小计", 6}, {"Total", 5}};

void json_pair(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    json_str(json, value);
}

struct column column_of_field(const struct schema_field *field)
{
    return (struct column){field->key, field->zh, field->about, STR(""), field->type};
}

struct column column_of_table(const struct schema_column *column)
{
    return (struct column){column->key, column->zh, column->about, column->unit, column->type};
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return s.n > 0;
}

static bool is_integer(struct str s)
{
    bool has_sign = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    return is_digits(str_from(s, has_sign)) && s.n < 16;
}

/* -1,234.50; where there are separators, every three digits have one. */
static bool is_decimal(struct str s)
{
    bool has_sign = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+');
    s = str_from(s, has_sign);
    ptrdiff_t point = str_find_char(s, '.');
    if (point >= 0 && !is_digits(str_from(s, (size_t)point + 1))) {
        return false;
    }
    struct str whole = point < 0 ? s : str_slice(s, 0, (size_t)point), piece;
    bool is_first = true, has_more = str_find_char(whole, ',') >= 0;
    if (!has_more) {
        return is_digits(whole);
    }
    while (str_cut(&piece, &whole, ',')) {
        if (!is_digits(piece) || (is_first ? piece.n > 3 : piece.n != 3)) {
            return false;
        }
        is_first = false;
    }
    return s.n > 0 && s.p[s.n - 1] != ',';
}

static bool is_date(struct str s)
{
    struct date date;
    return date_parse(&date, s);
}

static bool is_month(struct str s)
{
    return s.n == 7 && s.p[4] == '-' && is_digits(str_slice(s, 0, 4)) &&
           str_number(str_from(s, 5), 12) > 0;
}

/*
 * The types of the schema in both vocabularies. A view holds typed values, a CSV file what was
 * written: yuan with separators of thousands, dates as ISO writes them.
 */
static const struct {
    const char *package, *csvw;
    bool (*is_formed)(struct str cell); /* NULL: any text is */
} types[] = {
    [SCHEMA_TYPE_TEXT] = {"string", "string", NULL},
    [SCHEMA_TYPE_DATE] = {"date", "date", is_date},
    [SCHEMA_TYPE_TIME] = {"string", "string", NULL},
    [SCHEMA_TYPE_INTEGER] = {"integer", "integer", is_integer},
    [SCHEMA_TYPE_NUMBER] = {"number", "decimal", is_decimal},
    [SCHEMA_TYPE_MONEY] = {"integer", "decimal", is_decimal},
    [SCHEMA_TYPE_BOOLEAN] = {"string", "string", NULL},
    [SCHEMA_TYPE_ORG] = {"string", "string", NULL},
    [SCHEMA_TYPE_ITEM] = {"string", "string", NULL},
    [SCHEMA_TYPE_LIST] = {"array", "string", NULL},
    [SCHEMA_TYPE_MAP] = {"string", "string", NULL},
    [SCHEMA_TYPE_MAPS] = {"array", "string", NULL},
    [SCHEMA_TYPE_PERIOD] = {"string", "gYearMonth", is_month},
    [SCHEMA_TYPE_LINK] = {"string", "string", NULL},
    [SCHEMA_TYPE_CHOICE] = {"string", "string", NULL},
    [SCHEMA_TYPE_MARKDOWN] = {"string", "string", NULL},
};

bool column_is_formed(enum schema_type type, struct str cell)
{
    return types[type].is_formed == NULL || types[type].is_formed(cell);
}

bool column_is_total(struct str cell)
{
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        if (str_equal_nocase(cell, totals[i])) {
            return true;
        }
    }
    return false;
}

void column_write_package(struct json *json, const struct column *column)
{
    json_open(json, '{');
    json_pair(json, "name", column->name);
    json_pair(json, "type", str_of(types[column->type].package));
    json_pair(json, "title", column->zh);
    if (column->type == SCHEMA_TYPE_MONEY) {
        json_pair(json, "unit", STR("fen"));
    }
    json_close(json, '}');
}

static void write_datatype(struct json *json, enum schema_type type)
{
    json_key(json, "datatype");
    if (types[type].is_formed != is_decimal) {
        json_str(json, str_of(types[type].csvw));
        return;
    }
    json_open(json, '{');
    json_pair(json, "base", STR("decimal"));
    json_key(json, "format");
    json_open(json, '{');
    json_pair(json, "decimalChar", STR("."));
    json_pair(json, "groupChar", STR(","));
    json_close(json, '}');
    json_close(json, '}');
}

void column_write_nothing(struct json *json, bool with_totals)
{
    struct buf cell = BUF_EMPTY;
    json_key(json, "null");
    json_open(json, '[');
    for (size_t i = 0; i < TABLE_TYPE_NOTHING; i++) {
        buf_clear(&cell);
        escape_csv(&cell, table_type_nothing[i]);
        json_str(json, buf_str(&cell));
    }
    for (size_t i = 0; with_totals && i < sizeof totals / sizeof totals[0]; i++) {
        json_str(json, totals[i]);
    }
    json_close(json, ']');
    buf_free(&cell);
}

static void write_titles(struct json *json, struct render *render, const struct column *column,
                         struct str heading)
{
    json_key(json, "titles");
    if (column == NULL || !config_is_chinese(render->site->config)) {
        json_str(json, heading);
        return;
    }
    struct str en = page_label(render, column->name, STR(""));
    json_open(json, '{');
    json_pair(json, "zh", heading);
    json_pair(json, "en", en);
    json_close(json, '}');
}

void column_write_csvw(struct json *json, struct render *render, const struct column *column,
                       const struct column_cells *cells)
{
    json_open(json, '{');
    json_pair(json, "name",
              column != NULL ? column->name
                             : arena_printf(&render->arena, "column_%zu", cells->number));
    write_titles(json, render, column, cells->heading);
    if (column != NULL) {
        write_datatype(json, cells->is_typed ? column->type : SCHEMA_TYPE_TEXT);
    }
    if (cells->is_total) {
        column_write_nothing(json, true);
    }
    json_close(json, '}');
}
