/*
 * buf: a growing run of bytes. Anyone may include it.
 *
 *     struct buf buf = BUF_EMPTY;
 *     buf_add(&buf, STR("text"));         as often as needed
 *     use buf.p, buf.n
 *     buf_free(&buf);
 *
 * `p` is never NULL and always has a NUL behind its last byte. Out of memory, and a size that
 * overflows, end the process as in arena.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

#include <stdarg.h>

struct buf {
    char *p;
    size_t n;
    size_t capacity; /* 0: p is the shared empty string */
};

extern char buf_nothing[1];
#define BUF_EMPTY ((struct buf){buf_nothing, 0, 0})

/* What the buffer holds; valid until it next changes. */
static inline struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->p, buf->n};
}

void buf_add_text(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Room for `size` more bytes at the returned place; the caller then adds what it used to `n`. */
char *buf_reserve(struct buf *buf, size_t size);

static inline void buf_add(struct buf *buf, struct str s)
{
    if (s.n == 0) {
        return;
    }
    char *end = buf->capacity - buf->n > s.n ? buf->p + buf->n : buf_reserve(buf, s.n);
    memcpy(end, s.p, s.n);
    end[s.n] = '\0';
    buf->n += s.n;
}

static inline void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, (struct str){&c, 1});
}

/* Cuts the content to `n` bytes, or empties it; the memory is kept. */
void buf_truncate(struct buf *buf, size_t n);
void buf_clear(struct buf *buf);

void buf_free(struct buf *buf);

#endif
