/*
 * copy: memcpy of a few bytes, which is what SQLite mostly asks for. For site/cgi/libc.c and its
 * test.
 *
 * musl's begins with an instruction that takes longer to begin than all of this.
 */
#ifndef CGI_COPY_H
#define CGI_COPY_H

#include <stddef.h>

enum { COPY_SHORT_BYTES = 256, COPY_PIECE = 16 };

/* Both ends of 1 to 2 * piece bytes, which may be the same ones. */
static inline void copy_ends(char *to, const char *from, size_t n, size_t piece)
{
    char first[COPY_PIECE], last[COPY_PIECE];
    __builtin_memcpy(first, from, piece);
    __builtin_memcpy(last, from + n - piece, piece);
    __builtin_memcpy(to, first, piece);
    __builtin_memcpy(to + n - piece, last, piece);
}

/* At most COPY_SHORT_BYTES. No loop of it becomes a call of the memcpy that it stands for. */
__attribute__((optimize("no-tree-loop-distribute-patterns"))) static inline void *
copy_short(void *restrict to, const void *restrict from, size_t n)
{
    char *p = to;
    const char *q = from;
    if (n > COPY_PIECE) {
        for (size_t i = COPY_PIECE; i < n - COPY_PIECE; i += COPY_PIECE) {
            __builtin_memcpy(p + i, q + i, COPY_PIECE);
        }
        copy_ends(p, q, n, COPY_PIECE);
    } else if (n >= 8) {
        copy_ends(p, q, n, 8);
    } else if (n >= 4) {
        copy_ends(p, q, n, 4);
    } else if (n >= 2) {
        copy_ends(p, q, n, 2);
    } else if (n == 1) {
        *p = *q;
    }
    return to;
}

#endif
