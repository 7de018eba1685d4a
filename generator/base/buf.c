#include "base/buf.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Never written to: a capacity of 0 makes every writer allocate first. */
char buf_nothing[1];

char *buf_reserve(struct buf *buf, size_t size)
{
    if (buf->capacity > buf->n && buf->capacity - buf->n > size) {
        return buf->p + buf->n;
    }
    if (size > SIZE_MAX / 2 - 64 || buf->n > SIZE_MAX / 2 - 64 - size) {
        arena_out_of_memory();
    }
    size_t wanted = buf->n + size + 1;
    size_t capacity = buf->capacity + buf->capacity / 2;
    capacity = capacity < wanted ? wanted : capacity;
    capacity = capacity < 64 ? 64 : capacity;
    char *p = realloc(buf->capacity == 0 ? NULL : buf->p, capacity);
    if (p == NULL) {
        arena_out_of_memory();
    }
    p[buf->n] = '\0';
    buf->p = p;
    buf->capacity = capacity;
    return p + buf->n;
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, str_of(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0) {
        arena_out_of_memory();
    }
    char *end = buf_reserve(buf, (size_t)n);
    vsnprintf(end, (size_t)n + 1, format, args);
    buf->n += (size_t)n;
}

void buf_truncate(struct buf *buf, size_t n)
{
    if (n < buf->n) {
        buf->n = n;
        buf->p[n] = '\0';
    }
}

void buf_clear(struct buf *buf)
{
    buf_truncate(buf, 0);
}

void buf_free(struct buf *buf)
{
    if (buf->capacity > 0) {
        free(buf->p);
    }
    *buf = BUF_EMPTY;
}
