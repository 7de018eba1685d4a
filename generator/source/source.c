#include "source/commits.h"
#include "source/loose.h"
#include "source/snapshot.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int repository_missing(struct fault *fault, const char *path)
{
    const git_error *error = git_error_last();
    bool is_there = access(path, F_OK) == 0;
    if (is_there && error != NULL && error->klass != GIT_ERROR_REPOSITORY) {
        return repository_library_fault(fault, "the repository cannot be opened", path);
    }
    if (is_there && error != NULL && str_find(str_of(error->message), STR("extension")) >= 0) {
        return fault_tell(fault,
                          "“%s”用了本程序不支持的 git 格式（%s）；用 git init 的默认格式另建一个",
                          "the repository \"%s\" has a format of git that is not supported (%s); "
                          "make one in git's default format",
                          path, error->message);
    }
    return is_there
               ? fault_tell(fault,
                            "“%s”不在 git 仓库里；先用 cd 进到取下来的文件夹，或用 -C 写明它",
                            "no git repository at \"%s\": cd into it, or name it with -C", path)
               : fault_tell(fault, "没有“%s”这个文件夹；核对 -C 后面写的",
                            "no git repository at \"%s\": there is no such folder", path);
}

int repository_library_fault(struct fault *fault, const char *what, const char *name)
{
    const git_error *error = git_error_last();
    const char *told = error != NULL ? error->message : "libgit2 failed";
    return name != NULL ? fault_set(fault, "%s \"%s\": %s", what, name, told)
                        : fault_set(fault, "%s: %s", what, told);
}

/*
 * Settings of the library, the same for every source. The owner check is off: a build reads
 * objects and runs no hooks, and a server builds other people's repositories. The cache of objects
 * is off: each tree is read once, and the caches that pay (trees, deltas) are bounded apart.
 */
static int set_options(void)
{
    int status = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    status |= git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    status |= git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)TREE_CACHE_BYTES);
    status |= git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    status |= git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, (size_t)SOURCE_FILE_MAX);
    return status;
}

/* Where objects come from elsewhere too, any may be loose. */
static void find_loose(struct source *source, bool from_environment)
{
    struct buf path = BUF_EMPTY;
    buf_add_text(&path, git_repository_commondir(source->repository));
    buf_add_text(&path, "/objects/");
    size_t length = path.n;
    buf_add_text(&path, "info/alternates");
    bool is_anywhere = from_environment || access(path.p, F_OK) == 0;
    for (unsigned i = 0; i < sizeof source->has_loose; i++) {
        buf_truncate(&path, length);
        buf_printf(&path, "%02x", i);
        source->has_loose[i] = is_anywhere || access(path.p, F_OK) == 0;
    }
    buf_free(&path);
}

static int open_packs(struct source *source, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%s/objects/pack", git_repository_commondir(source->repository));
    int rc = packs_open(&source->packs, path.p, fault);
    buf_free(&path);
    return rc;
}

static int open_repository(struct source *source, const struct source_options *options,
                           struct fault *fault)
{
    const char *path = options->path != NULL ? options->path : ".";
    unsigned flags = options->from_environment ? GIT_REPOSITORY_OPEN_FROM_ENV : 0;
    /* With no path at all GIT_DIR itself is used. */
    const char *start = options->from_environment ? options->path : path;
    if (git_repository_open_ext(&source->repository, start, flags, NULL) != 0) {
        return repository_missing(fault, path);
    }
    if (git_repository_is_shallow(source->repository) != 0) {
        return fault_tell(fault,
                          "仓库“%s”是浅克隆，历史不全，日期和改名会算错；先输入 "
                          "git fetch --unshallow",
                          "the repository \"%s\" is shallow: its history is cut off, and dates and "
                          "renames would be wrong; run git fetch --unshallow",
                          path);
    }
    if (git_repository_odb(&source->odb, source->repository) != 0) {
        return repository_library_fault(fault, "no objects in the repository", path);
    }
    find_loose(source, options->from_environment);
    return open_packs(source, fault);
}

/* Where the revision is a reference or a name, its object is looked at before libgit2 reads it. */
static int check_revision(struct source *source, const char *revision, struct fault *fault)
{
    git_reference *named = NULL, *direct = NULL;
    git_oid oid;
    struct source_id id;
    bool has_id = strlen(revision) == GIT_OID_HEXSZ && git_oid_fromstr(&oid, revision) == 0;
    if (!has_id && git_reference_dwim(&named, source->repository, revision) == 0 &&
        git_reference_resolve(&direct, named) == 0) {
        git_oid_cpy(&oid, git_reference_target(direct));
        has_id = true;
    }
    git_reference_free(named);
    git_reference_free(direct);
    if (!has_id) {
        return 0;
    }
    memcpy(id.bytes, oid.id, sizeof id.bytes);
    return loose_check(source, &id, str_of(revision), fault);
}

/* Before the first commit HEAD is there, and names nothing. */
static void revision_fault(struct fault *fault, struct source *source, const char *revision)
{
    if (git_repository_head_unborn(source->repository) == 1 && strcmp(revision, "HEAD") == 0) {
        fault_tell(fault, "仓库“%s”里还没有提交；先输入 git add -A，再输入 git commit -m \"开始\"",
                   "the repository \"%s\" has no commit yet: git add -A, then git commit -m begin",
                   git_repository_path(source->repository));
        return;
    }
    fault_tell(fault, "没有“%s”这个提交或分支；git branch -a 列出有的",
               "no such revision \"%s\"; git branch -a lists the branches", revision);
}

/* The library finds the commit; what it says is read by ourselves, and verified. */
static int find_commit(struct source_id *root, struct source *source, const char *revision,
                       struct fault *fault)
{
    git_object *object = NULL, *commit = NULL;
    struct commit found;
    int result = -1;
    if (check_revision(source, revision, fault) < 0) {
        return -1;
    }
    if (git_revparse_single(&object, source->repository, revision) != 0) {
        revision_fault(fault, source, revision);
        goto done;
    }
    if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0) {
        repository_library_fault(fault, "not a commit:", revision);
        goto done;
    }
    memcpy(source->commit.bytes, git_object_id(commit)->id, sizeof source->commit.bytes);
    source_id_format(source->commit_text, &source->commit);
    result = commit_read(&found, source, &source->commit, fault);
    if (result == 0) {
        *root = found.root;
        source->time = found.time;
    }
done:
    git_object_free(object);
    git_object_free(commit);
    return result;
}

/* Without slashes at the ends; "." is the root, as is "./". */
static char *clean_content(const char *content)
{
    struct str s = str_of(content);
    while (str_starts(s, STR("./"))) {
        s = str_from(s, 2);
    }
    while (str_starts(s, STR("/"))) {
        s = str_from(s, 1);
    }
    while (str_ends(s, STR("/"))) {
        s = str_slice(s, 0, s.n - 1);
    }
    if (str_equal(s, STR("."))) {
        s.n = 0;
    }
    char *copy = malloc(s.n + 1);
    if (copy == NULL) {
        arena_out_of_memory();
    }
    memcpy(copy, s.n > 0 ? s.p : "", s.n);
    copy[s.n] = '\0';
    return copy;
}

static int find_root(struct source *source, const struct source_id *root, struct fault *fault)
{
    struct tree_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL) {
        arena_out_of_memory();
    }
    int found =
        tree_find_folder(&source->root, source, cache, root, str_of(source->content), fault);
    tree_cache_free(cache);
    free(cache);
    if (found == 0) {
        return fault_tell(fault,
                          "--content 写的文件夹“%s”在提交 %s 里没有；从仓库的根写起，如 "
                          "--content content",
                          "no folder \"%s\" in the commit %s: --content is a path from the "
                          "repository's root",
                          source->content,
                          source->commit_text[0] != '\0' ? source->commit_text : "(none yet)");
    }
    return found < 0 ? -1 : 0;
}

/* The tree to be read, of a commit or of what may become one. */
static int find_tree(struct source_id *root, struct source *source,
                     const struct source_options *options, struct fault *fault)
{
    const char *revision = options->revision != NULL ? options->revision : "HEAD";
    bool is_commit = options->tree == SOURCE_TREE_COMMIT;
    bool has_head = git_repository_head_unborn(source->repository) == 0;
    if ((is_commit || has_head) &&
        find_commit(root, source, is_commit ? revision : "HEAD", fault) < 0) {
        return -1;
    }
    if (is_commit) {
        return 0;
    }
    source->time = (int64_t)time(NULL);
    source->is_snapshot = true;
    return snapshot_make(root, source, options->tree, fault);
}

/*
 * libgit2 reads the certificates of the world's authorities when it starts, for connections that
 * this program never makes: a quarter of the time that a start takes. The function by which it
 * reads them is found here before that of mbed TLS, and finds none, so that no connection is
 * trusted. (Where mbed TLS is linked in, offline.c does it, and this gives way.)
 */
__attribute__((weak)) int mbedtls_x509_crt_parse_file(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
    (void)chain;
    (void)path;
    return 0;
}

static int open_source(struct source *source, const struct source_options *options,
                       struct fault *fault)
{
    struct source_id root;
    if (git_libgit2_init() < 0) {
        return fault_set(fault, "libgit2 does not start");
    }
    source->is_initialized = true;
    if (set_options() != 0) {
        return repository_library_fault(fault, "libgit2 refuses", "its settings");
    }
    if (open_repository(source, options, fault) < 0 ||
        find_tree(&root, source, options, fault) < 0) {
        return -1;
    }
    source->content = clean_content(options->content);
    return find_root(source, &root, fault);
}

int source_open(struct source **out, const struct source_options *options, struct fault *fault)
{
    *out = NULL;
    struct source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        arena_out_of_memory();
    }
    source->unpacked = (struct scratch)SCRATCH_NONE;
    if (open_source(source, options, fault) < 0) {
        source_close(source);
        return -1;
    }
    *out = source;
    return 0;
}

const char *source_commit(const struct source *source)
{
    return source->commit_text;
}

int64_t source_commit_time(const struct source *source)
{
    return source->time;
}

int source_worktree(struct buf *out, const struct source *source, struct fault *fault)
{
    const char *path = git_repository_workdir(source->repository);
    if (path == NULL) {
        return fault_tell(fault,
                          "“%s”是服务器上的仓库，里面没有可以改的文件；到您取下来的文件夹里运行",
                          "the repository \"%s\" is bare: it has no working tree; run this in a "
                          "clone of it",
                          git_repository_path(source->repository));
    }
    struct str bare = str_of(path);
    buf_add(out, str_ends(bare, STR("/")) ? str_slice(bare, 0, bare.n - 1) : bare);
    return 0;
}

void source_id_format(char out[41], const struct source_id *id)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof id->bytes; i++) {
        out[i * 2] = digits[id->bytes[i] >> 4];
        out[i * 2 + 1] = digits[id->bytes[i] & 15];
    }
    out[40] = '\0';
}

void source_rest(struct source *source)
{
    scratch_unmap(&source->unpacked);
    packs_forget(source->packs);
}

struct scratch source_take_unpacked(struct source *source)
{
    return scratch_take(&source->unpacked);
}

void source_close(struct source *source)
{
    if (source == NULL) {
        return;
    }
    scratch_close(&source->unpacked);
    packs_close(source->packs);
    git_odb_free(source->odb);
    git_repository_free(source->repository);
    if (source->is_initialized) {
        git_libgit2_shutdown();
    }
    free(source->content);
    free(source);
}
