/* All text at once, in the order of the packs. */
#include "base/file.h"
#include "base/parallel.h"
#include "source/base_cache.h"
#include "source/fit.h"
#include "source/repository.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_FEWEST = 256,           /* files of one piece of work, which begins with a chain */
    CHUNK_MOST = 1024,            /* longer than chains of deltas are */
    PENDING_MAX = 256 * 1024,     /* bytes that a thread gathers before they are written */
    CACHE_BYTES = 2 * 1024 * 1024 /* of bases, for each thread: they stand close by */
};

/* A file, and where it stands. */
struct packed {
    struct pack_place place; /* its pack is NULL where it is in none */
    struct source_file *file;
};

/* What a thread uses for one piece after another. */
struct bench {
    struct buf pending;
    struct base_cache cache;
};

struct unpack {
    struct source *source;
    struct bench benches[PARALLEL_THREADS_MAX];
    struct packed *items;
    size_t count;
    size_t *chunks; /* where each begins, and behind the last one the end of all */
    size_t chunk_count;
    atomic_ullong end; /* of the temporary file */
    struct fault fault[PARALLEL_SLOTS];
};

static int compare_packed(const void *a, const void *b)
{
    const struct packed *x = a, *y = b;
    if (x->place.pack != NULL && y->place.pack != NULL) {
        return packs_compare(&x->place, &y->place);
    }
    int order = (x->place.pack == NULL) - (y->place.pack == NULL);
    return order != 0 ? order : memcmp(&x->file->blob, &y->file->blob, sizeof x->file->blob);
}

/* Those that are no deltas too: later no page of the pack has to be in memory any more. */
static void find_packed(struct unpack *unpack, struct source_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        struct packed packed = {.file = &files->items[i]};
        if (fit_is_text(packed.file->path)) {
            packs_find(&packed.place, unpack->source->packs, &packed.file->blob);
            unpack->items[unpack->count++] = packed;
        }
    }
    if (unpack->count > 1) {
        qsort(unpack->items, unpack->count, sizeof *unpack->items, compare_packed);
    }
}

/* A chain of deltas that two pieces share is unpacked twice as far as the second begins. */
static void cut_chunks(struct unpack *unpack)
{
    size_t begin = 0;
    for (size_t i = 0; i < unpack->count; i++) {
        const struct pack_place *place = &unpack->items[i].place;
        bool is_cut = i - begin >= CHUNK_FEWEST &&
                      (place->pack == NULL || !packs_is_delta(place) || i - begin >= CHUNK_MOST);
        if (i == 0 || is_cut) {
            unpack->chunks[unpack->chunk_count++] = begin = i;
        }
    }
    unpack->chunks[unpack->chunk_count] = unpack->count;
}

/* By its header, before there is memory for it. */
static int read_elsewhere(struct object **out, struct source *source, struct source_file *file,
                          struct fault *fault)
{
    if (repository_read_size(&file->size, source, &file->blob, file->path, fault) < 0) {
        return -1;
    }
    if (file->size > fit_limit(file->path)) {
        file->fitness = SOURCE_LARGE;
        return 0;
    }
    return repository_read(out, source, &file->blob, GIT_OBJECT_BLOB, fit_limit(file->path),
                           file->path, fault);
}

/* Out of its pack: NULL where it is in none, too large, or not what it should be. */
static int read_packed(struct object **out, struct source *source, struct base_cache *cache,
                       const struct packed *packed, struct fault *fault)
{
    const struct source_file *file = packed->file;
    *out = packed->place.pack == NULL
               ? NULL
               : packs_read_beside(source->packs, cache, &packed->place, fit_limit(file->path));
    bool is_blob = *out != NULL && (*out)->type == GIT_OBJECT_BLOB;
    int status = is_blob ? repository_has_name(*out, &file->blob, fault) : 0;
    if (status != 1) {
        object_release(*out);
        *out = NULL;
    }
    return status < 0 ? -1 : 0;
}

static void take_object(struct buf *out, struct source_file *file, const struct object *object)
{
    file->size = object->size;
    if (fit_may_be_pointer(file) && fit_is_pointer(object_str(object))) {
        file->fitness = SOURCE_POINTER;
    } else {
        buf_add(out, object_str(object));
    }
}

/* Appends the file to what is pending, if it is fit. */
static int read_file(struct bench *bench, struct source *source, const struct packed *packed,
                     struct fault *fault)
{
    struct object *object;
    if (read_packed(&object, source, &bench->cache, packed, fault) < 0 ||
        (object == NULL && read_elsewhere(&object, source, packed->file, fault) < 0)) {
        return -1;
    }
    if (object != NULL) {
        take_object(&bench->pending, packed->file, object);
    }
    object_release(object);
    return 0;
}

/* The very object that the item before is: a hostile tree names one a hundred thousand times. */
static bool is_repeated(const struct unpack *unpack, size_t index)
{
    return compare_packed(&unpack->items[index - 1], &unpack->items[index]) == 0;
}

static void copy_result(struct source_file *out, const struct source_file *from)
{
    out->size = from->size;
    out->fitness = from->fitness;
    out->unpacked = from->unpacked;
}

/* The files from `first` up to `end` are what is gathered: they are now in the file. */
static int write_pending(struct unpack *unpack, struct buf *pending, size_t first, size_t end,
                         struct fault *fault)
{
    uint64_t at = atomic_fetch_add(&unpack->end, pending->n);
    if (file_write_at(unpack->source->unpacked.fd, "a temporary file", buf_str(pending), (off_t)at,
                      fault) != 0) {
        return -1;
    }
    for (size_t i = first; i < end; i++) {
        struct source_file *file = unpack->items[i].file;
        if (i > first && is_repeated(unpack, i)) {
            copy_result(file, unpack->items[i - 1].file);
        } else if (file->fitness == SOURCE_FIT) {
            file->unpacked = at + 1;
            at += file->size;
        }
    }
    buf_clear(pending);
    return 0;
}

static int work(void *context, int thread, size_t index, size_t slot)
{
    struct unpack *unpack = context;
    struct bench *bench = &unpack->benches[thread];
    struct fault *fault = &unpack->fault[slot];
    size_t first = unpack->chunks[index], end = unpack->chunks[index + 1];
    int rc = 0;
    for (size_t i = first; i < end && rc == 0; i++) {
        if (i == first || !is_repeated(unpack, i)) {
            rc = read_file(bench, unpack->source, &unpack->items[i], fault);
        }
        if (rc == 0 && (bench->pending.n >= PENDING_MAX || i + 1 == end)) {
            rc = write_pending(unpack, &bench->pending, first, i + 1, fault);
            first = i + 1;
        }
    }
    return rc;
}

static int run(struct unpack *unpack, int threads, struct fault *fault)
{
    const struct parallel parallel = {
        .count = unpack->chunk_count, .threads = threads, .context = unpack, .work = work};
    for (int i = 0; i < threads; i++) {
        unpack->benches[i].pending = BUF_EMPTY;
        base_cache_init(&unpack->benches[i].cache, CACHE_BYTES);
    }
    int rc = parallel_run(&parallel);
    for (size_t i = 0; i < PARALLEL_SLOTS && rc != 0; i++) {
        if (unpack->fault[i].text[0] != '\0') {
            *fault = unpack->fault[i];
            break;
        }
    }
    for (int i = 0; i < threads; i++) {
        buf_free(&unpack->benches[i].pending);
        base_cache_free(&unpack->benches[i].cache);
    }
    return rc;
}

int source_unpack(struct source *source, struct source_files *files, int threads, int at,
                  const char *folder, struct fault *fault)
{
    struct unpack *unpack = calloc(1, sizeof *unpack);
    if (unpack == NULL) {
        arena_out_of_memory();
    }
    unpack->source = source;
    unpack->items = reallocarray(NULL, files->count + 1, sizeof *unpack->items);
    unpack->chunks = reallocarray(NULL, files->count / CHUNK_FEWEST + 2, sizeof *unpack->chunks);
    if (unpack->items == NULL || unpack->chunks == NULL) {
        arena_out_of_memory();
    }
    find_packed(unpack, files);
    cut_chunks(unpack);
    int rc = 0;
    if (unpack->count > 0) {
        rc = scratch_open(&source->unpacked, at, folder, fault) != 0 ? -1
                                                                     : run(unpack, threads, fault);
        scratch_map(&source->unpacked);
    }
    free(unpack->chunks);
    free(unpack->items);
    free(unpack);
    return rc;
}
