#include "commands/spool.h"

#include "base/arena.h"
#include "base/file.h"

#include <stdlib.h>

enum { PENDING_MAX = 1024 * 1024 };

int spool_open(struct spool *out, int at, struct fault *fault)
{
    *out = (struct spool){.pending = BUF_EMPTY};
    return scratch_open(&out->file, at, ".", fault);
}

static int write_pending(struct spool *spool, struct fault *fault)
{
    if (file_write_all(spool->file.fd, buf_str(&spool->pending), fault) != 0) {
        return -1;
    }
    buf_clear(&spool->pending);
    return 0;
}

int spool_flush(struct spool *spool, struct fault *fault)
{
    int rc = write_pending(spool, fault);
    if (rc == 0) {
        scratch_map(&spool->file);
    }
    return rc;
}

static void make_room(struct spool *spool, size_t id)
{
    size_t count = spool->count == 0 ? 1024 : spool->count;
    while (count <= id) {
        count *= 2;
    }
    struct spool_place *places = reallocarray(spool->places, count, sizeof *places);
    if (places == NULL) {
        arena_out_of_memory();
    }
    for (size_t i = spool->count; i < count; i++) {
        places[i] = (struct spool_place){-1, 0};
    }
    spool->places = places;
    spool->count = count;
}

int spool_put(struct spool *spool, int64_t id, struct str body, struct fault *fault)
{
    if (id < 1) {
        return fault_set(fault, "a body of no record");
    }
    if ((size_t)id >= spool->count) {
        make_room(spool, (size_t)id);
    }
    spool->places[id] = (struct spool_place){spool->end, (int64_t)body.n};
    spool->end += (int64_t)body.n;
    buf_add(&spool->pending, body);
    return spool->pending.n < PENDING_MAX ? 0 : write_pending(spool, fault);
}

bool spool_has(const struct spool *spool, int64_t id)
{
    return id >= 0 && (size_t)id < spool->count && spool->places[id].offset >= 0;
}

int spool_get(const struct spool *spool, int64_t id, struct buf *out, struct fault *fault)
{
    if (!spool_has(spool, id)) {
        return 0;
    }
    struct spool_place place = spool->places[id];
    return scratch_read(&spool->file, out, (size_t)place.size, (uint64_t)place.offset, fault);
}

struct scratch spool_take_file(struct spool *spool)
{
    struct scratch file = scratch_take(&spool->file);
    buf_free(&spool->pending);
    free(spool->places);
    *spool = (struct spool){.file = SCRATCH_NONE, .pending = BUF_EMPTY};
    return file;
}

void spool_close(struct spool *spool)
{
    struct scratch file = spool_take_file(spool);
    scratch_close(&file);
}
