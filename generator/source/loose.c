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
    uint64_t told, got; /* bytes of the object: by its header, and so far */
    bool has_header, is_ended;
};

static const char *const types[] = {"blob ", "tree ", "commit ", "tag "};

/* "blob 12" and a NUL, without leading zeros; the bytes behind it are the object's first. */
static bool read_header(struct loose *loose, struct str bytes)
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof types / sizeof types[0] && at == 0; i++) {
        at = str_starts(bytes, str_of(types[i])) ? strlen(types[i]) : 0;
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
    loose->got = bytes.n - at - 1;
    return true;
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
    size_t n = sizeof loose->out - loose->stream.avail_out;
    if (status != Z_OK && !loose->is_ended) {
        return false;
    }
    if (!loose->has_header) {
        loose->has_header = true;
        return read_header(loose, (struct str){(const char *)loose->out, n});
    }
    loose->got += n;
    return true;
}

/* The stream holds just what its header tells, and nothing stands behind it. */
static bool is_whole(struct loose *loose)
{
    bool is_good = true;
    while (is_good && !loose->is_ended && loose->got <= loose->told) {
        is_good = run_chunk(loose);
    }
    return is_good && loose->is_ended && loose->got == loose->told && !fill(loose);
}

/* The first buffer holds the header, and all of a small object. */
static bool has_good_header(struct loose *loose)
{
    bool is_good = run_chunk(loose) && loose->got <= loose->told;
    return is_good && (!loose->is_ended || loose->got == loose->told);
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

static int check(struct source *source, const struct source_id *id, struct str path,
                 bool (*is_good)(struct loose *loose), struct fault *fault)
{
    if (!source->has_loose[id->bytes[0]]) {
        return 0;
    }
    struct loose loose;
    memset(&loose.stream, 0, sizeof loose.stream);
    loose.told = loose.got = 0;
    loose.has_header = loose.is_ended = false;
    loose.fd = open_object(source, id);
    if (loose.fd < 0) {
        return 0; /* in a pack, or borrowed; whoever reads it tells where it is in neither */
    }
    bool is_started = inflateInit(&loose.stream) == Z_OK;
    bool is_fit = is_started && is_good(&loose);
    if (is_started) {
        inflateEnd(&loose.stream);
    }
    close(loose.fd);
    if (is_fit) {
        return 0;
    }
    char text[41];
    source_id_format(text, id);
    return fault_set(fault, "git object %s of \"%.*s\" is damaged: its file cannot be unpacked",
                     text, STR_ARG(path));
}

int loose_check(struct source *source, const struct source_id *id, struct str path,
                struct fault *fault)
{
    return check(source, id, path, is_whole, fault);
}

int loose_check_header(struct source *source, const struct source_id *id, struct str path,
                       struct fault *fault)
{
    return check(source, id, path, has_good_header, fault);
}

bool loose_is_there(const struct source *source, const struct source_id *id)
{
    int fd = open_object(source, id);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0 || errno != ENOENT;
}
