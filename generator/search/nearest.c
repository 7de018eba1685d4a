/*
 * What to offer where nothing matches: records that have the rarest of the query's pairs and words.
 */
#include "search/internal.h"
#include "search/segment.h"

#include "base/utf8.h"

#include <stdlib.h>

enum {
    NEAREST_TOKENS = 5,      /* so many of the rarest are asked for */
    NEAREST_TOKENS_MAX = 64, /* of the query; more are not looked at */
    NEAREST_COUNT_MAX = 1500 /* a token in more records than this is not rare */
};

struct token {
    struct str text; /* an FTS5 phrase */
    long count;
};

struct tokens {
    struct token v[NEAREST_TOKENS_MAX];
    size_t count;
};

/* Punctuation is written in private-use characters, which begin with these bytes. */
static bool is_worth_asking(struct str token)
{
    unsigned char first = token.n > 0 ? (unsigned char)token.p[0] : 0xee;
    return first != 0xee && first != 0xef;
}

static void add_token(struct tokens *tokens, struct arena *arena, struct str token)
{
    if (tokens->count < NEAREST_TOKENS_MAX && is_worth_asking(token)) {
        tokens->v[tokens->count++].text = arena_printf(arena, "\"%.*s\"", STR_ARG(token));
    }
}

/* The tokens of a phrase, which stand between blanks, within quotes. */
static void add_tokens_of(struct tokens *tokens, struct arena *arena, struct str phrase)
{
    ptrdiff_t end = str_find_last_char(phrase, '"');
    struct str rest = str_slice(phrase, 1, end > 0 ? (size_t)end : phrase.n);
    struct str token;
    while (str_cut(&token, &rest, ' ')) {
        add_token(tokens, arena, token);
    }
}

static void add_characters_of(struct tokens *tokens, struct arena *arena, struct str text)
{
    uint32_t c;
    for (size_t n; (n = utf8_decode(&c, text)) > 0; text = str_from(text, n)) {
        if (utf8_is_han(c) && tokens->count < NEAREST_TOKENS) {
            struct str character = str_slice(text, 0, n);
            tokens->v[tokens->count++].text = arena_printf(arena, "\"%.*s\"*", STR_ARG(character));
        }
    }
}

static enum search_status count_token(struct search *search, struct token *token)
{
    enum search_status status;
    sqlite3_stmt *statement = statement_start(search, STATEMENT_COUNT);
    statement_bind(statement, 1, token->text);
    sqlite3_bind_int64(statement, 2, NEAREST_COUNT_MAX + 1);
    token->count = 0;
    if (statement_step(search, statement, &status)) {
        token->count = (long)sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    return status;
}

static int compare_tokens(const void *a, const void *b)
{
    const struct token *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? -1 : 1;
    }
    return str_compare(x->text, y->text);
}

/* Counts the tokens, and leaves the rarest of those that some record has. */
static enum search_status keep_rarest(struct search *search, struct tokens *tokens)
{
    size_t kept = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        struct token token = tokens->v[i];
        enum search_status status = count_token(search, &token);
        if (status != SEARCH_STATUS_OK) {
            return status;
        }
        if (token.count > 0) {
            tokens->v[kept++] = token;
        }
    }
    tokens->count = kept;
    qsort(tokens->v, kept, sizeof(tokens->v[0]), compare_tokens);
    while (tokens->count > 1 && (tokens->count > NEAREST_TOKENS ||
                                 tokens->v[tokens->count - 1].count > NEAREST_COUNT_MAX)) {
        tokens->count--;
    }
    return SEARCH_STATUS_OK;
}

static void gather_all(struct tokens *tokens, struct arena *arena, const struct query *query,
                       bool is_by_character)
{
    tokens->count = 0;
    for (size_t i = 0; i < query->count; i++) {
        const struct query_group *group = &query->groups[i];
        for (size_t k = 0; k < group->count; k++) {
            const struct query_operand *operand = &group->operands[k];
            if (operand->is_excluded || !query_is_text(operand)) {
                continue;
            }
            if (is_by_character) {
                add_characters_of(tokens, arena, operand->text);
            } else {
                add_tokens_of(tokens, arena, operand->phrase);
            }
        }
    }
}

enum search_status nearest_find(struct search *search, struct arena *arena,
                                const struct query *query, struct phrases *out)
{
    struct tokens tokens;
    gather_all(&tokens, arena, query, false);
    enum search_status status = keep_rarest(search, &tokens);
    if (status == SEARCH_STATUS_OK && tokens.count == 0) {
        gather_all(&tokens, arena, query, true);
        status = keep_rarest(search, &tokens);
    }
    *out = (struct phrases){arena_array(arena, tokens.count + 1, sizeof(*out->v)), tokens.count};
    for (size_t i = 0; i < tokens.count; i++) {
        out->v[i] = tokens.v[i].text;
    }
    return status;
}
