/*
 * source: a commit of a git repository as a list of checked files. libgit2 is included in this
 * folder and nowhere else. For commands/ and whoever is handed a source.
 *
 *     source_open(&source, "repo", "HEAD", "content", &fault);
 *     source_list(source, NULL, &arena, &files, &diag, &fault);
 *     source_read(source, &buf, &files.items[i], &fault);
 * or, where all text is going to be read:
 *     source_list(source, &listing, ...);             listing.leaves_text is true
 *     source_unpack(source, &files, ...);             other threads may read paths meanwhile
 *     source_drop_unfit(&files, &diag);
 *     source_read(...);
 *     source_close(source);
 *
 * Every name that git hands over is checked by us. What is staged, or stands in the working tree,
 * is a source too (SOURCE_TREE_INDEX, SOURCE_TREE_WORKTREE): its trees, and of the working tree the
 * new bytes, are made in memory, and nothing is written to the repository. No other source looks at
 * the working tree.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/fault.h"
#include "base/scratch.h"

#include <stdint.h>

struct source;

struct source_id {
    unsigned char bytes[20];
};

enum source_fitness {
    SOURCE_FIT,
    SOURCE_LARGE,  /* past its limit */
    SOURCE_POINTER /* of Git LFS: the file itself is not in the repository */
};

struct source_file {
    struct str path;       /* from the content's root: clean, valid UTF-8, relative */
    struct source_id blob; /* git's name of its bytes */
    uint64_t size;         /* bytes; SOURCE_SIZE_UNREAD until source_unpack has read them */
    uint64_t unpacked;     /* where source_unpack put them, and one more; 0: nowhere */
    enum source_fitness fitness;
};

#define SOURCE_SIZE_UNREAD UINT64_MAX

struct source_files {
    struct source_file *items; /* in byte order of their paths */
    size_t count;
};

enum {
    SOURCE_DEPTH_MAX = 32,                     /* folders in folders */
    SOURCE_ENTRIES_MAX = 250000,               /* entries of trees visited */
    SOURCE_PATHS_BYTES_MAX = 1024 * 1024 * 64, /* bytes of all paths together */
    SOURCE_PATH_MAX = 1024,                    /* bytes of a path */
    SOURCE_NAME_MAX = 255,                     /* bytes of one component */
    SOURCE_MARKDOWN_MAX = 1024 * 1024 * 4,     /* bytes of a Markdown or CSV file */
    SOURCE_FILE_MAX = 64 * 1024 * 1024         /* bytes of any other file */
};

enum source_tree {
    SOURCE_TREE_COMMIT,
    SOURCE_TREE_INDEX,   /* what the next commit would have */
    SOURCE_TREE_WORKTREE /* the same after `git add -A` */
};

/*
 * Opens the repository at `path` (bare or not), and the commit that `revision` names. `content` is
 * a folder in it, or "" or "." for its root. Shallow repositories are refused.
 * Set `from_environment` in a hook: pushed objects, and the index of a commit that is being made,
 * are then found through git's variables.
 * For another tree than a commit's the revision does not count: history is that of HEAD, or none
 * before the first commit. A conflict that is not solved is a fault.
 */
struct source_options {
    const char *path, *revision, *content;
    bool from_environment;
    enum source_tree tree;
};

int source_open(struct source **out, const struct source_options *options, struct fault *fault);

/*
 * The commit's name in hexadecimal, empty before the first one, and its committer's time in seconds
 * since 1970; of another tree than a commit's, now.
 */
const char *source_commit(const struct source *source);
int64_t source_commit_time(const struct source *source);

/*
 * What an earlier listing found fit to be published: true, with the size, where it had that file
 * with that blob. Files are asked for in byte order of their paths. Their objects are then not
 * looked at before they are read.
 */
struct source_known {
    void *context;
    bool (*size)(void *context, struct str path, const struct source_id *blob, uint64_t *out);
};

struct source_listing {
    const struct source_known *known; /* or NULL */
    bool leaves_text;                 /* source_unpack comes next and tells the sizes of text */
};

/*
 * All files of the commit below the content's root that may be published, sorted. Symbolic links,
 * submodules, unsafe names, names that fold to one address, LFS pointers, files past a limit
 * and folders too deep are left out, each with a diagnostic. More entries, or longer paths in all,
 * than the limits are a fault.
 * Names stay as git stores them; of two that fold to one address the first in byte order is kept.
 * A pointer of Git LFS is known by its first line; only files of a pointer's size are looked at.
 * `listing` may be NULL. One thread at a time lists or walks the history of a source; others may
 * read meanwhile.
 */
int source_list(struct source *source, const struct source_listing *listing, struct arena *arena,
                struct source_files *out, struct diag *diag, struct fault *fault);

/* The file of that path, or NULL. */
const struct source_file *source_find(const struct source_files *files, struct str path);

/*
 * Before all text files are read: they are unpacked into a temporary file below the folder, each
 * once, in the order in which git's packs have them, where source_read finds them. In the order of
 * their paths the bases of deltas would be unpacked time and again. Sizes that were left unread are
 * told, and those that turn out not to be fit are marked, and not unpacked.
 */
int source_unpack(struct source *source, struct source_files *files, int threads, int at,
                  const char *folder, struct fault *fault);

/* The same of files that nobody is going to read, by their headers. */
int source_measure(struct source *source, struct source_files *files, struct fault *fault);

/* Most of it has been read: gives back the memory that made it fast. Nobody reads meanwhile. */
void source_rest(struct source *source);

/*
 * The temporary file, which is the caller's to close then. Nobody reads meanwhile; what is read
 * later is unpacked anew.
 */
struct scratch source_take_unpacked(struct source *source);

/* Takes out those that are not fit, each with a diagnostic; how many they are. */
size_t source_drop_unfit(struct source_files *files, struct diag *diag);

/* Appends the file's bytes; what git stored is verified against its name. Thread-safe. */
int source_read(struct source *source, struct buf *out, const struct source_file *file,
                struct fault *fault);

/* Appends the path of the working tree, without a slash at its end; a bare repository has none. */
int source_worktree(struct buf *out, const struct source *source, struct fault *fault);

/* `blob` in hexadecimal. */
void source_id_format(char out[41], const struct source_id *id);

void source_close(struct source *source);

#endif
