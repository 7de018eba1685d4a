#include "store/gather.h"

#include "base/arena.h"
#include "base/beside.h"
#include "base/buf.h"
#include "store/fts_runs.h"
#include "store/fts_words.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENOUGH = 64 * 1024, /* bytes of texts that are worth it: some thirty records */
    TOO_MUCH = 2 * 1024 * 1024
};

/* What stands before the texts of a record that waits. */
struct head {
    int64_t id;
    size_t n[FTS_COLUMNS];
};

struct gather {
    char *path;
    struct fts_words *words;
    struct fts_runs *runs; /* NULL while all is in memory */
    struct gather_size *sizes;
    size_t count, capacity;
    int result;
    struct fault fault;
    bool is_shared, is_ending;
    struct beside rest;
    pthread_mutex_t mutex; /* of what follows; whoever is cutting has all above for itself */
    pthread_cond_t has_room;
    struct buf waiting, spare;
    bool is_cutting;
};

struct gather *gather_new(const char *path)
{
    struct gather *gather = calloc(1, sizeof *gather);
    if (gather == NULL || (gather->path = strdup(path)) == NULL) {
        arena_out_of_memory();
    }
    gather->words = fts_words_new();
    gather->waiting = gather->spare = BUF_EMPTY;
    pthread_mutex_init(&gather->mutex, NULL);
    pthread_cond_init(&gather->has_room, NULL);
    return gather;
}

static int spill(struct gather *gather)
{
    if (gather->runs == NULL && fts_runs_open(&gather->runs, gather->path, &gather->fault) != 0) {
        return -1;
    }
    return fts_runs_add(gather->runs, gather->words, &gather->fault);
}

/* The last words go to the file too, and their memory is given back. */
static int end_runs(struct gather *gather)
{
    int rc = spill(gather);
    fts_words_free(gather->words);
    gather->words = NULL;
    return rc;
}

static struct gather_size *new_size(struct gather *gather, int64_t id)
{
    if (gather->count == gather->capacity) {
        gather->capacity = gather->capacity == 0 ? 1024 : gather->capacity * 2;
        gather->sizes = reallocarray(gather->sizes, gather->capacity, sizeof *gather->sizes);
        if (gather->sizes == NULL) {
            arena_out_of_memory();
        }
    }
    struct gather_size *size = &gather->sizes[gather->count++];
    size->id = id;
    return size;
}

static int add(struct gather *gather, int64_t id, const struct str columns[FTS_COLUMNS])
{
    if (gather->count > 0 && gather->sizes[gather->count - 1].id >= id) {
        return fault_set(&gather->fault, "records come to the index out of order");
    }
    struct gather_size *size = new_size(gather, id);
    fts_words_begin(gather->words, id);
    for (int i = 0; i < FTS_COLUMNS; i++) {
        if (!fts_words_add(gather->words, i, columns[i], &size->places[i])) {
            return fault_set(&gather->fault, "a record is too long for the index: %.*s",
                             STR_ARG(columns[1]));
        }
    }
    return fts_words_is_full(gather->words) ? spill(gather) : 0;
}

static void add_all(struct gather *gather, struct str texts)
{
    struct head head;
    for (; gather->result == 0 && texts.n > 0;) {
        struct str columns[FTS_COLUMNS];
        memcpy(&head, texts.p, sizeof head);
        texts = str_from(texts, sizeof head);
        for (int i = 0; i < FTS_COLUMNS; i++) {
            columns[i] = str_slice(texts, 0, head.n[i]);
            texts = str_from(texts, head.n[i]);
        }
        gather->result = add(gather, head.id, columns);
    }
}

void gather_share(struct gather *gather)
{
    gather->is_shared = true;
}

/* Cuts what waits. The caller holds the lock, and holds it again behind; nobody is cutting. */
static void cut_waiting(struct gather *gather)
{
    struct buf texts = gather->waiting;
    gather->waiting = gather->spare;
    gather->is_cutting = true;
    pthread_mutex_unlock(&gather->mutex);
    add_all(gather, buf_str(&texts));
    buf_clear(&texts);
    pthread_mutex_lock(&gather->mutex);
    gather->spare = texts;
    gather->is_cutting = false;
    pthread_cond_signal(&gather->has_room);
}

void gather_help(struct gather *gather)
{
    pthread_mutex_lock(&gather->mutex);
    if (gather->waiting.n >= ENOUGH && !gather->is_cutting) {
        cut_waiting(gather);
    }
    pthread_mutex_unlock(&gather->mutex);
}

static void put_waiting(struct gather *gather, int64_t id, const struct str columns[FTS_COLUMNS])
{
    struct head head = {.id = id};
    for (int i = 0; i < FTS_COLUMNS; i++) {
        head.n[i] = columns[i].n;
    }
    pthread_mutex_lock(&gather->mutex);
    while (gather->waiting.n > TOO_MUCH) {
        if (gather->is_cutting) {
            pthread_cond_wait(&gather->has_room, &gather->mutex);
        } else {
            cut_waiting(gather);
        }
    }
    buf_add(&gather->waiting, (struct str){(const char *)&head, sizeof head});
    for (int i = 0; i < FTS_COLUMNS; i++) {
        buf_add(&gather->waiting, columns[i]);
    }
    pthread_mutex_unlock(&gather->mutex);
}

void gather_put(struct gather *gather, int64_t id, const struct str columns[FTS_COLUMNS])
{
    if (gather->is_shared) {
        put_waiting(gather, id, columns);
    } else if (gather->result == 0) {
        gather->result = add(gather, id, columns);
    }
}

static int finish(void *context, struct fault *fault)
{
    struct gather *gather = context;
    pthread_mutex_lock(&gather->mutex);
    cut_waiting(gather);
    pthread_mutex_unlock(&gather->mutex);
    if (gather->result == 0 && gather->runs != NULL) {
        gather->result = end_runs(gather);
    }
    *fault = gather->fault;
    return gather->result;
}

void gather_end(struct gather *gather)
{
    if (gather->is_shared && !gather->is_ending) {
        gather->is_ending = true;
        beside_start(&gather->rest, finish, gather);
    }
}

int gather_wait(struct gather *gather, struct fault *fault)
{
    gather_end(gather);
    if (gather->is_ending) {
        gather->is_shared = gather->is_ending = false;
        return beside_end(&gather->rest, 0, fault);
    }
    if (gather->result != 0) {
        *fault = gather->fault;
    }
    return gather->result;
}

const struct gather_size *gather_sizes(const struct gather *gather, size_t *count)
{
    *count = gather->count;
    return gather->sizes;
}

int gather_write(struct gather *gather, struct fts_segment *segment, struct fault *fault)
{
    if (gather->runs != NULL) {
        if (gather->words != NULL && end_runs(gather) != 0) {
            *fault = gather->fault;
            return -1;
        }
        return fts_runs_write(gather->runs, segment, fault);
    }
    struct fts_word word;
    fts_words_sort(gather->words);
    while (fts_words_next(gather->words, &word)) {
        fts_segment_put_word(segment, word.text);
        fts_segment_put_list(segment, word.list);
    }
    return 0;
}

void gather_free(struct gather *gather)
{
    if (gather == NULL) {
        return;
    }
    struct fault ignored;
    if (gather->is_ending) { /* else the rest need not be done */
        (void)gather_wait(gather, &ignored);
    }
    pthread_mutex_destroy(&gather->mutex);
    pthread_cond_destroy(&gather->has_room);
    fts_words_free(gather->words);
    fts_runs_close(gather->runs);
    buf_free(&gather->waiting);
    buf_free(&gather->spare);
    free(gather->sizes);
    free(gather->path);
    free(gather);
}
