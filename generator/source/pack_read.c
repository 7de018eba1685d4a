/* One object out of a pack: what is a delta is made from its base, and that from its own. */
#include "source/pack.h"

#include "base/digest.h"

#include <libdeflate.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* How the pack names types; 5 is kept for later. */
enum { TYPE_OFS_DELTA = 6, TYPE_REF_DELTA = 7, DELTA_HEAD_MAX = 32, COPY_DEFAULT = 0x10000 };

/* The header of one entry of a pack. */
struct entry {
    int type;
    uint64_t size; /* inflated */
    uint64_t base; /* of a delta: the offset of what it is made from */
    size_t data;   /* where the deflated bytes begin */
};

static bool is_delta(const struct entry *entry)
{
    return entry->type == TYPE_OFS_DELTA || entry->type == TYPE_REF_DELTA;
}

/* Type and size: seven bits to a byte, four in the first, the lowest ones first. */
static bool read_type(struct entry *out, const struct pack *pack, size_t *at)
{
    unsigned char byte = pack->bytes.p[(*at)++];
    out->type = byte >> 4 & 7;
    out->size = byte & 15;
    for (unsigned shift = 4; (byte & 0x80) != 0; shift += 7) {
        if (*at >= pack->end || shift > 56) {
            return false;
        }
        byte = pack->bytes.p[(*at)++];
        out->size |= (uint64_t)(byte & 0x7f) << shift;
    }
    return (out->type >= GIT_OBJECT_COMMIT && out->type <= GIT_OBJECT_TAG) || is_delta(out);
}

/* How far back the base begins: seven bits to a byte, the highest first, each byte one more. */
static bool read_distance(uint64_t *out, const struct pack *pack, size_t *at)
{
    uint64_t distance = 0;
    for (bool is_first = true;; is_first = false) {
        if (*at >= pack->end || distance > UINT64_MAX >> 8) {
            return false;
        }
        unsigned char byte = pack->bytes.p[(*at)++];
        distance = ((is_first ? distance : distance + 1) << 7) | (byte & 0x7f);
        if ((byte & 0x80) == 0) {
            *out = distance;
            return true;
        }
    }
}

static bool read_entry(struct entry *out, const struct pack *pack, uint64_t offset)
{
    size_t at = (size_t)offset;
    uint64_t distance;
    *out = (struct entry){0};
    if (!read_type(out, pack, &at)) {
        return false;
    }
    if (out->type == TYPE_OFS_DELTA) {
        if (!read_distance(&distance, pack, &at) || distance == 0 || distance >= offset) {
            return false;
        }
        out->base = offset - distance;
    } else if (out->type == TYPE_REF_DELTA) {
        if (pack->end - at < DIGEST_SHA1_SIZE || !pack_find(&out->base, pack, pack->bytes.p + at)) {
            return false;
        }
        at += DIGEST_SHA1_SIZE;
    }
    out->data = at;
    return at < pack->end;
}

/* One that is idle, or a new one: making them costs as much as unpacking a few lines. */
static struct libdeflate_decompressor *take_decompressor(struct packs *packs)
{
    for (size_t i = 0; i < PACKS_IDLE; i++) {
        struct libdeflate_decompressor *idle = atomic_exchange(&packs->idle[i], NULL);
        if (idle != NULL) {
            return idle;
        }
    }
    struct libdeflate_decompressor *made = libdeflate_alloc_decompressor();
    if (made == NULL) {
        arena_out_of_memory();
    }
    return made;
}

static void give_back(struct packs *packs, struct libdeflate_decompressor *decompressor)
{
    for (size_t i = 0; i < PACKS_IDLE && decompressor != NULL; i++) {
        decompressor = atomic_exchange(&packs->idle[i], decompressor);
    }
    libdeflate_free_decompressor(decompressor);
}

/* All that the entry holds: exactly `size` bytes. */
static bool inflate_entry(char *out, size_t size, struct packs *packs, const struct pack *pack,
                          const struct entry *entry)
{
    size_t taken, made;
    char nothing[1];
    struct libdeflate_decompressor *decompressor = take_decompressor(packs);
    enum libdeflate_result result = libdeflate_zlib_decompress_ex(
        decompressor, pack->bytes.p + entry->data, pack->end - entry->data,
        size > 0 ? out : nothing, size, &taken, &made);
    give_back(packs, decompressor);
    return result == LIBDEFLATE_SUCCESS && made == size;
}

/* The first `size` bytes of what the entry holds, which may be much more. */
static bool inflate_head(char *out, size_t size, const struct pack *pack, const struct entry *entry)
{
    z_stream stream = {0};
    size_t left = pack->end - entry->data;
    if (inflateInit(&stream) != Z_OK) {
        return false;
    }
    stream.next_in = (unsigned char *)(uintptr_t)(pack->bytes.p + entry->data);
    stream.avail_in = left > UINT_MAX ? UINT_MAX : (unsigned)left;
    stream.next_out = (unsigned char *)out;
    stream.avail_out = (unsigned)size;
    inflate(&stream, Z_SYNC_FLUSH);
    bool is_good = stream.avail_out == 0;
    inflateEnd(&stream);
    return is_good;
}

static struct object *inflate_object(struct packs *packs, const struct pack *pack,
                                     const struct entry *entry)
{
    struct object *object = object_new(entry->type, (size_t)entry->size);
    if (!inflate_entry(object->bytes, object->size, packs, pack, entry)) {
        object_release(object);
        return NULL;
    }
    return object;
}

/* A size in the head of a delta: seven bits to a byte, the lowest first. */
static bool read_size(uint64_t *out, struct str *delta)
{
    *out = 0;
    for (unsigned shift = 0; delta->n > 0 && shift <= 56; shift += 7) {
        unsigned char byte = (unsigned char)delta->p[0];
        *delta = str_from(*delta, 1);
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            return true;
        }
    }
    return false;
}

/* Four bytes of offset and three of size; each is there where its bit is set. */
static bool read_copy(uint64_t *offset, uint64_t *size, unsigned char order, struct str *delta)
{
    uint64_t values[7] = {0};
    for (unsigned i = 0; i < 7; i++) {
        if ((order >> i & 1) != 0) {
            if (delta->n == 0) {
                return false;
            }
            values[i] = (unsigned char)delta->p[0];
            *delta = str_from(*delta, 1);
        }
    }
    *offset = values[0] | values[1] << 8 | values[2] << 16 | values[3] << 24;
    *size = values[4] | values[5] << 8 | values[6] << 16;
    *size = *size == 0 ? COPY_DEFAULT : *size;
    return true;
}

/* One order of the delta: bytes of the base, or bytes that stand behind it. */
static bool read_piece(struct str *out, struct str *delta, struct str base)
{
    unsigned char order = (unsigned char)delta->p[0];
    uint64_t offset, size;
    *delta = str_from(*delta, 1);
    if ((order & 0x80) == 0) {
        *out = str_slice(*delta, 0, order);
        *delta = str_from(*delta, order);
        return order > 0 && out->n == order;
    }
    if (!read_copy(&offset, &size, order, delta) || offset > base.n || size > base.n - offset) {
        return false;
    }
    *out = (struct str){base.p + offset, (size_t)size};
    return true;
}

static bool apply_delta(struct object *out, struct str delta, struct str base)
{
    size_t filled = 0;
    while (delta.n > 0) {
        struct str piece;
        if (!read_piece(&piece, &delta, base) || piece.n > out->size - filled) {
            return false;
        }
        memcpy(out->bytes + filled, piece.p, piece.n);
        filled += piece.n;
    }
    return filled == out->size;
}

/* The object that the delta makes of its base; NULL where it cannot be. */
static struct object *make_object(const struct object *base, struct str delta, size_t limit)
{
    uint64_t base_size, size;
    if (!read_size(&base_size, &delta) || !read_size(&size, &delta) || base_size != base->size ||
        size > limit) {
        return NULL;
    }
    struct object *object = object_new(base->type, (size_t)size);
    if (!apply_delta(object, delta, object_str(base))) {
        object_release(object);
        return NULL;
    }
    return object;
}

static struct object *apply_entry(const struct object *base, struct packs *packs,
                                  const struct pack *pack, const struct entry *entry, size_t limit)
{
    struct object *object = NULL;
    char *delta = malloc((size_t)entry->size + 1);
    if (delta == NULL) {
        arena_out_of_memory();
    }
    if (inflate_entry(delta, (size_t)entry->size, packs, pack, entry)) {
        object = make_object(base, (struct str){delta, (size_t)entry->size}, limit);
    }
    free(delta);
    return object;
}

static uint64_t cache_key(const struct pack *pack, uint64_t offset)
{
    return offset << 6 | pack->number;
}

/* One object on its way: the deltas from it down to what needs no base any more. */
struct reading {
    struct packs *packs;
    struct base_cache *cache;
    const struct pack *pack;
    size_t limit;
    uint64_t *offsets;
    size_t count, capacity;
};

static bool add_delta(struct reading *reading, uint64_t offset)
{
    if (reading->count == PACKS_CHAIN_MAX) {
        return false; /* longer than git makes them, or closed to a ring */
    }
    if (reading->count == reading->capacity) {
        reading->capacity = reading->capacity == 0 ? 64 : reading->capacity * 2;
        reading->offsets =
            reallocarray(reading->offsets, reading->capacity, sizeof *reading->offsets);
        if (reading->offsets == NULL) {
            arena_out_of_memory();
        }
    }
    reading->offsets[reading->count++] = offset;
    return true;
}

static void keep_base(struct reading *reading, uint64_t offset, struct object *object)
{
    if (object != NULL) {
        base_cache_keep(reading->cache, cache_key(reading->pack, offset), object);
    }
}

/* Down the chain until a base is in the cache or is no delta: that base, held. */
static struct object *find_base(struct reading *reading, uint64_t offset)
{
    struct entry entry;
    for (;;) {
        struct object *base = base_cache_find(reading->cache, cache_key(reading->pack, offset));
        if (base != NULL) {
            return base;
        }
        if (!read_entry(&entry, reading->pack, offset) || entry.size > reading->limit) {
            return NULL;
        }
        if (!is_delta(&entry)) {
            base = inflate_object(reading->packs, reading->pack, &entry);
            if (reading->count > 0 || reading->cache != &reading->packs->cache) {
                keep_base(reading, offset, base);
            }
            return base;
        }
        if (!add_delta(reading, offset)) {
            return NULL;
        }
        offset = entry.base;
    }
}

/* Up again. Each step is kept: in the pack's own order the next object is made from it. */
static struct object *climb(struct reading *reading, struct object *base)
{
    while (base != NULL && reading->count > 0) {
        struct entry entry;
        struct object *object = NULL;
        uint64_t offset = reading->offsets[--reading->count];
        if (read_entry(&entry, reading->pack, offset)) {
            object = apply_entry(base, reading->packs, reading->pack, &entry, reading->limit);
        }
        object_release(base);
        base = object;
        keep_base(reading, offset, base);
    }
    return base;
}

struct object *packs_read_beside(struct packs *packs, struct base_cache *cache,
                                 const struct pack_place *place, size_t limit)
{
    struct reading reading = {.packs = packs, .cache = cache, .pack = place->pack, .limit = limit};
    pack_see(place->pack);
    struct object *object = climb(&reading, find_base(&reading, place->offset));
    free(reading.offsets);
    if (object != NULL && object->size > limit) {
        object_release(object); /* out of the cache */
        return NULL;
    }
    return object;
}

struct object *packs_read(struct packs *packs, const struct pack_place *place, size_t limit)
{
    return packs_read_beside(packs, &packs->cache, place, limit);
}

/* A delta tells in its first bytes how large what it makes is. */
static bool read_delta_size(uint64_t *out, const struct pack *pack, const struct entry *entry)
{
    char head[DELTA_HEAD_MAX];
    struct str rest = {head, entry->size < sizeof head ? (size_t)entry->size : sizeof head};
    uint64_t base_size;
    return inflate_head(head, rest.n, pack, entry) && read_size(&base_size, &rest) &&
           read_size(out, &rest);
}

bool packs_is_delta(const struct pack_place *place)
{
    struct entry entry;
    pack_see(place->pack);
    return read_entry(&entry, place->pack, place->offset) && is_delta(&entry);
}

bool packs_header(struct pack_header *out, const struct pack_place *place)
{
    struct entry entry;
    const struct pack *pack = place->pack;
    pack_see(place->pack);
    if (!read_entry(&entry, pack, place->offset)) {
        return false;
    }
    *out = (struct pack_header){.size = entry.size};
    if (is_delta(&entry) && !read_delta_size(&out->size, pack, &entry)) {
        return false;
    }
    for (int depth = 0; is_delta(&entry); depth++) {
        if (depth == PACKS_CHAIN_MAX || !read_entry(&entry, pack, entry.base)) {
            return false;
        }
    }
    out->type = entry.type;
    return true;
}
