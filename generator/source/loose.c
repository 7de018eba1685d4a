#include "source/loose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { LOOSE_CHUNK = 16 * 1024, LOOSE_HEADER_MAX = 32 };

/* A stream that is being run. */
struct loose {
    int fd;
    z_stream stream;
    unsigned char in[LOOSE_CHUNK], out[LOOSE_CHUNK];
    git_object_t type;
    uint64_t told, got;    /* bytes of the object: by its header, and so far */
    struct str first;      /* those of the first buffer, behind the header */
    struct object *object; /* takes them; NULL where they are only counted */
    bool has_header, is_ended;
};

static const struct {
    const char *word;
    git_object_t type;
} types[] = {{"blob ", GIT_OBJECT_BLOB},
             {"tree ", GIT_OBJECT_TREE},
             {"commit ", GIT_OBJECT_COMMIT},
             {"tag ", GIT_OBJECT_TAG}};

/* "blob 12" and a NUL, without leading zeros; the bytes behind it are the object's first. */
static bool read_header(struct loose *loose, struct str bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof types / sizeof types[0] && at == 0; i++) {
        at = str_starts(bytes, str_of(types[i].word)) ? strlen(types[i].word) : 0;
        loose->type = types[i].type;
    }
    size_t first = at;
    for (; at < bytes.n && at < LOOSE_HEADER_MAX && bytes.p[at] >= '0' && bytes.p[at] <= '9';
         at++) {
        if (loose->told > UINT64_MAX / 100) {
            return false;
        }
        loose->told = loose->told * 10 + (uint64_t)(bytes.p[at] - '0');
    }
    bool has_size = at > first && (bytes.p[first] != '0' || at == first + 1);
    if (first == 0 || !has_size || at >= bytes.n || bytes.p[at] != '\0') {
        return false;
    }
    loose->first = str_from(bytes, at + 1);
    return true;
}

/* Counts the bytes, and keeps them; false where they are more than the header told. */
static bool take(struct loose *loose, struct str bytes)
{
    bool is_fit = bytes.n <= loose->told - loose->got;
    if (is_fit && loose->object != NULL && bytes.n > 0) {
        memcpy(loose->object->bytes + loose->got, bytes.p, bytes.n);
    }
    loose->got += bytes.n;
    return is_fit;
}

/* More input where all is used up; false at the end of the file and on errors. */
static bool fill(struct loose *loose)
{
    ssize_t n = 1;
    if (loose->stream.avail_in == 0) {
        do {
            n = read(loose->fd, loose->in, sizeof loose->in);
        } while (n < 0 && errno == EINTR);
        loose->stream.next_in = loose->in;
        loose->stream.avail_in = n > 0 ? (unsigned)n : 0;
    }
    return n > 0;
}

/* One buffer of output. Each call that gives none has used up input, so that all of them end. */
static bool run_chunk(struct loose *loose)
{
    int status = Z_OK;
    loose->stream.next_out = loose->out;
    loose->stream.avail_out = sizeof loose->out;
    while (status == Z_OK && loose->stream.avail_out > 0) {
        if (!fill(loose)) {
            return false;
        }
        status = inflate(&loose->stream, Z_NO_FLUSH);
    }
    loose->is_ended = status == Z_STREAM_END;
    struct str bytes = {(const char *)loose->out, sizeof loose->out - loose->stream.avail_out};
    if (status != Z_OK && !loose->is_ended) {
        return false;
    }
    if (loose->has_header) {
        return take(loose, bytes);
    }
    loose->has_header = true;
    return read_header(loose, bytes);
}

/* The first buffer holds the header, and all of a small object. */
static bool has_good_header(struct loose *loose)
{
    bool is_good = run_chunk(loose) && loose->first.n <= loose->told;
    return is_good && (!loose->is_ended || loose->first.n == loose->told);
}

/* The stream holds just what its header tells, and nothing stands behind it. */
static bool is_whole(struct loose *loose)
{
    bool is_good = take(loose, loose->first);
    while (is_good && !loose->is_ended) {
        is_good = run_chunk(loose);
    }
    return is_good && loose->got == loose->told && !fill(loose);
}

static int open_object(const struct source *source, const struct source_id *id)
{
    char text[41];
    struct buf path = BUF_EMPTY;
    source_id_format(text, id);
    buf_add_text(&path, git_repository_commondir(source->repository));
    buf_printf(&path, "/objects/%.2s/%s", text, text + 2);
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    buf_free(&path);
    return fd;
}

/* False where it is not loose: it is in a pack then, or borrowed; who finds it nowhere tells. */
static bool begin(struct loose *loose, const struct source *source, const struct source_id *id)
{
    if (!source->has_loose[id->bytes[0]]) {
        return false;
    }
    memset(&loose->stream, 0, sizeof loose->stream);
    loose->told = loose->got = 0;
    loose->object = NULL;
    loose->has_header = loose->is_ended = false;
    loose->fd = open_object(source, id);
    if (loose->fd < 0) {
        return false;
    }
    if (inflateInit(&loose->stream) != Z_OK) {
        arena_out_of_memory();
    }
    return true;
}

static void end(struct loose *loose)
{
    inflateEnd(&loose->stream);
    close(loose->fd);
}

static int damaged(const struct source_id *id, struct str path, struct fault *fault)
{
    char text[41];
    source_id_format(text, id);
    return fault_set(fault, "git object %s of \"%.*s\" is damaged: its file cannot be unpacked",
                     text, STR_ARG(path));
}

int loose_check(struct source *source, const struct source_id *id, struct str path,
                struct fault *fault)
{
    struct loose loose;
    if (!begin(&loose, source, id)) {
        return 0;
    }
    bool is_good = has_good_header(&loose) && is_whole(&loose);
    end(&loose);
    return is_good ? 0 : damaged(id, path, fault);
}

int loose_check_header(struct source *source, const struct source_id *id, struct str path,
                       struct fault *fault)
{
    struct loose loose;
    if (!begin(&loose, source, id)) {
        return 0;
    }
    bool is_good = has_good_header(&loose);
    end(&loose);
    return is_good ? 0 : damaged(id, path, fault);
}

/* 1 or -1. Memory is taken once type and size are known to be what was asked for. */
static int read_rest(struct loose *loose, const struct source_id *id,
                     const struct repository_wanted *wanted, struct fault *fault)
{
    if (!has_good_header(loose)) {
        return damaged(id, wanted->path, fault);
    }
    if (repository_check_kind(id, loose->type, loose->told, wanted, fault) != 0) {
        return -1;
    }
    loose->object = object_new(loose->type, (size_t)loose->told);
    return is_whole(loose) ? 1 : damaged(id, wanted->path, fault);
}

int loose_read(struct object **out, struct source *source, const struct source_id *id,
               const struct repository_wanted *wanted, struct fault *fault)
{
    struct loose loose;
    if (!begin(&loose, source, id)) {
        return 0;
    }
    int result = read_rest(&loose, id, wanted, fault);
    end(&loose);
    *out = loose.object;
    return result;
}

bool loose_is_there(const struct source *source, const struct source_id *id)
{
    int fd = open_object(source, id);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0 || errno != ENOENT;
}
