/* The packs of a folder and their indexes (gitformat-pack): opened, checked, searched. */
#include "source/packs.h"

#include "base/digest.h"
#include "source/pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    INDEX_MAX = 1 << 30,
    ID = DIGEST_SHA1_SIZE,
    INDEX_HEAD = 8, /* magic and version */
    FANOUT = 256 * 4,
    PACK_HEAD = 12,
    INDEX_FIXED = INDEX_HEAD + FANOUT + 2 * ID,
    INDEX_PER_OBJECT = ID + 4 + 4 /* name, CRC, offset */
};

static uint32_t number_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* An empty file has no mapping, and neither has one that is too large to be one of git's. */
static int map_file(struct mapping *out, const char *path, size_t limit)
{
    struct stat status;
    *out = (struct mapping){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    int rc = fstat(fd, &status);
    if (rc == 0 && status.st_size > 0 && (uintmax_t)status.st_size <= limit) {
        void *p = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
        rc = p == MAP_FAILED ? -1 : 0;
        *out = rc == 0 ? (struct mapping){p, (size_t)status.st_size} : (struct mapping){0};
    }
    int error = errno;
    close(fd);
    errno = error;
    return rc;
}

static void unmap(struct mapping *mapping)
{
    if (mapping->p != NULL) {
        munmap((void *)(uintptr_t)mapping->p, mapping->n);
    }
    *mapping = (struct mapping){0};
}

static void pack_close(struct pack *pack)
{
    unmap(&pack->index);
    unmap(&pack->bytes);
}

static int open_index(struct mapping *out, const char *path, struct fault *fault)
{
    unsigned char digest[ID];
    if (map_file(out, path, INDEX_MAX) != 0) {
        return fault_errno(fault, "cannot read %s", path);
    }
    size_t end = out->n < ID ? 0 : out->n - ID;
    struct str body = {(const char *)out->p, end};
    if (digest_sha1_of(digest, &body, 1, fault) != 0) {
        return -1;
    }
    return end > 0 && memcmp(digest, out->p + end, ID) == 0
               ? 0
               : fault_set(fault, "git pack index %s is damaged", path);
}

/* Version 2; false for the first version too, which libgit2 reads. */
static bool read_index(struct pack *pack)
{
    static const unsigned char head[INDEX_HEAD] = {0xff, 't', 'O', 'c', 0, 0, 0, 2};
    const struct mapping *index = &pack->index;
    if (index->n < INDEX_FIXED || memcmp(index->p, head, sizeof head) != 0) {
        return false;
    }
    pack->fanout = index->p + INDEX_HEAD;
    pack->count = number_at(pack->fanout + FANOUT - 4);
    if ((index->n - INDEX_FIXED) / INDEX_PER_OBJECT < pack->count) {
        return false;
    }
    for (size_t i = 1; i < 256; i++) {
        if (number_at(pack->fanout + i * 4 - 4) > number_at(pack->fanout + i * 4)) {
            return false;
        }
    }
    pack->ids = pack->fanout + FANOUT;
    pack->offsets = pack->ids + (size_t)pack->count * (ID + 4);
    pack->large = pack->offsets + (size_t)pack->count * 4;
    pack->large_count = (index->n - INDEX_FIXED - (size_t)pack->count * INDEX_PER_OBJECT) / 8;
    return true;
}

/* The index tells the checksum of the pack that it is of. */
static bool read_pack_head(struct pack *pack)
{
    const struct mapping *bytes = &pack->bytes;
    if (bytes->n < PACK_HEAD + ID) {
        return false;
    }
    uint32_t version = number_at(bytes->p + 4);
    pack->end = bytes->n - ID;
    return memcmp(bytes->p, "PACK", 4) == 0 && (version == 2 || version == 3) &&
           number_at(bytes->p + 8) == pack->count &&
           memcmp(bytes->p + pack->end, pack->index.p + pack->index.n - 2 * ID, ID) == 0;
}

/* Where there are too many the smallest gives way. */
static void keep_pack(struct packs *packs, struct pack *pack)
{
    size_t at = packs->count;
    if (packs->count == PACKS_MAX) {
        at = 0;
        for (size_t i = 1; i < PACKS_MAX; i++) {
            at = packs->items[i].count < packs->items[at].count ? i : at;
        }
        if (packs->items[at].count >= pack->count) {
            pack_close(pack);
            return;
        }
        pack_close(&packs->items[at]);
    } else {
        packs->count++;
    }
    pack->number = (uint32_t)at;
    memcpy(&packs->items[at], pack, sizeof *pack);
}

static int open_pack(struct packs *packs, struct str folder, struct str name, struct fault *fault)
{
    struct pack pack = {0};
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
    int rc = open_index(&pack.index, path.p, fault);
    if (rc == 0 && read_index(&pack)) {
        buf_truncate(&path, path.n - STR(".idx").n);
        buf_add(&path, STR(".pack"));
        map_file(&pack.bytes, path.p, SIZE_MAX / 2);
    }
    if (rc == 0 && read_pack_head(&pack)) {
        keep_pack(packs, &pack);
    } else {
        pack_close(&pack);
    }
    buf_free(&path);
    return rc;
}

static int open_all(struct packs *packs, DIR *folder, struct str path, struct fault *fault)
{
    int rc = 0;
    while (rc == 0) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            return errno == 0 ? 0 : fault_errno(fault, "cannot read the folder %s", path.p);
        }
        if (str_ends(str_of(entry->d_name), STR(".idx"))) {
            rc = open_pack(packs, path, str_of(entry->d_name), fault);
        }
    }
    return rc;
}

int packs_open(struct packs **out, const char *path, struct fault *fault)
{
    struct packs *packs = calloc(1, sizeof *packs);
    if (packs == NULL) {
        arena_out_of_memory();
    }
    base_cache_init(&packs->cache, PACKS_CACHE_BYTES);
    DIR *folder = opendir(path);
    int rc = 0;
    if (folder != NULL) {
        rc = open_all(packs, folder, str_of(path), fault);
        closedir(folder);
    } else if (errno != ENOENT) {
        rc = fault_errno(fault, "cannot open the folder %s", path);
    }
    if (rc != 0) {
        packs_close(packs);
        packs = NULL;
    }
    *out = packs;
    return rc;
}

/* Offsets of 2 GB and more stand in a table of their own. */
static bool read_offset(uint64_t *out, const struct pack *pack, uint32_t index)
{
    uint32_t small = number_at(pack->offsets + (size_t)index * 4);
    *out = small;
    if ((small & 0x80000000U) != 0) {
        size_t at = small & 0x7fffffffU;
        if (at >= pack->large_count) {
            return false;
        }
        const unsigned char *p = pack->large + at * 8;
        *out = (uint64_t)number_at(p) << 32 | number_at(p + 4);
    }
    return *out >= PACK_HEAD && *out < pack->end;
}

bool pack_find(uint64_t *offset, const struct pack *pack, const unsigned char *id)
{
    uint32_t low = id[0] == 0 ? 0 : number_at(pack->fanout + (size_t)id[0] * 4 - 4);
    uint32_t high = number_at(pack->fanout + (size_t)id[0] * 4);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(pack->ids + (size_t)middle * ID, id, ID);
        if (order == 0) {
            return read_offset(offset, pack, middle);
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool packs_find(struct pack_place *out, struct packs *packs, const struct source_id *id)
{
    for (size_t i = 0; i < packs->count; i++) {
        if (pack_find(&out->offset, &packs->items[i], id->bytes)) {
            out->pack = &packs->items[i];
            return true;
        }
    }
    return false;
}

int packs_compare(const struct pack_place *a, const struct pack_place *b)
{
    if (a->pack != b->pack) {
        return a->pack->number < b->pack->number ? -1 : 1;
    }
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* The system maps sixteen pages around each that is asked for; many are asked for already. */
void pack_see(struct pack *pack)
{
    enum { SEEN_AT_ONCE = 16 * 1024 };
    if (atomic_fetch_add(&pack->seen, SEEN_AT_ONCE) > PACKS_MAPPED) {
        atomic_store(&pack->seen, 0);
        madvise((void *)(uintptr_t)pack->bytes.p, pack->bytes.n, MADV_DONTNEED);
    }
}

void packs_forget(struct packs *packs)
{
    base_cache_free(&packs->cache);
    base_cache_init(&packs->cache, PACKS_CACHE_BYTES);
}

void packs_close(struct packs *packs)
{
    if (packs == NULL) {
        return;
    }
    for (size_t i = 0; i < packs->count; i++) {
        pack_close(&packs->items[i]);
    }
    for (size_t i = 0; i < PACKS_IDLE; i++) {
        libdeflate_free_decompressor(packs->idle[i]);
    }
    base_cache_free(&packs->cache);
    free(packs);
}
