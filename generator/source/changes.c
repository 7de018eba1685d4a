#include "source/changes.h"

#include "source/commits.h"
#include "source/diff.h"
#include "source/loose.h"
#include "source/snapshot.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    struct arena *arena;
    struct source_changes *out;
};

static void gather(void *context, const struct diff_path *path)
{
    struct gathering *gathering = context;
    struct source_changes *out = gathering->out;
    struct source_change change = {.path = arena_copy(gathering->arena, path->path),
                                   .was = path->old != NULL,
                                   .is = path->now != NULL};
    if (change.was) {
        change.old_blob = *path->old;
    }
    if (change.is) {
        change.new_blob = *path->now;
    }
    out->items = arena_grow(gathering->arena, out->items, out->count, sizeof change);
    out->items[out->count++] = change;
}

static int compare_changes(const void *a, const void *b)
{
    return str_compare(((const struct source_change *)a)->path,
                       ((const struct source_change *)b)->path);
}

/* The tree of the commit `hex`. */
static int find_tree(struct source_id *out, struct source *source, const char *hex,
                     struct fault *fault)
{
    git_oid oid;
    struct source_id id;
    struct commit commit;
    if (git_oid_fromstr(&oid, hex) != 0 || !git_odb_exists(source->odb, &oid)) {
        return fault_set(fault, "the repository has no commit \"%s\"", hex);
    }
    memcpy(id.bytes, oid.id, sizeof id.bytes);
    int result = commit_read(&commit, source, &id, fault);
    *out = commit.root;
    return result;
}

static int find_changes(struct source_changes *out, struct source *source, struct arena *arena,
                        struct tree_cache *cache, const char *from, struct fault *fault)
{
    struct source_id tree, root;
    if (find_tree(&tree, source, from, fault) < 0) {
        return -1;
    }
    int found = tree_find_folder(&root, source, cache, &tree, str_of(source->content), fault);
    if (found < 0) {
        return -1;
    }
    if (found == 1 && source_id_equal(&root, &source->root)) {
        return 0;
    }
    struct gathering gathering = {arena, out};
    struct diff diff = {.source = source,
                        .cache = cache,
                        .visit = gather,
                        .context = &gathering,
                        .fault = fault,
                        .path = BUF_EMPTY};
    const struct source_id *trees[] = {&source->root, found == 1 ? &root : NULL};
    int result = diff_trees(&diff, trees, 2);
    buf_free(&diff.path);
    return result;
}

int source_changes(struct source_changes *out, struct source *source, struct arena *arena,
                   const char *from, struct fault *fault)
{
    struct tree_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) {
        arena_out_of_memory();
    }
    *out = (struct source_changes){0};
    int result = find_changes(out, source, arena, cache, from, fault);
    if (out->count > 1) {
        qsort(out->items, out->count, sizeof *out->items, compare_changes);
    }
    tree_cache_free(cache);
    free(cache);
    return result;
}

/* The first parent's name into `out`, empty where there is none. */
static int find_first_parent(char out[41], struct source *source, struct fault *fault)
{
    git_oid oid;
    git_commit *commit;
    memcpy(oid.id, source->commit.bytes, sizeof oid.id);
    if (git_commit_lookup(&commit, source->repository, &oid) != 0) {
        return repository_library_fault(fault, "cannot read commit", source->commit_text);
    }
    const git_oid *parent = git_commit_parent_id(commit, 0);
    if (parent != NULL) {
        struct source_id id;
        memcpy(id.bytes, parent->id, sizeof id.bytes);
        source_id_format(out, &id);
    }
    git_commit_free(commit);
    return 0;
}

int source_parent(char out[41], struct source *source, struct fault *fault)
{
    struct source_id merged;
    out[0] = '\0';
    if (!source->is_snapshot) {
        return find_first_parent(out, source, fault);
    }
    int found = snapshot_find_merged(&merged, source, fault);
    if (found > 0) {
        source_id_format(out, &merged);
    } else {
        memcpy(out, source->commit_text, sizeof source->commit_text);
    }
    return found < 0 ? -1 : 0;
}

int source_read_old(struct source *source, struct buf *out, const struct source_change *change,
                    struct fault *fault)
{
    struct object *object;
    if (repository_read(&object, source, &change->old_blob, GIT_OBJECT_BLOB, SOURCE_FILE_MAX,
                        change->path, fault) < 0) {
        return -1;
    }
    buf_add(out, object_str(object));
    object_release(object);
    return 0;
}

int source_is_descendant(bool *out, struct source *source, const char *ancestor,
                         struct fault *fault)
{
    git_oid tip, oid;
    git_commit *commit;
    *out = strcmp(ancestor, source->commit_text) == 0;
    if (*out) {
        return 0;
    }
    if (git_oid_fromstr(&oid, ancestor) != 0) {
        return fault_set(fault, "\"%s\" is no name of a commit", ancestor);
    }
    struct source_id id;
    memcpy(id.bytes, oid.id, sizeof id.bytes);
    *out = commit_is_parent(source, &id, &source->commit);
    if (*out) { /* as nearly always; libgit2 opens all packs first */
        return 0;
    }
    int status = git_commit_lookup(&commit, source->repository, &oid);
    if (status == GIT_ENOTFOUND) {
        /* A file that could not be looked at is none to libgit2: only what is gone stays so. */
        status = git_commit_lookup(&commit, source->repository, &oid);
    }
    if (status == GIT_ENOTFOUND && !loose_is_there(source, &id)) {
        return 0;
    }
    if (status == 0) {
        git_commit_free(commit);
        memcpy(tip.id, source->commit.bytes, sizeof tip.id);
        status = git_graph_descendant_of(source->repository, &tip, &oid);
    }
    if (status < 0) {
        const git_error *error = git_error_last();
        return fault_set(fault, "the history before %s cannot be read: %s", source->commit_text,
                         error != NULL ? error->message : "libgit2 failed");
    }
    *out = status == 1;
    return 0;
}
