#include "base/unicode.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { NFC_OPTIONS = UTF8PROC_STABLE | UTF8PROC_COMPOSE };

/* Appends `s` mapped by utf8proc; ASCII is left to the caller's short cut. */
static void add_mapped(struct buf *buf, struct str s, int options)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &mapped,
                                      (utf8proc_option_t)options);
    if (n == UTF8PROC_ERROR_NOMEM) {
        arena_out_of_memory();
    }
    if (n >= 0) {
        buf_add(buf, (struct str){(const char *)mapped, (size_t)n});
    }
    free(mapped);
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

void unicode_nfc(struct buf *buf, struct str s)
{
    if (is_ascii(s)) {
        buf_add(buf, s);
        return;
    }
    add_mapped(buf, s, NFC_OPTIONS);
}

/* Bytes of the first character, if it is one of U+4E00 to U+9FFF (E4 B8 80 to E9 BF BF); or 0. */
static size_t han_length(const unsigned char *p, size_t n)
{
    bool is_han = n >= 3 && p[0] >= 0xe4 && p[0] <= 0xe9 && (p[0] > 0xe4 || p[1] >= 0xb8);
    return is_han && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80 ? 3 : 0;
}

/* Neither normalisation nor folding changes these: most names are made of nothing else. */
static bool is_plain_name(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0, length; i < s.n; i += length) {
        length = p[i] < 0x80 ? !(p[i] >= 'A' && p[i] <= 'Z') : han_length(p + i, s.n - i);
        if (length == 0) {
            return false;
        }
    }
    return true;
}

void unicode_fold_name(struct buf *buf, struct str s)
{
    if (is_plain_name(s)) {
        buf_add(buf, s);
        return;
    }
    add_mapped(buf, s, NFC_OPTIONS | UTF8PROC_CASEFOLD);
}

bool unicode_is_alphanumeric(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

enum { FOLD_OPTIONS = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE };

/* Marks (0300 to 036F) follow their letter in decomposed text; only over these scripts they go. */
static bool takes_no_marks(uint32_t c)
{
    return (c < 0x250 || (c >= 0x370 && c < 0x530) || (c >= 0x1e00 && c < 0x2000)) && c >= 'A';
}

static void add_without_marks(struct buf *buf, struct str decomposed)
{
    bool is_dropping = false;
    struct str rest = decomposed;
    for (uint32_t c; utf8_next(&c, &rest);) {
        bool is_mark = c >= 0x300 && c <= 0x36f;
        if (!is_mark) {
            is_dropping = takes_no_marks(c);
        }
        if (!is_mark || !is_dropping) {
            utf8_add(buf, c);
        }
    }
}

static void fold_ascii(struct buf *buf, struct str s)
{
    char *end = buf_reserve(buf, s.n);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        end[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    end[s.n] = '\0';
    buf->n += s.n;
}

void unicode_fold_search(struct buf *buf, struct str s)
{
    if (is_ascii(s)) {
        fold_ascii(buf, s);
        return;
    }
    struct buf decomposed = BUF_EMPTY, bare = BUF_EMPTY;
    add_mapped(&decomposed, s, FOLD_OPTIONS | UTF8PROC_DECOMPOSE);
    add_without_marks(&bare, buf_str(&decomposed));
    add_mapped(buf, buf_str(&bare), NFC_OPTIONS);
    buf_free(&decomposed);
    buf_free(&bare);
}
