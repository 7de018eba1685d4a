/*
 * What search.cgi has beside musl's C library, which it is linked with in place of glibc: glibc
 * asks the processor some thirty questions at each start, and in a virtual machine each is answered
 * by the host, which takes as long as a fifth of a search. The Makefile links this file into
 * search.cgi alone.
 *
 * What is linked in was compiled for glibc, Debian's libsqlite3.a as our own: on one machine both
 * libraries take the same arguments and structures, but for the functions below, which musl lacks.
 * A program that calls one more of such does not link, and the function is written here.
 */
#undef _FORTIFY_SOURCE
#include "cgi/copy.h"
#include "cgi/heap.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one state of a process that no function is handed: malloc has no parameter for it. */
static struct heap heap;

void *malloc(size_t size)
{
    return heap_take(&heap, size);
}

void *calloc(size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    void *p = heap_take(&heap, all);
    return p != NULL ? memset(p, 0, all) : NULL;
}

void *realloc(void *p, size_t size)
{
    return heap_resize(&heap, p, size);
}

void free(void *p)
{
    heap_give(&heap, p);
}

/* Our heap has nothing to set. */
int mallopt(int parameter, int value)
{
    (void)parameter, (void)value;
    return 1;
}

/* Functions that know how large their target is: _FORTIFY_SOURCE writes calls of them. */
void *__memcpy_chk(void *to, const void *from, size_t n, size_t room);
void *__memmove_chk(void *to, const void *from, size_t n, size_t room);
void *__memset_chk(void *to, int byte, size_t n, size_t room);
int __vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, va_list values);
int __snprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, ...);
int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __printf_chk(int flag, const char *format, ...);
int fcntl64(int fd, int command, ...);

static void check_room(size_t n, size_t room)
{
    if (n > room) {
        __builtin_trap();
    }
}

void *__memcpy_chk(void *to, const void *from, size_t n, size_t room)
{
    check_room(n, room);
    return memcpy(to, from, n);
}

void *__memmove_chk(void *to, const void *from, size_t n, size_t room)
{
    check_room(n, room);
    return memmove(to, from, n);
}

void *__memset_chk(void *to, int byte, size_t n, size_t room)
{
    check_room(n, room);
    return memset(to, byte, n);
}

int __vsnprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, va_list values)
{
    (void)flag;
    check_room(n, room);
    return vsnprintf(to, n, format, values);
}

int __snprintf_chk(char *to, size_t n, int flag, size_t room, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int length = __vsnprintf_chk(to, n, flag, room, format, values);
    va_end(values);
    return length;
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    (void)flag;
    va_list values;
    va_start(values, format);
    int length = vfprintf(file, format, values);
    va_end(values);
    return length;
}

int __printf_chk(int flag, const char *format, ...)
{
    (void)flag;
    va_list values;
    va_start(values, format);
    int length = vprintf(format, values);
    va_end(values);
    return length;
}

/* SQLite's own way to files, which a search does not take (search/schema_filter.h), would lock by
 * it. */
int fcntl64(int fd, int command, ...)
{
    (void)fd, (void)command;
    errno = ENOSYS;
    return -1;
}

/* Every call of memcpy comes here (the Makefile says --wrap). */
void *__real_memcpy(void *restrict to, const void *restrict from, size_t n);
void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t n);

void *__wrap_memcpy(void *restrict to, const void *restrict from, size_t n)
{
    return n <= COPY_SHORT_BYTES ? copy_short(to, from, n) : __real_memcpy(to, from, n);
}
