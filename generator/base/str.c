#include "base/str.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    int order = shorter == 0 ? 0 : memcmp(a.p, b.p, shorter);
    if (order != 0) {
        return order;
    }
    return (a.n > b.n) - (a.n < b.n);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

bool str_ends_nocase(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_equal_nocase(str_from(s, s.n - suffix.n), suffix);
}

/* memmem makes a table of every needle, and glibc's looks at one byte after another: it is for long
 * needles alone, in which it stays linear. */
enum { NEEDLE_LONG = 64 };

static ptrdiff_t find_bytewise(struct str s, struct str needle)
{
    char last = needle.p[needle.n - 1];
    for (size_t at = needle.n - 1; at < s.n; at++) {
        size_t start = at - (needle.n - 1);
        if (s.p[at] == last && memcmp(s.p + start, needle.p, needle.n - 1) == 0) {
            return (ptrdiff_t)start;
        }
    }
    return -1;
}

#if defined(__SSE2__)

enum { BLOCK = 16 };

/* Places of the block at `p` where the needle's first and its last byte stand. */
static unsigned ends_in_block(const char *p, struct str needle)
{
    __m128i first = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)p), _mm_set1_epi8(needle.p[0]));
    __m128i last = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)(p + needle.n - 1)),
                                  _mm_set1_epi8(needle.p[needle.n - 1]));
    return (unsigned)_mm_movemask_epi8(_mm_and_si128(first, last));
}

static ptrdiff_t find_short(struct str s, struct str needle)
{
    if (s.n < needle.n + BLOCK - 1) {
        return find_bytewise(s, needle);
    }
    size_t end = s.n - needle.n + 1; /* of the places where it may stand */
    for (size_t at = 0; at < end; at += BLOCK) {
        at = at + BLOCK > end ? end - BLOCK : at;
        for (unsigned found = ends_in_block(s.p + at, needle); found != 0; found &= found - 1) {
            size_t start = at + (size_t)__builtin_ctz(found);
            if (memcmp(s.p + start, needle.p, needle.n) == 0) {
                return (ptrdiff_t)start;
            }
        }
    }
    return -1;
}

#else

static ptrdiff_t find_short(struct str s, struct str needle)
{
    return find_bytewise(s, needle);
}

#endif

ptrdiff_t str_find(struct str s, struct str needle)
{
    if (needle.n == 0) {
        return 0;
    }
    if (needle.n <= NEEDLE_LONG) {
        return find_short(s, needle);
    }
    const char *found = s.n == 0 ? NULL : memmem(s.p, s.n, needle.p, needle.n);
    return found == NULL ? -1 : found - s.p;
}

ptrdiff_t str_find_char(struct str s, char c)
{
    const char *found = s.n == 0 ? NULL : memchr(s.p, c, s.n);
    return found == NULL ? -1 : found - s.p;
}

ptrdiff_t str_find_last_char(struct str s, char c)
{
    const char *found = s.n == 0 ? NULL : memrchr(s.p, c, s.n);
    return found == NULL ? -1 : found - s.p;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s = str_from(s, 1);
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

bool str_cut(struct str *out, struct str *rest, char separator)
{
    if (rest->n == 0) {
        return false;
    }
    ptrdiff_t at = str_find_char(*rest, separator);
    size_t end = at < 0 ? rest->n : (size_t)at;
    *out = str_slice(*rest, 0, end);
    *rest = str_from(*rest, end + 1);
    return true;
}

long str_number(struct str s, long max)
{
    long value = 0;
    if (s.n == 0) {
        return -1;
    }
    for (size_t i = 0; i < s.n; i++) {
        int digit = s.p[i] - '0';
        if (digit < 0 || digit > 9 || value > (max - digit) / 10) {
            return -1;
        }
        value = value * 10 + digit;
    }
    return value;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.n; i++) {
        hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    }
    return hash;
}
