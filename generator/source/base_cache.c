#include "source/base_cache.h"

#include <stdlib.h>

static uint32_t *bucket_of(struct base_cache *cache, uint64_t key)
{
    return &cache->buckets[(key * 0x9e3779b97f4a7c15U) >> 32 & (cache->slots - 1)];
}

void base_cache_init(struct base_cache *cache, size_t limit)
{
    *cache =
        (struct base_cache){.free_entry = 1, .limit = limit, .slots = limit / BASE_CACHE_OBJECT};
    pthread_mutex_init(&cache->mutex, NULL);
    cache->entries = calloc(cache->slots, sizeof *cache->entries);
    cache->buckets = calloc(cache->slots, sizeof *cache->buckets);
    if (cache->entries == NULL || cache->buckets == NULL) {
        arena_out_of_memory();
    }
    for (uint32_t i = 0; i + 1 < cache->slots; i++) {
        cache->entries[i].next = i + 2;
    }
}

/* Out of the order of use. */
static void unlink_entry(struct base_cache *cache, struct base_entry *entry)
{
    uint32_t *to_older =
        entry->newer == 0 ? &cache->newest : &cache->entries[entry->newer - 1].older;
    uint32_t *to_newer =
        entry->older == 0 ? &cache->oldest : &cache->entries[entry->older - 1].newer;
    *to_older = entry->older;
    *to_newer = entry->newer;
}

static void link_newest(struct base_cache *cache, uint32_t number)
{
    struct base_entry *entry = &cache->entries[number - 1];
    entry->newer = 0;
    entry->older = cache->newest;
    uint32_t *to_newer =
        cache->newest == 0 ? &cache->oldest : &cache->entries[cache->newest - 1].newer;
    *to_newer = number;
    cache->newest = number;
}

static uint32_t find(struct base_cache *cache, uint64_t key)
{
    uint32_t number = *bucket_of(cache, key);
    while (number != 0 && cache->entries[number - 1].key != key) {
        number = cache->entries[number - 1].next;
    }
    return number;
}

struct object *base_cache_find(struct base_cache *cache, uint64_t key)
{
    struct object *object = NULL;
    pthread_mutex_lock(&cache->mutex);
    uint32_t number = find(cache, key);
    if (number != 0) {
        unlink_entry(cache, &cache->entries[number - 1]);
        link_newest(cache, number);
        object = object_hold(cache->entries[number - 1].object);
    }
    pthread_mutex_unlock(&cache->mutex);
    return object;
}

static void drop_oldest(struct base_cache *cache)
{
    uint32_t number = cache->oldest;
    struct base_entry *entry = &cache->entries[number - 1];
    uint32_t *link = bucket_of(cache, entry->key);
    while (*link != number) {
        link = &cache->entries[*link - 1].next;
    }
    *link = entry->next;
    unlink_entry(cache, entry);
    cache->bytes -= entry->object->size;
    object_release(entry->object);
    entry->object = NULL;
    entry->next = cache->free_entry;
    cache->free_entry = number;
}

static void add(struct base_cache *cache, uint64_t key, struct object *object)
{
    while (cache->oldest != 0 &&
           (cache->free_entry == 0 || cache->bytes + object->size > cache->limit)) {
        drop_oldest(cache);
    }
    uint32_t number = cache->free_entry, *bucket = bucket_of(cache, key);
    struct base_entry *entry = &cache->entries[number - 1];
    cache->free_entry = entry->next;
    entry->object = object_hold(object);
    entry->key = key;
    entry->next = *bucket;
    *bucket = number;
    cache->bytes += object->size;
    link_newest(cache, number);
}

void base_cache_keep(struct base_cache *cache, uint64_t key, struct object *object)
{
    if (object->size > cache->limit / 8) {
        return;
    }
    pthread_mutex_lock(&cache->mutex);
    if (find(cache, key) == 0) {
        add(cache, key, object);
    }
    pthread_mutex_unlock(&cache->mutex);
}

void base_cache_free(struct base_cache *cache)
{
    while (cache->oldest != 0) {
        drop_oldest(cache);
    }
    free(cache->entries);
    free(cache->buckets);
    pthread_mutex_destroy(&cache->mutex);
}
