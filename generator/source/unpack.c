/* All text at once, in the order of the packs. */
#include "base/file.h"
#include "base/parallel.h"
#include "source/fit.h"
#include "source/repository.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_FILES = 1024,      /* of one piece of work: longer than chains of deltas are */
    PENDING_MAX = 256 * 1024 /* bytes that a thread gathers before they are written */
};

/* A file, and where it stands. */
struct packed {
    struct pack_place place; /* its pack is NULL where it is in none */
    struct source_file *file;
};

struct unpack {
    struct source *source;
    struct packed *items;
    size_t count;
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

/* Whose size was not read yet: appends it to `out`, if it is fit. */
static int read_unread(struct buf *out, struct source *source, const struct packed *packed,
                       struct fault *fault)
{
    struct object *object = NULL;
    struct source_file *file = packed->file;
    int status = packed->place.pack == NULL
                     ? 0
                     : repository_read_packed(&object, source, &packed->place, &file->blob,
                                              fit_limit(file->path), fault);
    if (status < 0 || (status == 0 && read_elsewhere(&object, source, file, fault) < 0)) {
        return -1;
    }
    if (object == NULL) {
        return 0; /* too large */
    }
    file->size = object->size;
    if (fit_may_be_pointer(file) && fit_is_pointer(object_str(object))) {
        file->fitness = SOURCE_POINTER;
    } else {
        buf_add(out, object_str(object));
    }
    object_release(object);
    return 0;
}

static int read_file(struct buf *out, struct source *source, const struct packed *packed,
                     struct fault *fault)
{
    return packed->file->size == SOURCE_SIZE_UNREAD ? read_unread(out, source, packed, fault)
                                                    : source_read(source, out, packed->file, fault);
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
    if (file_write_at(unpack->source->unpacked, buf_str(pending), (off_t)at, fault) != 0) {
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
    struct fault *fault = &unpack->fault[slot];
    size_t first = index * CHUNK_FILES;
    size_t end = first + CHUNK_FILES < unpack->count ? first + CHUNK_FILES : unpack->count;
    struct buf pending = BUF_EMPTY;
    int rc = 0;
    (void)thread;
    for (size_t i = first; i < end && rc == 0; i++) {
        if (i == first || !is_repeated(unpack, i)) {
            rc = read_file(&pending, unpack->source, &unpack->items[i], fault);
        }
        if (rc == 0 && (pending.n >= PENDING_MAX || i + 1 == end)) {
            rc = write_pending(unpack, &pending, first, i + 1, fault);
            first = i + 1;
        }
    }
    buf_free(&pending);
    return rc;
}

static int run(struct unpack *unpack, int threads, struct fault *fault)
{
    const struct parallel parallel = {.count = (unpack->count + CHUNK_FILES - 1) / CHUNK_FILES,
                                      .threads = threads,
                                      .context = unpack,
                                      .work = work};
    int rc = parallel_run(&parallel);
    for (size_t i = 0; i < PARALLEL_SLOTS && rc != 0; i++) {
        if (unpack->fault[i].text[0] != '\0') {
            *fault = unpack->fault[i];
            break;
        }
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
    if (unpack->items == NULL) {
        arena_out_of_memory();
    }
    find_packed(unpack, files);
    int rc = 0;
    if (unpack->count > 0) {
        source->unpacked = file_temporary(at, folder, fault);
        rc = source->unpacked < 0 ? -1 : run(unpack, threads, fault);
    }
    free(unpack->items);
    free(unpack);
    return rc;
}
