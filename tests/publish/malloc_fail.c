/*
 * malloc_fail: a preloaded library under which the N-th allocation fails, MALLOC_FAIL_AT=N, or all
 * from the N-th on, MALLOC_FAIL_ON=1. MALLOC_FAIL_COUNT names a file that gets their number at the
 * end. For tests/publish/test_memory.py, which builds it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong allocation_count;
static unsigned long fail_at;
static bool is_for_good;

__attribute__((constructor)) static void read_wishes(void)
{
    const char *at = getenv("MALLOC_FAIL_AT");
    fail_at = at == NULL ? 0 : strtoul(at, NULL, 10);
    is_for_good = getenv("MALLOC_FAIL_ON") != NULL;
    atomic_store(&allocation_count, 0);
}

__attribute__((destructor)) static void write_count(void)
{
    const char *path = getenv("MALLOC_FAIL_COUNT");
    int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0) {
        dprintf(fd, "%lu\n", atomic_load(&allocation_count));
        close(fd);
    }
}

static bool must_fail(void)
{
    unsigned long number = atomic_fetch_add(&allocation_count, 1) + 1;
    bool is_so = fail_at != 0 && (is_for_good ? number >= fail_at : number == fail_at);
    if (is_so) {
        errno = ENOMEM;
    }
    return is_so;
}

void *malloc(size_t size)
{
    return must_fail() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return must_fail() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, bytes);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return must_fail() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *p = must_fail() ? NULL : __libc_memalign(alignment, size);
    if (p == NULL) {
        return ENOMEM;
    }
    *out = p;
    return 0;
}
