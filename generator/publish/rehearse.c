/* Before the decision: will every place of OUT take its file, or let it go? */
#include "publish/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum obstacle { OBSTACLE_LINK, OBSTACLE_MOUNT, OBSTACLE_FIXED, OBSTACLE_OWNER, OBSTACLE_MODE };

/* A folder of OUT whose entries are to change. */
struct place {
    bool is_there;  /* as a folder: else it comes whole, and nothing below can be in the way */
    bool is_shared; /* another user's, and sticky: only one's own files can be replaced in it */
};

struct rehearsal {
    const struct publish *publish;
    int stage;          /* open folder */
    struct buf folder;  /* of the last removal: the next one often shares it */
    struct place place; /* what that is */
    struct fault *fault;
};

static int tell(struct fault *fault, enum obstacle obstacle, const char *where)
{
    switch (obstacle) {
    case OBSTACLE_LINK:
        return fault_tell(fault,
                          "%s 是符号链接，网站没法整个换进去；换成文件夹本身，再用 --full 生成",
                          "%s is a symbolic link, and nothing can be moved through it as a whole; "
                          "put the folder itself there and build with --full",
                          where);
    case OBSTACLE_MOUNT:
        return fault_tell(fault, "%s 是单独挂载的，网站没法整个换进去；先卸载它（umount）",
                          "%s is a mount of its own, and nothing can be moved into it as a whole; "
                          "unmount it first",
                          where);
    case OBSTACLE_FIXED:
        return fault_tell(fault, "%s 不许改动；先运行 chattr -i -a %s",
                          "%s may not be changed; run chattr -i -a %s first", where, where);
    case OBSTACLE_OWNER:
        return fault_tell(fault,
                          "%s 是别的用户的；用那个用户发布，或用 chown -R 把网站交给现在的用户",
                          "%s belongs to another user; publish as that user, or give the site to "
                          "this one with chown -R",
                          where);
    default:
        return fault_tell(fault, "%s 不许写；先运行 chmod u+rwx %s",
                          "%s may not be written; run chmod u+rwx %s first", where, where);
    }
}

static int refuse(const struct rehearsal *rehearsal, enum obstacle obstacle, const char *path)
{
    struct buf where = BUF_EMPTY;
    const char *below = str_starts(str_of(path), STR("./")) ? path + 2 : path;
    bool is_out = strcmp(path, ".") == 0;
    buf_printf(&where, "%s%s%s", rehearsal->publish->target_path, is_out ? "" : "/",
               is_out ? "" : below);
    tell(rehearsal->fault, obstacle, where.p);
    buf_free(&where);
    return -1;
}

/* Whatever else the file system answers when the time comes, these are known beforehand. */
static int look(const struct rehearsal *rehearsal, struct statx *out, bool *is_there,
                const char *path)
{
    const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
    *is_there = statx(rehearsal->publish->target, path, flags, STATX_BASIC_STATS, out) == 0;
    if (!*is_there) {
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : fault_tell_errno(rehearsal->fault, "看不了 %s", "cannot look at %s", path);
    }
    if ((out->stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
        return refuse(rehearsal, OBSTACLE_MOUNT, path);
    }
    return (out->stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0
               ? refuse(rehearsal, OBSTACLE_FIXED, path)
               : 0;
}

static int check_access(const struct rehearsal *rehearsal, const char *path, uid_t owner)
{
    if (faccessat(rehearsal->publish->target, path, W_OK | X_OK, 0) == 0) {
        return 0;
    }
    if (errno != EACCES) {
        return fault_tell_errno(rehearsal->fault, "写不了 %s", "cannot write %s", path);
    }
    return refuse(rehearsal, owner == geteuid() ? OBSTACLE_MODE : OBSTACLE_OWNER, path);
}

static int check_folder(const struct rehearsal *rehearsal, struct place *out, const char *path)
{
    struct statx status;
    bool is_there;
    *out = (struct place){0};
    if (look(rehearsal, &status, &is_there, path) != 0) {
        return -1;
    }
    if (is_there && S_ISLNK(status.stx_mode)) {
        return refuse(rehearsal, OBSTACLE_LINK, path);
    }
    if (!is_there || !S_ISDIR(status.stx_mode)) {
        return 0; /* a file in its place goes, which the folder above allows */
    }
    out->is_there = true;
    out->is_shared =
        (status.stx_mode & S_ISVTX) != 0 && geteuid() != 0 && status.stx_uid != geteuid();
    return check_access(rehearsal, path, status.stx_uid);
}

static int check_file(const struct rehearsal *rehearsal, const struct place *folder,
                      const char *path)
{
    struct statx status;
    bool is_there;
    if (look(rehearsal, &status, &is_there, path) != 0) {
        return -1;
    }
    return is_there && folder->is_shared && status.stx_uid != geteuid()
               ? refuse(rehearsal, OBSTACLE_OWNER, path)
               : 0;
}

/* All that is staged in the folder, against what OUT has there. */
static int check_staged(struct rehearsal *rehearsal, struct buf *path)
{
    struct arena arena = {0};
    struct listing listing = {0};
    struct place place;
    size_t end = path->n;
    int rc = check_folder(rehearsal, &place, path->p);
    if (rc == 0 && place.is_there) {
        rc = list_folder(&listing, &arena, rehearsal->stage, path->p, rehearsal->fault);
    }
    for (size_t i = 0; rc == 0 && i < listing.count; i++) {
        buf_truncate(path, end);
        buf_add_char(path, '/');
        buf_add_text(path, listing.items[i].name);
        rc = listing.items[i].is_folder ? check_staged(rehearsal, path)
                                        : check_file(rehearsal, &place, path->p);
    }
    buf_truncate(path, end);
    arena_free(&arena);
    return rc;
}

/* The folders on the way, from the outermost in. */
static int check_way(struct rehearsal *rehearsal, struct str folder)
{
    if (rehearsal->folder.n > 0 && str_equal(buf_str(&rehearsal->folder), folder)) {
        return 0;
    }
    rehearsal->place.is_there = true;
    for (size_t i = 0; i <= folder.n && rehearsal->place.is_there; i++) {
        if (i < folder.n && folder.p[i] != '/') {
            continue;
        }
        buf_clear(&rehearsal->folder);
        buf_add(&rehearsal->folder, str_slice(folder, 0, i));
        if (check_folder(rehearsal, &rehearsal->place, rehearsal->folder.p) != 0) {
            return -1;
        }
    }
    buf_clear(&rehearsal->folder);
    buf_add(&rehearsal->folder, folder);
    return 0;
}

static int check_removals(struct rehearsal *rehearsal)
{
    struct str paths = buf_str(&rehearsal->publish->removals), path;
    int rc = 0;
    while (rc == 0 && str_cut(&path, &paths, '\0')) {
        ptrdiff_t slash = str_find_last_char(path, '/');
        rc = check_way(rehearsal, slash < 0 ? STR(".") : str_slice(path, 0, (size_t)slash));
        if (rc == 0 && rehearsal->place.is_there) {
            rc = check_file(rehearsal, &rehearsal->place, path.p); /* NUL-terminated: see publish */
        }
    }
    return rc;
}

int rehearse(const struct publish *publish, struct fault *fault)
{
    struct rehearsal rehearsal = {.publish = publish, .folder = BUF_EMPTY, .fault = fault};
    struct buf path = BUF_EMPTY;
    rehearsal.stage = openat(publish->work, STAGE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (rehearsal.stage < 0) {
        return fault_errno(fault, "cannot open the folder " STAGE);
    }
    buf_add(&path, STR("."));
    int rc = check_staged(&rehearsal, &path);
    rc = rc == 0 ? check_removals(&rehearsal) : rc;
    close(rehearsal.stage);
    buf_free(&rehearsal.folder);
    buf_free(&path);
    return rc;
}
