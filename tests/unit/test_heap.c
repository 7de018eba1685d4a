/* What search.cgi has in place of a C library's malloc and memcpy. */
#include "cgi/copy.h"
#include "cgi/heap.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { BLOCKS = 300, ROUNDS = 200000 };

struct owned {
    unsigned char *p;
    size_t n;
    unsigned char mark;
};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Mostly small, now and then large. */
static size_t random_size(uint32_t *state)
{
    uint32_t n = next_random(state);
    return n % 50 == 0 ? n % 300000 : n % 7 == 0 ? n % 6000 : n % 600;
}

static void expect_own(const struct owned *owned)
{
    for (size_t i = 0; i < owned->n; i++) {
        assert_int_equal(owned->p[i], owned->mark);
    }
}

static void put(struct heap *heap, struct owned *owned, uint32_t *state)
{
    owned->n = random_size(state);
    owned->mark = (unsigned char)next_random(state);
    owned->p = heap_take(heap, owned->n);
    assert_non_null(owned->p);
    assert_int_equal((uintptr_t)owned->p % _Alignof(max_align_t), 0);
    memset(owned->p, owned->mark, owned->n);
}

static void resize(struct heap *heap, struct owned *owned, uint32_t *state)
{
    size_t n = random_size(state), kept = n < owned->n ? n : owned->n;
    owned->p = heap_resize(heap, owned->p, n);
    assert_non_null(owned->p);
    owned->n = kept;
    expect_own(owned);
    owned->n = n;
    memset(owned->p, owned->mark, n);
}

/* Blocks that come, grow, shrink and go in any order keep what was written to them. */
static void test_blocks(void **unused)
{
    (void)unused;
    struct heap heap = {0};
    struct owned all[BLOCKS] = {0};
    uint32_t state = 1;
    for (int i = 0; i < ROUNDS; i++) {
        struct owned *one = &all[next_random(&state) % BLOCKS];
        if (one->p == NULL) {
            put(&heap, one, &state);
        } else if (next_random(&state) % 3 == 0) {
            resize(&heap, one, &state);
        } else {
            expect_own(one);
            heap_give(&heap, one->p);
            one->p = NULL;
        }
    }
}

/* What grew and went is used again: a search of many steps takes no more than one of a few. */
static void test_use_again(void **unused)
{
    (void)unused;
    struct heap heap = {0};
    char *first = heap_take(&heap, 5000), *guard = heap_take(&heap, 1);
    heap_give(&heap, first);
    assert_ptr_equal(heap_take(&heap, 4999), first);
    char *at = heap.at;
    for (int i = 0; i < 1000; i++) {
        void *p = heap_take(&heap, 20000);
        void *q = heap_resize(&heap, heap_take(&heap, 10), 70000);
        heap_give(&heap, p);
        heap_give(&heap, q);
    }
    assert_true(heap.at - at < 200000);
    heap_give(&heap, guard);
}

static void test_last_grows_in_place(void **unused)
{
    (void)unused;
    struct heap heap = {0};
    char *p = heap_take(&heap, 100), *larger = heap_resize(&heap, p, 100000);
    assert_ptr_equal(larger, p);
    heap_give(&heap, p);
    assert_ptr_equal(heap_take(&heap, 0), p);
}

static void test_limits(void **unused)
{
    (void)unused;
    struct heap heap = {0};
    const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 15, (size_t)1 << 62, (size_t)1 << 31};
    char *p = heap_take(&heap, 10);
    memset(p, 'x', 10);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        errno = 0;
        assert_null(heap_take(&heap, sizes[i]));
        assert_int_equal(errno, ENOMEM);
        assert_null(heap_resize(&heap, p, sizes[i]));
    }
    assert_memory_equal(p, "xxxxxxxxxx", 10);
    heap_give(&heap, NULL);
    char *large = heap_resize(&heap, NULL, 40 << 20);
    large[0] = large[(40 << 20) - 1] = 'y';
    assert_int_not_equal(large[0], 0);
}

static void give_twice(struct heap *heap, char *p)
{
    heap_give(heap, p);
    heap_give(heap, p);
}

static void give_overwritten(struct heap *heap, char *p)
{
    memset(p - sizeof(size_t), 0x41, sizeof(size_t));
    heap_give(heap, p);
}

/* Does it end the process, in a child of its own? */
static void expect_end(void (*fault)(struct heap *heap, char *p))
{
    struct heap heap = {0};
    char *p = heap_take(&heap, 100), *behind = heap_take(&heap, 100);
    assert_non_null(behind);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGILL, SIG_DFL); /* a sanitizer would tell of it */
        signal(SIGTRAP, SIG_DFL);
        fault(&heap, p);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static void test_faults_end(void **unused)
{
    (void)unused;
    expect_end(give_twice);
    expect_end(give_overwritten);
}

static void test_copy(void **unused)
{
    (void)unused;
    unsigned char from[COPY_SHORT_BYTES + 40], to[COPY_SHORT_BYTES + 40];
    for (size_t i = 0; i < sizeof(from); i++) {
        from[i] = (unsigned char)(i * 7 + 1);
    }
    for (size_t n = 0; n <= COPY_SHORT_BYTES; n++) {
        for (size_t at = 0; at < 17; at++) {
            memset(to, 0, sizeof(to));
            assert_ptr_equal(copy_short(to + at, from + 16 - at, n), to + at);
            assert_memory_equal(to + at, from + 16 - at, n);
            assert_true(at == 0 || to[at - 1] == 0);
            assert_int_equal(to[at + n], 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_use_again),
        cmocka_unit_test(test_last_grows_in_place),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_faults_end),
        cmocka_unit_test(test_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
