/*
 * pushed: what a push brings, before it is taken. For commands/, in a pre-receive hook.
 *
 *     source_open(&source, &options, &fault);      with from_environment, at the new commit
 *     pushed_walk(&pushed, source, old, &visitor, &fault);
 *
 * New is a commit that no reference of the repository reaches yet, and with it each blob and each
 * name that no older tree beside it has: also those that a later commit of the push takes away
 * again. They stay in the history for whoever fetches it. Symbolic links count as blobs.
 */
#ifndef SOURCE_PUSHED_H
#define SOURCE_PUSHED_H

#include "source/source.h"

struct pushed_commit {
    struct source_id id;
    bool is_tip;
    struct str names;   /* authors and committers, as the commit has them: name and address */
    struct str message; /* whatever encoding it is in */
    struct str header; /* what else stands before it: a merge keeps the tag that was merged there */
};

struct pushed_file {
    const struct pushed_commit *commit; /* the first that has it */
    struct str path;                    /* unchecked, from the repository's root */
    struct source_id blob;
    bool is_new_blob, is_new_name; /* at least one; the name is the path's last component */
    bool is_large; /* a new blob of more than SOURCE_FILE_MAX bytes: not to be read */
    uint64_t size; /* of a new blob */
};

/* Both return 0, or -1 with a fault, which ends the walk. Oldest commits come first. */
struct pushed_visitor {
    void *context;
    int (*commit)(void *context, const struct pushed_commit *commit, struct fault *fault);
    int (*file)(void *context, const struct pushed_file *file, struct fault *fault);
};

struct pushed {
    size_t commit_count;
    bool is_rewrite; /* `old` is given and not reached by the new commit */
    /* What the new commits can be put together upon: `old` where it is given, else the published
     * commit or what is known of the repository; empty where the push brings a root. */
    char base[41];
    bool is_base_tree; /* the new commit has the very files of the base */
};

/* `old` is hexadecimal; NULL for a branch that is new. */
int pushed_walk(struct pushed *out, struct source *source, const char *old,
                const struct pushed_visitor *visitor, struct fault *fault);

/*
 * Calls `visit` for each path that a new commit touches: whose file is another than in all of the
 * commit's parents, or gone; of a merge also where it puts back what one of its sides changed.
 * Paths are unchecked, and may come more than once.
 */
int pushed_touched(struct source *source,
                   void (*visit)(void *context, const struct source_id *commit, struct str path),
                   void *context, struct fault *fault);

/* The bytes of a file that the visitor was told of; it may be of any kind. */
int pushed_read(struct source *source, struct buf *out, const struct pushed_file *file,
                struct fault *fault);

/* Does the new commit itself still have that blob under that path? */
int pushed_is_current(bool *out, struct source *source, const struct pushed_file *file,
                      struct fault *fault);

/*
 * The branch that HEAD names, whether it exists or not: the published one. Its name is appended;
 * `commit` gets what stands there now, empty where nothing does.
 */
int pushed_published_branch(struct buf *out, char commit[41], const struct source_options *options,
                            struct fault *fault);

#endif
