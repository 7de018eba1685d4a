#include "record/clean.h"

#include "base/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static bool is_private(uint32_t c)
{
    return (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

/* Code points that Unicode keeps out of texts, and HTML too. */
static bool is_noncharacter(uint32_t c)
{
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

/* Bytes that may begin something to be dropped: controls, and the lead bytes of others. */
static const unsigned char interesting[256] = {
    [0 ... 8] = 1,       [11 ... 12] = 1, [14 ... 31] = 1, [0x7f] = 1,
    [0xc0 ... 0xc2] = 1, [0xd8] = 1,      [0xe2] = 1,      [0xed ... 255] = 1};

#if defined(__SSE2__)

/* Which of `bytes` are `first` or up to `more` past it. */
static __m128i in_range(__m128i bytes, unsigned char first, char more)
{
    __m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8((char)first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(more)), from);
}

/* The same bytes, of sixteen at once: a bit for each. Full-width forms are passed over, which
 * Chinese is full of; the byte behind the sixteen tells of the last. */
static unsigned interesting_of(const char *p)
{
    __m128i bytes = _mm_loadu_si128((const void *)p);
    __m128i blank = _mm_or_si128(in_range(bytes, '\t', '\n' - '\t'), in_range(bytes, '\r', 0));
    __m128i control = _mm_andnot_si128(blank, in_range(bytes, 0, 31));
    __m128i low = _mm_or_si128(control, in_range(bytes, 0x7f, 0));
    __m128i middle = _mm_or_si128(in_range(bytes, 0xc0, 2), in_range(bytes, 0xd8, 0));
    __m128i high = _mm_or_si128(in_range(bytes, 0xe2, 0), in_range(bytes, 0xed, 0xff - 0xed));
    __m128i second = in_range(_mm_loadu_si128((const void *)(p + 1)), 0xbc, 0xbd - 0xbc);
    __m128i wide = _mm_and_si128(in_range(bytes, 0xef, 0), second); /* U+FF00 to U+FF7F */
    __m128i found = _mm_or_si128(_mm_or_si128(low, middle), high);
    return (unsigned)_mm_movemask_epi8(_mm_andnot_si128(wide, found));
}

static size_t skip_blocks(struct str s, size_t at)
{
    enum { BLOCK = 16 };
    for (; at + BLOCK < s.n; at += BLOCK) {
        unsigned found = interesting_of(s.p + at);
        if (found != 0) {
            return at + (size_t)__builtin_ctz(found);
        }
    }
    return at;
}

#else

static size_t skip_blocks(struct str s, size_t at)
{
    (void)s;
    return at;
}

#endif

static bool is_dropped(uint32_t c, bool is_text)
{
    return utf8_is_control(c) || utf8_is_bidi(c) || is_noncharacter(c) ||
           (is_text && is_private(c));
}

/* The offset of the first character to be dropped or invalid byte at or past `at`; or the end. */
static size_t find_dropped(struct str s, size_t at, bool is_text)
{
    while (at < s.n) {
        at = skip_blocks(s, at);
        while (at < s.n && !interesting[(unsigned char)s.p[at]]) {
            at++;
        }
        uint32_t c;
        size_t n = utf8_decode(&c, str_from(s, at));
        if (at == s.n || n == 0 || is_dropped(c, is_text)) {
            return at;
        }
        at += n;
    }
    return at;
}

static struct str clean(struct arena *arena, struct str s, bool is_text, bool *is_changed)
{
    size_t at = find_dropped(s, 0, is_text);
    if (at == s.n) {
        return arena_copy(arena, s);
    }
    *is_changed = true;
    struct buf buf = BUF_EMPTY;
    size_t from = 0;
    while (at < s.n) {
        buf_add(&buf, str_slice(s, from, at));
        uint32_t c;
        size_t n = utf8_decode(&c, str_from(s, at));
        from = at + (n > 0 ? n : 1);
        at = find_dropped(s, from, is_text);
    }
    buf_add(&buf, str_from(s, from));
    struct str result = arena_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return result;
}

struct str clean_html(struct arena *arena, struct str html, bool *is_changed)
{
    bool is_ignored = false;
    return clean(arena, html, false, is_changed != NULL ? is_changed : &is_ignored);
}

struct str clean_text(struct arena *arena, struct str text)
{
    bool is_ignored = false;
    return clean(arena, text, true, &is_ignored);
}

struct str clean_text_or_same(struct arena *arena, struct str text)
{
    return find_dropped(text, 0, true) == text.n ? text : clean_text(arena, text);
}

struct str clean_source(struct arena *arena, struct str source)
{
    struct buf buf = BUF_EMPTY;
    ptrdiff_t invalid;
    while ((invalid = utf8_find_invalid(source)) >= 0) {
        buf_add(&buf, str_slice(source, 0, (size_t)invalid));
        buf_add(&buf, STR("\xef\xbf\xbd"));
        source = str_from(source, (size_t)invalid + 1);
    }
    buf_add(&buf, source);
    struct str result = clean_text(arena, buf_str(&buf));
    buf_free(&buf);
    return result;
}
