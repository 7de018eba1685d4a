#include "commands/copy.h"

#include "base/arena.h"
#include "base/beside.h"
#include "base/file.h"
#include "base/file_copy.h"
#include "commands/published.h"

#include <stdlib.h>
#include <unistd.h>

enum { DATABASE, MEMORY, FILES };

struct copy {
    struct beside beside;
    const char *paths[FILES];
    struct file_copy files[FILES];
    int began; /* result; its fault beside it */
    struct fault fault;
};

static int begin(struct copy *copy, const struct publish *publish)
{
    struct fault *fault = &copy->fault;
    struct file_copy *files = copy->files;
    if (file_make_parents(AT_FDCWD, copy->paths[DATABASE], fault) != 0 ||
        file_copy_begin(&files[DATABASE], publish_target(publish), "data/search.db",
                        copy->paths[DATABASE], 0644, fault) != 0) {
        return -1;
    }
    return file_copy_begin(&files[MEMORY], publish_memory(publish), PUBLISH_REMEMBERED,
                           copy->paths[MEMORY], 0600, fault);
}

static int help(void *context, struct fault *fault)
{
    struct copy *copy = context;
    int rc = 0;
    for (size_t i = 0; i < FILES && rc == 0; i++) {
        rc = file_copy_help(&copy->files[i], fault);
    }
    return rc;
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
    if (copy->began == 0) {
        beside_start(&copy->beside, help, copy);
    }
    *out = copy;
}

/* `rc` is what the calling thread did; the other one is waited for, and the files are closed. */
static int end(struct copy *copy, int rc, struct fault *fault)
{
    struct fault closing;
    rc = copy->began == 0 ? beside_end(&copy->beside, rc, fault) : rc;
    for (size_t i = 0; i < FILES; i++) {
        if (file_copy_end(&copy->files[i], &closing) != 0 && rc == 0) {
            *fault = closing;
            rc = -1;
        }
    }
    return rc;
}

int copy_wait(struct copy *copy, struct fault *fault)
{
    int rc = copy->began;
    if (rc != 0) {
        *fault = copy->fault;
    } else {
        rc = help(copy, fault);
    }
    rc = end(copy, rc, fault);
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
    end(copy, -1, &ignored);
    for (size_t i = 0; i < FILES; i++) {
        unlink(copy->paths[i]);
    }
    free(copy);
}
