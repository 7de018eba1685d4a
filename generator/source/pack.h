/* pack: what packs.c opens and pack_read.c reads. For these two alone. */
#ifndef SOURCE_PACK_H
#define SOURCE_PACK_H

#include "source/base_cache.h"
#include "source/packs.h"

/* A file in memory. */
struct mapping {
    const unsigned char *p;
    size_t n;
};

struct pack {
    struct mapping index, bytes;
    uint32_t count;                              /* of objects */
    const unsigned char *fanout, *ids, *offsets; /* in the index: tables of big-endian numbers */
    const unsigned char *large;                  /* offsets of 64 bits */
    size_t large_count;
    size_t end;         /* of the objects; behind it stands the pack's checksum */
    uint32_t number;    /* among the packs */
    atomic_size_t seen; /* bytes of it that may lie in memory, since it was let go */
};

struct libdeflate_decompressor;

enum { PACKS_IDLE = 4 };

struct packs {
    struct pack items[PACKS_MAX];
    size_t count;
    struct base_cache cache;
    struct libdeflate_decompressor *_Atomic idle[PACKS_IDLE]; /* that no thread uses now */
};

/* An entry is going to be looked at: lets the pack go before, where much of it was seen. */
void pack_see(struct pack *pack);

/* In this pack alone; false where it is not. */
bool pack_find(uint64_t *offset, const struct pack *pack, const unsigned char *id);

#endif
