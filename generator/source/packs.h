/*
 * packs: git's packs, opened and read by us (gitformat-pack). For source/ alone.
 *
 *     packs_open(&packs, ".git/objects/pack", &fault);
 *     if (packs_find(&place, packs, &id)) { object = packs_read(packs, &place, limit); }
 *     packs_close(packs);
 *
 * libgit2 1.5 forgets most of what it unpacked: a pack whose objects are long chains of deltas,
 * read in any order but its own, is inflated dozens of times over. Here the bases are kept in a
 * cache of bounded size, and whoever reads many objects can read them in the order in which they
 * stand.
 *
 * An object that is not here, or is not as it should be, is left to libgit2, which knows more
 * places and tells what is wrong. But libgit2 takes offsets from an index as they stand, and a
 * damaged one leads it out of the pack's memory: so every index is compared with the SHA-1 at its
 * end first. Objects are not verified against their names here; repository.h does it.
 *
 * A pack is looked at where it lies, as memory. So that this does not grow to the whole of it, its
 * pages are given back to the system every now and then.
 *
 * Finding and reading are safe from several threads.
 */
#ifndef SOURCE_PACKS_H
#define SOURCE_PACKS_H

#include "source/object.h"

enum {
    PACKS_MAX = 64,                  /* that are read here; the largest ones */
    PACKS_MAPPED = 24 * 1024 * 1024, /* bytes of a pack that are looked at before it is let go */
    PACKS_CHAIN_MAX = 5000,          /* deltas one on top of another; git makes 4095 at most */
    PACKS_CACHE_BYTES = 16 * 1024 * 1024
};

struct base_cache;
struct packs;
struct pack;

/* Where an object stands: in which pack, and at which byte. */
struct pack_place {
    struct pack *pack;
    uint64_t offset;
};

/* -1 with a fault that names the index where one of the folder's is damaged. */
int packs_open(struct packs **out, const char *folder, struct fault *fault);

bool packs_find(struct pack_place *out, struct packs *packs, const struct source_id *id);

/* By pack, then by offset: the order in which reading is cheap. */
int packs_compare(const struct pack_place *a, const struct pack_place *b);

/* Is it made from another object? False where damaged. */
bool packs_is_delta(const struct pack_place *place);

/* Type and size of the object there, by its headers alone. False where damaged. */
struct pack_header {
    git_object_t type; /* of a delta, that of its first base */
    uint64_t size;
};
bool packs_header(struct pack_header *out, const struct pack_place *place);

/* The object, held once; NULL where it is damaged, or it or a base has more than `limit` bytes. */
struct object *packs_read(struct packs *packs, const struct pack_place *place, size_t limit);

/* The same for who reads many in their order, with a cache of its own: each may be a base next. */
struct object *packs_read_beside(struct packs *packs, struct base_cache *cache,
                                 const struct pack_place *place, size_t limit);

/* Gives back what was kept of what has been read; reading may go on. Nobody reads meanwhile. */
void packs_forget(struct packs *packs);

/* NULL is fine. */
void packs_close(struct packs *packs);

#endif
