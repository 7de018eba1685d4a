#include "record/pipe_table.h"

#include "base/utf8.h"
#include "record/container.h"
#include "record/pipe_fill.h"
#include "record/pipe_plain.h"
#include "record/pipe_row.h"

#include <ctype.h>
#include <string.h>

enum {
    PASSES_MAX = 16, /* readings of the source; a table past them stays text */
    INDENT_OF_CODE = 4
};

struct finder {
    struct arena *arena;
    struct lines lines;
    int *candidates; /* numbers of the lines that look like delimiter rows, rising */
    size_t candidate_count;
    bool has_lone_tags;         /* a line with one HTML tag and nothing else stands somewhere */
    bool *is_cut_by_tag;        /* of each line, from 1: a tag that ends the paragraph before it */
    struct pipe_tables *tables; /* found by earlier passes */
    struct pipe_table *found;   /* by this pass, in order */
    size_t found_count;
    bool is_cut;       /* this pass cut the block before: what follows it will be read anew */
    cmark_node *taken; /* the block whose first line this pass gave to a table */
    bool is_changed;   /* the source must be read again */
    bool are_direct;   /* each table so far is a paragraph of its own */
};

/* Blanks and quote marks at the front of a line. */
static size_t skip_prefix(struct str line)
{
    size_t at = 0;
    while (at < line.n && (line.p[at] == ' ' || line.p[at] == '\t' || line.p[at] == '>')) {
        at++;
    }
    return at;
}

static bool is_candidate(struct str content)
{
    bool may_be =
        content.n > 0 && (content.p[0] == '|' || content.p[0] == ':' || content.p[0] == '-');
    return may_be && pipe_row_is_delimiter(content);
}

/* Whether the line is one HTML tag alone, which begins an HTML block (CommonMark's kind 7). */
static bool is_lone_tag(struct str content)
{
    content = str_trim(content);
    if (content.n < 3 || content.p[0] != '<' || content.p[content.n - 1] != '>') {
        return false;
    }
    struct str inner = str_slice(content, content.p[1] == '/' ? 2 : 1, content.n - 1);
    if (str_find_char(inner, '<') >= 0 || str_find_char(inner, '>') >= 0) {
        return false;
    }
    size_t name = 0;
    while (name < inner.n && (isalnum((unsigned char)inner.p[name]) || inner.p[name] == '-')) {
        name++;
    }
    return name > 0 && isalpha((unsigned char)inner.p[0]) &&
           (name == inner.n || strchr(" \t/", inner.p[name]) != NULL);
}

static void find_candidates(struct finder *finder)
{
    for (int number = 2; (size_t)number <= finder->lines.count; number++) {
        struct str line = lines_get(&finder->lines, number);
        size_t at = skip_prefix(line);
        finder->has_lone_tags = finder->has_lone_tags || is_lone_tag(str_from(line, at));
        if (is_candidate(str_from(line, at))) {
            finder->candidates =
                arena_grow(finder->arena, finder->candidates, finder->candidate_count, sizeof(int));
            finder->candidates[finder->candidate_count++] = number;
        }
    }
}

/* The index of the first candidate past line `number`. */
static size_t candidate_after(const struct finder *finder, int number)
{
    size_t from = 0, to = finder->candidate_count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (finder->candidates[middle] > number) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

/* The table that line `number` is part of, or NULL. */
static struct pipe_table *table_at(const struct pipe_tables *tables, int number)
{
    size_t from = 0, to = tables->count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (tables->items[middle].last_line < number) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    bool is_in = from < tables->count && tables->items[from].first_line <= number;
    return is_in ? &tables->items[from] : NULL;
}

/* The line as a part of the paragraph `node`: its containers and its indentation taken off. */
static struct container_line line_of(const struct finder *finder, cmark_node *node, int number)
{
    if (number != cmark_node_get_start_line(node)) {
        return container_match(&finder->lines, node, number);
    }
    struct str line = lines_get(&finder->lines, number);
    size_t column = (size_t)cmark_node_get_start_column(node) - 1;
    return (struct container_line){true, 0, str_from(line, column)};
}

static bool is_list_marker(struct str content)
{
    size_t digits = 0;
    while (digits < content.n && content.p[digits] >= '0' && content.p[digits] <= '9') {
        digits++;
    }
    struct str rest = str_from(content, digits);
    if (rest.n == 0 || strchr(digits > 0 ? ".)" : "-+*", rest.p[0]) == NULL) {
        return false;
    }
    return rest.n == 1 || rest.p[1] == ' ' || rest.p[1] == '\t';
}

/*
 * Whether a line that continues a paragraph is surely a row when there is no paragraph. (Whatever
 * can interrupt a paragraph has done so, and is not asked about.)
 */
static bool is_plain(struct container_line line)
{
    if (!line.is_matched || line.indent >= INDENT_OF_CODE || line.content.n == 0) {
        return false;
    }
    bool is_tag = line.content.p[0] == '<' && str_ends(str_trim(line.content), STR(">"));
    return !is_tag && !is_list_marker(line.content);
}

/* Whether the line makes a heading of the text before it: cmark counts it out of the heading. */
static bool is_underline(struct container_line line)
{
    if (!line.is_matched || line.indent >= INDENT_OF_CODE || line.content.n == 0) {
        return false;
    }
    struct str content = str_trim(line.content);
    size_t n = 0;
    while (n < content.n && content.p[n] == content.p[0]) {
        n++;
    }
    return n == content.n && (content.p[0] == '-' || content.p[0] == '=');
}

/* Adds the lines of `node` behind the table's last that are rows for certain. */
static void add_plain_rows(struct finder *finder, struct pipe_table *table, cmark_node *node)
{
    int end = cmark_node_get_end_line(node);
    while (table->last_line < end) {
        struct container_line line = line_of(finder, node, table->last_line + 1);
        if (!is_plain(line) || is_underline(line) ||
            !pipe_fill_row(table, finder->arena, line.content)) {
            return;
        }
    }
}

static struct pipe_table *append_table(struct finder *finder, const struct pipe_table *table)
{
    finder->found =
        arena_grow(finder->arena, finder->found, finder->found_count, sizeof *finder->found);
    finder->found[finder->found_count] = *table;
    return &finder->found[finder->found_count++];
}

/* Puts the tables that a pass has found among the earlier ones, in order of lines. */
static void merge_tables(struct finder *finder)
{
    struct pipe_tables *tables = finder->tables;
    size_t count = tables->count + finder->found_count;
    struct pipe_table *merged = arena_array(finder->arena, count, sizeof *merged);
    size_t old = 0, new = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_old =
            new == finder->found_count ||
            (old < tables->count && tables->items[old].first_line < finder->found[new].first_line);
        merged[i] = is_old ? tables->items[old++] : finder->found[new ++];
    }
    tables->items = merged;
    tables->count = count;
    finder->found = NULL;
    finder->found_count = 0;
}

static void set_prefixes(struct finder *finder, struct pipe_table *table, cmark_node *node)
{
    struct buf buf = BUF_EMPTY;
    container_prefix(&buf, &finder->lines, node);
    table->prefix = arena_copy(finder->arena, buf_str(&buf));
    buf_free(&buf);
    table->first_prefix = table->prefix;
    if (table->first_line == cmark_node_get_start_line(node)) {
        struct str line = lines_get(&finder->lines, table->first_line);
        size_t column = (size_t)cmark_node_get_start_column(node) - 1;
        table->first_prefix = str_slice(line, 0, column);
    }
}

/* Whether the table is a paragraph of its own. */
static bool is_direct(const struct pipe_table *table, cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH &&
           !str_starts(table->contents[0], STR("[")) && /* it may have been a definition */
           table->first_line == cmark_node_get_start_line(node) &&
           table->last_line == cmark_node_get_end_line(node);
}

/* Tries a table whose delimiter row stands on line `number` of `node`. */
static bool try_table(struct finder *finder, cmark_node *node, struct container_line line,
                      int number, int text_line)
{
    struct pipe_table begun;
    if (!line.is_matched || line.indent >= INDENT_OF_CODE || !pipe_row_is_delimiter(line.content) ||
        !pipe_fill_begin(&begun, finder->arena, number - 1,
                         line_of(finder, node, number - 1).content, line.content)) {
        return false;
    }
    struct pipe_table *table = append_table(finder, &begun);
    set_prefixes(finder, table, node);
    add_plain_rows(finder, table, node);
    finder->are_direct = finder->are_direct && is_direct(table, node);
    finder->is_changed = true;
    finder->is_cut = table->last_line < cmark_node_get_end_line(node);
    if (table->first_line > text_line) {
        struct str text = line_of(finder, node, text_line).content;
        table->text_line = text_line;
        table->text_column = (size_t)(text.p - lines_get(&finder->lines, text_line).p);
    }
    return true;
}

/* Looks for a table in a paragraph or an underlined heading. */
static void look_into(struct finder *finder, cmark_node *node)
{
    int start = cmark_node_get_start_line(node);
    int end = cmark_node_get_end_line(node);
    size_t first = candidate_after(finder, start);
    if (first == finder->candidate_count || finder->candidates[first] > end) {
        return;
    }
    int text_line = start;
    for (int number = start + 1; number <= end; number++) {
        struct container_line line = line_of(finder, node, number);
        if (is_underline(line)) {
            if (cmark_node_get_type(node) == CMARK_NODE_HEADING) {
                return;
            }
            text_line = number; /* in a paragraph: only definitions stood before it */
        } else if (try_table(finder, node, line, number, text_line)) {
            return;
        }
    }
}

/*
 * GitHub's program, of an older CommonMark, lets a tag alone on a lazy line end the paragraph. In
 * the copy such a line holds a tag that does so in any version; what it held is left out anyway.
 */
static void look_for_tags(struct finder *finder, cmark_node *node)
{
    int end = cmark_node_get_end_line(node);
    for (int number = cmark_node_get_start_line(node) + 1; number <= end; number++) {
        struct container_line line = line_of(finder, node, number);
        if (!line.is_matched && line.indent < INDENT_OF_CODE && is_lone_tag(line.content)) {
            finder->is_cut_by_tag[number] = true;
            finder->is_changed = true;
            finder->are_direct = false;
            finder->is_cut = true;
            return;
        }
    }
}

/* What stands for a table's last line has been read: do the lines that follow belong to it? */
static void extend(struct finder *finder, struct pipe_table *table, cmark_node *node)
{
    int number = table->last_line + 1;
    cmark_node *next = cmark_node_next(node);
    int next_line = next != NULL ? cmark_node_get_start_line(next) : 0;
    size_t rows = table->rows;
    if (next_line == number) {
        cmark_node_type type = cmark_node_get_type(next);
        bool is_text = type == CMARK_NODE_PARAGRAPH ||
                       (type == CMARK_NODE_HEADING && cmark_node_get_end_line(next) > number);
        if (is_text && pipe_fill_row(table, finder->arena, line_of(finder, next, number).content)) {
            finder->taken = next;
            add_plain_rows(finder, table, next);
            finder->is_cut = table->last_line < cmark_node_get_end_line(next);
        }
    } else if ((size_t)number <= finder->lines.count) {
        /* cmark keeps no node for a reference definition; here it is a row. */
        struct container_line line = container_match(&finder->lines, node, number);
        if (is_plain(line) && line.content.p[0] == '[') {
            pipe_fill_row(table, finder->arena, line.content);
        }
    }
    finder->is_changed = finder->is_changed || table->rows > rows;
}

static bool holds_blocks(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_DOCUMENT || type == CMARK_NODE_BLOCK_QUOTE ||
           type == CMARK_NODE_LIST || type == CMARK_NODE_ITEM;
}

/* The block behind `node`, and behind its children where `is_over`, in order; NULL at the end. */
static cmark_node *next_block(cmark_node *node, bool is_over)
{
    if (!is_over && holds_blocks(node) && cmark_node_first_child(node) != NULL) {
        return cmark_node_first_child(node);
    }
    while (node != NULL && cmark_node_next(node) == NULL) {
        node = cmark_node_parent(node);
    }
    return node != NULL ? cmark_node_next(node) : NULL;
}

static void look_at(struct finder *finder, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_HEADING) {
        finder->is_cut = finder->is_cut && holds_blocks(node);
        return;
    }
    bool is_unsure = finder->is_cut && node != finder->taken;
    finder->is_cut = finder->is_cut && !is_unsure;
    int start = cmark_node_get_start_line(node);
    struct pipe_table *table = table_at(finder->tables, start);
    if (table == NULL && node != finder->taken && !is_unsure) {
        look_into(finder, node);
        if (finder->has_lone_tags &&
            cmark_node_get_type(cmark_node_parent(node)) != CMARK_NODE_DOCUMENT) {
            look_for_tags(finder, node);
        }
    } else if (table != NULL && table->last_line == start && type == CMARK_NODE_HEADING) {
        extend(finder, table, node);
    }
}

static void look_through(struct finder *finder, cmark_node *root)
{
    finder->is_changed = false;
    finder->taken = NULL;
    finder->is_cut = false;
    for (cmark_node *node = root; node != NULL; node = next_block(node, false)) {
        look_at(finder, node);
    }
    if (finder->found_count > 0) {
        merge_tables(finder);
    }
}

/* Adds lines `from` up to, not including, `to`. */
static void add_lines(struct buf *buf, const struct finder *finder, int from, int to)
{
    for (int number = from; number < to; number++) {
        struct str line = lines_get_whole(&finder->lines, number);
        if (finder->is_cut_by_tag[number]) {
            buf_add(buf, str_slice(line, 0, (size_t)str_find_char(line, '<')));
            line = STR("<div>\n");
        }
        buf_add(buf, line);
    }
}

/*
 * Adds the text before a table's header as GitHub's program reads it: "\\|" is a pipe, and a
 * reference definition is text like any other, for which a character of no meaning is put before
 * it, to be dropped from the HTML.
 */
static void add_text_before(struct buf *buf, const struct finder *finder,
                            const struct pipe_table *table)
{
    for (int number = table->text_line; number > 0 && number < table->first_line; number++) {
        struct str line = lines_get_whole(&finder->lines, number);
        if (number == table->text_line) {
            buf_add(buf, str_slice(line, 0, table->text_column));
            line = str_from(line, table->text_column);
            buf_add(buf, str_starts(line, STR("[")) ? STR(PIPE_TABLE_MARK) : STR(""));
        }
        buf_add(buf, pipe_row_unescape(finder->arena, line));
    }
}

/* The source with a heading for each line of a table. */
static struct str with_placeholders(struct finder *finder)
{
    struct buf buf = BUF_EMPTY;
    int number = 1;
    for (size_t i = 0; i < finder->tables->count; i++) {
        const struct pipe_table *table = &finder->tables->items[i];
        int text_line = table->text_line > 0 ? table->text_line : table->first_line;
        add_lines(&buf, finder, number, text_line);
        add_text_before(&buf, finder, table);
        number = table->first_line;
        for (; number <= table->last_line; number++) {
            buf_add(&buf, number == table->first_line ? table->first_prefix : table->prefix);
            buf_add(&buf, STR("# T\n"));
        }
    }
    add_lines(&buf, finder, number, (int)finder->lines.count + 1);
    struct str source = arena_copy(finder->arena, buf_str(&buf));
    buf_free(&buf);
    return source;
}

static void cut_cells(struct arena *arena, struct pipe_table *table)
{
    table->cells = arena_array(arena, table->columns * table->rows, sizeof *table->cells);
    for (size_t row = 0; row < table->rows; row++) {
        pipe_row_split(table->cells + row * table->columns, table->columns, table->contents[row]);
    }
}

/*
 * A table without rows makes the lists around it loose where something follows it in them:
 * GitHub's program takes what is left of the delimiter row for a blank line.
 */
static void loosen_lists(cmark_node *node)
{
    for (;;) {
        cmark_node *item = cmark_node_parent(node);
        if (item == NULL || cmark_node_get_type(item) != CMARK_NODE_ITEM) {
            return;
        }
        cmark_node *list = cmark_node_parent(item);
        if (cmark_node_next(node) != NULL || cmark_node_next(item) != NULL) {
            cmark_node_set_list_tight(list, 0);
            return;
        }
        node = list;
    }
}

/* Puts the table in the place of `node`; returns what is to be looked at next. */
static cmark_node *replace(struct finder *finder, struct pipe_table *table, cmark_node *node)
{
    cmark_node *block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
    table->block = block;
    cmark_node_replace(node, block);
    cmark_node_free(node);
    for (cmark_node *next = cmark_node_next(block); next != NULL; next = cmark_node_next(block)) {
        if (cmark_node_get_start_line(next) > table->last_line) {
            break;
        }
        cmark_node_unlink(next);
        cmark_node_free(next);
    }
    if (table->rows == 1) {
        loosen_lists(block);
    }
    cut_cells(finder->arena, table);
    return next_block(block, true);
}

static void replace_all(struct finder *finder, cmark_node *root)
{
    cmark_node *node = root;
    while (node != NULL) {
        int line = cmark_node_get_start_line(node);
        struct pipe_table *table = table_at(finder->tables, line);
        bool is_first = table != NULL && table->first_line == line && !holds_blocks(node);
        node = is_first ? replace(finder, table, node) : next_block(node, false);
    }
}

/* Tables without a place in the tree would be a fault of ours; their text must not be lost twice.
 */
static void drop_unplaced(struct pipe_tables *tables)
{
    size_t count = 0;
    for (size_t i = 0; i < tables->count; i++) {
        if (tables->items[i].block != NULL) {
            tables->items[count++] = tables->items[i];
        }
    }
    tables->count = count;
}

/* cmark copies every line once more to mend it: what is read from a record needs no mending. */
static cmark_node *parse(struct str source, bool is_valid)
{
    int options = is_valid ? CMARK_OPT_DEFAULT : CMARK_OPT_VALIDATE_UTF8;
    return cmark_parse_document(source.n > 0 ? source.p : "", source.n, options);
}

cmark_node *pipe_table_parse(struct pipe_tables *out, struct arena *arena, struct str source,
                             bool is_valid)
{
    *out = (struct pipe_tables){.source = source,
                                .is_valid = is_valid || utf8_find_invalid(source) < 0};
    struct finder finder = {.arena = arena, .tables = out, .are_direct = true};
    lines_split(&out->lines, arena, source);
    finder.lines = out->lines;
    find_candidates(&finder);
    pipe_plain_find(out, arena, finder.candidates, finder.candidate_count);
    cmark_node *root =
        parse(out->count > 0 ? pipe_plain_without(out, arena) : source, out->is_valid);
    if (finder.candidate_count == 0 && !finder.has_lone_tags) {
        return root;
    }
    finder.is_cut_by_tag = arena_array(arena, finder.lines.count + 1, sizeof(bool));
    if (finder.candidate_count > out->count || finder.has_lone_tags) {
        look_through(&finder, root);
    }
    for (int pass = 1; finder.is_changed && !finder.are_direct; pass++) {
        cmark_node_free(root);
        out->source = with_placeholders(&finder);
        root = parse(out->source, out->is_valid);
        finder.is_changed = false;
        if (pass < PASSES_MAX) {
            look_through(&finder, root);
        }
    }
    replace_all(&finder, root);
    drop_unplaced(out);
    return root;
}
