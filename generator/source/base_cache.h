/*
 * base_cache: objects unpacked lately, which others may be deltas of. For packs.c, pack_read.c and
 * unpack.c.
 *
 * Bounded in bytes; what was not asked for the longest goes first. Safe from several threads.
 */
#ifndef SOURCE_BASE_CACHE_H
#define SOURCE_BASE_CACHE_H

#include "source/object.h"

#include <pthread.h>

struct base_entry {
    struct object *object; /* NULL: the entry is free */
    uint64_t key;
    uint32_t next;         /* in its bucket, or of the free ones: index + 1 */
    uint32_t older, newer; /* by their last use: index + 1 */
};

struct base_cache {
    pthread_mutex_t mutex;
    struct base_entry *entries;
    uint32_t *buckets; /* index + 1 of each one's first entry */
    size_t slots;      /* of each */
    uint32_t free_entry, oldest, newest;
    size_t bytes, limit;
};

enum { BASE_CACHE_OBJECT = 1024 /* bytes: as many of these have a place */ };

/* For at most `limit` bytes, a power of two. */
void base_cache_init(struct base_cache *cache, size_t limit);

/* Held once more for the caller; NULL where it is not there. */
struct object *base_cache_find(struct base_cache *cache, uint64_t key);

/* Keeps it too, unless it is large. */
void base_cache_keep(struct base_cache *cache, uint64_t key, struct object *object);

void base_cache_free(struct base_cache *cache);

#endif
