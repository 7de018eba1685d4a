/*
 * file: whole files and folders, every failure reported. Anyone may include it.
 *
 * Paths are NUL-terminated and relative to the folder handle `at` (AT_FDCWD for the process's
 * own). Nothing here follows a rule about what may be published: publish/ does.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/fault.h"

#include <fcntl.h>

/* Appends the whole of the file. A file larger than `limit` bytes is a fault. */
int file_read(struct buf *out, int at, const char *path, size_t limit, struct fault *fault);

/*
 * A new file for reading and writing that has no name and goes with its handle; below `folder`, or
 * where that cannot have one, in memory. -1 with a fault.
 */
int file_temporary(int at, const char *folder, struct fault *fault);

/*
 * Exactly `size` bytes from `offset` on, appended. A file that ends before is a fault, which calls
 * it `name`. Both leave the file's own position alone.
 */
int file_read_at(struct buf *out, int fd, const char *name, size_t size, off_t offset,
                 struct fault *fault);

/* Writes all of `bytes` from `offset` on. */
int file_write_at(int fd, const char *name, struct str bytes, off_t offset, struct fault *fault);

/* Writes all of `bytes` to the open file, through short writes and EINTR. */
int file_write_all(int fd, struct str bytes, struct fault *fault);

/*
 * Makes the new file `path` with `mode` and writes `bytes`; synced where `is_synced`. The file
 * must not exist. What was made is removed again on failure.
 */
int file_create(int at, const char *path, struct str bytes, mode_t mode, bool is_synced,
                struct fault *fault);

/*
 * file_create, unsynced, in a folder that may not exist yet. Folders are made only once the file
 * cannot be: most files have brothers.
 */
int file_create_below(int at, const char *path, struct str bytes, mode_t mode, struct fault *fault);

/* Makes every folder on the way to `path`, not `path` itself. Existing ones are fine. */
int file_make_parents(int at, const char *path, struct fault *fault);

/* Syncs a folder, so that its entries survive a power cut. */
int file_sync_folder(int at, const char *path, struct fault *fault);

/* Removes the file or folder with all that is in it; what does not exist is fine. */
int file_remove_tree(int at, const char *path, struct fault *fault);

#endif
