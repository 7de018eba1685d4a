#include "base/parallel.h"

#include "base/arena.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

struct state {
    const struct parallel *parallel;
    pthread_mutex_t mutex;
    pthread_cond_t has_room; /* a piece was taken, or all is over */
    size_t slots;
    size_t next;    /* the piece to be made next */
    size_t taken;   /* pieces taken so far */
    bool is_taking; /* one thread is at it */
    bool is_stopped;
    int result; /* what stopped it */
    bool done[PARALLEL_SLOTS];
    int results[PARALLEL_SLOTS];
};

struct worker {
    struct state *state;
    int number;
    pthread_t thread;
};

/* Claims the next piece once its slot is free; false when there is nothing more to do. */
static bool claim(struct state *state, size_t *index)
{
    while (!state->is_stopped && state->next < state->parallel->count &&
           state->next >= state->taken + state->slots) {
        pthread_cond_wait(&state->has_room, &state->mutex);
    }
    bool is_claimed = !state->is_stopped && state->next < state->parallel->count;
    if (is_claimed) {
        *index = state->next++;
    }
    return is_claimed;
}

/* Without the lock, which the caller holds before and after. */
static int take_one(struct state *state, size_t index, size_t slot)
{
    const struct parallel *parallel = state->parallel;
    int result = state->results[slot];
    if (result == 0 && parallel->take != NULL) {
        pthread_mutex_unlock(&state->mutex);
        result = parallel->take(parallel->context, index, slot);
        pthread_mutex_lock(&state->mutex);
    }
    return result;
}

/* What is made and next in turn; another thread that is taking already will come to it. */
static void take_ready(struct state *state)
{
    if (state->is_taking) {
        return;
    }
    state->is_taking = true;
    for (size_t slot = state->taken % state->slots; state->done[slot] && !state->is_stopped;
         slot = state->taken % state->slots) {
        state->done[slot] = false;
        state->result = take_one(state, state->taken, slot);
        state->is_stopped = state->result != 0;
        bool was_full = state->next >= state->taken++ + state->slots;
        if (was_full || state->is_stopped) {
            pthread_cond_broadcast(&state->has_room);
        }
    }
    state->is_taking = false;
}

static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct state *state = worker->state;
    const struct parallel *parallel = state->parallel;
    size_t index;
    pthread_mutex_lock(&state->mutex);
    while (claim(state, &index)) {
        size_t slot = index % state->slots;
        pthread_mutex_unlock(&state->mutex);
        int result = parallel->work(parallel->context, worker->number, index, slot);
        pthread_mutex_lock(&state->mutex);
        state->done[slot] = true;
        state->results[slot] = result;
        take_ready(state);
        if (parallel->aside != NULL) {
            pthread_mutex_unlock(&state->mutex);
            parallel->aside(parallel->context);
            pthread_mutex_lock(&state->mutex);
        }
    }
    pthread_mutex_unlock(&state->mutex);
    return NULL;
}

/* A thread that cannot be started is one less: the calling thread alone does it all too. */
static int start_others(struct worker *workers, const struct parallel *parallel)
{
    int started = 1;
    size_t most = parallel->count < PARALLEL_THREADS_MAX ? parallel->count : PARALLEL_THREADS_MAX;
    while (started < parallel->threads && (size_t)started < most) {
        workers[started] = (struct worker){.state = workers[0].state, .number = started};
        if (pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]) != 0) {
            break;
        }
        started++;
    }
    return started;
}

int parallel_run(const struct parallel *parallel)
{
    struct state state = {.parallel = parallel,
                          .slots = parallel->slots == 0 ? PARALLEL_SLOTS : parallel->slots};
    struct worker workers[PARALLEL_THREADS_MAX];
    pthread_mutex_init(&state.mutex, NULL);
    pthread_cond_init(&state.has_room, NULL);
    workers[0] = (struct worker){.state = &state};
    int started = start_others(workers, parallel);
    run_worker(&workers[0]);
    for (int i = 1; i < started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    pthread_cond_destroy(&state.has_room);
    pthread_mutex_destroy(&state.mutex);
    return state.result;
}

int parallel_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > PARALLEL_THREADS_MAX ? PARALLEL_THREADS_MAX : count;
}
