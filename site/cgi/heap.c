#include "cgi/heap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

enum {
    UNIT = 16,        /* every block's size is a multiple of it, and every block begins at one */
    SMALL_UNITS = 32, /* up to so many units each multiple is a size, */
    STEPS = 4,        /* and behind that so many between a power of two and the next */
    TAKEN = 1,        /* beside the size: the block is somebody's */
    CHUNK_BYTES = 1 << 20, /* least that the kernel is asked for */
    HUGE_BYTES = 2 << 20   /* a huge page, and where it may begin; on aarch64, too */
};
static const size_t size_max = (size_t)1 << 30;

struct heap_block {
    size_t unused;           /* the end of the block before, whose data reach to here */
    size_t size;             /* from here to the same place of the next block, and TAKEN */
    struct heap_block *next; /* of those that were given: here its data begin */
};
enum { DATA = offsetof(struct heap_block, next), HEAD = sizeof(size_t) };
_Static_assert(offsetof(struct heap_block, next) == UNIT, "data are aligned as blocks are");

static unsigned highest_bit(size_t n)
{
    return 63u - (unsigned)__builtin_clzll(n);
}

/* The least size of a block that holds so many units, and its number among all sizes. */
static size_t round_up(size_t units, size_t *number)
{
    if (units <= SMALL_UNITS) {
        *number = units - 1;
        return units;
    }
    unsigned shift = highest_bit(units - 1) - 2;
    size_t steps = ((units - 1) >> shift) + 1; /* STEPS + 1 to 2 * STEPS */
    *number = SMALL_UNITS + (shift - 3) * STEPS + steps - STEPS - 1;
    return steps << shift;
}

static bool is_foreign(const struct heap_block *block)
{
    size_t size = block->size - TAKEN, number;
    return (block->size & TAKEN) == 0 || size == 0 || size > size_max ||
           round_up(size / UNIT, &number) * UNIT != size;
}

/* The block whose data these are. */
static struct heap_block *block_of(void *p)
{
    struct heap_block *block = (struct heap_block *)((char *)p - DATA);
    if (is_foreign(block)) {
        __builtin_trap();
    }
    return block;
}

static char *map(size_t size)
{
    char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p != MAP_FAILED ? p : NULL; /* errno is ENOMEM */
}

/*
 * The first chunk is one huge page where there are such: a search takes some 150 small ones, and
 * for each the kernel is asked, by accident, in a microsecond and more; all of them together cost
 * less than a third to clear.
 */
static char *map_huge(void)
{
    char *p = map(2 * HUGE_BYTES);
    if (p != NULL) {
        p += -(uintptr_t)p & (HUGE_BYTES - 1);
        (void)madvise(p, HUGE_BYTES, MADV_HUGEPAGE); /* a kernel without any has small ones */
    }
    return p;
}

/* What is left of the last chunk stays unused. */
static int add_chunk(struct heap *heap, size_t size)
{
    bool is_first = heap->at == NULL && size <= HUGE_BYTES - UNIT;
    size_t wanted = (size + UNIT + CHUNK_BYTES - 1) & ~(size_t)(CHUNK_BYTES - 1);
    char *chunk = is_first ? map_huge() : map(wanted);
    if (chunk == NULL) {
        return -1;
    }
    heap->at = chunk;
    heap->end = chunk + (is_first ? HUGE_BYTES : wanted);
    return 0;
}

/* The front reaches `size` further, and HEAD more for the head of a block that begins there. */
static bool has_room(const struct heap *heap, size_t size)
{
    return heap->at != NULL && (size_t)(heap->end - heap->at) >= size + UNIT;
}

void *heap_take(struct heap *heap, size_t size)
{
    if (size > size_max - UNIT) {
        errno = ENOMEM;
        return NULL;
    }
    size_t number, bytes = round_up((size + HEAD + UNIT - 1) / UNIT, &number) * UNIT;
    struct heap_block *block = heap->given[number];
    if (block != NULL) {
        heap->given[number] = block->next;
    } else {
        if (!has_room(heap, bytes) && add_chunk(heap, bytes) != 0) {
            return NULL;
        }
        block = (struct heap_block *)heap->at;
        heap->at += bytes;
    }
    block->size = bytes | TAKEN;
    return (char *)block + DATA;
}

void heap_give(struct heap *heap, void *p)
{
    if (p == NULL) {
        return;
    }
    struct heap_block *block = block_of(p);
    block->size -= TAKEN;
    if ((char *)block + block->size == heap->at) {
        heap->at = (char *)block;
        return;
    }
    size_t number;
    (void)round_up(block->size / UNIT, &number);
    block->next = heap->given[number];
    heap->given[number] = block;
}

/* The last block of all grows where it is, as a text that is being written mostly can. */
static bool reach_further(struct heap *heap, struct heap_block *block, size_t size)
{
    size_t number, bytes;
    bool is_last = (char *)block + block->size - TAKEN == heap->at;
    if (!is_last || size > size_max - UNIT) {
        return false;
    }
    bytes = round_up((size + HEAD + UNIT - 1) / UNIT, &number) * UNIT;
    if (!has_room(heap, bytes - (block->size - TAKEN))) {
        return false;
    }
    heap->at = (char *)block + bytes;
    block->size = bytes | TAKEN;
    return true;
}

void *heap_resize(struct heap *heap, void *p, size_t size)
{
    if (p == NULL) {
        return heap_take(heap, size);
    }
    struct heap_block *block = block_of(p);
    size_t has = block->size - TAKEN - HEAD;
    if (size <= has || reach_further(heap, block, size)) {
        return p;
    }
    void *larger = heap_take(heap, size);
    if (larger != NULL) {
        memcpy(larger, p, has);
        heap_give(heap, p);
    }
    return larger;
}
