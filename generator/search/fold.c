#include "search/fold.h"

#include "base/unicode.h"
#include "base/utf8.h"

struct range {
    uint32_t first, last;
};

struct fold fold_start(struct str text)
{
    return (struct fold){.text = text, .cluster = BUF_EMPTY, .is_number = true};
}

void fold_end(struct fold *fold)
{
    buf_free(&fold->cluster);
}

static uint32_t lower(uint32_t c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* The three-byte characters that stand between Han: what one folds to, or 0 for the long way. */
static uint32_t fold_common(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        return lower(c - 0xff00 + 0x20);
    }
    if (c >= 0x3000 && c <= 0x3029) {
        return c == 0x3000 ? ' ' : c;
    }
    if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fe) ||
        (c >= 0x2012 && c <= 0x2016) || (c >= 0x2018 && c <= 0x2022)) {
        return c;
    }
    return c == 0x25cb || c == 0x25ef ? 0x3007 : 0;
}

/* Three bytes of U+4E00 to U+9FFF, all of them unified ideographs, at that place? */
static bool is_han_at(struct str text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.p + at;
    if (text.n - at < 3) {
        return false;
    }
    uint32_t bytes = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    return bytes - 0xe4b880 <= 0xe9bfbf - 0xe4b880 && (bytes & 0xc0c0) == 0x8080;
}

/*
 * The folded form of the character at `at` where it is one of the common ones, which fold to one
 * character and never join what stands before them; `length` gets its bytes. 0 for the others.
 */
static uint32_t fold_fast(const struct fold *fold, size_t at, size_t *length)
{
    const unsigned char *p = (const unsigned char *)fold->text.p + at;
    if (p[0] < 0x80) {
        *length = 1;
        return lower(p[0]);
    }
    if (p[0] < 0xe0 || p[0] > 0xef) {
        return 0;
    }
    uint32_t c;
    *length = utf8_decode(&c, str_from(fold->text, at));
    if (*length == 0) {
        return 0;
    }
    bool is_plain_han = (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf);
    return is_plain_han ? c : fold_common(c);
}

/*
 * May a cluster end before `c`? Characters that join nothing before them, neither themselves nor
 * what they decompose to. What is missing here only makes clusters longer.
 */
static bool begins_cluster(uint32_t c)
{
    static const struct range beginners[] = {
        {0xc0, 0x24f},      {0x386, 0x3ff},   {0x400, 0x482},   {0x48a, 0x52f},
        {0x531, 0x587},     {0x5d0, 0x5ea},   {0x620, 0x64a},   {0xe01, 0xe30},
        {0xf40, 0xf6c},     {0x1820, 0x1878}, {0x1e00, 0x1fff}, {0x2030, 0x205e},
        {0x2070, 0x209c},   {0x2100, 0x2bff}, {0x3200, 0x33ff}, {0xa000, 0xa48c},
        {0xac00, 0xd7a3},   {0xf900, 0xfaff}, {0xff61, 0xff9d}, {0x1f000, 0x1faff},
        {0x20000, 0x3ffff},
    };
    for (size_t i = 0; i < sizeof(beginners) / sizeof(beginners[0]); i++) {
        if (c <= beginners[i].last) {
            return c >= beginners[i].first;
        }
    }
    return false;
}

/* The end of the cluster that begins at `at`. */
static size_t cluster_end(const struct fold *fold, size_t at)
{
    for (size_t count = 0; at < fold->text.n; count++) {
        size_t length;
        uint32_t c;
        if (count > 0 && fold_fast(fold, at, &length) != 0) {
            return at;
        }
        length = utf8_decode(&c, str_from(fold->text, at));
        if (length == 0 || count >= FOLD_CLUSTER_MAX || (count > 0 && begins_cluster(c))) {
            return at;
        }
        at += length;
    }
    return at;
}

/* Folds the cluster at fold->at and moves past it; past one byte where that is no UTF-8. */
static void fold_cluster(struct fold *fold)
{
    size_t end = cluster_end(fold, fold->at);
    buf_clear(&fold->cluster);
    fold->cluster_at = 0;
    fold->cluster_from = fold->at;
    unicode_fold_search(&fold->cluster, str_slice(fold->text, fold->at, end));
    fold->at = end > fold->at ? end : fold->at + 1;
}

/* Can what follows join a character that ends at `at`? */
static bool is_joined_at(const struct fold *fold, size_t at)
{
    size_t length;
    return at < fold->text.n && !is_han_at(fold->text, at) && fold_fast(fold, at, &length) == 0;
}

/* The next folded character with its place; its class is left open. */
static bool next_folded(struct fold *fold, struct fold_char *out)
{
    for (;;) {
        if (fold->cluster_at < fold->cluster.n) {
            struct str rest = str_from(buf_str(&fold->cluster), fold->cluster_at);
            fold->cluster_at += utf8_decode(&out->c, rest);
            out->c = out->c == 0x25cb || out->c == 0x25ef ? 0x3007 : out->c;
            out->from = fold->cluster_from;
            out->to = fold->at;
            return true;
        }
        if (fold->at >= fold->text.n) {
            return false;
        }
        size_t length = 0;
        uint32_t c = fold_fast(fold, fold->at, &length);
        if (c != 0 && (is_han_at(fold->text, fold->at) || !is_joined_at(fold, fold->at + length))) {
            *out = (struct fold_char){.c = c, .from = fold->at, .to = fold->at + length};
            fold->at += length;
            return true;
        }
        if (c == 0 && length == 1) {
            fold->at++; /* NUL */
            continue;
        }
        fold_cluster(fold);
    }
}

static bool is_private(uint32_t c)
{
    return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\v' && c <= '\r') || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           c == 0x2028 || c == 0x2029;
}

static enum fold_class class_of_ascii(uint32_t c)
{
    if (c >= 'a' && c <= 'z') {
        return FOLD_LETTER;
    }
    if (c >= '0' && c <= '9') {
        return FOLD_DIGIT;
    }
    if (c == '\n' || c == '\t') {
        return FOLD_BREAK;
    }
    return is_blank(c) ? FOLD_BLANK : FOLD_OTHER;
}

static enum fold_class class_of(uint32_t c)
{
    if (c >= 0x4e00 && c <= 0x9fff) {
        return FOLD_HAN;
    }
    if (c < 0x80) {
        return class_of_ascii(c);
    }
    if (utf8_is_han(c)) {
        return FOLD_HAN;
    }
    if (is_blank(c)) {
        return FOLD_BLANK;
    }
    return unicode_is_alphanumeric(c) ? FOLD_LETTER : FOLD_OTHER;
}

static bool is_removed(const struct fold_char *c)
{
    return is_private(c->c) || (c->class == FOLD_OTHER && (c->c < 0x20 || c->c - 0x7f < 0x21));
}

static bool next_classed(struct fold *fold, struct fold_char *out)
{
    do {
        if (!next_folded(fold, out)) {
            return false;
        }
        out->class = class_of(out->c);
    } while (is_removed(out));
    return true;
}

/* Is the character after `index` others a digit? Looks no further than FOLD_AHEAD. */
static bool is_digit_ahead(struct fold *fold, size_t index)
{
    while (fold->ahead_count <= index) {
        if (!next_classed(fold, &fold->ahead[fold->ahead_count])) {
            return false;
        }
        fold->ahead_count++;
    }
    return fold->ahead[index].class == FOLD_DIGIT;
}

/* Is the comma that was just read a thousands separator? */
static bool is_separator(struct fold *fold)
{
    bool follows_group = fold->is_number && fold->digits >= 1 && fold->digits <= 3 &&
                         (!fold->has_groups || fold->digits == 3);
    return follows_group && is_digit_ahead(fold, 0) && is_digit_ahead(fold, 1) &&
           is_digit_ahead(fold, 2) && !is_digit_ahead(fold, 3);
}

static bool next_waiting(struct fold *fold, struct fold_char *out)
{
    if (fold->ahead_count == 0) {
        return next_classed(fold, out);
    }
    *out = fold->ahead[0];
    fold->ahead_count--;
    for (size_t i = 0; i < fold->ahead_count; i++) {
        fold->ahead[i] = fold->ahead[i + 1];
    }
    return true;
}

/* Keeps count of the digits of the word that is being read. */
static void follow_number(struct fold *fold, const struct fold_char *c)
{
    if (c->class == FOLD_DIGIT) {
        fold->digits++;
    } else {
        fold->is_number = c->class != FOLD_LETTER;
        fold->digits = 0;
        fold->has_groups = false;
    }
}

bool fold_next(struct fold *fold, struct fold_char *out)
{
    if (!next_waiting(fold, out)) {
        return false;
    }
    if (out->c == ',' && is_separator(fold)) {
        fold->has_groups = true;
        fold->digits = 0;
        return next_waiting(fold, out) && (follow_number(fold, out), true);
    }
    follow_number(fold, out);
    return true;
}

struct str fold_take_han(struct fold *fold)
{
    bool is_waiting = fold->ahead_count > 0 || fold->cluster_at < fold->cluster.n;
    size_t from = fold->at;
    while (!is_waiting && is_han_at(fold->text, fold->at)) {
        fold->at += 3;
    }
    if (fold->at > from) {
        follow_number(fold, &(struct fold_char){.class = FOLD_HAN});
    }
    return str_slice(fold->text, from, fold->at);
}

/* Neither blank nor removed, so that Han characters on both sides of it stay apart. */
static bool parts_han(struct str text, size_t at)
{
    unsigned char c = at < text.n ? (unsigned char)text.p[at] : ' ';
    return (c > ' ' && c < 0x7f) || c == '\n' || c == '\t';
}

bool fold_leaves_han(struct str text)
{
    for (size_t at = 0, length; at < text.n; at += length) {
        unsigned char first = (unsigned char)text.p[at];
        if (is_han_at(text, at)) {
            length = 3;
        } else if (first < 0x80) {
            length = 1;
            bool is_beside =
                first == ' ' && ((at > 0 && parts_han(text, at - 1)) || parts_han(text, at + 1));
            if (!is_beside && !parts_han(text, at)) {
                return false;
            }
        } else {
            uint32_t c;
            length = utf8_decode(&c, str_from(text, at));
            uint32_t folded = length == 3 ? fold_common(c) : 0;
            if (folded == 0 || folded == ' ') {
                return false;
            }
        }
    }
    return true;
}
