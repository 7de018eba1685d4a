/*
 * publish: a set of files moved into the web root whole, or not at all. It knows files only:
 * nothing of records, databases or git. For commands/.
 *
 *     publish_begin(&publish, "site/public", &fault);     locks; finishes what a killed run began
 *     publish_put(publish, "a/index.html", bytes, &fault);   as often as needed, by any thread
 *     publish_stage_path(publish, &path, "data/search.db");  for a file written in place
 *     publish_remove(publish, "old/index.html");
 *     publish_commit(publish, &fault);                    or publish_abandon
 *
 * Beside OUT stands a folder `.NAME.gongkai` (mode 0700) with the lock, the stage, the journal and
 * what a build must remember. Files are staged there; each place of OUT is looked at, whether it
 * can take its file or let it go; the stage is synced; then the journal is written, which is the
 * moment of decision: before it the old site stands and the stage is thrown away, after it the
 * moves are done, and done again by the next run, until they are complete. New files come first,
 * then the database, then removals. A reader sees every file whole at any time.
 */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/buf.h"
#include "base/fault.h"

struct publish;

/* What publish_put found: nothing to do, or what it staged. */
enum publish_change { PUBLISH_SAME, PUBLISH_CHANGED, PUBLISH_ADDED };

/* What is remembered beside OUT: one file of this name, and with it OUT is known to be ours. */
#define PUBLISH_REMEMBERED "memory.db"

/*
 * Opens OUT, which is made if need be, and waits for the lock; `on_wait`, where not NULL, is called
 * once before waiting. An OUT that holds files is a fault, but where it may be ours: it has a
 * data/search.db, or checksums and something that is remembered beside it.
 */
int publish_begin(struct publish **out, const char *target, void (*on_wait)(void),
                  struct fault *fault);

/*
 * For who reads OUT and changes nothing: no build publishes there until the returned handle is
 * closed. Waits for one that does, `on_wait` called once before. -1 where nobody ever published, or
 * the folder beside OUT is not for the user to see: then nothing is held.
 */
int publish_hold(const char *target, void (*on_wait)(void));

/* Did OUT hold nothing when the run began? */
bool publish_is_new(const struct publish *publish);

/* The fault of an OUT that is not ours, for who looks into its data/search.db. */
int publish_refuse(const char *target, struct fault *fault);

/* Open folders: of the web root, and of what is remembered beside it. */
int publish_target(const struct publish *publish);
int publish_memory(const struct publish *publish);

/* Appends the path under which `path` is staged, for those who write the file themselves. */
void publish_stage_path(const struct publish *publish, struct buf *out, const char *path);

/* The same for a file that is remembered beside OUT, not published. */
void publish_stage_memory_path(const struct publish *publish, struct buf *out, const char *name);

/*
 * Stages the file, unless OUT holds the same bytes already; the checksums always, so that they are
 * younger than the database. `path` is relative, clean, and put once. Safe to call from several
 * threads.
 */
int publish_put(struct publish *publish, enum publish_change *change, const char *path,
                struct str bytes, struct fault *fault);

/* The file will be removed at commit. One thread at a time. */
void publish_remove(struct publish *publish, struct str path);

/*
 * Calls `visit` with every file that OUT holds, relative to it, folder by folder in byte order.
 * A visitor that returns non-zero ends the walk with that value.
 */
int publish_walk(const struct publish *publish, int (*visit)(void *context, struct str path),
                 void *context, struct fault *fault);

/* Moves everything in. Frees `publish`. */
int publish_commit(struct publish *publish, struct fault *fault);

/* Throws the stage away and frees. NULL is fine. */
void publish_abandon(struct publish *publish);

#endif
