#include "base/parallel.h"

#include "base/arena.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

struct state {
    const struct parallel *parallel;
    pthread_mutex_t mutex;
    pthread_cond_t is_done;  /* a piece was made */
    pthread_cond_t has_room; /* a piece was taken */
    size_t next;             /* the piece to be made next */
    size_t taken;            /* pieces taken so far */
    bool is_stopped;
    bool done[PARALLEL_SLOTS];
    int result[PARALLEL_SLOTS];
};

struct worker {
    struct state *state;
    int number;
    pthread_t thread;
};

/* Claims the next piece once its slot is free; false when there is nothing more to do. */
static bool claim(struct state *state, size_t *index)
{
    pthread_mutex_lock(&state->mutex);
    while (!state->is_stopped && state->next < state->parallel->count &&
           state->next >= state->taken + PARALLEL_SLOTS) {
        pthread_cond_wait(&state->has_room, &state->mutex);
    }
    bool is_claimed = !state->is_stopped && state->next < state->parallel->count;
    if (is_claimed) {
        *index = state->next++;
    }
    pthread_mutex_unlock(&state->mutex);
    return is_claimed;
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct state *state = worker->state;
    const struct parallel *parallel = state->parallel;
    size_t index;
    while (claim(state, &index)) {
        size_t slot = index % PARALLEL_SLOTS;
        int result = parallel->work(parallel->context, worker->number, index, slot);
        pthread_mutex_lock(&state->mutex);
        state->done[slot] = true;
        state->result[slot] = result;
        pthread_cond_signal(&state->is_done);
        pthread_mutex_unlock(&state->mutex);
    }
    return NULL;
}

static int wait_for(struct state *state, size_t slot)
{
    pthread_mutex_lock(&state->mutex);
    while (!state->done[slot]) {
        pthread_cond_wait(&state->is_done, &state->mutex);
    }
    state->done[slot] = false;
    int result = state->result[slot];
    pthread_mutex_unlock(&state->mutex);
    return result;
}

static void release(struct state *state, bool is_stopped)
{
    pthread_mutex_lock(&state->mutex);
    state->taken++;
    state->is_stopped = is_stopped;
    pthread_cond_broadcast(&state->has_room);
    pthread_mutex_unlock(&state->mutex);
}

static int take_all(struct state *state)
{
    const struct parallel *parallel = state->parallel;
    int result = 0;
    for (size_t index = 0; result == 0 && index < parallel->count; index++) {
        size_t slot = index % PARALLEL_SLOTS;
        result = wait_for(state, slot);
        if (result == 0) {
            result = parallel->take(parallel->context, index, slot);
        }
        release(state, result != 0);
    }
    return result;
}

static int run_here(const struct parallel *parallel)
{
    int result = 0;
    for (size_t index = 0; result == 0 && index < parallel->count; index++) {
        size_t slot = index % PARALLEL_SLOTS;
        result = parallel->work(parallel->context, 0, index, slot);
        if (result == 0) {
            result = parallel->take(parallel->context, index, slot);
        }
    }
    return result;
}

int parallel_run(const struct parallel *parallel)
{
    if (parallel->threads <= 1 || parallel->count < 2) {
        return run_here(parallel);
    }
    struct state state = {.parallel = parallel};
    struct worker workers[PARALLEL_THREADS_MAX];
    int started = 0;
    pthread_mutex_init(&state.mutex, NULL);
    pthread_cond_init(&state.is_done, NULL);
    pthread_cond_init(&state.has_room, NULL);
    while (started < parallel->threads && started < PARALLEL_THREADS_MAX) {
        workers[started] = (struct worker){.state = &state, .number = started};
        if (pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]) != 0) {
            break;
        }
        started++;
    }
    int result = started == 0 ? run_here(parallel) : take_all(&state);
    for (int i = 0; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    pthread_cond_destroy(&state.has_room);
    pthread_cond_destroy(&state.is_done);
    pthread_mutex_destroy(&state.mutex);
    return result;
}

int parallel_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > PARALLEL_THREADS_MAX ? PARALLEL_THREADS_MAX : count;
}
