#include "publish/publish.h"

#include "publish/internal.h"

#include "base/arena.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_folder(int at, const char *path, struct fault *fault)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        fault_tell_errno(fault, "打不开文件夹 %s", "cannot open the folder %s", path);
    }
    return fd;
}

/*
 * "site/public" has its work in "site/.public.gongkai". Links and "." are resolved first: one
 * folder has one lock and one memory, by whatever name it is called.
 */
static int find_paths(struct publish *publish, const char *target, struct fault *fault)
{
    char *resolved = publish->target_path = realpath(target, NULL);
    if (resolved == NULL) {
        return fault_tell_errno(fault, "找不到文件夹 %s", "cannot find the folder %s", target);
    }
    if (strcmp(resolved, "/") == 0) {
        return fault_tell(
            fault, "网站不能放在整个磁盘的根上，用 -o 另选一个文件夹",
            "the root of the file system is no web root; choose a folder in it with -o");
    }
    size_t name = (size_t)(str_find_last_char(str_of(resolved), '/') + 1);
    struct buf work = BUF_EMPTY;
    buf_printf(&work, "%.*s.%s.gongkai", (int)name, resolved, resolved + name);
    publish->work_path = work.p;
    return 0;
}

static int make_folder(const char *path, mode_t mode, struct fault *fault)
{
    if (file_make_parents(AT_FDCWD, path, fault) != 0) {
        return -1;
    }
    if (mkdir(path, mode) != 0 && errno != EEXIST) {
        return fault_tell_errno(fault, "建不了文件夹 %s", "cannot make the folder %s", path);
    }
    return 0;
}

static int take_lock(struct publish *publish, void (*on_wait)(void), struct fault *fault)
{
    publish->lock = openat(publish->work, LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (publish->lock < 0) {
        return fault_tell_errno(fault, "打不开 %s 里的锁", "cannot open the lock in %s",
                                publish->work_path);
    }
    if (flock(publish->lock, LOCK_EX | LOCK_NB) == 0) {
        return 0;
    }
    if (errno == EWOULDBLOCK && on_wait != NULL) {
        on_wait();
    }
    while (flock(publish->lock, LOCK_EX) != 0) {
        if (errno != EINTR) {
            return fault_errno(fault, "cannot take the lock in %s", publish->work_path);
        }
    }
    return 0;
}

static int count_one(void *context, struct str path)
{
    (void)context;
    (void)path;
    return 1;
}

int publish_refuse(const char *target, struct fault *fault)
{
    return fault_tell(fault,
                      "%s 里有别的文件，不是 gongkai 发布的；用 -o 另选一个空文件夹，是丢了 data "
                      "的旧网站就先清空它",
                      "%s holds files that were not published by gongkai; choose an empty folder "
                      "with -o, or empty this one if it is a site that lost its data folder",
                      target);
}

static bool is_there(int at, const char *path)
{
    return faccessat(at, path, F_OK, 0) == 0;
}

/* A folder with somebody else's files must not be taken for an old site and emptied. */
static int check_ours(struct publish *publish, const char *target, struct fault *fault)
{
    if ((publish->work >= 0 && is_there(publish->work, PUBLISH_REMEMBERED) &&
         is_there(publish->target, CHECKSUMS)) ||
        is_there(publish->target, DATABASE)) {
        return 0;
    }
    if (errno != ENOENT && errno != ENOTDIR) {
        return fault_tell_errno(fault, "看不了 %s 里的 data 文件夹",
                                "cannot look into the folder data in %s", target);
    }
    struct fault cause = {.text = ""};
    if (walk_files(publish->target, ".", count_one, NULL, &cause) == 0) {
        publish->is_new = true;
        return 0;
    }
    if (cause.text[0] != '\0') {
        *fault = cause;
        return -1;
    }
    return publish_refuse(target, fault);
}

static int clear_stage(struct publish *publish, struct fault *fault)
{
    if (file_remove_tree(publish->work, STAGE, fault) != 0 ||
        file_remove_tree(publish->work, MEMORY_STAGE, fault) != 0 ||
        file_remove_tree(publish->work, JOURNAL ".new", fault) != 0) {
        return -1;
    }
    if (mkdirat(publish->work, STAGE, 0777) != 0 ||
        mkdirat(publish->work, MEMORY_STAGE, 0700) != 0) {
        return fault_errno(fault, "cannot make the stage in %s", publish->work_path);
    }
    return 0;
}

static void publish_free(struct publish *publish)
{
    const int handles[] = {publish->lock, publish->work, publish->target};
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        if (handles[i] >= 0) {
            close(handles[i]);
        }
    }
    buf_free(&publish->removals);
    free(publish->target_path);
    free(publish->work_path);
    free(publish);
}

/* Files are renamed from the work into OUT, which no two file systems allow. */
static int check_same_disk(const struct publish *publish, const char *target, struct fault *fault)
{
    struct statx out, work;
    if (statx(publish->target, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &out) != 0 ||
        statx(publish->work, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &work) != 0) {
        return fault_errno(fault, "cannot look at the folder %s", target);
    }
    bool is_same = out.stx_dev_major == work.stx_dev_major &&
                   out.stx_dev_minor == work.stx_dev_minor &&
                   ((out.stx_attributes | work.stx_attributes) & STATX_ATTR_MOUNT_ROOT) == 0;
    return is_same
               ? 0
               : fault_tell(fault,
                            "%s 是单独的磁盘分区，网站没法整个换进去；用 -o 选它里面的一个文件夹",
                            "%s is a file system of its own, and nothing can be moved into it "
                            "as a whole; choose a folder inside it with -o",
                            target);
}

/* A folder of somebody else's is refused before anything is made beside it. */
static int open_work(struct publish *publish, const char *target, struct fault *fault)
{
    bool is_first = !is_there(AT_FDCWD, publish->work_path);
    if ((is_first && check_ours(publish, target, fault) != 0) ||
        make_folder(publish->work_path, 0700, fault) != 0) {
        return -1;
    }
    publish->work = open_folder(AT_FDCWD, publish->work_path, fault);
    if (publish->work < 0 && errno == EACCES) {
        return fault_tell(fault,
                          "%s 是别的用户的；用那个用户发布，或用 chown -R 把网站和它交给现在的用户",
                          "%s belongs to another user; publish as that user, or give the site and "
                          "this folder to the present one with chown -R",
                          publish->work_path);
    }
    int rc = publish->work < 0 ? -1 : check_same_disk(publish, target, fault);
    if (rc != 0 && is_first) {
        rmdir(publish->work_path);
    }
    return rc;
}

static int begin(struct publish *publish, const char *target, void (*on_wait)(void),
                 struct fault *fault)
{
    if (target[0] == '\0') {
        return fault_tell(fault, "没有写网站放在哪里，用 -o 写一个文件夹",
                          "the web root has no name; say where to publish with -o");
    }
    if (make_folder(target, 0777, fault) != 0 || find_paths(publish, target, fault) != 0) {
        return -1;
    }
    publish->target = open_folder(AT_FDCWD, target, fault);
    if (publish->target < 0 || open_work(publish, target, fault) != 0 ||
        take_lock(publish, on_wait, fault) != 0 || journal_finish(publish, fault) != 0 ||
        check_ours(publish, target, fault) != 0) {
        return -1;
    }
    return clear_stage(publish, fault);
}

int publish_begin(struct publish **out, const char *target, void (*on_wait)(void),
                  struct fault *fault)
{
    struct publish *publish = calloc(1, sizeof *publish);
    if (publish == NULL) {
        arena_out_of_memory();
    }
    publish->target = publish->work = publish->lock = -1;
    publish->removals = BUF_EMPTY;
    if (begin(publish, target, on_wait, fault) != 0) {
        publish_free(publish);
        return -1;
    }
    *out = publish;
    return 0;
}

int publish_hold(const char *target, void (*on_wait)(void))
{
    struct fault ignored;
    struct publish publish = {0};
    struct buf path = BUF_EMPTY;
    int lock = -1;
    if (find_paths(&publish, target, &ignored) == 0) {
        buf_printf(&path, "%s/" LOCK, publish.work_path);
        lock = open(path.p, O_RDONLY | O_CLOEXEC);
    }
    if (lock >= 0 && flock(lock, LOCK_SH | LOCK_NB) != 0) {
        on_wait();
        while (flock(lock, LOCK_SH) != 0 && errno == EINTR) {
        }
    }
    buf_free(&path);
    free(publish.target_path);
    free(publish.work_path);
    return lock;
}

bool publish_is_new(const struct publish *publish)
{
    return publish->is_new;
}

int publish_target(const struct publish *publish)
{
    return publish->target;
}

int publish_memory(const struct publish *publish)
{
    return publish->work;
}

void publish_stage_path(const struct publish *publish, struct buf *out, const char *path)
{
    buf_printf(out, "%s/" STAGE "/%s", publish->work_path, path);
}

void publish_stage_memory_path(const struct publish *publish, struct buf *out, const char *name)
{
    buf_printf(out, "%s/" MEMORY_STAGE "/%s", publish->work_path, name);
}

static bool has_bytes(int fd, struct str bytes)
{
    enum { CHUNK = 64 * 1024 };
    char chunk[CHUNK];
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 && bytes.n == 0;
        }
        if (!str_equal((struct str){chunk, (size_t)n}, str_slice(bytes, 0, (size_t)n))) {
            return false;
        }
        bytes = str_from(bytes, (size_t)n);
    }
}

/* A file behind a linked folder is not in OUT. A pipe must not be waited for. */
static int open_published(const struct publish *publish, const char *path)
{
    const struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
                                 .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, publish->target, path, &how, sizeof how);
}

/* What stands in OUT already; a doubt means "changed", which is always safe. */
static enum publish_change compare(const struct publish *publish, const char *path,
                                   struct str bytes)
{
    if (publish->is_new) {
        return PUBLISH_ADDED;
    }
    int fd = open_published(publish, path);
    if (fd < 0) {
        return errno == ENOENT ? PUBLISH_ADDED : PUBLISH_CHANGED;
    }
    struct stat status;
    bool is_same = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                   (size_t)status.st_size == bytes.n && has_bytes(fd, bytes);
    close(fd);
    return is_same ? PUBLISH_SAME : PUBLISH_CHANGED;
}

int publish_put(struct publish *publish, enum publish_change *change, const char *path,
                struct str bytes, struct fault *fault)
{
    *change = compare(publish, path, bytes);
    if (*change == PUBLISH_SAME && strcmp(path, CHECKSUMS) != 0) {
        return 0;
    }
    struct buf staged = BUF_EMPTY;
    buf_add(&staged, STR(STAGE "/"));
    buf_add_text(&staged, path);
    /* A page's folder is its own: of a new site it is not there yet. */
    bool has_folder = !publish->is_new || !str_ends(str_of(path), STR("/index.html"));
    int rc = has_folder ? 0 : file_make_parents(publish->work, staged.p, fault);
    if (rc == 0) {
        rc = file_create_below(publish->work, staged.p, bytes, 0644, fault);
    }
    buf_free(&staged);
    return rc;
}

void publish_remove(struct publish *publish, struct str path)
{
    buf_add(&publish->removals, path);
    buf_add_char(&publish->removals, '\0');
}

int publish_walk(const struct publish *publish, int (*visit)(void *context, struct str path),
                 void *context, struct fault *fault)
{
    return walk_files(publish->target, ".", visit, context, fault);
}

static void drop_stage(const struct publish *publish)
{
    struct fault ignored;
    file_remove_tree(publish->work, STAGE, &ignored);
    file_remove_tree(publish->work, MEMORY_STAGE, &ignored);
}

static int commit(struct publish *publish, struct fault *fault)
{
    if (sync_all(publish->work, fault) != 0 || journal_write(publish, fault) != 0 ||
        journal_finish(publish, fault) != 0) {
        return -1;
    }
    drop_stage(publish); /* what cannot be dropped now, the next run drops */
    return 0;
}

void publish_abandon(struct publish *publish)
{
    if (publish == NULL) {
        return;
    }
    drop_stage(publish);
    publish_free(publish);
}

int publish_commit(struct publish *publish, struct fault *fault)
{
    if (rehearse(publish, fault) != 0) {
        publish_abandon(publish);
        return -1;
    }
    int rc = commit(publish, fault);
    publish_free(publish);
    return rc;
}
