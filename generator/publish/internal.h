/* internal: what the files of publish/ share, and nobody else sees. */
#ifndef PUBLISH_INTERNAL_H
#define PUBLISH_INTERNAL_H

#include "base/arena.h"
#include "publish/publish.h"

/* Names inside the folder beside OUT. */
#define STAGE "stage"           /* files on their way to OUT */
#define MEMORY_STAGE "remember" /* files on their way to the folder itself */
#define JOURNAL "journal"       /* the decision, and what is to be removed */
#define LOCK "lock"
#define DATABASE "data/search.db"
#define CHECKSUMS "data/SHA256SUMS"

struct publish {
    char *target_path; /* OUT, links resolved */
    char *work_path;   /* the folder beside it */
    int target;        /* open folders */
    int work;
    int lock;
    bool is_new;         /* OUT held nothing when the run began */
    struct buf removals; /* NUL-terminated paths, one behind the other */
};

struct entry {
    char *name;
    bool is_folder;
};

struct listing {
    struct entry *items; /* in byte order of names */
    size_t count;
};

/* The entries of the folder, in the arena. */
int list_folder(struct listing *out, struct arena *arena, int at, const char *path,
                struct fault *fault);

/* Visits every file below the open folder, sorted by name in each folder. */
int walk_files(int at, const char *folder, int (*visit)(void *context, struct str path),
               void *context, struct fault *fault);

/* Does what the journal says, from wherever an earlier run was stopped; then it is gone. */
int journal_finish(struct publish *publish, struct fault *fault);

/*
 * Will OUT take everything that is staged, and let go what is to be removed? What cannot be moved
 * is told here, while the old site stands: later it would be half of each.
 */
int rehearse(const struct publish *publish, struct fault *fault);

/* Writes the journal: from here on the new site is decided. */
int journal_write(struct publish *publish, struct fault *fault);

/* Everything below the folder reaches the disk, names and contents. */
int sync_all(int folder, struct fault *fault);

#endif
