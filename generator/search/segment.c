#include "search/segment.h"

#include "base/utf8.h"
#include "search/fold.h"

#include <string.h>

/*
 * Private-use characters of our own. A character that unicode61 would drop or change is written as
 * two: its upper bits over PRIVATE_HIGH, its lower eleven over PRIVATE_LOW.
 */
enum { PRIVATE_END = 0xe000, PRIVATE_MORE = 0xe001, PRIVATE_HIGH = 0xe400, PRIVATE_LOW = 0xe800 };

enum { LOW_BITS = 11, CHARACTER_BYTES = 6, TOKEN_BYTES = SEGMENT_WORD_BYTES + 3 * CHARACTER_BYTES };

/* What stands before the next character. */
enum before { BEFORE_NOTHING, BEFORE_HAN, BEFORE_WORD, BEFORE_OTHER };

struct cutter {
    segment_take *take;
    void *context;
    enum before before;
    bool is_query;  /* no token at the place of another */
    bool has_break; /* a block or cell ended since */
    bool has_blank; /* a blank stood since */
    bool is_run;    /* the waiting Han character is not the first of its run */
    uint32_t last;  /* the waiting Han character */
    size_t n;       /* bytes of the word so far, or of the last Han character */
    char token[TOKEN_BYTES];
    size_t count; /* tokens that `take` does not have yet */
    struct segment_token tokens[SEGMENT_BATCH];
};

/* All but the buffers, which would cost more to clear than a short text to cut. */
static void cutter_start(struct cutter *cutter, segment_take *take, void *context, bool is_query)
{
    cutter->take = take;
    cutter->context = context;
    cutter->before = BEFORE_NOTHING;
    cutter->is_query = is_query;
    cutter->has_break = cutter->has_blank = cutter->is_run = false;
    cutter->last = 0;
    cutter->n = cutter->count = 0;
}

/* Letters and Han that unicode61 does not take for token characters. */
static bool is_unknown_to_unicode61(uint32_t c)
{
    return (c >= 0x2e80 && c <= 0x2ef2) || (c >= 0x19b0 && c <= 0x19c9) ||
           (c >= 0x1cf2 && c <= 0x1cf3);
}

static size_t put_plain(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    size_t n = 0;
    if (c < 0x10000) {
        to[n++] = (char)(0xe0 | c >> 12);
    } else {
        to[n++] = (char)(0xf0 | c >> 18);
        to[n++] = (char)(0x80 | (c >> 12 & 0x3f));
    }
    to[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    to[n++] = (char)(0x80 | (c & 0x3f));
    return n;
}

static size_t put_private(char *to, uint32_t c)
{
    size_t n = put_plain(to, PRIVATE_HIGH + (c >> LOW_BITS));
    return n + put_plain(to + n, PRIVATE_LOW + (c & ((1u << LOW_BITS) - 1)));
}

/* Writes `c` so that unicode61 leaves it alone; returns the bytes, at most CHARACTER_BYTES. */
static size_t put_character(char *to, const struct fold_char *c)
{
    if (c->class == FOLD_OTHER || is_unknown_to_unicode61(c->c)) {
        return put_private(to, c->c);
    }
    return put_plain(to, c->c);
}

static uint32_t load32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

uint64_t segment_key(struct str text)
{
    if (text.n >= SEGMENT_KEY_BYTES) {
        return (uint64_t)load32(text.p) << 32 | load32(text.p + 4);
    }
    if (text.n >= 4) { /* the last four overlap the first */
        return (uint64_t)load32(text.p) << 32 | (uint64_t)load32(text.p + text.n - 4)
                                                    << (8 * (SEGMENT_KEY_BYTES - text.n));
    }
    uint64_t key = 0;
    for (size_t i = 0; i < text.n; i++) {
        key |= (uint64_t)(unsigned char)text.p[i] << (56 - 8 * i);
    }
    return key;
}

struct str segment_token_text(const struct segment_token *token, char short_text[SEGMENT_KEY_BYTES])
{
    if (token->n > SEGMENT_KEY_BYTES) {
        return (struct str){token->text, token->n};
    }
    for (size_t i = 0; i < token->n; i++) {
        short_text[i] = (char)(token->key >> (56 - 8 * i));
    }
    return (struct str){short_text, token->n};
}

static int hand_over(struct cutter *cutter)
{
    size_t count = cutter->count;
    cutter->count = 0;
    return count > 0 ? cutter->take(cutter->context, cutter->tokens, count) : 0;
}

/* There is always room for two. */
static bool is_full(const struct cutter *cutter)
{
    return cutter->count > SEGMENT_BATCH - 2;
}

/* The bytes of a long token are the caller's, who needs them again: it does not wait. */
static int emit(struct cutter *cutter, const char *bytes, size_t n, bool is_same_place)
{
    cutter->tokens[cutter->count++] =
        (struct segment_token){.key = segment_key((struct str){bytes, n}),
                               .text = bytes,
                               .n = (uint32_t)n,
                               .is_same_place = is_same_place};
    return n > SEGMENT_KEY_BYTES || is_full(cutter) ? hand_over(cutter) : 0;
}

static int emit_bytes(struct cutter *cutter, const char *bytes, size_t n)
{
    return emit(cutter, bytes, n, false);
}

static int emit_end(struct cutter *cutter)
{
    char bytes[CHARACTER_BYTES];
    return emit_bytes(cutter, bytes, put_plain(bytes, PRIVATE_END));
}

/* Emits the part of a long word that is full; the next part begins with the sign of that. */
static int cut_long_word(struct cutter *cutter)
{
    size_t n = cutter->n + put_plain(cutter->token + cutter->n, PRIVATE_MORE);
    int stop = emit_bytes(cutter, cutter->token, n);
    cutter->n = put_plain(cutter->token, PRIVATE_MORE);
    return stop;
}

/* Emits what waits: the word, or the last Han character of a run. */
static int emit_waiting(struct cutter *cutter)
{
    size_t n = cutter->n;
    cutter->n = 0;
    return n > 0 ? emit_bytes(cutter, cutter->token, n) : 0;
}

/* Before a token that is no part of what waits: ends that, and keeps blocks apart. */
static int begin_token(struct cutter *cutter, enum before next)
{
    bool needs_end = cutter->has_break && cutter->before != BEFORE_NOTHING &&
                     !(cutter->before == BEFORE_HAN && next == BEFORE_HAN);
    int stop = emit_waiting(cutter);
    if (stop == 0 && needs_end) {
        stop = emit_end(cutter);
    }
    cutter->before = next;
    cutter->has_break = false;
    cutter->has_blank = false;
    return stop;
}

static int begin_run(struct cutter *cutter, const struct fold_char *c)
{
    int stop = begin_token(cutter, BEFORE_HAN);
    cutter->n = put_character(cutter->token, c);
    cutter->last = c->c;
    cutter->is_run = false;
    return stop;
}

/*
 * Characters that begin thousands of different pairs, by code. To ask for one of them by all the
 * pairs that it begins took 0.3 s at 100,000 laws, five times as long as reading where it stands.
 * Each stands where the last byte of its code says; no two share it (the compiler would tell).
 */
#define COMMON(c) [(c)&0xff] = (c)
static const uint16_t common[256] = {
    COMMON(0x4e00) /* 一 */, COMMON(0x4e0d) /* 不 */, COMMON(0x4e2d) /* 中 */,
    COMMON(0x4e3a) /* 为 */, COMMON(0x4e86) /* 了 */, COMMON(0x4eba) /* 人 */,
    COMMON(0x4ee5) /* 以 */, COMMON(0x5173) /* 关 */, COMMON(0x548c) /* 和 */,
    COMMON(0x5728) /* 在 */, COMMON(0x5927) /* 大 */, COMMON(0x5b9a) /* 定 */,
    COMMON(0x5e74) /* 年 */, COMMON(0x5e94) /* 应 */, COMMON(0x5f53) /* 当 */,
    COMMON(0x662f) /* 是 */, COMMON(0x6709) /* 有 */, COMMON(0x6751) /* 村 */,
    COMMON(0x6761) /* 条 */, COMMON(0x6c11) /* 民 */, COMMON(0x6cd5) /* 法 */,
    COMMON(0x7406) /* 理 */, COMMON(0x7684) /* 的 */, COMMON(0x7b2c) /* 第 */,
    COMMON(0x8005) /* 者 */, COMMON(0x884c) /* 行 */,
};
#undef COMMON

static bool is_common(uint32_t c)
{
    return common[c & 0xff] == c;
}

/* The pair of the waiting character and `c`, which waits then. */
static int take_han(struct cutter *cutter, const struct fold_char *c)
{
    if (cutter->before != BEFORE_HAN || cutter->has_break) {
        return begin_run(cutter, c);
    }
    size_t first = cutter->n;
    size_t second = put_character(cutter->token + first, c);
    int stop = emit_bytes(cutter, cutter->token, first + second);
    if (stop == 0 && !cutter->is_query && (!cutter->is_run || is_common(cutter->last))) {
        stop = emit(cutter, cutter->token, first, true);
    }
    char kept[CHARACTER_BYTES];
    memcpy(kept, cutter->token + first, sizeof(kept));
    memcpy(cutter->token, kept, sizeof(kept));
    cutter->n = second;
    cutter->last = c->c;
    cutter->is_run = true;
    return stop;
}

static int take_word(struct cutter *cutter, const struct fold_char *c)
{
    int stop = 0;
    if (cutter->before != BEFORE_WORD || cutter->has_break || cutter->has_blank) {
        stop = begin_token(cutter, BEFORE_WORD);
    } else if (cutter->n + CHARACTER_BYTES > SEGMENT_WORD_BYTES) {
        stop = cut_long_word(cutter);
    }
    cutter->n += put_character(cutter->token + cutter->n, c);
    return stop;
}

static int take_other(struct cutter *cutter, const struct fold_char *c)
{
    int stop = begin_token(cutter, BEFORE_OTHER);
    char bytes[CHARACTER_BYTES];
    return stop != 0 ? stop : emit_bytes(cutter, bytes, put_character(bytes, c));
}

static int take(struct cutter *cutter, const struct fold_char *c)
{
    switch (c->class) {
    case FOLD_HAN:
        return take_han(cutter, c);
    case FOLD_DIGIT:
    case FOLD_LETTER:
        return take_word(cutter, c);
    case FOLD_OTHER:
        return take_other(cutter, c);
    case FOLD_BLANK:
        cutter->has_blank = true;
        return 0;
    case FOLD_BREAK:
        cutter->has_break = true;
        return 0;
    }
    return 0;
}

enum { HAN_BYTES = 3 };

static struct fold_char han_at(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    uint32_t c = (b[0] & 0xfu) << 12 | (b[1] & 0x3fu) << 6 | (b[2] & 0x3fu);
    return (struct fold_char){.c = c, .class = FOLD_HAN};
}

/* The character of those three bytes. */
static uint32_t decode_han(uint32_t bytes)
{
    return (bytes >> 4 & 0xf000) | (bytes >> 2 & 0xfc0) | (bytes & 0x3f);
}

/*
 * Han characters that stand as they are folded: each pair of them is a token as it stands. Most of
 * our texts is such. Nothing branches on what stands there: which characters are common is not to
 * be guessed.
 */
static int take_run(struct cutter *cutter, struct str run)
{
    struct fold_char c = han_at(run.p);
    int stop = take_han(cutter, &c);
    uint64_t last = segment_key(str_slice(run, 0, HAN_BYTES)) >> 40;
    for (size_t at = HAN_BYTES; at < run.n && stop == 0; at += HAN_BYTES) {
        uint64_t bytes = load32(run.p + at - 1) & 0xffffff;
        struct segment_token *token = &cutter->tokens[cutter->count];
        token[0] = (struct segment_token){.key = last << 40 | bytes << 16, .n = 2 * HAN_BYTES};
        token[1] = (struct segment_token){.key = last << 40, .n = HAN_BYTES, .is_same_place = true};
        cutter->count += 1 + (size_t)(!cutter->is_run | is_common(decode_han((uint32_t)last)));
        cutter->is_run = true;
        last = bytes;
        stop = is_full(cutter) ? hand_over(cutter) : 0;
    }
    memcpy(cutter->token, run.p + run.n - HAN_BYTES, HAN_BYTES);
    cutter->n = HAN_BYTES;
    cutter->last = decode_han((uint32_t)last);
    return stop;
}

int segment_index(struct str text, segment_take *take_tokens, void *context)
{
    struct fold fold = fold_start(text);
    struct cutter cutter;
    struct fold_char c;
    int stop = 0;
    cutter_start(&cutter, take_tokens, context, false);
    while (stop == 0) {
        struct str run = fold_take_han(&fold);
        if (run.n > 0) {
            stop = take_run(&cutter, run);
        } else if (fold_next(&fold, &c)) {
            stop = take(&cutter, &c);
        } else {
            break;
        }
    }
    fold_end(&fold);
    stop = stop == 0 ? emit_waiting(&cutter) : stop;
    return stop == 0 ? hand_over(&cutter) : stop;
}

struct phrase {
    struct buf *out;
    struct segment_phrase made;
};

static int add_tokens(void *context, const struct segment_token *tokens, size_t count)
{
    struct phrase *phrase = context;
    char text[SEGMENT_KEY_BYTES];
    for (size_t i = 0; i < count; i++) {
        buf_add(phrase->out, phrase->made.tokens == 0 ? STR("\"") : STR(" "));
        buf_add(phrase->out, segment_token_text(&tokens[i], text));
        phrase->made.tokens++;
    }
    return 0;
}

/*
 * The end of a query: the last Han character of a run is in the pair before it already; alone at
 * the end it is found at the front of runs; and being all of the query it may begin any pair, but
 * for common ones, which are found alone.
 */
static void end_phrase(struct phrase *phrase, struct cutter *cutter, bool is_prefix)
{
    bool is_han = cutter->before == BEFORE_HAN;
    if (!is_han || !cutter->is_run) {
        emit_waiting(cutter);
    }
    hand_over(cutter);
    if (phrase->made.tokens == 0) {
        return;
    }
    bool is_single =
        is_han && phrase->made.tokens == 1 && !cutter->is_run && !is_common(cutter->last);
    phrase->made.has_star = is_single || (is_prefix && cutter->before == BEFORE_WORD);
    buf_add(phrase->out, phrase->made.has_star ? STR("\"*") : STR("\""));
}

struct segment_phrase segment_query(struct buf *out, struct str text, bool is_prefix)
{
    struct phrase phrase = {.out = out};
    struct fold fold = fold_start(text);
    struct cutter cutter;
    struct fold_char c;
    cutter_start(&cutter, add_tokens, &phrase, true);
    while (fold_next(&fold, &c)) {
        if (c.class == FOLD_BREAK) {
            c.class = FOLD_BLANK;
        }
        take(&cutter, &c);
    }
    end_phrase(&phrase, &cutter, is_prefix);
    fold_end(&fold);
    return phrase.made;
}
