/*
 * repository: an open commit, and the objects below it. For source/ alone.
 *
 *     struct tree_cache cache = {0};
 *     tree_open(&tree, source, &cache, &id, path, fault);
 *     while (tree_next(&entry, &tree)) ...;
 *     if (tree.is_malformed) ...
 *     tree_close(&tree);
 *     tree_cache_free(&cache);
 *
 * Trees are parsed here and not by libgit2: it refuses some odd trees whole, without saying which
 * entry was wrong, and a history compares raw bytes far faster than parsed entries. Every object
 * that is read whole is verified against its name here, since libgit2's own check, which looks for
 * forged collisions too, takes longer than all else; git looked for those when it took the object.
 */
#ifndef SOURCE_REPOSITORY_H
#define SOURCE_REPOSITORY_H

#include "source/packs.h"

enum {
    REPOSITORY_TREE_MAX = 32 * 1024 * 1024,  /* bytes of one tree: half a million entries */
    REPOSITORY_COMMIT_MAX = 4 * 1024 * 1024, /* bytes of one commit */
    TREE_CACHE_SLOTS = 1024,
    TREE_CACHE_BYTES = 16 * 1024 * 1024
};

struct source {
    git_repository *repository;
    git_odb *odb;
    struct packs *packs;
    char *content; /* folder below the commit's root, without slashes at its ends; "" is the root */
    struct source_id commit, root; /* root: the tree of the content's root */
    char commit_text[41];          /* empty where there is no commit yet */
    int64_t time;
    bool is_snapshot;        /* `root` is no commit's tree, but of what may follow `commit` */
    struct scratch unpacked; /* what source_unpack read */
    bool has_loose[256];     /* by their first byte: objects that are perhaps in no pack */
    bool is_initialized;     /* libgit2 counts its users */
};

/* Trees read before, found by name; belongs to one thread. Zeroed is ready. With a check, what is
 * read is not looked at for its name before it is used, but by that. */
struct tree_cache {
    struct name_check *check;
    struct tree_cache_slot {
        struct source_id id;
        struct object *object;
    } slots[TREE_CACHE_SLOTS];
    size_t bytes;
};

struct tree {
    struct object *object; /* NULL for the empty tree */
    struct str bytes, rest;
    bool is_malformed; /* the bytes behind the last entry are no entry */
};

enum { MODE_FOLDER = 040000, MODE_LINK = 0120000, MODE_MODULE = 0160000 };

struct tree_entry {
    unsigned mode;
    struct str name; /* as stored: anything but NUL may stand in it */
    struct source_id id;
};

/* -1, with the fault: `what`, in quotes `name` where it is not NULL, and what libgit2 said last. */
int repository_library_fault(struct fault *fault, const char *what, const char *name);

/* -1, with the fault that there is no repository at the path, and what to do. */
int repository_missing(struct fault *fault, const char *path);

/* What an object must be: of that type, at most so many bytes; `path` says where it was met. */
struct repository_wanted {
    git_object_t type;
    size_t limit;
    struct str path;
};

/* -1 with a fault where its header tells that it is another. */
int repository_check_kind(const struct source_id *id, git_object_t type, uint64_t size,
                          const struct repository_wanted *wanted, struct fault *fault);

/* The object whole; `path` says where it was met. At most `limit` bytes. The caller releases. */
int repository_read(struct object **out, struct source *source, const struct source_id *id,
                    git_object_t type, size_t limit, struct str path, struct fault *fault);

/* Does it bear the name of its bytes? 1, or 0; -1 where that cannot be known. */
int repository_has_name(const struct object *object, const struct source_id *id,
                        struct fault *fault);

/* A blob's size alone, from its header, which nothing verifies. */
int repository_read_size(uint64_t *out, struct source *source, const struct source_id *id,
                         struct str path, struct fault *fault);

int tree_open(struct tree *out, struct source *source, struct tree_cache *cache,
              const struct source_id *id, struct str path, struct fault *fault);

/* The next entry; false at the end, and where the tree is malformed. */
bool tree_next(struct tree_entry *out, struct tree *tree);
void tree_close(struct tree *tree);
void tree_cache_free(struct tree_cache *cache);

/* 100644, 100755, and the 100664 of repositories from git's first year. */
bool tree_is_file(unsigned mode);

/*
 * The folder of that path below `root` into `out`. 1 where it is there, 0 where it is not, -1 with
 * a fault. `path` is "" for the root itself.
 */
int tree_find_folder(struct source_id *out, struct source *source, struct tree_cache *cache,
                     const struct source_id *root, struct str path, struct fault *fault);

/* A fault about an object, in the words of libgit2. Returns -1. */
int repository_fault(struct fault *fault, const struct source_id *id, struct str path);

bool source_id_equal(const struct source_id *a, const struct source_id *b);

#endif
