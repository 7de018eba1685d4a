#include "commands/spool.h"

#include "base/arena.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PENDING_MAX = 1024 * 1024 };

int spool_open(struct spool *out, int at, struct fault *fault)
{
    *out = (struct spool){.pending = BUF_EMPTY};
    out->fd = openat(at, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (out->fd < 0) {
        out->fd = memfd_create("gongkai-bodies", MFD_CLOEXEC);
    }
    return out->fd < 0 ? fault_errno(fault, "cannot make a temporary file") : 0;
}

int spool_flush(struct spool *spool, struct fault *fault)
{
    if (file_write_all(spool->fd, buf_str(&spool->pending), fault) != 0) {
        return -1;
    }
    buf_clear(&spool->pending);
    return 0;
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
    if ((size_t)id >= spool->count) {
        make_room(spool, (size_t)id);
    }
    spool->places[id] = (struct spool_place){spool->end, (int64_t)body.n};
    spool->end += (int64_t)body.n;
    buf_add(&spool->pending, body);
    return spool->pending.n < PENDING_MAX ? 0 : spool_flush(spool, fault);
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
    while (place.size > 0) {
        char *end = buf_reserve(out, (size_t)place.size);
        ssize_t n = pread(spool->fd, end, (size_t)place.size, place.offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? fault_set(fault, "the temporary file of bodies is too short")
                          : fault_errno(fault, "cannot read the temporary file of bodies");
        }
        out->n += (size_t)n;
        out->p[out->n] = '\0';
        place.offset += n;
        place.size -= n;
    }
    return 0;
}

void spool_close(struct spool *spool)
{
    if (spool->fd >= 0) {
        close(spool->fd);
    }
    buf_free(&spool->pending);
    free(spool->places);
    *spool = (struct spool){.fd = -1, .pending = BUF_EMPTY};
}
