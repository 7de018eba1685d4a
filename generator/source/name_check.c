#include "source/name_check.h"

#include "base/arena.h"
#include "source/repository.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    HELD_MAX = 256,
    BYTES_MAX = 4 * 1024 * 1024,
    ENOUGH = 32, /* objects, or as many bytes, that the thread is woken for */
    ENOUGH_BYTES = 128 * 1024
};

struct held {
    struct object *object;
    struct source_id id;
};

struct name_check {
    pthread_t thread;
    bool is_wrong; /* the thread's */
    pthread_mutex_t mutex;
    pthread_cond_t has_work, has_room;
    struct held held[HELD_MAX];
    size_t count, bytes;
    bool is_ended;
};

/* All that is held, once it is enough; 0 at the end. */
static size_t take(struct name_check *check, struct held out[HELD_MAX])
{
    pthread_mutex_lock(&check->mutex);
    while (check->count < ENOUGH && check->bytes < ENOUGH_BYTES && !check->is_ended) {
        pthread_cond_wait(&check->has_work, &check->mutex);
    }
    size_t count = check->count;
    memcpy(out, check->held, count * sizeof *out);
    check->count = check->bytes = 0;
    pthread_cond_signal(&check->has_room);
    pthread_mutex_unlock(&check->mutex);
    return count;
}

static void *run(void *argument)
{
    struct name_check *check = argument;
    struct held held[HELD_MAX];
    struct fault ignored; /* who reads anew meets it again */
    for (size_t count; (count = take(check, held)) > 0;) {
        for (size_t i = 0; i < count; i++) {
            check->is_wrong =
                check->is_wrong || repository_has_name(held[i].object, &held[i].id, &ignored) != 1;
            object_release(held[i].object);
        }
    }
    return NULL;
}

struct name_check *name_check_start(void)
{
    struct name_check *check = calloc(1, sizeof *check);
    if (check == NULL) {
        arena_out_of_memory();
    }
    pthread_mutex_init(&check->mutex, NULL);
    pthread_cond_init(&check->has_work, NULL);
    pthread_cond_init(&check->has_room, NULL);
    if (pthread_create(&check->thread, NULL, run, check) != 0) {
        free(check);
        return NULL;
    }
    return check;
}

void name_check_put(struct name_check *check, struct object *object, const struct source_id *id)
{
    pthread_mutex_lock(&check->mutex);
    while (check->count == HELD_MAX || check->bytes > BYTES_MAX) {
        pthread_cond_wait(&check->has_room, &check->mutex);
    }
    check->held[check->count++] = (struct held){object_hold(object), *id};
    check->bytes += object->size;
    bool is_enough = check->count >= ENOUGH || check->bytes >= ENOUGH_BYTES;
    pthread_mutex_unlock(&check->mutex);
    if (is_enough) {
        pthread_cond_signal(&check->has_work);
    }
}

bool name_check_end(struct name_check *check)
{
    if (check == NULL) {
        return true;
    }
    pthread_mutex_lock(&check->mutex);
    check->is_ended = true;
    pthread_cond_signal(&check->has_work);
    pthread_mutex_unlock(&check->mutex);
    pthread_join(check->thread, NULL);
    bool is_right = !check->is_wrong;
    pthread_cond_destroy(&check->has_work);
    pthread_cond_destroy(&check->has_room);
    pthread_mutex_destroy(&check->mutex);
    free(check);
    return is_right;
}
