#include "record/container.h"

#include <stdint.h>

/* A place in a line. A tab may be eaten in part: `pending` columns of it are still to come. */
struct cursor {
    struct str line;
    size_t at, column, pending;
};

enum { TAB = 4, INDENT_OF_CODE = 4 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Columns of blanks at the cursor. */
static size_t indent_of(const struct cursor *cursor)
{
    size_t column = cursor->column + cursor->pending;
    for (size_t at = cursor->at; at < cursor->line.n && is_blank(cursor->line.p[at]); at++) {
        column += cursor->line.p[at] == '\t' ? TAB - column % TAB : 1;
    }
    return column - cursor->column;
}

/* Moves over at most `columns` of blanks. */
static void eat_blanks(struct cursor *cursor, size_t columns)
{
    while (columns > 0) {
        if (cursor->pending == 0) {
            if (cursor->at == cursor->line.n || !is_blank(cursor->line.p[cursor->at])) {
                return;
            }
            bool is_tab = cursor->line.p[cursor->at++] == '\t';
            cursor->pending = is_tab ? TAB - cursor->column % TAB : 1;
        }
        cursor->pending--;
        cursor->column++;
        columns--;
    }
}

static void eat_char(struct cursor *cursor)
{
    cursor->at++;
    cursor->column++;
}

static char char_at(const struct cursor *cursor)
{
    return cursor->at < cursor->line.n ? cursor->line.p[cursor->at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool eat_quote(struct cursor *cursor)
{
    size_t indent = indent_of(cursor);
    if (indent >= INDENT_OF_CODE) {
        return false;
    }
    eat_blanks(cursor, indent);
    if (char_at(cursor) != '>') {
        return false;
    }
    eat_char(cursor);
    eat_blanks(cursor, 1);
    return true;
}

/* Eats the list marker that stands here; returns the columns that later lines are indented by. */
static size_t eat_marker(struct cursor *cursor)
{
    size_t from = cursor->column;
    eat_blanks(cursor, indent_of(cursor));
    while (is_digit(char_at(cursor))) {
        eat_char(cursor);
    }
    if (char_at(cursor) != '\0') {
        eat_char(cursor);
    }
    size_t width = cursor->column - from;
    size_t blanks = indent_of(cursor);
    bool is_empty = cursor->at + (blanks > 0) >= cursor->line.n ||
                    str_trim(str_from(cursor->line, cursor->at)).n == 0;
    if (blanks < 1 || blanks > INDENT_OF_CODE || is_empty) {
        eat_blanks(cursor, 1);
        return width + 1;
    }
    eat_blanks(cursor, blanks);
    return width + blanks;
}

/* The stored indentation of an item, or 0 where it is not known yet. */
static size_t item_width(cmark_node *item)
{
    return (size_t)(uintptr_t)cmark_node_get_user_data(item);
}

/* Eats what `container` takes of the line; false where the line does not continue it. */
static bool eat_container(struct cursor *cursor, cmark_node *container, int number)
{
    if (cmark_node_get_type(container) == CMARK_NODE_BLOCK_QUOTE) {
        return eat_quote(cursor);
    }
    if (cmark_node_get_start_line(container) == number) {
        size_t width = eat_marker(cursor);
        cmark_node_set_user_data(container, (void *)(uintptr_t)width); /* cmark keeps it for us */
        return true;
    }
    if (indent_of(cursor) < item_width(container)) {
        return false;
    }
    eat_blanks(cursor, item_width(container));
    return true;
}

struct chain {
    cmark_node *nodes[CONTAINER_DEPTH_MAX]; /* outermost first: quotes and items */
    size_t count;
};

static bool is_container(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    return type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_ITEM;
}

static bool chain_of(struct chain *chain, cmark_node *block)
{
    cmark_node *found[CONTAINER_DEPTH_MAX];
    size_t count = 0;
    for (cmark_node *n = cmark_node_parent(block); n != NULL; n = cmark_node_parent(n)) {
        if (!is_container(n)) {
            continue;
        }
        if (count == CONTAINER_DEPTH_MAX) {
            return false;
        }
        found[count++] = n;
    }
    chain->count = count;
    for (size_t i = 0; i < count; i++) {
        chain->nodes[i] = found[count - 1 - i];
    }
    return true;
}

/* Finds out the indentation of the items, outermost first, where each begins. */
static void measure(const struct chain *chain, const struct lines *lines)
{
    for (size_t i = 0; i < chain->count; i++) {
        cmark_node *item = chain->nodes[i];
        if (cmark_node_get_type(item) != CMARK_NODE_ITEM || item_width(item) > 0) {
            continue;
        }
        int number = cmark_node_get_start_line(item);
        struct cursor cursor = {lines_get(lines, number), 0, 0, 0};
        for (size_t j = 0; j <= i; j++) {
            eat_container(&cursor, chain->nodes[j], number);
        }
    }
}

struct container_line container_match(const struct lines *lines, cmark_node *block, int number)
{
    struct container_line out = {false, 0, {NULL, 0}};
    struct chain chain;
    if (!chain_of(&chain, block)) {
        return out;
    }
    measure(&chain, lines);
    struct cursor cursor = {lines_get(lines, number), 0, 0, 0};
    out.is_matched = true;
    for (size_t i = 0; i < chain.count && out.is_matched; i++) {
        out.is_matched = eat_container(&cursor, chain.nodes[i], number);
    }
    out.indent = indent_of(&cursor);
    eat_blanks(&cursor, out.indent);
    out.content = str_from(cursor.line, cursor.at);
    return out;
}

void container_prefix(struct buf *out, const struct lines *lines, cmark_node *block)
{
    struct chain chain;
    if (!chain_of(&chain, block)) {
        return;
    }
    measure(&chain, lines);
    for (size_t i = 0; i < chain.count; i++) {
        if (cmark_node_get_type(chain.nodes[i]) == CMARK_NODE_BLOCK_QUOTE) {
            buf_add(out, STR("> "));
            continue;
        }
        for (size_t n = item_width(chain.nodes[i]); n > 0; n--) {
            buf_add_char(out, ' ');
        }
    }
}
