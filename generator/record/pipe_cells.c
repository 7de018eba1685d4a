#include "record/pipe_cells.h"

#include "base/utf8.h"
#include "record/clean.h"
#include "record/pipe_row.h"
#include "record/total.h"

struct cell {
    struct str html, text;
    struct place place;
};

enum { TAGS_SIZE = 10 }; /* of most cells */

/* Cells that cmark must read, gathered from all tables. */
struct batch {
    struct markdown_walk *walk;
    struct cell *cells; /* of all tables, one after another */
    size_t *indexes;    /* which of them are in the batch */
    size_t count;
    struct buf source;
    bool has_brackets;
    bool is_valid; /* all cells are, as UTF-8 */
};

/* Bytes that mean something in Markdown or HTML. */
static const bool special[256] = {
    [0 ... 31] = true, [0x7f] = true, ['\\'] = true, ['`'] = true, ['*'] = true,
    ['_'] = true,      ['['] = true,  [']'] = true,  ['<'] = true, ['>'] = true,
    ['&'] = true,      ['"'] = true,  ['!'] = true};

/* Whether HTML and text of the cell are the cell itself. */
static bool is_plain(const struct batch *batch, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (special[(unsigned char)s.p[i]]) {
            return false;
        }
    }
    return batch->is_valid || utf8_find_invalid(s) < 0;
}

static void add_to_batch(struct batch *batch, size_t index, struct str cell)
{
    batch->indexes[batch->count++] = index;
    buf_add(&batch->source, STR("# "));
    buf_add(&batch->source, cell);
    buf_add(&batch->source, STR(" #\n"));
    batch->has_brackets = batch->has_brackets || str_find_char(cell, '[') >= 0;
}

static int line_of_row(const struct pipe_table *table, size_t row)
{
    return table->first_line + (int)row + (row > 0 ? 1 : 0);
}

static void add_cell(struct batch *batch, size_t index, struct str raw)
{
    struct cell *cell = &batch->cells[index];
    bool is_raw = is_plain(batch, raw); /* then it holds no backslash */
    struct str source = is_raw ? raw : pipe_row_unescape(batch->walk->arena, raw);
    if (is_raw || is_plain(batch, source)) {
        cell->html = source;
        cell->text = clean_text_or_same(batch->walk->arena, source);
    } else {
        add_to_batch(batch, index, source);
    }
}

/* Adds one row from `index` on; places are counted along it, since a row can be very wide. */
static void add_row(struct batch *batch, const struct pipe_table *table, size_t row, size_t index)
{
    struct place place = {batch->walk->input->path, 0, 1};
    int line = line_of_row(table, row);
    place.line = batch->walk->lines_before + line;
    struct str rest = lines_get(&batch->walk->lines, line);
    const struct str *cells = table->cells + row * table->columns;
    for (size_t i = 0; i < table->columns; i++) {
        if (cells[i].p != NULL) {
            size_t skipped = (size_t)(cells[i].p - rest.p);
            struct str before = str_slice(rest, 0, skipped);
            place.column += (int)(batch->is_valid ? utf8_count(before) : utf8_length(before));
            rest = str_from(rest, skipped);
        }
        batch->cells[index + i].place = place;
        add_cell(batch, index + i, cells[i]);
    }
}

static void add_cells(struct batch *batch, const struct pipe_tables *tables)
{
    size_t index = 0;
    for (size_t i = 0; i < tables->count; i++) {
        const struct pipe_table *table = &tables->items[i];
        for (size_t row = 0; row < table->rows; row++, index += table->columns) {
            add_row(batch, table, row, index);
        }
    }
}

/* Leaves only the first `count` children. */
static void cut_children(cmark_node *root, size_t count)
{
    cmark_node *node = cmark_node_first_child(root);
    for (size_t i = 0; i < count && node != NULL; i++) {
        node = cmark_node_next(node);
    }
    while (node != NULL) {
        cmark_node *next = cmark_node_next(node);
        cmark_node_unlink(node);
        cmark_node_free(node);
        node = next;
    }
}

/* Hands each cell of the batch its part of `html`: what stands in one heading. */
static void hand_out_html(struct batch *batch, struct str html)
{
    for (size_t i = 0; i < batch->count; i++) {
        ptrdiff_t end = str_find(html, STR("</h1>\n"));
        if (end < 4) {
            return;
        }
        batch->cells[batch->indexes[i]].html =
            arena_copy(batch->walk->arena, str_slice(html, sizeof "<h1>" - 1, (size_t)end));
        html = str_from(html, (size_t)end + sizeof "</h1>\n" - 1);
    }
}

static void hand_out(struct batch *batch, cmark_node *root)
{
    struct arena *arena = batch->walk->arena;
    struct str *texts = arena_array(arena, batch->count, sizeof *texts);
    struct place *places = arena_array(arena, batch->count, sizeof *places);
    for (size_t i = 0; i < batch->count; i++) {
        places[i] = batch->cells[batch->indexes[i]].place;
    }
    markdown_walk_cells(texts, batch->walk, root, places, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        batch->cells[batch->indexes[i]].text = texts[i];
    }
    char *html = cmark_render_html(root, CMARK_OPT_DEFAULT);
    hand_out_html(batch, str_of(html));
    cmark_get_default_mem_allocator()->free(html);
}

static void parse_batch(struct batch *batch, struct str source)
{
    if (batch->count == 0) {
        return;
    }
    if (batch->has_brackets && str_find(source, STR("]:")) >= 0) {
        buf_add_char(&batch->source, '\n');
        buf_add(&batch->source, source);
    }
    cmark_node *root =
        cmark_parse_document(batch->source.p, batch->source.n, CMARK_OPT_VALIDATE_UTF8);
    cut_children(root, batch->count);
    hand_out(batch, root);
    cmark_node_free(root);
}

/* What stands around a cell, by how its column is aligned. */
struct tags {
    struct str none, left, center, right, end;
};

static struct str begin_tag(const struct tags *tags, char alignment)
{
    return alignment == 'l'   ? tags->left
           : alignment == 'c' ? tags->center
           : alignment == 'r' ? tags->right
                              : tags->none;
}

static void add_row_html(struct buf *html, const struct pipe_table *table, const struct cell *cells,
                         const struct tags *tags)
{
    buf_add(html, STR("<tr>\n"));
    for (size_t i = 0; i < table->columns; i++) {
        buf_add(html, begin_tag(tags, table->alignments[i]));
        buf_add(html, cells[i].html);
        buf_add(html, tags->end);
    }
    buf_add(html, STR("</tr>\n"));
}

static void add_table_html(struct buf *html, const struct pipe_table *table,
                           const struct cell *cells)
{
    static const struct tags heading = {{"<th>", 4},
                                        {"<th align=\"left\">", 17},
                                        {"<th align=\"center\">", 19},
                                        {"<th align=\"right\">", 18},
                                        {"</th>\n", 6}};
    static const struct tags data = {{"<td>", 4},
                                     {"<td align=\"left\">", 17},
                                     {"<td align=\"center\">", 19},
                                     {"<td align=\"right\">", 18},
                                     {"</td>\n", 6}};
    buf_add(html, STR("<table>\n<thead>\n"));
    add_row_html(html, table, cells, &heading);
    buf_add(html, STR("</thead>\n"));
    if (table->rows > 1) {
        buf_add(html, STR("<tbody>\n"));
        for (size_t row = 1; row < table->rows; row++) {
            add_row_html(html, table, cells + row * table->columns, &data);
        }
        buf_add(html, STR("</tbody>\n"));
    }
    buf_add(html, STR("</table>"));
}

static void fill_data(struct table *data, const struct batch *batch, const struct pipe_table *table,
                      const struct cell *cells)
{
    struct arena *arena = batch->walk->arena;
    size_t count = table->columns * table->rows;
    struct table_cell *copies = arena_array(arena, count, sizeof *copies);
    for (size_t i = 0; i < count; i++) {
        copies[i] = (struct table_cell){str_trim(cells[i].text), cells[i].place.line,
                                        cells[i].place.column};
    }
    data->source = batch->walk->input->path;
    data->line = batch->walk->lines_before + table->first_line;
    data->column_count = table->columns;
    data->row_count = table->rows - 1;
    data->names = copies;
    data->cells = copies + table->columns;
    total_read(data, arena);
}

/* A cell's text on the one line of its row. */
static void add_cell_text(struct buf *text, struct str cell)
{
    if (str_find_char(cell, '\t') < 0 && str_find_char(cell, '\n') < 0) {
        buf_add(text, cell);
        return;
    }
    for (size_t i = 0; i < cell.n; i++) {
        buf_add_char(text, cell.p[i] == '\t' || cell.p[i] == '\n' ? ' ' : cell.p[i]);
    }
}

static struct str text_of(struct arena *arena, const struct pipe_table *table,
                          const struct cell *cells, size_t size)
{
    struct buf text = BUF_EMPTY;
    buf_reserve(&text, size);
    for (size_t i = 0; i < table->columns * table->rows; i++) {
        add_cell_text(&text, cells[i].text);
        buf_add_char(&text, (i + 1) % table->columns == 0 ? '\n' : '\t');
    }
    struct str result = arena_copy(arena, buf_str(&text));
    buf_free(&text);
    return result;
}

static bool is_board(const struct markdown_input *input, size_t number)
{
    for (size_t i = 0; i < input->board_count; i++) {
        if (input->board_tables[i] == number) {
            return true;
        }
    }
    return false;
}

/* Bytes of the table's lines: its text is hardly longer, its HTML by the tags of each cell. */
static size_t size_of(const struct lines *lines, const struct pipe_table *table)
{
    return lines->starts[table->last_line] - lines->starts[table->first_line - 1];
}

/* Every custom block of the tree is a table, and they stand in order. */
static void fill_blocks(struct markdown_table *out, const struct batch *batch,
                        const struct pipe_tables *tables)
{
    const struct cell *cells = batch->cells;
    for (size_t i = 0; i < tables->count; i++) {
        const struct pipe_table *table = &tables->items[i];
        size_t size = size_of(&tables->lines, table);
        struct buf html = BUF_EMPTY;
        out[i].data->is_board = is_board(batch->walk->input, i + 1);
        if (!out[i].data->is_board) {
            buf_reserve(&html, 2 * size + TAGS_SIZE * table->columns * table->rows);
            add_table_html(&html, table, cells);
        }
        cmark_node_set_on_enter(table->block, html.p);
        buf_free(&html);
        fill_data(out[i].data, batch, table, cells);
        out[i].text = text_of(batch->walk->arena, table, cells, size);
        cells += table->columns * table->rows;
    }
}

void pipe_cells_render(struct markdown_table *out, struct markdown_walk *walk,
                       const struct pipe_tables *tables)
{
    size_t count = 0;
    for (size_t i = 0; i < tables->count; i++) {
        count += tables->items[i].columns * tables->items[i].rows;
    }
    struct batch batch = {.walk = walk, .source = BUF_EMPTY, .is_valid = tables->is_valid};
    batch.cells = arena_array(walk->arena, count, sizeof *batch.cells);
    batch.indexes = arena_array(walk->arena, count, sizeof *batch.indexes);
    add_cells(&batch, tables);
    parse_batch(&batch, tables->source);
    fill_blocks(out, &batch, tables);
    buf_free(&batch.source);
}
