#include "theme/layout.h"

#include "theme/program.h"

#include <stdio.h>

static bool opens(enum token_kind kind)
{
    return kind == TOKEN_SECTION || kind == TOKEN_INVERTED || kind == TOKEN_PARENT ||
           kind == TOKEN_BLOCK;
}

static void close_token(struct tokens *tokens, size_t open, size_t close)
{
    struct token *opening = &tokens->all[open], *closing = &tokens->all[close];
    if (!str_equal(opening->name, closing->name)) {
        char line[24];
        int number = diag_place_of(tokens->path, tokens->source, opening->offset).line;
        snprintf(line, sizeof line, "%d", number);
        token_fault(tokens, DIAG_TEMPLATE_CLOSE_WRONG, closing->offset,
                    DIAG_WITH(closing->name, opening->name, str_of(line)));
    }
    opening->match = close;
    closing->match = open;
    closing->parent = opening->parent;
}

/* What stands in a parent tag outside its blocks is never shown: text may, the rest is a slip. */
static void check_in_parent(struct tokens *tokens, const struct token *token)
{
    bool is_harmless = token->kind == TOKEN_TEXT || token->kind == TOKEN_COMMENT ||
                       token->kind == TOKEN_DELIMITERS || token->kind == TOKEN_BLOCK ||
                       token->kind == TOKEN_CLOSE;
    if (!is_harmless && token->parent != TOKEN_NONE &&
        tokens->all[token->parent].kind == TOKEN_PARENT) {
        token_fault(tokens, DIAG_TEMPLATE_TAG_IN_PARENT, token->offset,
                    DIAG_WITH(token->name, tokens->all[token->parent].name));
    }
}

void layout_match(struct tokens *tokens)
{
    size_t open[THEME_NESTING_LIMIT], depth = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        struct token *token = &tokens->all[i];
        token->parent = depth > 0 ? open[depth - 1] : TOKEN_NONE;
        check_in_parent(tokens, token);
        if (opens(token->kind)) {
            if (depth == THEME_NESTING_LIMIT) {
                token_fault(tokens, DIAG_TEMPLATE_NESTING, token->offset, DIAG_WITH(token->name));
                return;
            }
            open[depth++] = i;
        } else if (token->kind == TOKEN_CLOSE && depth > 0) {
            close_token(tokens, open[--depth], i);
        } else if (token->kind == TOKEN_CLOSE) {
            token_fault(tokens, DIAG_TEMPLATE_CLOSE_EXTRA, token->offset, DIAG_WITH(token->name));
        }
    }
    while (depth > 0) {
        const struct token *token = &tokens->all[open[--depth]];
        token_fault(tokens, DIAG_TEMPLATE_SECTION_OPEN, token->offset, DIAG_WITH(token->name));
    }
}

struct str layout_blanks(struct str text)
{
    size_t n = 0;
    while (n < text.n && (text.p[n] == ' ' || text.p[n] == '\t')) {
        n++;
    }
    return str_slice(text, 0, n);
}

static bool ends_line(const struct token *token)
{
    return token->kind == TOKEN_TEXT && str_ends(token->span, STR("\n"));
}

/* A line of the template: its tokens, a tag that spans several lines counting as one place. */
struct line {
    size_t from, to; /* tokens */
    size_t first;    /* the first tag */
    size_t tag_count;
    bool is_blank;   /* but for its tags */
    bool is_inherit; /* all tags are parents, blocks or their ends */
};

static bool is_inherit(const struct tokens *tokens, const struct token *token)
{
    if (token->kind == TOKEN_CLOSE) {
        token = &tokens->all[token->match];
    }
    return token->kind == TOKEN_PARENT || token->kind == TOKEN_BLOCK;
}

static struct line read_line(const struct tokens *tokens, size_t from)
{
    struct line line = {.from = from, .to = from, .is_blank = true, .is_inherit = true};
    bool is_over = false;
    for (; line.to < tokens->count && !is_over; line.to++) {
        const struct token *token = &tokens->all[line.to];
        if (token->kind == TOKEN_TEXT) {
            line.is_blank = line.is_blank && str_trim(token->span).n == 0;
            is_over = ends_line(token);
        } else {
            line.first = line.tag_count++ == 0 ? line.to : line.first;
            line.is_inherit = line.is_inherit && is_inherit(tokens, token);
        }
    }
    return line;
}

/* The line is a block that is to be filled from outside, and nothing else. */
static bool is_slot(const struct tokens *tokens, const struct line *line)
{
    const struct token *first = &tokens->all[line->first];
    bool is_argument =
        first->parent != TOKEN_NONE && tokens->all[first->parent].kind == TOKEN_PARENT;
    return first->kind == TOKEN_BLOCK && !is_argument && first->match < line->to;
}

static bool is_standalone(const struct tokens *tokens, const struct line *line)
{
    enum token_kind first = tokens->all[line->first].kind;
    if (!line->is_blank || line->tag_count == 0) {
        return false;
    }
    if (line->tag_count == 1) {
        return first != TOKEN_VARIABLE && first != TOKEN_RAW;
    }
    return line->is_inherit && !is_slot(tokens, line);
}

/* Where the content of the block that ends the line begins: the first line of it not blank. */
static struct str first_indent(const struct tokens *tokens, size_t open, size_t from)
{
    for (size_t i = from; i < tokens->all[open].match; i++) {
        const struct token *token = &tokens->all[i];
        bool is_blank = token->kind == TOKEN_TEXT && str_trim(token->span).n == 0;
        if (is_blank && i + 1 == tokens->all[open].match) {
            break;
        }
        if (!is_blank || !ends_line(token)) {
            return token->kind == TOKEN_TEXT ? layout_blanks(token->span) : STR("");
        }
    }
    return tokens->all[open].indent;
}

static struct str line_indent(const struct tokens *tokens, const struct line *line)
{
    struct str before = STR("");
    if (line->first > line->from) {
        before = tokens->all[line->from].span;
    }
    return layout_blanks(before);
}

static void mark_standalone(struct tokens *tokens, const struct line *line)
{
    for (size_t i = line->from; i < line->to; i++) {
        struct token *token = &tokens->all[i];
        token->is_dropped = token->kind == TOKEN_TEXT;
        token->is_line = token->kind != TOKEN_TEXT;
        token->indent = token->is_line ? line_indent(tokens, line) : STR("");
    }
    size_t last = ends_line(&tokens->all[line->to - 1]) ? line->to - 2 : line->to - 1;
    if (tokens->all[last].kind == TOKEN_BLOCK) {
        tokens->all[last].is_own_line = true;
        tokens->all[last].indent = first_indent(tokens, last, line->to);
    }
}

/* The blanks before the block become the indentation of what fills it; the line feed stays. */
static void mark_slot(struct tokens *tokens, const struct line *line)
{
    struct token *block = &tokens->all[line->first];
    block->is_line = true;
    block->indent = line_indent(tokens, line);
    if (line->first > line->from) {
        tokens->all[line->from].is_dropped = true;
    }
}

void layout_lines(struct tokens *tokens)
{
    for (size_t at = 0; at < tokens->count;) {
        struct line line = read_line(tokens, at);
        if (is_standalone(tokens, &line)) {
            mark_standalone(tokens, &line);
        } else if (line.is_blank && line.tag_count == 2 && is_slot(tokens, &line)) {
            mark_slot(tokens, &line);
        }
        at = line.to;
    }
}
