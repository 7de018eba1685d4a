#include "theme/layout.h"
#include "theme/program.h"
#include "theme/token.h"

#include "base/escape.h"

#include <string.h>

struct compiler {
    struct theme *theme;
    struct tokens tokens;
    struct arena *arena; /* for the while; the finished instructions are copied out of it */
    struct op *ops;
    size_t count;
    size_t at; /* the token */
    bool is_line_start;
    size_t open[THEME_NESTING_LIMIT]; /* instructions whose body is being written */
    size_t depth;
    struct str strip[THEME_NESTING_LIMIT + 1]; /* blanks that every line loses, by depth */
};

static const struct token *current(const struct compiler *compiler)
{
    return &compiler->tokens.all[compiler->at];
}

static struct op *add_op(struct compiler *compiler, enum op_kind kind)
{
    compiler->ops =
        arena_grow(compiler->arena, compiler->ops, compiler->count, sizeof *compiler->ops);
    struct op *op = &compiler->ops[compiler->count++];
    *op = (struct op){
        .kind = kind, .end = (uint32_t)compiler->count, .offset = current(compiler)->offset};
    return op;
}

/* What a value's name is called by: "a.b" has two parts, "." none. */
static void set_name(struct compiler *compiler, struct op *op, struct str name)
{
    struct str rest = name, part;
    if (str_equal(name, STR("."))) {
        return;
    }
    size_t count = 1;
    for (size_t i = 0; i < name.n; i++) {
        count += name.p[i] == '.';
    }
    struct key *parts = arena_array(&compiler->theme->arena, count, sizeof *parts);
    for (size_t i = 0; str_cut(&part, &rest, '.'); i++) {
        parts[i] = key_of(part);
    }
    op->name = parts;
    op->name_count = (uint16_t)count;
}

static struct str without_prefix(struct str text, struct str prefix)
{
    size_t n = 0;
    while (n < prefix.n && n < text.n && text.p[n] == prefix.p[n]) {
        n++;
    }
    return str_from(text, n);
}

/* `blanks` as they are once the lines around have lost theirs. */
static struct str stripped(const struct compiler *compiler, struct str blanks)
{
    return without_prefix(blanks, compiler->strip[compiler->depth]);
}

static void emit_text(struct compiler *compiler, const struct token *token)
{
    bool is_line = compiler->is_line_start, ends_line = str_ends(token->span, STR("\n"));
    struct str text = is_line ? stripped(compiler, token->span) : token->span;
    if (token->is_dropped || text.n == 0) {
        compiler->is_line_start = compiler->is_line_start || ends_line;
        return;
    }
    compiler->is_line_start = ends_line;
    struct op *last = compiler->count > 0 ? &compiler->ops[compiler->count - 1] : NULL;
    if (last != NULL && last->kind == OP_TEXT && last->text.p + last->text.n == text.p) {
        last->text.n += text.n;
        return;
    }
    struct op *op = add_op(compiler, OP_TEXT);
    op->text = text;
    op->is_line = is_line;
}

static void push(struct compiler *compiler, struct str strip)
{
    compiler->open[compiler->depth++] = compiler->count - 1;
    compiler->strip[compiler->depth] = strip;
}

static void emit_close(struct compiler *compiler, const struct token *token)
{
    (void)token;
    compiler->ops[compiler->open[--compiler->depth]].end = (uint32_t)compiler->count;
}

/* "t.key" is the interface text of that key. */
static bool is_string_name(struct str name)
{
    return name.n > 2 && str_starts(name, STR("t."));
}

static void emit_value(struct compiler *compiler, const struct token *token, enum op_kind value,
                       enum op_kind string)
{
    bool is_string = is_string_name(token->name);
    struct op *op = add_op(compiler, is_string ? string : value);
    if (is_string) {
        struct theme *theme = compiler->theme;
        op->index =
            (uint32_t)names_add(&theme->arena, &theme->string_keys, str_from(token->name, 2));
    } else {
        set_name(compiler, op, token->name);
    }
}

static void emit_variable(struct compiler *compiler, const struct token *token)
{
    emit_value(compiler, token, OP_ESCAPED, OP_STRING);
}

static void emit_raw(struct compiler *compiler, const struct token *token)
{
    emit_value(compiler, token, OP_RAW, OP_STRING_RAW);
}

static void emit_section(struct compiler *compiler, const struct token *token)
{
    emit_value(compiler, token, OP_SECTION, OP_STRING_SECTION);
    push(compiler, compiler->strip[compiler->depth]);
}

static void emit_inverted(struct compiler *compiler, const struct token *token)
{
    emit_value(compiler, token, OP_INVERTED, OP_STRING_INVERTED);
    push(compiler, compiler->strip[compiler->depth]);
}

static void emit_include(struct compiler *compiler, const struct token *token, enum op_kind kind)
{
    uint32_t number = theme_template_number(compiler->theme, token->name);
    struct op *op = add_op(compiler, kind);
    op->index = number;
    op->is_line = token->is_line;
    op->text = stripped(compiler, token->indent);
}

static void emit_partial(struct compiler *compiler, const struct token *token)
{
    emit_include(compiler, token, OP_PARTIAL);
}

static void emit_parent(struct compiler *compiler, const struct token *token)
{
    emit_include(compiler, token, OP_PARENT);
    push(compiler, STR(""));
}

static bool is_in_parent(const struct compiler *compiler, const struct token *token)
{
    return token->parent != TOKEN_NONE && compiler->tokens.all[token->parent].kind == TOKEN_PARENT;
}

static void check_argument(struct compiler *compiler, const struct op *block)
{
    size_t parent = compiler->open[compiler->depth - 1];
    for (uint32_t i = (uint32_t)parent + 1; i + 1 < compiler->count; i = compiler->ops[i].end) {
        if (key_equal(compiler->ops[i].name, block->name)) {
            token_fault(&compiler->tokens, DIAG_TEMPLATE_BLOCK_TWICE, block->offset,
                        DIAG_WITH(block->name->text));
        }
    }
}

/* An argument loses the indentation of its first line; it takes on that of the block it fills. */
static void emit_block(struct compiler *compiler, const struct token *token)
{
    struct op *op = add_op(compiler, OP_BLOCK);
    struct key *name = arena_alloc(&compiler->theme->arena, sizeof *name);
    *name = key_of(token->name);
    op->name = name;
    op->name_count = 1;
    op->is_line = token->is_line;
    op->is_own_line = token->is_own_line;
    op->text = stripped(compiler, token->indent);
    struct str strip = compiler->strip[compiler->depth];
    if (is_in_parent(compiler, token)) {
        check_argument(compiler, op);
        strip = token->is_own_line ? token->indent : STR("");
        compiler->is_line_start = token->is_own_line;
    }
    if (token->is_line && token->match == compiler->at + 1) {
        compiler->is_line_start = false; /* the rest of its line goes on behind it */
    }
    push(compiler, strip);
}

static void emit_nothing(struct compiler *compiler, const struct token *token)
{
    (void)compiler;
    (void)token;
}

static void (*const emitters[])(struct compiler *, const struct token *) = {
    [TOKEN_TEXT] = emit_text,         [TOKEN_VARIABLE] = emit_variable,
    [TOKEN_RAW] = emit_raw,           [TOKEN_SECTION] = emit_section,
    [TOKEN_INVERTED] = emit_inverted, [TOKEN_CLOSE] = emit_close,
    [TOKEN_COMMENT] = emit_nothing,   [TOKEN_DELIMITERS] = emit_nothing,
    [TOKEN_PARTIAL] = emit_partial,   [TOKEN_PARENT] = emit_parent,
    [TOKEN_BLOCK] = emit_block,
};

/* A line that begins with a tag gets its indentation by an instruction of its own. */
static void emit_line_start(struct compiler *compiler, const struct token *token)
{
    bool is_silent = token->kind == TOKEN_TEXT || token->kind == TOKEN_COMMENT ||
                     token->kind == TOKEN_DELIMITERS;
    if (is_silent || token->is_line || !compiler->is_line_start) {
        return;
    }
    add_op(compiler, OP_INDENT);
    compiler->is_line_start = false;
}

static void emit_token(struct compiler *compiler, const struct token *token)
{
    bool is_end_of_parent =
        token->kind == TOKEN_CLOSE && compiler->tokens.all[token->match].kind == TOKEN_PARENT;
    if (is_in_parent(compiler, token) && token->kind != TOKEN_BLOCK && token->kind != TOKEN_CLOSE) {
        return; /* never shown */
    }
    if (!is_in_parent(compiler, token) && !is_end_of_parent) {
        emit_line_start(compiler, token);
    }
    emitters[token->kind](compiler, token);
    if (token->kind == TOKEN_CLOSE) {
        compiler->is_line_start = token->is_line;
    }
}

static struct program finish(struct compiler *compiler)
{
    struct op *ops = arena_array(&compiler->theme->arena, compiler->count, sizeof *ops);
    if (compiler->count > 0) {
        memcpy(ops, compiler->ops, compiler->count * sizeof *ops);
    }
    return (struct program){ops, (uint32_t)compiler->count};
}

static void emit_all(struct compiler *compiler)
{
    compiler->is_line_start = true;
    for (; compiler->at < compiler->tokens.count; compiler->at++) {
        emit_token(compiler, current(compiler));
    }
}

void program_compile(struct theme *theme, struct template *template, struct diag *diag)
{
    struct compiler compiler = {
        .theme = theme,
        .tokens = {.path = template->path, .source = template->source, .diag = diag}};
    template->state = TEMPLATE_BROKEN;
    compiler.arena = &compiler.tokens.arena;
    token_scan(&compiler.tokens);
    if (!compiler.tokens.is_wrong) {
        layout_match(&compiler.tokens);
    }
    if (!compiler.tokens.is_wrong) {
        layout_lines(&compiler.tokens);
        emit_all(&compiler);
    }
    if (!compiler.tokens.is_wrong) {
        template->program = finish(&compiler);
        template->state = TEMPLATE_READY;
    }
    arena_free(&compiler.tokens.arena);
}

/* The same instructions with text escaped, and variables escaped when they are shown. */
static struct program escape_program(struct theme *theme, struct program plain)
{
    struct op *ops = arena_array(&theme->arena, plain.count, sizeof *ops);
    struct buf escaped = BUF_EMPTY;
    for (uint32_t i = 0; i < plain.count; i++) {
        ops[i] = plain.ops[i];
        if (ops[i].kind == OP_RAW) {
            ops[i].kind = OP_ESCAPED;
        } else {
            buf_clear(&escaped);
            escape_html(&escaped, ops[i].text);
            ops[i].text = arena_copy(&theme->arena, buf_str(&escaped));
        }
    }
    buf_free(&escaped);
    return (struct program){ops, plain.count};
}

static bool is_string_token(const struct token *token)
{
    return token->kind == TOKEN_TEXT ||
           (token->kind == TOKEN_VARIABLE && !is_string_name(token->name));
}

/* Most strings hold no variable: one instruction. */
static struct program plain_text(struct theme *theme, struct str text)
{
    struct op *op = arena_alloc(&theme->arena, sizeof *op);
    *op = (struct op){.kind = OP_TEXT, .end = 1, .text = text};
    return (struct program){op, 1};
}

static bool compile_variables(struct theme *theme, struct string *string)
{
    struct compiler compiler = {.theme = theme, .tokens = {.source = string->text}};
    compiler.arena = &compiler.tokens.arena;
    token_scan(&compiler.tokens);
    bool is_good = !compiler.tokens.is_wrong;
    for (; is_good && compiler.at < compiler.tokens.count; compiler.at++) {
        const struct token *token = current(&compiler);
        is_good = is_string_token(token);
        if (is_good && token->kind == TOKEN_TEXT) {
            emit_text(&compiler, token);
        } else if (is_good) {
            set_name(&compiler, add_op(&compiler, OP_RAW), token->name);
        }
    }
    if (is_good) {
        string->plain = finish(&compiler);
    }
    arena_free(&compiler.tokens.arena);
    return is_good;
}

bool program_compile_string(struct theme *theme, struct string *string)
{
    bool is_good = true;
    if (str_find(string->text, STR("{{")) < 0) {
        string->plain = plain_text(theme, string->text);
    } else {
        is_good = compile_variables(theme, string);
    }
    string->html = escape_program(theme, string->plain);
    return is_good;
}
