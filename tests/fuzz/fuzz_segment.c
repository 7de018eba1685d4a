/*
 * Any bytes as text: no token holds a quote, a blank or nothing; and text without blanks asked as a
 * phrase is made of tokens that the text itself has, in their order.
 */
#include "search/segment.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_token(struct buf *all, struct str token, bool is_same_place)
{
    if (token.n == 0 || token.n > SEGMENT_WORD_BYTES + 8 || memchr(token.p, '"', token.n) != NULL ||
        memchr(token.p, ' ', token.n) != NULL || memchr(token.p, '\0', token.n) != NULL) {
        abort();
    }
    if (is_same_place && all->n == 0) {
        abort();
    }
    if (!is_same_place) {
        buf_add_char(all, ' ');
        buf_add(all, token);
    }
}

static int check_tokens(void *context, const struct segment_token *tokens, size_t count)
{
    char text[SEGMENT_KEY_BYTES];
    for (size_t i = 0; i < count; i++) {
        struct str token = segment_token_text(&tokens[i], text);
        if (tokens[i].key != segment_key(token)) {
            abort();
        }
        check_token(context, token, tokens[i].is_same_place);
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct buf all = BUF_EMPTY, phrase = BUF_EMPTY;
    segment_index(text, check_tokens, &all);
    struct segment_phrase made = segment_query(&phrase, text, false);
    bool has_break = memchr(data, '\n', size) != NULL || memchr(data, '\t', size) != NULL;
    if (made.tokens > 0 && !has_break) {
        struct str inside = str_slice(buf_str(&phrase), 1, phrase.n - (made.has_star ? 2 : 1));
        buf_clear(&phrase);
        if (str_find(buf_str(&all), inside) != 1) {
            abort();
        }
    }
    struct segment_plain plain = {0};
    segment_to_plain(&plain, text);
    segment_plain_free(&plain);
    buf_free(&all);
    buf_free(&phrase);
    return 0;
}
