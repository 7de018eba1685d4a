#include "record/table.h"

#include "base/utf8.h"
#include "record/text.h"
#include "record/total.h"

/* Reads field by field; places are kept as the text is walked. */
struct csv {
    struct arena *arena;
    struct diag *diag;
    struct str path, rest;
    int line;
    const char *line_start;
    struct table_cell row[TABLE_COLUMNS_MAX];
    size_t count; /* fields in this row; those past the limit are counted, not kept */
    int row_line;
};

static struct place place_here(const struct csv *csv)
{
    struct str before = {csv->line_start, (size_t)(csv->rest.p - csv->line_start)};
    return (struct place){csv->path, csv->line, (int)utf8_length(before) + 1};
}

static struct str count_text(struct arena *arena, size_t count)
{
    return arena_printf(arena, "%zu", count);
}

/* Past `n` bytes, of which line feeds are counted. */
static void skip(struct csv *csv, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (csv->rest.p[i] == '\n') {
            csv->line++;
            csv->line_start = csv->rest.p + i + 1;
        }
    }
    csv->rest = str_from(csv->rest, n);
}

static bool ends_field(struct str rest)
{
    return rest.n == 0 || rest.p[0] == ',' || rest.p[0] == '\n';
}

static size_t plain_length(struct str rest)
{
    size_t n = 0;
    while (!ends_field(str_from(rest, n))) {
        n++;
    }
    return n;
}

static struct str take_plain(struct csv *csv)
{
    size_t n = plain_length(csv->rest);
    struct str text = str_slice(csv->rest, 0, n);
    ptrdiff_t quote = str_find_char(text, '"');
    if (quote >= 0) {
        skip(csv, (size_t)quote);
        diag_add(csv->diag, DIAG_CSV_QUOTE_INSIDE, place_here(csv), DIAG_PLAIN);
        n -= (size_t)quote;
    }
    skip(csv, n);
    return text;
}

/* "" is a quote within quotes. */
static struct str without_doubled(struct arena *arena, struct str s)
{
    if (str_find_char(s, '"') < 0) {
        return s;
    }
    char *copy = arena_alloc(arena, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        copy[n++] = s.p[i];
        i += s.p[i] == '"';
    }
    return (struct str){copy, n};
}

static struct str take_quoted(struct csv *csv)
{
    struct place opened = place_here(csv);
    skip(csv, 1);
    size_t n = 0;
    while (n < csv->rest.n) {
        if (csv->rest.p[n] != '"') {
            n++;
        } else if (n + 1 < csv->rest.n && csv->rest.p[n + 1] == '"') {
            n += 2;
        } else {
            break;
        }
    }
    struct str text = str_slice(csv->rest, 0, n);
    bool is_closed = n < csv->rest.n;
    skip(csv, n + is_closed);
    if (!is_closed) {
        diag_add(csv->diag, DIAG_CSV_QUOTE_OPEN, opened, DIAG_PLAIN);
    } else if (!ends_field(csv->rest)) {
        diag_add(csv->diag, DIAG_CSV_QUOTE_TEXT, place_here(csv), DIAG_PLAIN);
        skip(csv, plain_length(csv->rest));
    }
    return without_doubled(csv->arena, text);
}

static void take_field(struct csv *csv)
{
    struct place place = place_here(csv);
    bool is_quoted = csv->rest.n > 0 && csv->rest.p[0] == '"';
    struct str text = is_quoted ? take_quoted(csv) : take_plain(csv);
    if (csv->count < TABLE_COLUMNS_MAX) {
        csv->row[csv->count] = (struct table_cell){str_trim(text), place.line, place.column};
    }
    csv->count++;
}

/* The next row that is not blank; false at the end. */
static bool take_row(struct csv *csv)
{
    while (csv->rest.n > 0 && csv->rest.p[0] == '\n') {
        skip(csv, 1);
    }
    if (csv->rest.n == 0) {
        return false;
    }
    csv->count = 0;
    csv->row_line = csv->line;
    for (;;) {
        take_field(csv);
        bool is_last = csv->rest.n == 0 || csv->rest.p[0] == '\n';
        if (csv->rest.n > 0) {
            skip(csv, 1);
        }
        if (is_last) {
            return true;
        }
    }
}

static void check_names(struct csv *csv, const struct table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_cell *name = &table->names[i];
        struct place place = {csv->path, name->line, name->column};
        if (name->text.n == 0) {
            diag_add(csv->diag, DIAG_CSV_NAME_EMPTY, place,
                     DIAG_WITH(count_text(csv->arena, i + 1)));
        }
        for (size_t k = 0; name->text.n > 0 && k < i; k++) {
            if (str_equal(table->names[k].text, name->text)) {
                diag_add(csv->diag, DIAG_CSV_NAME_TWICE, place, DIAG_WITH(name->text));
                break;
            }
        }
    }
}

static bool take_names(struct table *out, struct csv *csv)
{
    if (!take_row(csv)) {
        diag_add(csv->diag, DIAG_CSV_EMPTY, (struct place){csv->path, 0, 0}, DIAG_PLAIN);
        return false;
    }
    if (csv->count > TABLE_COLUMNS_MAX) {
        diag_add(csv->diag, DIAG_CSV_COLUMNS, (struct place){csv->path, csv->row_line, 1},
                 DIAG_WITH(count_text(csv->arena, TABLE_COLUMNS_MAX)));
        csv->count = TABLE_COLUMNS_MAX;
    }
    out->line = csv->row_line;
    out->column_count = csv->count;
    out->names = arena_array(csv->arena, csv->count, sizeof *out->names);
    for (size_t i = 0; i < csv->count; i++) {
        out->names[i] = csv->row[i];
    }
    check_names(csv, out);
    return true;
}

/* A row is as wide as the names: missing fields are empty, further ones are left out. */
static void add_row(struct table *out, struct csv *csv)
{
    if (csv->count != out->column_count) {
        bool has_few = csv->count < out->column_count;
        out->is_ragged = true;
        struct place place = {csv->path, csv->row_line, 1};
        if (!has_few && out->column_count < TABLE_COLUMNS_MAX) {
            place = (struct place){csv->path, csv->row[out->column_count].line,
                                   csv->row[out->column_count].column};
        }
        diag_add(csv->diag, has_few ? DIAG_CSV_FEW : DIAG_CSV_MANY, place,
                 DIAG_WITH(count_text(csv->arena, csv->count),
                           count_text(csv->arena, out->column_count)));
    }
    size_t size = out->row_count * out->column_count;
    for (size_t i = 0; i < out->column_count; i++) {
        out->cells = arena_grow(csv->arena, out->cells, size + i, sizeof *out->cells);
        struct table_cell empty = {.line = csv->row_line, .column = 1};
        out->cells[size + i] = i < csv->count ? csv->row[i] : empty;
    }
    out->row_count++;
}

static struct str name_of_file(struct str path)
{
    ptrdiff_t slash = str_find_last_char(path, '/');
    struct str name = str_from(path, (size_t)(slash + 1));
    ptrdiff_t dot = str_find_last_char(name, '.');
    return dot > 0 ? str_slice(name, 0, (size_t)dot) : name;
}

void table_read_csv(struct table *out, struct arena *arena, struct str path, struct str bytes,
                    struct diag *diag)
{
    *out = (struct table){.source = path, .caption = name_of_file(path), .is_csv = true, .line = 1};
    struct csv csv = {.arena = arena, .diag = diag, .path = path, .line = 1};
    csv.rest = out->text = text_read(arena, path, bytes, diag);
    csv.line_start = csv.rest.p;
    if (!take_names(out, &csv)) {
        return;
    }
    while (take_row(&csv)) {
        if (out->row_count == TABLE_ROWS_MAX) {
            diag_add(diag, DIAG_CSV_ROWS, (struct place){path, csv.row_line, 1},
                     DIAG_WITH(count_text(arena, TABLE_ROWS_MAX)));
            break;
        }
        add_row(out, &csv);
    }
    total_read(out, arena);
}
