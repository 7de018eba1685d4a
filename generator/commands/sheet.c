#include "commands/sheet.h"

#include "base/escape.h"
#include "commands/publication.h"
#include "qr/qr.h"
#include "record/board.h"

struct sheet {
    struct arena *arena;
    const struct site *site;
    const struct record *record;
    struct value *map;
    bool is_zh;
};

static struct str field_text(const struct sheet *sheet, const char *key)
{
    const struct record_field *field = record_field(sheet->record, str_of(key));
    return field == NULL ? STR("") : field->text;
}

static struct str date_text(const struct sheet *sheet, struct str iso)
{
    struct date date;
    if (!sheet->is_zh || !date_parse(&date, iso)) {
        return iso;
    }
    return arena_printf(sheet->arena, "%d年%d月%d日", date.year, date.month, date.day);
}

static void set_text(const struct sheet *sheet, const char *key, struct str text)
{
    value_set_text(sheet->arena, sheet->map, key, text);
}

static struct value *row_value(struct arena *arena, const struct table_cell *cells, size_t count)
{
    struct value *row = value_map(arena), *list = value_list(arena);
    for (size_t i = 0; i < count; i++) {
        struct value *cell = value_map(arena);
        value_set_text(arena, cell, "text", cells[i].text);
        value_add(arena, list, cell);
    }
    value_set(arena, row, "cells", list);
    return row;
}

static struct value *sums_value(struct arena *arena, const struct table *table)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < table->sum_count; i++) {
        struct value *sum = value_map(arena);
        value_set_text(arena, sum, "name", table->sums[i].name);
        value_set_text(arena, sum, "sum", table->sums[i].sum);
        value_add(arena, list, sum);
    }
    return list;
}

/* The table with its totals: whoever reads the sheet adds them up. */
static struct value *table_value(const struct sheet *sheet, const struct table *table)
{
    struct arena *arena = sheet->arena;
    struct table copy = *table;
    struct value *value = value_map(arena), *names = value_list(arena), *rows = value_list(arena);
    board_add_up(&copy, arena);
    for (size_t i = 0; i < table->column_count; i++) {
        struct value *name = value_map(arena);
        value_set_text(arena, name, "text", table->names[i].text);
        value_add(arena, names, name);
    }
    for (size_t i = 0; i < table->row_count; i++) {
        value_add(arena, rows,
                  row_value(arena, &table->cells[i * table->column_count], table->column_count));
    }
    value_set(arena, value, "columns", names);
    value_set(arena, value, "rows", rows);
    value_set_int(arena, value, "count", (int64_t)copy.board_rows);
    value_set(arena, value, "sums", sums_value(arena, &copy));
    return value;
}

/* Piped tables stand in the body. */
static void set_tables(const struct sheet *sheet, const struct table *names)
{
    struct value *tables = value_list(sheet->arena);
    for (size_t i = 0; i < sheet->record->table_count; i++) {
        if (sheet->record->tables[i].is_csv) {
            value_add(sheet->arena, tables, table_value(sheet, &sheet->record->tables[i]));
        }
    }
    if (names != NULL) {
        value_add(sheet->arena, tables, table_value(sheet, names));
    }
    value_set(sheet->arena, sheet->map, "tables", tables);
}

static void set_figures(const struct sheet *sheet)
{
    struct value *figures = value_list(sheet->arena);
    for (size_t i = 0; i < sheet->record->field_count; i++) {
        const struct record_field *field = &sheet->record->fields[i];
        bool is_money = field->row != NULL && field->row->type == SCHEMA_TYPE_MONEY;
        if (is_money || str_equal(field->key, STR("households")) ||
            str_equal(field->key, STR("people"))) {
            struct value *figure = value_map(sheet->arena);
            struct str label = field->row == NULL ? field->key
                               : sheet->is_zh     ? field->row->zh
                                                  : field->row->key;
            value_set_text(sheet->arena, figure, "label", label);
            value_set_text(sheet->arena, figure, "text", field->text);
            value_set_bool(sheet->arena, figure, "is_money", is_money);
            value_add(sheet->arena, figures, figure);
        }
    }
    value_set(sheet->arena, sheet->map, "figures", figures);
}

static void set_head(const struct sheet *sheet)
{
    const struct record *record = sheet->record;
    const struct config *config = &sheet->site->config;
    const struct config_org *org = record->org.n == 0 ? NULL : config_org(config, record->org);
    char date[DATE_TEXT_SIZE] = "";
    if (record->date.year > 0) {
        date_format(date, record->date);
    }
    set_text(sheet, "title", record->title);
    set_text(sheet, "org", org == NULL ? STR("") : org->name);
    set_text(sheet, "date", date_text(sheet, arena_copy(sheet->arena, str_of(date))));
    set_text(sheet, "index_number", field_text(sheet, "index"));
    set_text(sheet, "document", field_text(sheet, "document"));
    set_text(sheet, "start", date_text(sheet, field_text(sheet, "notice_start")));
    set_text(sheet, "end", date_text(sheet, field_text(sheet, "notice_end")));
    set_text(sheet, "place", field_text(sheet, "board_place"));
    struct str contact = field_text(sheet, "contact");
    set_text(sheet, "contact", contact.n > 0 ? contact : config->phone);
    set_text(sheet, "phone", config->phone);
    set_text(sheet, "mail", config->mail);
    set_text(sheet, "address", config->address);
    set_text(sheet, "site", config->title);
    set_text(sheet, "language", config->language);
    value_set_bool(sheet->arena, sheet->map, "has_title_in_body", record->has_title_in_body);
    if (record->html.n > 0) {
        value_set(sheet->arena, sheet->map, "body",
                  value_markup(sheet->arena, (struct markup){record->html}));
    } else {
        set_text(sheet, "body", STR(""));
    }
}

/* A sheet that must not hang on the board yet says so in large letters. */
static void set_mark(const struct sheet *sheet)
{
    const struct record *record = sheet->record;
    bool is_hidden = publication_of(record, sheet->site->as_of) == PUBLICATION_HIDDEN;
    char date[DATE_TEXT_SIZE];
    struct str day = STR("");
    if (is_hidden && !record->is_draft) {
        date_format(date, record->publish_at);
        day = date_text(sheet, arena_copy(sheet->arena, str_of(date)));
    }
    value_set_bool(sheet->arena, sheet->map, "is_draft", record->is_draft);
    set_text(sheet, "publish_at", day);
}

/* A site without configuration does not know its own name. */
static int set_code(const struct sheet *sheet, struct fault *fault)
{
    const struct config *config = &sheet->site->config;
    struct buf url = BUF_EMPTY, path = BUF_EMPTY;
    int size = 0, rc = 0;
    if (config->is_given) {
        buf_add(&url, str_slice(config->url, 0, config->url.n - config->base.n));
        address_url(&url, &sheet->site->addresses, sheet->record->path);
        rc = qr_append_path(&path, &size, buf_str(&url), fault);
    }
    set_text(sheet, "url", arena_copy(sheet->arena, buf_str(&url)));
    struct buf typed = BUF_EMPTY;
    escape_readable(&typed, buf_str(&url));
    set_text(sheet, "typed_url", arena_copy(sheet->arena, buf_str(&typed)));
    buf_free(&typed);
    set_text(sheet, "code", arena_copy(sheet->arena, buf_str(&path)));
    value_set_int(sheet->arena, sheet->map, "code_size", size);
    buf_free(&url);
    buf_free(&path);
    return rc;
}

int sheet_values(struct value **out, struct arena *arena, const struct site *site,
                 const struct record *record, const struct table *names, struct fault *fault)
{
    bool is_zh = config_is_chinese(&site->config);
    struct sheet sheet = {arena, site, record, value_map(arena), is_zh};
    set_head(&sheet);
    set_mark(&sheet);
    set_figures(&sheet);
    set_tables(&sheet, names);
    *out = value_map(arena);
    value_set(arena, *out, "sheet", sheet.map);
    return set_code(&sheet, fault);
}
