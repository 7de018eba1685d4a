#include "commands/copy.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/file_copy.h"
#include "commands/published.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { DATABASE, MEMORY, FILES };

struct copy {
    pthread_t thread;
    bool has_thread;
    const char *paths[FILES];
    struct file_copy files[FILES];
    int began, helped; /* results; the faults beside them */
    struct fault begin_fault, help_fault;
};

static int begin(struct copy *copy, const struct publish *publish)
{
    struct fault *fault = &copy->begin_fault;
    struct file_copy *files = copy->files;
    if (file_make_parents(AT_FDCWD, copy->paths[DATABASE], fault) != 0 ||
        file_copy_begin(&files[DATABASE], publish_target(publish), "data/search.db",
                        copy->paths[DATABASE], 0644, fault) != 0) {
        return -1;
    }
    return file_copy_begin(&files[MEMORY], publish_memory(publish), PUBLISH_REMEMBERED,
                           copy->paths[MEMORY], 0600, fault);
}

static int help(struct copy *copy, struct fault *fault)
{
    int rc = 0;
    for (size_t i = 0; i < FILES && rc == 0; i++) {
        rc = file_copy_help(&copy->files[i], fault);
    }
    return rc;
}

static void *run(void *argument)
{
    struct copy *copy = argument;
    copy->helped = help(copy, &copy->help_fault);
    return NULL;
}

void copy_start(struct copy **out, const struct publish *publish, const char *database,
                const char *memory)
{
    struct copy *copy = calloc(1, sizeof *copy);
    if (copy == NULL) {
        arena_out_of_memory();
    }
    copy->paths[DATABASE] = database;
    copy->paths[MEMORY] = memory;
    for (size_t i = 0; i < FILES; i++) {
        copy->files[i].source = copy->files[i].target = -1;
    }
    copy->began = begin(copy, publish);
    copy->has_thread = copy->began == 0 && pthread_create(&copy->thread, NULL, run, copy) == 0;
    *out = copy;
}

/* Both threads are done, and the files closed. */
static int end(struct copy *copy, struct fault *fault)
{
    int rc = 0;
    if (copy->has_thread) {
        pthread_join(copy->thread, NULL);
    }
    for (size_t i = 0; i < FILES; i++) {
        rc = file_copy_end(&copy->files[i], fault) == 0 ? rc : -1;
    }
    return rc;
}

int copy_wait(struct copy *copy, struct fault *fault)
{
    struct fault closing;
    int rc = copy->began;
    if (rc != 0) {
        *fault = copy->begin_fault;
    } else {
        rc = help(copy, fault);
    }
    int ended = end(copy, &closing);
    if (rc == 0 && copy->helped != 0) {
        *fault = copy->help_fault;
        rc = -1;
    }
    if (rc == 0 && ended != 0) {
        *fault = closing;
        rc = -1;
    }
    free(copy);
    return rc;
}

void copy_drop(struct copy *copy)
{
    struct fault ignored;
    if (copy == NULL) {
        return;
    }
    for (size_t i = 0; i < FILES; i++) {
        file_copy_stop(&copy->files[i]);
    }
    end(copy, &ignored);
    for (size_t i = 0; i < FILES; i++) {
        unlink(copy->paths[i]);
    }
    free(copy);
}
