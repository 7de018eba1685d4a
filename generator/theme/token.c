#include "theme/token.h"

#include "theme/program.h"

#include <string.h>

enum { DELIMITER_LIMIT = 16 };

struct scanner {
    struct tokens *tokens;
    struct str source, open, close;
    size_t at;
};

/* What may stand behind the opening delimiter; a name alone is a variable. */
static const struct sigil {
    char c;
    enum token_kind kind;
    const char *end; /* what stands before the closing delimiter */
} sigils[] = {
    {'#', TOKEN_SECTION, ""},     {'^', TOKEN_INVERTED, ""}, {'/', TOKEN_CLOSE, ""},
    {'!', TOKEN_COMMENT, ""},     {'>', TOKEN_PARTIAL, ""},  {'<', TOKEN_PARENT, ""},
    {'$', TOKEN_BLOCK, ""},       {'&', TOKEN_RAW, ""},      {'{', TOKEN_RAW, "}"},
    {'=', TOKEN_DELIMITERS, "="},
};

void token_fault(struct tokens *tokens, enum diag_code code, size_t offset, struct diag_args args)
{
    tokens->is_wrong = true;
    if (tokens->diag != NULL) {
        diag_add(tokens->diag, code, diag_place_of(tokens->path, tokens->source, offset), args);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct token *add_token(struct scanner *scanner, enum token_kind kind, size_t end)
{
    struct tokens *tokens = scanner->tokens;
    tokens->all = arena_grow(&tokens->arena, tokens->all, tokens->count, sizeof *tokens->all);
    struct token *token = &tokens->all[tokens->count++];
    *token = (struct token){.kind = kind,
                            .offset = (uint32_t)scanner->at,
                            .span = str_slice(scanner->source, scanner->at, end),
                            .match = TOKEN_NONE,
                            .parent = TOKEN_NONE};
    scanner->at = end;
    return token;
}

static void scan_text(struct scanner *scanner)
{
    struct str rest = str_from(scanner->source, scanner->at);
    const char *line_end = memchr(rest.p, '\n', rest.n);
    if (line_end != NULL) {
        rest.n = (size_t)(line_end - rest.p) + 1;
    }
    ptrdiff_t tag = str_find(rest, scanner->open);
    size_t n = tag >= 0 ? (size_t)tag : rest.n;
    if (n > 0) {
        add_token(scanner, TOKEN_TEXT, scanner->at + n);
    }
}

static struct str next_word(struct str *rest)
{
    size_t from = 0;
    while (from < rest->n && is_blank(rest->p[from])) {
        from++;
    }
    size_t to = from;
    while (to < rest->n && !is_blank(rest->p[to])) {
        to++;
    }
    struct str word = str_slice(*rest, from, to);
    *rest = str_from(*rest, to);
    return word;
}

static bool is_delimiter(struct str s)
{
    return s.n > 0 && s.n <= DELIMITER_LIMIT && str_find_char(s, '=') < 0;
}

static void set_delimiters(struct scanner *scanner, struct str content, size_t offset)
{
    struct str open = next_word(&content);
    struct str close = next_word(&content);
    if (is_delimiter(open) && is_delimiter(close) && str_trim(content).n == 0) {
        scanner->open = open;
        scanner->close = close;
    } else {
        token_fault(scanner->tokens, DIAG_TEMPLATE_DELIMITERS_BAD, offset, DIAG_PLAIN);
    }
}

/* Names of values are parts with a dot between them, or a dot alone; others may hold dots. */
static bool has_good_parts(struct str name)
{
    struct str dot = STR(".");
    return str_equal(name, dot) ||
           (!str_starts(name, dot) && !str_ends(name, dot) && str_find(name, STR("..")) < 0);
}

static bool is_value_name(enum token_kind kind)
{
    return kind == TOKEN_VARIABLE || kind == TOKEN_RAW || kind == TOKEN_SECTION ||
           kind == TOKEN_INVERTED;
}

static void check_name(struct scanner *scanner, const struct token *token)
{
    struct str rest = token->name;
    struct str word = next_word(&rest);
    if (word.n == 0) {
        token_fault(scanner->tokens, DIAG_TEMPLATE_NAME_MISSING, token->offset, DIAG_PLAIN);
    } else if (rest.n > 0 || word.n > THEME_NAME_LIMIT ||
               (is_value_name(token->kind) && !has_good_parts(word))) {
        token_fault(scanner->tokens, DIAG_TEMPLATE_NAME_BAD, token->offset, DIAG_WITH(token->name));
    }
}

static const struct sigil *find_sigil(struct str content)
{
    for (size_t i = 0; content.n > 0 && i < sizeof sigils / sizeof sigils[0]; i++) {
        if (sigils[i].c == content.p[0]) {
            return &sigils[i];
        }
    }
    return NULL;
}

/* Where `end` and the closing delimiter stand in `content`, or -1. */
static ptrdiff_t find_close(const struct scanner *scanner, struct str content, struct str end)
{
    char both[DELIMITER_LIMIT + 1];
    size_t n = 0;
    if (end.n > 0) {
        both[n++] = end.p[0];
    }
    memcpy(both + n, scanner->close.p, scanner->close.n);
    return str_find(content, (struct str){both, n + scanner->close.n});
}

/* False where the tag has no end: what follows cannot be understood then. */
static bool scan_tag(struct scanner *scanner)
{
    size_t offset = scanner->at, start = offset + scanner->open.n;
    while (start < scanner->source.n && is_blank(scanner->source.p[start])) {
        start++;
    }
    struct str content = str_from(scanner->source, start);
    const struct sigil *sigil = find_sigil(content);
    struct str end = str_of(sigil != NULL ? sigil->end : "");
    content = str_from(content, sigil != NULL);
    ptrdiff_t length = find_close(scanner, content, end);
    if (length < 0) {
        token_fault(scanner->tokens, DIAG_TEMPLATE_TAG_OPEN, offset, DIAG_PLAIN);
        return false;
    }
    content = str_slice(content, 0, (size_t)length);
    size_t tag_end = (size_t)(content.p - scanner->source.p) + content.n + end.n;
    struct token *token = add_token(scanner, sigil != NULL ? sigil->kind : TOKEN_VARIABLE,
                                    tag_end + scanner->close.n);
    token->name = str_trim(content);
    if (token->kind == TOKEN_DELIMITERS) {
        set_delimiters(scanner, content, offset);
    } else if (token->kind != TOKEN_COMMENT) {
        check_name(scanner, token);
    }
    return true;
}

void token_scan(struct tokens *tokens)
{
    struct scanner scanner = {
        .tokens = tokens, .source = tokens->source, .open = STR("{{"), .close = STR("}}")};
    bool goes_on = true;
    while (goes_on && scanner.at < scanner.source.n) {
        if (str_starts(str_from(scanner.source, scanner.at), scanner.open)) {
            goes_on = scan_tag(&scanner);
        } else {
            scan_text(&scanner);
        }
    }
}
