#include "base/utf8.h"

struct range {
    uint32_t first, last;
};

#define IN_RANGES(c, ranges) in_ranges(c, ranges, sizeof(ranges) / sizeof(ranges)[0])

static bool in_ranges(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t utf8_decode(uint32_t *out, struct str s)
{
    if (s.n == 0) {
        return 0;
    }
    const unsigned char *p = (const unsigned char *)s.p;
    if (p[0] < 0x80) {
        *out = p[0];
        return 1;
    }
    if (p[0] >= 0xc2 && p[0] <= 0xdf) {
        if (s.n < 2 || !is_continuation(p[1])) {
            return 0;
        }
        *out = (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
        return 2;
    }
    if (p[0] >= 0xe0 && p[0] <= 0xef) {
        if (s.n < 3 || !is_continuation(p[1]) || !is_continuation(p[2])) {
            return 0;
        }
        uint32_t c = (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        if (c < 0x800 || (c >= 0xd800 && c <= 0xdfff)) {
            return 0;
        }
        *out = c;
        return 3;
    }
    if (p[0] < 0xf0 || p[0] > 0xf4 || s.n < 4 || !is_continuation(p[1]) || !is_continuation(p[2]) ||
        !is_continuation(p[3])) {
        return 0;
    }
    uint32_t c = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
                 (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
    if (c < 0x10000 || c > 0x10ffff) {
        return 0;
    }
    *out = c;
    return 4;
}

bool utf8_next(uint32_t *out, struct str *rest)
{
    size_t n = utf8_decode(out, *rest);
    *rest = str_from(*rest, n);
    return n > 0;
}

void utf8_add(struct buf *buf, uint32_t c)
{
    if (c < 0x80) {
        buf_add_char(buf, (char)c);
        return;
    }
    char bytes[4];
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    bytes[0] = (char)(lead[n] | c);
    buf_add(buf, (struct str){bytes, n});
}

/* Three bytes of which the first tells nearly all: no overlong form, surrogate or noncharacter. */
static bool is_common(const unsigned char *p)
{
    return ((p[0] >= 0xe1 && p[0] <= 0xec) || (p[0] == 0xef && p[1] == 0xbc)) &&
           is_continuation(p[1]) && is_continuation(p[2]);
}

static bool is_plain(unsigned char c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n';
}

enum { BLOCK = 16, LOOKBACK = 2 };

/* The same of sixteen bytes at once, of which two more are read before: they may end a character.
 */
static bool is_common_block(const unsigned char *p)
{
    typedef unsigned char bytes_type __attribute__((vector_size(BLOCK)));
    typedef signed char truth_type __attribute__((vector_size(BLOCK)));
    bytes_type here, before, before_that;
    memcpy(&here, p, BLOCK);
    memcpy(&before, p - 1, BLOCK);
    memcpy(&before_that, p - 2, BLOCK);
    truth_type follows = ((before - 0xe1) < 0x0c) | ((before_that - 0xe1) < 0x0c) |
                         (before == 0xef) | (before_that == 0xef);
    truth_type is_one = (here & 0xc0) == 0x80;
    truth_type is_begun =
        ((here - 0x20) < 0x5f) | (here == '\n') | ((here - 0xe1) < 0x0c) | (here == 0xef);
    truth_type is_wrong =
        (follows ^ is_one) | ~(is_one | is_begun) | ((before == 0xef) & (here != 0xbc));
    uint64_t found[2];
    memcpy(found, &is_wrong, sizeof found);
    return (found[0] | found[1]) == 0;
}

static size_t skip_blocks(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t begin = at;
    while (at >= LOOKBACK && s.n - at >= BLOCK && is_common_block(p + at)) {
        at += BLOCK;
    }
    if (at > begin) { /* back to where a character begins that the block has not whole */
        at -= p[at - 1] >= 0xe1 ? 1 : p[at - 2] >= 0xe1 ? 2 : 0;
    }
    return at;
}

size_t utf8_skip_common(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    while (at < s.n) {
        at = skip_blocks(s, at);
        for (size_t end = at + BLOCK; at < end && at < s.n;) {
            size_t n = is_plain(p[at]) ? 1 : s.n - at >= 3 && is_common(p + at) ? 3 : 0;
            if (n == 0) {
                return at;
            }
            at += n;
        }
    }
    return at;
}

ptrdiff_t utf8_find_invalid(struct str s)
{
    for (size_t at = 0; (at = utf8_skip_common(s, at)) < s.n;) {
        uint32_t c;
        size_t n = utf8_decode(&c, str_from(s, at));
        if (n == 0) {
            return (ptrdiff_t)at;
        }
        at += n;
    }
    return -1;
}

size_t utf8_count(struct str valid)
{
    size_t count = 0;
    for (size_t at = 0; at < valid.n; at++) {
        count += !is_continuation((unsigned char)valid.p[at]);
    }
    return count;
}

/* The bytes of the character at the front of `s`, an invalid byte counting as one. */
static size_t step(uint32_t *out, struct str s)
{
    size_t n = utf8_decode(out, s);
    if (n == 0) {
        *out = 0xfffd;
        n = 1;
    }
    return n;
}

/* Bytes of the character at `at`; of the common ones by their first byte and no more. */
static size_t length_at(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    if (p[0] < 0x80) {
        return 1;
    }
    if (p[0] >= 0xe1 && p[0] <= 0xec && s.n - at >= 3 && (p[1] & 0xc0) == 0x80 &&
        (p[2] & 0xc0) == 0x80) {
        return 3;
    }
    uint32_t ignored;
    return step(&ignored, str_from(s, at));
}

size_t utf8_length(struct str s)
{
    size_t length = 0;
    for (size_t at = 0; at < s.n; length++) {
        at += length_at(s, at);
    }
    return length;
}

struct str utf8_first(struct str s, size_t count)
{
    size_t at = 0;
    for (; at < s.n && count > 0; count--) {
        at += length_at(s, at);
    }
    return str_slice(s, 0, at);
}

static size_t char_width(uint32_t c)
{
    static const struct range zero[] = {{0x300, 0x36f},     {0x200b, 0x200f}, {0x20d0, 0x20ff},
                                        {0xfe00, 0xfe0f},   {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
                                        {0xe0100, 0xe01ef}, {0x202a, 0x202e}, {0x2060, 0x206f}};
    static const struct range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0x33ff},
                                        {0x3400, 0x4dbf},   {0x4e00, 0x9fff},  {0xa000, 0xa4cf},
                                        {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                                        {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                        {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    if (IN_RANGES(c, zero)) {
        return 0;
    }
    return IN_RANGES(c, wide) ? 2 : 1;
}

size_t utf8_width(struct str s)
{
    size_t width = 0;
    for (uint32_t c; s.n > 0;) {
        s = str_from(s, step(&c, s));
        width += char_width(c);
    }
    return width;
}

bool utf8_is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c <= 0x9f);
}

bool utf8_is_bidi(uint32_t c)
{
    static const struct range bidi[] = {
        {0x61c, 0x61c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
    return IN_RANGES(c, bidi);
}

bool utf8_is_invisible(uint32_t c)
{
    static const struct range invisible[] = {{0xad, 0xad},      {0x180e, 0x180e}, {0x200b, 0x200b},
                                             {0x2060, 0x2064},  {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
                                             {0xe0000, 0xe007f}};
    return IN_RANGES(c, invisible);
}

bool utf8_is_xml(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xd7ff) ||
           (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

bool utf8_is_han(uint32_t c)
{
    static const struct range han[] = {
        {0x4e00, 0x9fff},   {0x3400, 0x4dbf},   {0x3005, 0x3005}, {0x3007, 0x3007},
        {0x3021, 0x3029},   {0x3038, 0x303b},   {0xf900, 0xfaff}, {0x2e80, 0x2fdf},
        {0x20000, 0x2fa1f}, {0x30000, 0x3347f},
    };
    return c >= 0x2e80 && IN_RANGES(c, han);
}
