#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, ALIGNMENT = alignof(max_align_t) };

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes of data behind this header */
    size_t used;
    alignas(max_align_t) char data[];
};

static struct arena_block *block_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_block)) {
        arena_out_of_memory();
    }
    struct arena_block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        arena_out_of_memory();
    }
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

static bool has_room(const struct arena_block *block, size_t size)
{
    return block != NULL && block->size - block->used >= size;
}

/* Room that holds whatever it held. */
static char *take(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT) {
        arena_out_of_memory();
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!has_room(arena->blocks, size)) {
        struct arena_block *block = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
        block->next = arena->blocks;
        arena->blocks = block;
    }
    char *p = arena->blocks->data + arena->blocks->used;
    arena->blocks->used += size;
    return p;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena_out_of_memory();
    }
    return arena_alloc(arena, count * size);
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
    bool is_full = count == 0 || (count >= 4 && (count & (count - 1)) == 0);
    if (!is_full) {
        return items;
    }
    if (count > SIZE_MAX / 2) {
        arena_out_of_memory();
    }
    void *larger = arena_array(arena, count == 0 ? 4 : count * 2, size);
    if (count > 0) {
        memcpy(larger, items, count * size);
    }
    return larger;
}

struct str arena_copy(struct arena *arena, struct str s)
{
    char *p = take(arena, s.n + 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    p[s.n] = '\0';
    return (struct str){p, s.n};
}

struct str arena_join(struct arena *arena, struct str a, struct str b)
{
    char *p = take(arena, a.n + b.n + 1);
    if (a.n > 0) {
        memcpy(p, a.p, a.n);
    }
    if (b.n > 0) {
        memcpy(p + a.n, b.p, b.n);
    }
    p[a.n + b.n] = '\0';
    return (struct str){p, a.n + b.n};
}

/* Most are short: those are formatted once. */
struct str arena_printf(struct arena *arena, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0) {
        arena_out_of_memory();
    }
    char *p = arena_alloc(arena, (size_t)n + 1);
    if ((size_t)n < sizeof text) {
        memcpy(p, text, (size_t)n);
        return (struct str){p, (size_t)n};
    }
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return (struct str){p, (size_t)n};
}

void arena_reset(struct arena *arena)
{
    if (arena->blocks == NULL) {
        return;
    }
    struct arena_block *kept = arena->blocks;
    struct arena rest = {kept->next};
    arena_free(&rest);
    if (kept->size > BLOCK_SIZE) {
        free(kept);
        kept = NULL;
    } else {
        kept->next = NULL;
        kept->used = 0;
    }
    arena->blocks = kept;
}

void arena_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
