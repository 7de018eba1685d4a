#include "source/pushed.h"

#include "base/path.h"
#include "base/set.h"
#include "source/changes.h"
#include "source/commits.h"
#include "source/diff.h"

#include <stdlib.h>
#include <string.h>

struct walk {
    struct source *source;
    const struct pushed_visitor *visitor;
    struct fault *fault;
    struct pushed *out;
    struct set commits; /* the new ones, by their 20 bytes */
    struct set objects; /* trees and blobs met, by their 20 bytes */
    struct set names;   /* of files and folders met */
    struct buf path;
    struct tree_cache cache;
    struct arena arena;
    struct source_id first_parent; /* the first known commit that a new one stands upon */
    bool has_parent;
};

static struct str id_str(const struct source_id *id)
{
    return (struct str){(const char *)id->bytes, sizeof id->bytes};
}

/* One entry of a tree that was not met yet; `commit` NULL: it is old, and only noted. Of a
 * submodule there is nothing but the name. */
static int visit_entry(struct walk *walk, const struct pushed_commit *commit,
                       const struct tree_entry *entry, bool is_new)
{
    bool is_blob = entry->mode != MODE_FOLDER && entry->mode != MODE_MODULE;
    struct pushed_file file = {.commit = commit,
                               .path = buf_str(&walk->path),
                               .blob = entry->id,
                               .is_new_blob = is_new && is_blob,
                               .is_new_name = set_add(&walk->names, entry->name)};
    if (commit == NULL || (!file.is_new_blob && !file.is_new_name)) {
        return 0;
    }
    if (file.is_new_blob &&
        repository_read_size(&file.size, walk->source, &file.blob, file.path, walk->fault) < 0) {
        return -1;
    }
    file.is_large = file.size > SOURCE_FILE_MAX;
    return walk->visitor->file(walk->visitor->context, &file, walk->fault);
}

static int visit_tree(struct walk *walk, const struct pushed_commit *commit,
                      const struct source_id *id, int depth);

static int visit_entries(struct walk *walk, const struct pushed_commit *commit, struct tree *tree,
                         int depth)
{
    struct tree_entry entry;
    size_t length = walk->path.n;
    while (tree_next(&entry, tree)) {
        bool is_new = set_add(&walk->objects, id_str(&entry.id));
        buf_add(&walk->path, entry.name);
        int result = visit_entry(walk, commit, &entry, is_new);
        if (result == 0 && is_new && entry.mode == MODE_FOLDER) {
            buf_add_char(&walk->path, '/');
            result = visit_tree(walk, commit, &entry.id, depth + 1);
        }
        buf_truncate(&walk->path, length);
        if (result != 0) {
            return -1;
        }
    }
    return tree->is_malformed
               ? fault_set(walk->fault, "\"%.*s\" is no tree of git", STR_ARG(buf_str(&walk->path)))
               : 0;
}

static int visit_tree(struct walk *walk, const struct pushed_commit *commit,
                      const struct source_id *id, int depth)
{
    struct tree tree;
    if (depth > SOURCE_DEPTH_MAX) {
        return fault_set(walk->fault, "folders stand more than %d deep", SOURCE_DEPTH_MAX);
    }
    if (walk->objects.count > SOURCE_ENTRIES_MAX * (size_t)8) {
        return fault_set(walk->fault, "the push brings too much: push fewer commits at a time");
    }
    if (tree_open(&tree, walk->source, &walk->cache, id, buf_str(&walk->path), walk->fault) < 0) {
        return -1;
    }
    int result = visit_entries(walk, commit, &tree, depth);
    tree_close(&tree);
    return result;
}

/* The name and the address, and on a line of its own what stands where the time should. */
static void add_name(struct buf *out, struct str line)
{
    ptrdiff_t end = str_find_last_char(line, '>');
    buf_add(out, end < 0 ? line : str_slice(line, 0, (size_t)end));
    buf_add_text(out, "\n\n");
    buf_add(out, end < 0 ? STR("") : str_from(line, (size_t)end + 1));
    buf_add_text(out, "\n\n");
}

/* Trees and parents aside, every line of the header, those that name a person apart. */
static void parse_commit(struct pushed_commit *out, struct arena *arena, struct str bytes)
{
    struct str line;
    struct buf names = BUF_EMPTY, header = BUF_EMPTY;
    while (str_cut(&line, &bytes, '\n') && line.n > 0) {
        if (str_starts(line, STR("author ")) || str_starts(line, STR("committer "))) {
            add_name(&names, line);
        } else if (!str_starts(line, STR("tree ")) && !str_starts(line, STR("parent "))) {
            buf_add(&header, line);
            buf_add_char(&header, '\n');
        }
    }
    out->names = arena_copy(arena, buf_str(&names));
    out->header = arena_copy(arena, buf_str(&header));
    out->message = arena_copy(arena, bytes);
    buf_free(&names);
    buf_free(&header);
}

/* A known commit that a new one stands upon: what it has is not new. */
static int note_parents(struct walk *walk, git_commit *commit)
{
    for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
        struct source_id id;
        struct commit parent;
        memcpy(id.bytes, git_commit_parent_id(commit, i)->id, sizeof id.bytes);
        if (set_has(&walk->commits, id_str(&id))) {
            continue;
        }
        if (!walk->has_parent) {
            walk->first_parent = id;
            walk->has_parent = true;
        }
        if (commit_read(&parent, walk->source, &id, walk->fault) < 0) {
            return -1;
        }
        if (set_add(&walk->objects, id_str(&parent.root)) &&
            visit_tree(walk, NULL, &parent.root, 0) < 0) {
            return -1;
        }
    }
    return 0;
}

/* NULL with a fault. */
static git_commit *find_commit(struct walk *walk, size_t index)
{
    git_commit *commit = NULL;
    git_oid oid;
    memcpy(oid.id, walk->commits.items[index].p, sizeof oid.id);
    if (git_commit_lookup(&commit, walk->source->repository, &oid) != 0) {
        repository_library_fault(walk->fault, "a pushed commit cannot be read", NULL);
    }
    return commit;
}

static int for_each(struct walk *walk, int (*visit)(struct walk *walk, git_commit *commit))
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < walk->commits.count; i++) {
        git_commit *commit = find_commit(walk, i);
        result = commit == NULL ? -1 : visit(walk, commit);
        git_commit_free(commit);
    }
    return result;
}

static int visit_commit(struct walk *walk, git_commit *found)
{
    struct pushed_commit commit = {0};
    struct commit read;
    struct object *object;
    memcpy(commit.id.bytes, git_commit_id(found)->id, sizeof commit.id.bytes);
    commit.is_tip = source_id_equal(&commit.id, &walk->source->commit);
    if (commit_read(&read, walk->source, &commit.id, walk->fault) < 0 ||
        repository_read(&object, walk->source, &commit.id, GIT_OBJECT_COMMIT, REPOSITORY_COMMIT_MAX,
                        STR("history"), walk->fault) < 0) {
        return -1;
    }
    arena_reset(&walk->arena);
    parse_commit(&commit, &walk->arena, object_str(object));
    object_release(object);
    if (walk->visitor->commit(walk->visitor->context, &commit, walk->fault) != 0) {
        return -1;
    }
    bool is_new = set_add(&walk->objects, id_str(&read.root));
    return is_new ? visit_tree(walk, &commit, &read.root, 0) : 0;
}

/* The new commits, parents before children. */
static int find_commits(struct walk *walk)
{
    git_revwalk *revwalk = NULL;
    git_oid oid;
    memcpy(oid.id, walk->source->commit.bytes, sizeof oid.id);
    int result = git_revwalk_new(&revwalk, walk->source->repository);
    if (result == 0) {
        git_revwalk_sorting(revwalk, GIT_SORT_TOPOLOGICAL | GIT_SORT_REVERSE);
        result = git_revwalk_push(revwalk, &oid);
    }
    if (result == 0) {
        result = git_revwalk_hide_glob(revwalk, "*");
    }
    while (result == 0 && (result = git_revwalk_next(&oid, revwalk)) == 0) {
        set_add(&walk->commits, (struct str){(const char *)oid.id, sizeof oid.id});
    }
    git_revwalk_free(revwalk);
    return result == GIT_ITEROVER
               ? 0
               : repository_library_fault(walk->fault, "the pushed commits cannot be listed", NULL);
}

/* The published commit, where the new one comes after it; else what a new one stands upon. */
static int choose_base(struct walk *walk, struct source_id *out, bool *has_base)
{
    git_oid head, tip;
    memcpy(tip.id, walk->source->commit.bytes, sizeof tip.id);
    *out = walk->first_parent;
    *has_base = walk->has_parent;
    if (git_reference_name_to_id(&head, walk->source->repository, "HEAD") != 0) {
        return 0; /* nothing is published yet */
    }
    int is_after = git_graph_descendant_of(walk->source->repository, &tip, &head);
    if (is_after < 0) {
        return repository_library_fault(walk->fault, "the history cannot be read", NULL);
    }
    if (is_after == 1) {
        memcpy(out->bytes, head.id, sizeof out->bytes);
        *has_base = true;
    }
    return 0;
}

static int find_base(struct walk *walk, const char *old)
{
    struct source_id base;
    struct commit read, tip;
    bool has_base = false, is_after = true;
    if (old != NULL) {
        git_oid oid;
        if (git_oid_fromstr(&oid, old) != 0) {
            return fault_set(walk->fault, "\"%s\" is no name of a commit", old);
        }
        memcpy(base.bytes, oid.id, sizeof base.bytes);
        if (source_is_descendant(&is_after, walk->source, old, walk->fault) < 0) {
            return -1;
        }
        has_base = is_after;
        walk->out->is_rewrite = !is_after;
    }
    if (!has_base && choose_base(walk, &base, &has_base) < 0) {
        return -1;
    }
    if (!has_base) {
        return 0;
    }
    source_id_format(walk->out->base, &base);
    if (commit_read(&read, walk->source, &base, walk->fault) < 0 ||
        commit_read(&tip, walk->source, &walk->source->commit, walk->fault) < 0) {
        return -1;
    }
    walk->out->is_base_tree = source_id_equal(&read.root, &tip.root);
    return 0;
}

static struct walk *new_walk(struct source *source, const struct pushed_visitor *visitor,
                             struct fault *fault)
{
    struct walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL) {
        arena_out_of_memory();
    }
    walk->source = source;
    walk->visitor = visitor;
    walk->fault = fault;
    walk->path = BUF_EMPTY;
    return walk;
}

static void free_walk(struct walk *walk)
{
    set_free(&walk->commits);
    set_free(&walk->objects);
    set_free(&walk->names);
    buf_free(&walk->path);
    tree_cache_free(&walk->cache);
    arena_free(&walk->arena);
    free(walk);
}

int pushed_walk(struct pushed *out, struct source *source, const char *old,
                const struct pushed_visitor *visitor, struct fault *fault)
{
    *out = (struct pushed){0};
    struct walk *walk = new_walk(source, visitor, fault);
    walk->out = out;
    int result = find_commits(walk);
    if (result == 0) {
        out->commit_count = walk->commits.count;
        result = for_each(walk, note_parents);
    }
    if (result == 0) {
        result = for_each(walk, visit_commit);
    }
    if (result == 0) {
        result = find_base(walk, old);
    }
    free_walk(walk);
    return result;
}

struct touching {
    struct walk *walk;
    const struct source_id *commit;
    void (*visit)(void *context, const struct source_id *commit, struct str path);
    void *context;
};

static void touch(void *context, const struct diff_path *path)
{
    struct touching *touching = context;
    touching->visit(touching->context, touching->commit, path->path);
}

static void collect(void *context, const struct diff_path *path)
{
    set_add(context, path->path);
}

/* The paths at which `tree` has another file than `base`, which may be NULL. */
static int collect_changed(struct set *out, struct walk *walk, const struct source_id *tree,
                           const struct source_id *base)
{
    const struct source_id *const trees[] = {tree, base};
    struct diff diff = {.source = walk->source,
                        .cache = &walk->cache,
                        .visit = collect,
                        .context = out,
                        .fault = walk->fault,
                        .path = BUF_EMPTY};
    int result = diff_trees(&diff, trees, base == NULL ? 1 : 2);
    buf_free(&diff.path);
    return result;
}

/* The tree of the commit that all parents of a merge come from; NULL where there is none. */
static int find_merge_base(const struct source_id **out, struct commit *base, struct walk *walk,
                           git_commit *found)
{
    git_oid parents[DIFF_PARENTS_MAX], oid;
    size_t count = git_commit_parentcount(found);
    for (size_t i = 0; i < count; i++) {
        parents[i] = *git_commit_parent_id(found, (unsigned)i);
    }
    *out = NULL;
    int status = git_merge_base_octopus(&oid, walk->source->repository, count, parents);
    if (status == GIT_ENOTFOUND) {
        return 0;
    }
    if (status != 0) {
        return repository_library_fault(walk->fault, "the history cannot be read", NULL);
    }
    struct source_id id;
    memcpy(id.bytes, oid.id, sizeof id.bytes);
    if (commit_read(base, walk->source, &id, walk->fault) < 0) {
        return -1;
    }
    *out = &base->root;
    return 0;
}

/* What a side of the merge changed, and the merge has as it was before: somebody put it back. */
static int touch_dropped(struct walk *walk, git_commit *found, struct touching *touching,
                         const struct source_id *const *trees, size_t count)
{
    struct commit base;
    const struct source_id *root;
    struct set given = {0}, kept = {0};
    int result = find_merge_base(&root, &base, walk, found);
    for (size_t i = 1; result == 0 && i < count; i++) {
        result = collect_changed(&given, walk, trees[i], root);
    }
    if (result == 0) {
        result = collect_changed(&kept, walk, trees[0], root);
    }
    for (size_t i = 0; result == 0 && i < given.count; i++) {
        if (!set_has(&kept, given.items[i])) {
            touching->visit(touching->context, touching->commit, given.items[i]);
        }
    }
    set_free(&given);
    set_free(&kept);
    return result;
}

/* The trees of the commit and of its parents: the diff's own limit of parents holds. */
static int touch_commit(struct walk *walk, git_commit *found, struct diff *diff)
{
    struct commit commits[DIFF_PARENTS_MAX + 1];
    const struct source_id *trees[DIFF_PARENTS_MAX + 1];
    size_t count = git_commit_parentcount(found) + (size_t)1;
    if (count > DIFF_PARENTS_MAX + 1) {
        return fault_set(walk->fault, "a merge of more than %d commits", DIFF_PARENTS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        struct source_id id;
        const git_oid *oid =
            i == 0 ? git_commit_id(found) : git_commit_parent_id(found, (unsigned)i - 1);
        memcpy(id.bytes, oid->id, sizeof id.bytes);
        if (commit_read(&commits[i], walk->source, &id, walk->fault) < 0) {
            return -1;
        }
        trees[i] = &commits[i].root;
    }
    struct touching *touching = diff->context;
    touching->commit = &commits[0].id;
    int result = diff_trees(diff, trees, count);
    return result == 0 && count > 2 ? touch_dropped(walk, found, touching, trees, count) : result;
}

int pushed_touched(struct source *source,
                   void (*visit)(void *context, const struct source_id *commit, struct str path),
                   void *context, struct fault *fault)
{
    struct walk *walk = new_walk(source, NULL, fault);
    struct touching touching = {.walk = walk, .visit = visit, .context = context};
    struct diff diff = {.source = source,
                        .cache = &walk->cache,
                        .visit = touch,
                        .context = &touching,
                        .fault = fault,
                        .path = BUF_EMPTY};
    int result = find_commits(walk);
    for (size_t i = 0; result == 0 && i < walk->commits.count; i++) {
        git_commit *commit = find_commit(walk, i);
        result = commit == NULL ? -1 : touch_commit(walk, commit, &diff);
        git_commit_free(commit);
    }
    buf_free(&diff.path);
    free_walk(walk);
    return result;
}

int pushed_read(struct source *source, struct buf *out, const struct pushed_file *file,
                struct fault *fault)
{
    struct object *object;
    if (repository_read(&object, source, &file->blob, GIT_OBJECT_BLOB, SOURCE_FILE_MAX, file->path,
                        fault) < 0) {
        return -1;
    }
    buf_add(out, object_str(object));
    object_release(object);
    return 0;
}

/* Has the folder the file of that name, with that blob? */
static int has_entry(bool *out, struct walk *walk, const struct source_id *folder, struct str name,
                     const struct source_id *blob)
{
    struct tree tree;
    struct tree_entry entry;
    if (tree_open(&tree, walk->source, &walk->cache, folder, name, walk->fault) < 0) {
        return -1;
    }
    while (!*out && tree_next(&entry, &tree)) {
        *out = str_equal(entry.name, name) && source_id_equal(&entry.id, blob);
    }
    tree_close(&tree);
    return 0;
}

int pushed_is_current(bool *out, struct source *source, const struct pushed_file *file,
                      struct fault *fault)
{
    struct walk *walk = new_walk(source, NULL, fault);
    struct commit tip;
    struct source_id folder;
    *out = false;
    int result = commit_read(&tip, source, &source->commit, fault);
    if (result == 0) {
        result = tree_find_folder(&folder, source, &walk->cache, &tip.root, path_folder(file->path),
                                  fault);
    }
    if (result == 1) {
        result = has_entry(out, walk, &folder, path_name(file->path), &file->blob);
    }
    free_walk(walk);
    return result < 0 ? -1 : 0;
}

int pushed_published_branch(struct buf *out, char commit[41], const struct source_options *options,
                            struct fault *fault)
{
    git_oid oid;
    git_repository *repository = NULL;
    git_reference *head = NULL;
    int result = -1;
    if (git_libgit2_init() < 0) {
        return fault_set(fault, "libgit2 does not start");
    }
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    if (git_repository_open_ext(&repository, options->path, 0, NULL) != 0) {
        fault_set(fault, "no git repository at \"%s\"", options->path);
    } else if (git_reference_lookup(&head, repository, "HEAD") != 0 ||
               git_reference_type(head) != GIT_REFERENCE_SYMBOLIC) {
        fault_set(fault, "HEAD of \"%s\" names no branch", options->path);
    } else {
        buf_add_text(out, git_reference_symbolic_target(head));
        bool has_commit = git_reference_name_to_id(&oid, repository, "HEAD") == 0;
        commit[0] = '\0';
        if (has_commit) {
            git_oid_tostr(commit, 41, &oid);
        }
        result = 0;
    }
    git_reference_free(head);
    git_repository_free(repository);
    git_libgit2_shutdown();
    return result;
}
