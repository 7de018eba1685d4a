/*
 * memory: what a build must remember and may not publish, in a file of its own beside OUT (mode
 * 0600). For commands/ only.
 *
 *     memory_open(&memory, path, DATABASE_CREATE, &fault);
 *     memory_put_file(memory, ...);                     and so on
 *     memory_close(memory, &fault);
 *
 * It holds every file of the published commit with its address, the records that are not public
 * yet, who links to them, and the history of every path that ever was. `meta` names the database
 * that it belongs to: with any other it says nothing.
 */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include "base/arena.h"
#include "base/date.h"
#include "store/database.h"

struct memory;

/* The bytes of a git object's name. */
enum { MEMORY_ID_SIZE = 20 };

struct memory_file {
    struct str path;
    struct str blob;  /* MEMORY_ID_SIZE bytes */
    int64_t size;     /* bytes */
    struct str moved; /* the key that it got instead of its own, or empty: address.h */
};

struct memory_withdrawer {
    struct str path, index_number;
    struct str date, announced; /* YYYY-MM-DD */
};

struct memory_history {
    struct str path;
    int64_t created, updated;
    struct str created_commit, updated_commit; /* MEMORY_ID_SIZE bytes */
    int64_t commit_count;
    struct str moved_to;
};

int memory_open(struct memory **out, const char *path, enum database_mode mode,
                struct fault *fault);

/* Everything put so far becomes visible and lasting. */
int memory_commit(struct memory *memory, struct fault *fault);
int memory_close(struct memory *memory, struct fault *fault);

/* Values that say what it belongs to. `memory_meta` gives the empty str where there is none. */
void memory_put_meta(struct memory *memory, const char *key, struct str value);
struct str memory_meta(struct memory *memory, struct arena *arena, const char *key);

/* A file of the commit, or of it no more. */
void memory_put_file(struct memory *memory, const struct memory_file *file);
void memory_remove_file(struct memory *memory, struct str path);

/* Walks the files in byte order of paths; what `out` borrows is valid until the next call. */
struct query *memory_files(struct memory *memory);
bool memory_next_file(struct query *query, struct memory_file *out);

/* The file of that path; what `out` has lives in the arena. */
bool memory_find_file(struct memory *memory, struct arena *arena, struct str path,
                      struct memory_file *out);

/* Records that are not public; `until` is the day they become so, or year 0 for drafts. Their index
 * number may be empty. */
void memory_put_hidden(struct memory *memory, struct str path, struct date until,
                       struct str index_number);
void memory_remove_hidden(struct memory *memory, struct str path);
void memory_put_hidden_link(struct memory *memory, struct str target, struct str path);
void memory_remove_hidden_links(struct memory *memory, struct str path);

/* Files that are not published because they are a record's that is not, or not on the web. */
void memory_put_withheld(struct memory *memory, struct str path, struct str record);

/* The record at `path` withdraws those of that index number; `announced` is when that came out. */
void memory_put_withdraws(struct memory *memory, const struct memory_withdrawer *order);

/* From the one day to the other, each day, something of the record reads otherwise. */
void memory_put_due(struct memory *memory, struct str path, struct date first, struct date last);

/* All three of the record at `path`. */
void memory_remove_withheld(struct memory *memory, struct str path);

/* Digests of numbers that check let pass in the source at `path`: commands/gate.h. */
void memory_put_cleared(struct memory *memory, struct str path, struct str digest);
void memory_remove_cleared(struct memory *memory, struct str path);
bool memory_has_cleared(struct memory *memory, struct str digest);

void memory_put_history(struct memory *memory, const struct memory_history *history);
bool memory_find_history(struct memory *memory, struct arena *arena, struct str path,
                         struct memory_history *out);

/* For questions that are asked in one place only. */
struct database *memory_database(struct memory *memory);

#endif
