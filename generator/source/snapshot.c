#include "source/snapshot.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <string.h>

enum { MEMORY_FIRST = 1000 }; /* the priority of the objects in memory: before all others */

static int keep_in_memory(struct source *source, struct fault *fault)
{
    git_odb_backend *memory;
    if (git_mempack_new(&memory) != 0) {
        return repository_library_fault(fault, "no memory for objects", NULL);
    }
    if (git_odb_add_backend(source->odb, memory, MEMORY_FIRST) != 0) {
        memory->free(memory);
        return repository_library_fault(fault, "no memory for objects", NULL);
    }
    return 0;
}

/* The first path that both sides of a merge changed. */
static int conflict_fault(struct fault *fault, git_index *index)
{
    git_index_conflict_iterator *iterator = NULL;
    const git_index_entry *ours = NULL, *theirs = NULL, *ancestor = NULL;
    const char *path = "";
    if (git_index_conflict_iterator_new(&iterator, index) == 0 &&
        git_index_conflict_next(&ancestor, &ours, &theirs, iterator) == 0) {
        const git_index_entry *entry = ours != NULL ? ours : theirs != NULL ? theirs : ancestor;
        path = entry != NULL ? entry->path : "";
    }
    fault_tell(fault, "“%s”里有没解决的冲突：打开它改好，再输入 git add -A",
               "\"%s\" has a conflict that is not solved: edit it, then git add -A", path);
    git_index_conflict_iterator_free(iterator);
    return -1;
}

/* The index as `git add -A` would leave it; in memory alone. */
static int add_worktree(git_index *index, struct fault *fault)
{
    if (git_index_update_all(index, NULL, NULL, NULL) != 0 ||
        git_index_add_all(index, NULL, GIT_INDEX_ADD_DEFAULT, NULL, NULL) != 0) {
        return repository_library_fault(fault, "the working tree cannot be read", NULL);
    }
    return 0;
}

static int write_tree(struct source_id *out, git_index *index, struct fault *fault)
{
    git_oid oid;
    if (git_index_has_conflicts(index)) {
        return conflict_fault(fault, index);
    }
    if (git_index_write_tree(&oid, index) != 0) {
        return repository_library_fault(fault, "the index is no tree", NULL);
    }
    memcpy(out->bytes, oid.id, sizeof out->bytes);
    return 0;
}

int snapshot_make(struct source_id *out, struct source *source, enum source_tree tree,
                  struct fault *fault)
{
    git_index *index = NULL;
    int result = -1;
    if (git_repository_is_bare(source->repository)) {
        return fault_tell(fault,
                          "“%s”是服务器上的仓库，里面没有可以改的文件；到取下来的文件夹里运行",
                          "the repository \"%s\" is bare: it has no index and no working tree; "
                          "run this in a clone of it",
                          git_repository_path(source->repository));
    }
    if (keep_in_memory(source, fault) < 0) {
        return -1;
    }
    if (git_repository_index(&index, source->repository) != 0) {
        return repository_library_fault(fault, "no index in the repository", NULL);
    }
    if (tree == SOURCE_TREE_INDEX || add_worktree(index, fault) == 0) {
        result = write_tree(out, index, fault);
    }
    git_index_free(index);
    return result;
}

static int take_merged(const git_oid *oid, void *context)
{
    struct source_id *out = context;
    memcpy(out->bytes, oid->id, sizeof out->bytes);
    return 1; /* the first is enough */
}

int snapshot_find_merged(struct source_id *out, struct source *source, struct fault *fault)
{
    int status = git_repository_mergehead_foreach(source->repository, take_merged, out);
    if (status < 0 && status != GIT_ENOTFOUND) {
        return repository_library_fault(fault, "the merge cannot be read", NULL);
    }
    return status == 1 ? 1 : 0;
}
