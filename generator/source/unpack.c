/* Many files at once, in the order of their packs. */
#include "base/file.h"
#include "base/parallel.h"
#include "source/repository.h"

#include <stdlib.h>

enum {
    FEWEST = 64,             /* files for which it pays */
    CHUNK_FILES = 1024,      /* of one piece of work: longer than chains of deltas are */
    PENDING_MAX = 256 * 1024 /* bytes that a thread gathers before they are written */
};

/* A file, and where it stands. */
struct packed {
    struct pack_place place;
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
    return packs_compare(&x->place, &y->place);
}

/* Those that are no deltas too: later no page of the pack has to be in memory any more. */
static void find_packed(struct unpack *unpack, struct source_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        struct packed packed = {.file = &files->items[i]};
        if (source_is_text(packed.file->path) &&
            packs_find(&packed.place, unpack->source->packs, &packed.file->blob)) {
            unpack->items[unpack->count++] = packed;
        }
    }
    if (unpack->count > 1) {
        qsort(unpack->items, unpack->count, sizeof *unpack->items, compare_packed);
    }
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
        unpack->items[i].file->unpacked = at + 1;
        at += unpack->items[i].file->size;
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
        rc = source_read(unpack->source, &pending, unpack->items[i].file, fault);
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
    if (unpack->count >= FEWEST) {
        source->unpacked = file_temporary(at, folder, fault);
        rc = source->unpacked < 0 ? -1 : run(unpack, threads, fault);
    }
    free(unpack->items);
    free(unpack);
    return rc;
}
