/*
 * str: a borrowed run of bytes. Anyone may include it.
 *
 * A str never owns what it points to: the arena, buffer or constant that does must outlive it.
 * It is not NUL-terminated. `p` may be NULL only where `n` is 0. All functions count bytes. The
 * smallest stand here, since every loop over text calls them.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

/* A str over a string literal. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* For printf: `"%.*s", STR_ARG(s)`. */
#define STR_ARG(s) (int)(s).n, (s).n > 0 ? (s).p : ""

/* A str over the NUL-terminated `text`; the empty str for NULL. */
static inline struct str str_of(const char *text)
{
    return (struct str){text, text == NULL ? 0 : strlen(text)};
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Byte order, the shorter first between a string and its prefix: <0, 0, >0. */
int str_compare(struct str a, struct str b);

/* The same with ASCII letters' case ignored. */
bool str_equal_nocase(struct str a, struct str b);

/* The bytes from `from` up to, not including, `to`; both are held to the length. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    to = to > s.n ? s.n : to;
    return from >= to ? (struct str){s.p, 0} : (struct str){s.p + from, to - from};
}

/* The bytes from `from` on. */
static inline struct str str_from(struct str s, size_t from)
{
    return str_slice(s, from, s.n);
}

/* The value of a hexadecimal digit of either case; -1 where it is none. */
static inline int str_hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_equal(str_slice(s, 0, prefix.n), prefix);
}

static inline bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_equal(str_from(s, s.n - suffix.n), suffix);
}

/* The same with ASCII letters' case ignored. */
bool str_ends_nocase(struct str s, struct str suffix);

/* Where `needle` first stands, or -1. An empty needle stands at 0. */
ptrdiff_t str_find(struct str s, struct str needle);
ptrdiff_t str_find_char(struct str s, char c);
ptrdiff_t str_find_last_char(struct str s, char c);

enum { STR_STOPS = 5 };

static inline bool str_is_stop(char c, const char stops[STR_STOPS])
{
    return (c == stops[0]) | (c == stops[1]) | (c == stops[2]) | (c == stops[3]) | (c == stops[4]);
}

/*
 * Where from `from` on the first of five characters stands, or the length; fewer are told by one
 * twice. Inlined, with `stops` a constant, it looks at sixteen bytes at a time.
 */
static inline size_t str_find_stop(struct str s, size_t from, const char stops[STR_STOPS])
{
    typedef char block_type __attribute__((vector_size(16)));
    for (block_type block; s.n - from >= sizeof block; from += sizeof block) {
        memcpy(&block, s.p + from, sizeof block);
        block_type is_stop = (block == stops[0]) | (block == stops[1]) | (block == stops[2]) |
                             (block == stops[3]) | (block == stops[4]);
        uint64_t found[2];
        memcpy(found, &is_stop, sizeof found);
        if ((found[0] | found[1]) == 0) {
            continue;
        }
        if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) {
            int bits = found[0] != 0 ? __builtin_ctzll(found[0]) : 64 + __builtin_ctzll(found[1]);
            return from + (size_t)bits / 8;
        }
        break;
    }
    while (from < s.n && !str_is_stop(s.p[from], stops)) {
        from++;
    }
    return from;
}

/* Without leading and trailing ASCII blanks (space, tab, CR, LF). */
struct str str_trim(struct str s);

/*
 * Cuts the next piece off the front of `rest`, up to `separator`, which is dropped. False, with
 * `out` untouched, once nothing is left. "a,,b" gives a, the empty str, b; "a," gives a alone.
 */
bool str_cut(struct str *out, struct str *rest, char separator);

/* The decimal number that `s` is, digits only, at most `max`; -1 where it is not one. */
long str_number(struct str s, long max);

/* 64 bits of FNV-1a: a short name for a text that depends on nothing else. */
uint64_t str_hash(struct str s);

#endif
