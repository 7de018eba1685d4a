#include "commands/copy.h"

#include "base/arena.h"
#include "base/file.h"
#include "commands/published.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct copy {
    pthread_t thread;
    bool has_thread;
    int target, remembered; /* open folders */
    const char *database, *memory;
    int result;
    struct fault fault;
};

static void *run(void *argument)
{
    struct copy *copy = argument;
    copy->result = -1;
    if (file_make_parents(AT_FDCWD, copy->database, &copy->fault) == 0 &&
        file_copy(copy->target, "data/search.db", copy->database, 0644, &copy->fault) == 0) {
        copy->result =
            file_copy(copy->remembered, PUBLISH_REMEMBERED, copy->memory, 0600, &copy->fault);
    }
    return NULL;
}

void copy_start(struct copy **out, const struct publish *publish, const char *database,
                const char *memory)
{
    struct copy *copy = calloc(1, sizeof *copy);
    if (copy == NULL) {
        arena_out_of_memory();
    }
    copy->target = publish_target(publish);
    copy->remembered = publish_memory(publish);
    copy->database = database;
    copy->memory = memory;
    copy->has_thread = pthread_create(&copy->thread, NULL, run, copy) == 0;
    *out = copy;
}

int copy_wait(struct copy *copy, struct fault *fault)
{
    if (copy->has_thread) {
        pthread_join(copy->thread, NULL);
    } else {
        run(copy);
    }
    int result = copy->result;
    if (result != 0) {
        *fault = copy->fault;
    }
    free(copy);
    return result;
}

void copy_drop(struct copy *copy)
{
    if (copy == NULL) {
        return;
    }
    if (copy->has_thread) {
        pthread_join(copy->thread, NULL);
    }
    unlink(copy->database);
    unlink(copy->memory);
    free(copy);
}
