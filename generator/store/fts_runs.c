#include "store/fts_runs.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "store/fts_varint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRITE_BYTES = 256 * 1024, READ_BYTES = 64 * 1024 };

struct run {
    int64_t at, end; /* what was not read yet, in the file */
    struct buf bytes;
    size_t next; /* what was not used yet, in `bytes` */
    bool has_word;
    struct str word, list;
};

struct fts_runs {
    int fd;
    int64_t end;
    struct run *items;
    size_t count;
};

/* Nobody else can see the file: its name is gone before anything is in it. */
static int open_file(const char *beside, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%s-words", beside);
    int fd = open(path.p, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        fault_errno(fault, "cannot make %s", path.p);
    } else if (unlink(path.p) != 0) {
        fault_errno(fault, "cannot remove %s", path.p);
        close(fd);
        fd = -1;
    }
    buf_free(&path);
    return fd;
}

int fts_runs_open(struct fts_runs **out, const char *beside, struct fault *fault)
{
    int fd = open_file(beside, fault);
    if (fd < 0) {
        return -1;
    }
    struct fts_runs *runs = calloc(1, sizeof *runs);
    if (runs == NULL) {
        arena_out_of_memory();
    }
    runs->fd = fd;
    *out = runs;
    return 0;
}

void fts_runs_close(struct fts_runs *runs)
{
    if (runs == NULL) {
        return;
    }
    for (size_t i = 0; i < runs->count; i++) {
        buf_free(&runs->items[i].bytes);
    }
    free(runs->items);
    close(runs->fd);
    free(runs);
}

/* Length of what follows; length of the word; the word; its list. */
static void put_word(struct buf *out, const struct fts_word *word)
{
    unsigned char *at = (unsigned char *)buf_reserve(out, FTS_VARINT_SIZE + 1);
    size_t n = fts_varint_put(at, 1 + word->text.n + word->list.n);
    at[n] = (unsigned char)word->text.n;
    out->n += n + 1;
    buf_add(out, word->text);
    buf_add(out, word->list);
}

static int write_out(struct fts_runs *runs, struct buf *pending, struct fault *fault)
{
    runs->end += (int64_t)pending->n;
    int rc = file_write_all(runs->fd, buf_str(pending), fault);
    buf_clear(pending);
    return rc;
}

static int write_words(struct fts_runs *runs, struct fts_words *words, struct fault *fault)
{
    struct buf pending = BUF_EMPTY;
    struct fts_word word;
    int rc = 0;
    while (rc == 0 && fts_words_next(words, &word)) {
        put_word(&pending, &word);
        rc = pending.n < WRITE_BYTES ? 0 : write_out(runs, &pending, fault);
    }
    rc = rc == 0 ? write_out(runs, &pending, fault) : rc;
    buf_free(&pending);
    return rc;
}

int fts_runs_add(struct fts_runs *runs, struct fts_words *words, struct fault *fault)
{
    struct run run = {.at = runs->end, .bytes = BUF_EMPTY};
    fts_words_sort(words);
    if (write_words(runs, words, fault) != 0) {
        return -1;
    }
    fts_words_clear(words);
    run.end = runs->end;
    runs->items = reallocarray(runs->items, runs->count + 1, sizeof *runs->items);
    if (runs->items == NULL) {
        arena_out_of_memory();
    }
    runs->items[runs->count++] = run;
    return 0;
}

static int read_some(struct fts_runs *runs, struct run *run, size_t wanted, struct fault *fault)
{
    size_t rest = (size_t)(run->end - run->at);
    size_t n = wanted > READ_BYTES ? wanted : READ_BYTES;
    n = n < rest ? n : rest;
    ssize_t got;
    do {
        got = pread(runs->fd, buf_reserve(&run->bytes, n), n, run->at);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return fault_errno(fault, "cannot read the words of the index");
    }
    if (got == 0) {
        return fault_set(fault, "the file of the index's words is too short");
    }
    run->bytes.n += (size_t)got;
    run->at += got;
    return 0;
}

/* Brings `wanted` bytes behind `next`, as far as the run has them. */
static int fill(struct fts_runs *runs, struct run *run, size_t wanted, struct fault *fault)
{
    size_t has = run->bytes.n - run->next;
    if (has >= wanted) {
        return 0;
    }
    memmove(run->bytes.p, run->bytes.p + run->next, has);
    buf_truncate(&run->bytes, has);
    run->next = 0;
    while (run->bytes.n < wanted && run->at < run->end) {
        if (read_some(runs, run, wanted - run->bytes.n, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

static int damaged(struct fault *fault)
{
    return fault_set(fault, "the file of the index's words is damaged");
}

/* The next word and its list, side by side in the run's buffer. */
static int read_word(struct fts_runs *runs, struct run *run, struct fault *fault)
{
    run->has_word = run->next < run->bytes.n || run->at < run->end;
    if (!run->has_word) {
        return 0;
    }
    uint64_t n;
    if (fill(runs, run, FTS_VARINT_SIZE, fault) != 0) {
        return -1;
    }
    const unsigned char *p = (const unsigned char *)run->bytes.p;
    size_t size = fts_varint_get(p + run->next, p + run->bytes.n, &n);
    if (size == 0 || n == 0 || n > (uint64_t)run->end) {
        return damaged(fault);
    }
    run->next += size;
    if (fill(runs, run, (size_t)n, fault) != 0) {
        return -1;
    }
    struct str all = str_slice(buf_str(&run->bytes), run->next, run->next + (size_t)n);
    size_t word_n = all.n > 0 ? (unsigned char)all.p[0] : 0;
    if (all.n != n || 1 + word_n > all.n) {
        return damaged(fault);
    }
    run->word = str_slice(all, 1, 1 + word_n);
    run->list = str_from(all, 1 + word_n);
    run->next += (size_t)n;
    return 0;
}

static const struct run *first_word(const struct fts_runs *runs)
{
    const struct run *first = NULL;
    for (size_t i = 0; i < runs->count; i++) {
        const struct run *run = &runs->items[i];
        if (run->has_word && (first == NULL || str_compare(run->word, first->word) < 0)) {
            first = run;
        }
    }
    return first;
}

/* The word of the run, and what all of them have of it: ids ascend from run to run. */
static int write_word(struct fts_runs *runs, const struct run *first, struct fts_segment *segment,
                      struct fault *fault)
{
    char text[UINT8_MAX];
    struct str word = {text, first->word.n};
    memcpy(text, first->word.p, word.n);
    fts_segment_put_word(segment, word);
    for (size_t i = 0; i < runs->count; i++) {
        struct run *run = &runs->items[i];
        if (!run->has_word || !str_equal(run->word, word)) {
            continue;
        }
        fts_segment_put_list(segment, run->list);
        if (read_word(runs, run, fault) != 0) {
            return -1;
        }
    }
    return 0;
}

int fts_runs_write(struct fts_runs *runs, struct fts_segment *segment, struct fault *fault)
{
    for (size_t i = 0; i < runs->count; i++) {
        if (read_word(runs, &runs->items[i], fault) != 0) {
            return -1;
        }
    }
    for (const struct run *first; (first = first_word(runs)) != NULL;) {
        if (write_word(runs, first, segment, fault) != 0) {
            return -1;
        }
    }
    return 0;
}
