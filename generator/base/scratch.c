#include "base/scratch.h"

#include "base/file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int scratch_open(struct scratch *out, int at, const char *folder, struct fault *fault)
{
    *out = (struct scratch)SCRATCH_NONE;
    out->fd = file_temporary(at, folder, fault);
    return out->fd < 0 ? -1 : 0;
}

void scratch_map(struct scratch *scratch)
{
    struct stat status;
    if (scratch->mapped != NULL || fstat(scratch->fd, &status) != 0 || status.st_size <= 0) {
        return;
    }
    size_t size = status.st_size < SCRATCH_MAPPED_MAX ? (size_t)status.st_size : SCRATCH_MAPPED_MAX;
    void *p = mmap(NULL, size, PROT_READ, MAP_SHARED, scratch->fd, 0);
    if (p != MAP_FAILED) {
        scratch->mapped = p;
        scratch->mapped_size = size;
    }
}

void scratch_unmap(struct scratch *scratch)
{
    if (scratch->mapped != NULL) {
        munmap((void *)scratch->mapped, scratch->mapped_size);
    }
    scratch->mapped = NULL;
    scratch->mapped_size = 0;
}

int scratch_read(const struct scratch *scratch, struct buf *out, size_t size, uint64_t offset,
                 struct fault *fault)
{
    if (offset <= scratch->mapped_size && size <= scratch->mapped_size - offset) {
        buf_add(out, (struct str){scratch->mapped + offset, size});
        return 0;
    }
    return file_read_at(out, scratch->fd, "a temporary file", size, (off_t)offset, fault);
}

struct scratch scratch_take(struct scratch *scratch)
{
    struct scratch taken = *scratch;
    *scratch = (struct scratch)SCRATCH_NONE;
    return taken;
}

void scratch_close(struct scratch *scratch)
{
    scratch_unmap(scratch);
    if (scratch->fd >= 0) {
        close(scratch->fd);
    }
    scratch->fd = -1;
}

static int close_file(void *context, struct fault *fault)
{
    (void)fault; /* nobody needs what it has */
    scratch_close(context);
    return 0;
}

void scratch_close_beside(struct scratch_closing *out, struct scratch file)
{
    if (file.fd < 0) {
        return;
    }
    out->file = file;
    out->is_begun = true;
    beside_start(&out->beside, close_file, &out->file);
}

void scratch_close_end(struct scratch_closing *closing)
{
    struct fault ignored;
    if (closing->is_begun) {
        beside_end(&closing->beside, 0, &ignored);
    }
    closing->is_begun = false;
}
