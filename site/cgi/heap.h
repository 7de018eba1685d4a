/*
 * heap: the memory of a process that answers once and ends. For site/cgi/libc.c and its test.
 *
 *     struct heap heap = {0};
 *     void *p = heap_take(&heap, size);
 *     p = heap_resize(&heap, p, larger);
 *     heap_give(&heap, p);
 *
 * A block comes out of the free blocks of its size, else off the front of what the kernel gave, and
 * nothing goes back to the kernel. What is given comes back to its own size alone, so sizes are
 * few: a block is less than a quarter larger than what was asked for, or 23 bytes. One thread.
 *
 * A block that is given twice, or whose head was written over, ends the process.
 */
#ifndef CGI_HEAP_H
#define CGI_HEAP_H

#include <stddef.h>

enum { HEAP_SIZES = 128 };

struct heap_block;

struct heap {
    char *at, *end;                       /* what no block had yet */
    struct heap_block *given[HEAP_SIZES]; /* free blocks, by size */
};

/* Aligned for anything; never NULL for no bytes. NULL with ENOMEM where there is no more. */
void *heap_take(struct heap *heap, size_t size);

/* The same bytes in a block of at least `size`. NULL with ENOMEM, and `p` stays as it was. */
void *heap_resize(struct heap *heap, void *p, size_t size);

/* NULL is no block, and nothing to give. */
void heap_give(struct heap *heap, void *p);

#endif
