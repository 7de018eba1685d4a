#include "record/record.h"
#include "record/pipe_fold.h"

#include "base/path.h"
#include "record/board.h"
#include "record/front_matter.h"
#include "record/markdown.h"
#include "record/table_type.h"
#include "record/text.h"

enum { SUMMARY_LENGTH = 120 };

static struct str base_name(struct str path)
{
    return str_from(path, (size_t)(str_find_last_char(path, '/') + 1));
}

static struct str folder_of(struct str path)
{
    ptrdiff_t slash = str_find_last_char(path, '/');
    return str_slice(path, 0, slash < 0 ? 0 : (size_t)slash);
}

/* The file's name without its extension; of a folder's own page, the folder's name. */
static struct str name_of(struct str path)
{
    struct str name = base_name(path);
    ptrdiff_t dot = str_find_last_char(name, '.');
    if (dot > 0) {
        name = str_slice(name, 0, (size_t)dot);
    }
    bool is_folder = str_equal_nocase(name, STR("README")) || str_equal_nocase(name, STR("index"));
    return is_folder ? base_name(folder_of(path)) : name;
}

const struct record_field *record_field(const struct record *record, struct str key)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (str_equal(record->fields[i].key, key)) {
            return &record->fields[i];
        }
    }
    return NULL;
}

/* The field where it could be read as its row says; a free site keeps others as they stand. */
static const struct record_field *typed(const struct record *record, struct str key)
{
    const struct record_field *field = record_field(record, key);
    return field != NULL && field->row != NULL ? field : NULL;
}

static struct str text_of(const struct record *record, struct str key)
{
    const struct record_field *field = typed(record, key);
    return field != NULL ? field->text : (struct str){NULL, 0};
}

static struct date date_of(const struct record *record, struct str key)
{
    const struct record_field *field = typed(record, key);
    return field != NULL ? date_from_days(field->number) : (struct date){0};
}

/* Titles and summaries stand in one line wherever they go. */
static struct str one_line(struct arena *arena, struct str s)
{
    if (str_find_char(s, '\n') < 0 && str_find_char(s, '\t') < 0) {
        return s;
    }
    char *copy = arena_alloc(arena, s.n);
    for (size_t i = 0; i < s.n; i++) {
        copy[i] = s.p[i] == '\n' || s.p[i] == '\t' ? ' ' : s.p[i];
    }
    return (struct str){copy, s.n};
}

static void set_title(struct record *out, struct arena *arena, const struct markdown_output *body)
{
    out->title = one_line(arena, text_of(out, STR("title")));
    if (out->title.n == 0 && !out->is_board) {
        out->title = one_line(arena, str_trim(body->first_heading));
    }
    if (out->title.n == 0) {
        out->title = name_of(out->path);
    }
}

static void set_date(struct record *out)
{
    struct date found;
    out->date = date_of(out, STR("date"));
    if (out->date.year == 0 && date_find(&found, base_name(out->path))) {
        out->date = found;
    }
}

static void set_org(struct record *out, const struct config *config)
{
    out->org = text_of(out, STR("org"));
    const struct config_org *org = out->org.n > 0 ? NULL : config_org_of_path(config, out->path);
    if (org != NULL) {
        out->org = org->key;
    }
}

static void set_summary(struct record *out, struct arena *arena, const struct markdown_output *body)
{
    out->summary = one_line(arena, text_of(out, STR("summary")));
    if (out->summary.n == 0) {
        out->summary =
            text_shorten(arena, one_line(arena, str_trim(body->first_paragraph)), SUMMARY_LENGTH);
    }
}

static void add_tag(struct record *out, struct arena *arena, struct str tag)
{
    tag = str_trim(one_line(arena, tag));
    for (size_t i = 0; i < out->tag_count; i++) {
        if (str_equal(out->tags[i], tag)) {
            return;
        }
    }
    if (tag.n > 0) {
        out->tags = arena_grow(arena, out->tags, out->tag_count, sizeof *out->tags);
        out->tags[out->tag_count++] = tag;
    }
}

static void add_tags(struct record *out, struct arena *arena, const struct record_field *field)
{
    for (size_t i = 0; field->value != NULL && i < field->value->count; i++) {
        add_tag(out, arena, field->value->items[i].text);
    }
    struct str rest = field->text;
    for (struct str tag; str_cut(&tag, &rest, ',');) {
        add_tag(out, arena, tag);
    }
}

static void set_tags(struct record *out, struct arena *arena)
{
    static const struct str keys[] = {{"tags", 4}, {"categories", 10}, {"keywords", 8}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct record_field *field = record_field(out, keys[i]);
        if (field != NULL) {
            add_tags(out, arena, field);
        }
    }
}

/* Line feeds and tabs within a cell would look like the ends of rows and cells. */
static void add_cell(struct buf *buf, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        buf_add_char(buf, c == '\n' || c == '\t' ? ' ' : c);
    }
}

static void add_cells(struct buf *buf, const struct table_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_text(buf, i > 0 ? "\t" : "");
        add_cell(buf, cells[i].text);
    }
    buf_add_char(buf, '\n');
}

static void add_table(struct buf *buf, const struct table *table)
{
    if (table->column_count > 0) {
        add_cells(buf, table->names, table->column_count);
    }
    for (size_t row = 0; row < table->row_count; row++) {
        add_cells(buf, &table->cells[row * table->column_count], table->column_count);
    }
}

/* The piped tables that the body has, then the CSV files beside it. */
static void set_tables(struct record *out, struct arena *arena, const struct record_input *input,
                       const struct markdown_output *body, struct diag *diag)
{
    struct str path = diag->source_path, source = diag->source;
    out->table_count = body->table_count + input->csv_count;
    out->tables = arena_array(arena, out->table_count, sizeof *out->tables);
    for (size_t i = 0; i < body->table_count; i++) {
        out->tables[i] = body->tables[i];
        table_type_read(&out->tables[i], arena, input->schema, diag);
    }
    for (size_t i = 0; i < input->csv_count; i++) {
        const struct record_file *file = &input->csv_files[i];
        struct table *table = &out->tables[body->table_count + i];
        table_read_csv(table, arena, file->path, file->bytes, diag);
        table_type_read(table, arena, input->schema, diag);
        if (str_equal(path_stem(file->path), path_stem(out->path))) {
            table->caption = out->title; /* the record's own table has no name but the record's */
        }
    }
    diag_set_source(diag, path, source);
}

static bool was_named(const struct record *record, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (record->links[i].is_attachment &&
            str_equal(record->links[i].target, record->links[at].target)) {
            return true;
        }
    }
    return false;
}

static void set_names(struct record *out, struct arena *arena)
{
    struct buf names = BUF_EMPTY;
    for (size_t i = 0; i < out->link_count && i < 1000; i++) {
        if (out->links[i].is_attachment && !out->links[i].is_board && !was_named(out, i)) {
            add_cell(&names, base_name(out->links[i].target));
            buf_add_char(&names, '\n');
        }
    }
    out->names_text = arena_copy(arena, buf_str(&names));
    buf_free(&names);
}

/* See record.h for what stands in each of them. */
static void set_texts(struct record *out, struct arena *arena, const struct markdown_output *body)
{
    struct buf csv = BUF_EMPTY, all = BUF_EMPTY;
    for (size_t i = body->table_count; i < out->table_count; i++) {
        add_table(&all, &out->tables[i]);
        if (!out->tables[i].is_board) {
            add_table(&csv, &out->tables[i]);
        }
    }
    set_names(out, arena);
    out->body_text = body->body_text;
    out->table_text = body->table_text;
    out->text = body->text;
    if (csv.n > 0) {
        out->table_text =
            arena_printf(arena, "%.*s%.*s", STR_ARG(body->table_text), STR_ARG(buf_str(&csv)));
    }
    if (all.n > 0 || out->names_text.n > 0) {
        out->text = arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(body->text), STR_ARG(buf_str(&all)),
                                 STR_ARG(out->names_text));
    }
    buf_free(&csv);
    buf_free(&all);
}

/* Those of the front matter stand above those of the body. */
static void set_links(struct record *out, struct arena *arena, const struct field_reader *reader,
                      const struct markdown_output *body)
{
    out->links = reader->links;
    out->link_count = reader->link_count;
    for (size_t i = 0; out->is_board && i < out->link_count; i++) {
        out->links[i].is_board = out->links[i].is_attachment;
    }
    for (size_t i = 0; i < body->link_count; i++) {
        out->links = arena_grow(arena, out->links, out->link_count, sizeof *out->links);
        out->links[out->link_count] = body->links[i];
        out->links[out->link_count++].is_board = out->is_board;
    }
}

static void read_head(struct record *out, struct field_reader *reader, struct front_matter *head,
                      struct str text)
{
    front_matter_read(head, reader, text);
    out->kind = head->kind != NULL ? head->kind->key : STR("page");
    out->fields = head->fields;
    out->field_count = head->field_count;
    if (reader->config->is_given) { /* elsewhere there is no catalogue that could have it */
        out->item = text_of(out, STR("item"));
    }
    out->publish_at = date_of(out, STR("publish_at"));
    const struct record_field *draft = typed(out, STR("draft"));
    out->is_draft = draft != NULL && draft->number != 0;
    out->depublish_at = date_of(out, STR("depublish_at"));
    out->withdrawal = board_withdrawal(reader->arena, out);
    out->is_board = board_is_whole(out);
}

void record_parse(struct record *out, struct arena *arena, const struct record_input *input,
                  struct diag *diag)
{
    *out = (struct record){.path = input->path};
    struct str text = text_read(arena, input->path, input->bytes, diag);
    struct field_reader reader = {.arena = arena,
                                  .path = input->path,
                                  .schema = input->schema,
                                  .config = input->config,
                                  .resolver = &input->resolver,
                                  .diag = diag};
    struct front_matter head;
    read_head(out, &reader, &head, text);
    struct board_tables board;
    board_read(&board, arena, out);
    struct markdown_input source = {
        .path = input->path,
        .bytes =
            input->config->is_given ? pipe_fold(arena, input->path, text, head.body, diag) : text,
        .is_valid = true,
        .offset = head.body,
        .base_folder = folder_of(input->path),
        .resolver = input->resolver,
        .is_free = !input->config->is_given,
        .board_tables = board.numbers,
        .board_count = input->keeps_board ? 0 : board.count};
    struct markdown_output body;
    markdown_render(&body, arena, &source, diag);
    out->html = body.html;
    out->has_title_in_body = body.begins_with_h1;
    set_title(out, arena, &body);
    set_date(out);
    set_org(out, input->config);
    set_summary(out, arena, &body);
    set_tags(out, arena);
    set_links(out, arena, &reader, &body);
    set_tables(out, arena, input, &body, diag);
    board_mark(out, &board, diag);
    set_texts(out, arena, &body);
}
