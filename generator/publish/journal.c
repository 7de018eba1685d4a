/* The journal: the moment of decision, and the way on from any point after it. */
#include "publish/internal.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JOURNAL_MAX = 1 << 30 };

#define JOURNAL_HEAD "gongkai journal 1\n"

/* One call for the whole file system: a thousand files synced one by one take seconds. */
int sync_all(int folder, struct fault *fault)
{
    return syncfs(folder) == 0 ? 0 : fault_errno(fault, "cannot sync the disk");
}

int journal_write(struct publish *publish, struct fault *fault)
{
    struct buf text = BUF_EMPTY;
    buf_add(&text, STR(JOURNAL_HEAD));
    buf_add(&text, buf_str(&publish->removals));
    int rc = file_create(publish->work, JOURNAL ".new", buf_str(&text), 0600, true, fault);
    buf_free(&text);
    if (rc == 0 && renameat(publish->work, JOURNAL ".new", publish->work, JOURNAL) != 0) {
        rc = fault_errno(fault, "cannot write the journal");
    }
    return rc == 0 ? file_sync_folder(publish->work, ".", fault) : rc;
}

struct move {
    struct publish *publish;
    const char *from; /* folder of the stage */
    int to;
    struct str left_out; /* moved by itself, later */
    struct fault *fault;
};

/* What stood in OUT as a file where the new site has a folder. */
static int clear_parents(struct move *move, const char *to)
{
    struct buf parent = BUF_EMPTY;
    int rc = 0;
    for (const char *slash = strchr(to, '/'); rc == 0 && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        struct stat status;
        buf_clear(&parent);
        buf_add(&parent, (struct str){to, (size_t)(slash - to)});
        if (fstatat(move->to, parent.p, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            !S_ISDIR(status.st_mode)) {
            rc = file_remove_tree(move->to, parent.p, move->fault);
        }
    }
    buf_free(&parent);
    return rc;
}

/* Makes the way free for a file that cannot be renamed because of what stood there before. */
static int clear_way(struct move *move, const char *to)
{
    if (errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST) {
        return file_remove_tree(move->to, to, move->fault);
    }
    if (errno == ENOTDIR && clear_parents(move, to) != 0) {
        return -1;
    }
    return file_make_parents(move->to, to, move->fault);
}

static int move_file(struct move *move, struct str path)
{
    struct buf from = BUF_EMPTY;
    buf_printf(&from, "%s/%.*s", move->from, STR_ARG(path));
    const char *to = from.p + strlen(move->from) + 1;
    int work = move->publish->work;
    int rc = renameat(work, from.p, move->to, to);
    if (rc != 0 && (errno == ENOENT || errno == ENOTDIR || errno == EISDIR || errno == ENOTEMPTY ||
                    errno == EEXIST)) {
        rc = clear_way(move, to);
        if (rc == 0 && renameat(work, from.p, move->to, to) != 0) {
            rc = fault_errno(move->fault, "cannot move %s into place", to);
        }
    } else if (rc != 0) {
        rc = fault_errno(move->fault, "cannot move %s into place", to);
    }
    buf_free(&from);
    return rc;
}

static int move_visited(void *context, struct str path)
{
    struct move *move = context;
    return str_equal(path, move->left_out) ? 0 : move_file(move, path);
}

/* Where a disk cannot answer, nothing may go on: an overseen journal is half a site for good. */
static int look_for(bool *is_there, int at, const char *path, struct fault *fault)
{
    struct stat status;
    *is_there = fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
    return *is_there || errno == ENOENT ? 0 : fault_errno(fault, "cannot look for %s", path);
}

/*
 * Folders that OUT does not have yet are moved as one: a new site is a handful of calls, not one
 * for each of its files. Whatever cannot be moved so is left to the walk over files. The database's
 * folder waits: it is the last to come.
 */
static int move_new_folders(struct move *move, int from, struct buf *path)
{
    struct arena arena = {0};
    struct listing listing = {0};
    size_t end = path->n;
    int rc = list_folder(&listing, &arena, from, path->p, move->fault);
    for (size_t i = 0; rc == 0 && i < listing.count; i++) {
        buf_truncate(path, end);
        buf_add_char(path, '/');
        buf_add_text(path, listing.items[i].name);
        if (listing.items[i].is_folder && !str_equal(buf_str(path), STR("./data")) &&
            renameat2(from, path->p, move->to, path->p, RENAME_NOREPLACE) != 0 && errno == EEXIST) {
            rc = move_new_folders(move, from, path);
        }
    }
    buf_truncate(path, end);
    arena_free(&arena);
    return rc;
}

static int move_folder(struct move *move)
{
    bool is_there;
    int work = move->publish->work;
    if (look_for(&is_there, work, move->from, move->fault) != 0) {
        return -1;
    }
    if (!is_there) {
        return 0;
    }
    int from = openat(work, move->from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0) {
        return fault_errno(move->fault, "cannot open the folder %s", move->from);
    }
    struct buf path = BUF_EMPTY;
    buf_add(&path, STR("."));
    int rc = move_new_folders(move, from, &path);
    buf_free(&path);
    close(from);
    return rc == 0 ? walk_files(work, move->from, move_visited, move, move->fault) : rc;
}

static int move_stage(struct publish *publish, struct fault *fault)
{
    struct move move = {publish, STAGE, publish->target, STR(DATABASE), fault};
    struct move memory = {publish, MEMORY_STAGE, publish->work, {NULL, 0}, fault};
    bool has_database;
    if (move_folder(&move) != 0 ||
        look_for(&has_database, publish->work, STAGE "/" DATABASE, fault) != 0 ||
        (has_database && move_file(&move, STR(DATABASE)) != 0)) {
        return -1;
    }
    return move_folder(&memory);
}

/* Folders that a removal leaves empty go too, from the innermost out. */
static void remove_empty_parents(int at, char *path)
{
    for (char *slash; (slash = strrchr(path, '/')) != NULL;) {
        *slash = '\0';
        if (unlinkat(at, path, AT_REMOVEDIR) != 0) {
            return;
        }
    }
}

/* A path that is no file any more is a folder of the new site, or below one of its files. */
static bool is_gone(void)
{
    return errno == ENOENT || errno == ENOTDIR || errno == EISDIR;
}

static int remove_listed(struct publish *publish, struct str paths, struct fault *fault)
{
    struct str path;
    while (str_cut(&path, &paths, '\0')) {
        struct buf name = BUF_EMPTY;
        buf_add(&name, path);
        int rc = 0;
        if (unlinkat(publish->target, name.p, 0) != 0 && !is_gone()) {
            rc = fault_errno(fault, "cannot remove %s", name.p);
        }
        remove_empty_parents(publish->target, name.p);
        buf_free(&name);
        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}

static int change_target(struct publish *publish, struct str removals, struct fault *fault)
{
    return move_stage(publish, fault) == 0 ? remove_listed(publish, removals, fault) : -1;
}

/* What fails for a moment only must not leave half of each site: the moves go on where they were.
 */
static int complete(struct publish *publish, struct str removals, struct fault *fault)
{
    struct fault cause;
    if ((change_target(publish, removals, &cause) == 0 ||
         change_target(publish, removals, &cause) == 0) &&
        sync_all(publish->target, &cause) == 0) {
        return 0;
    }
    return fault_tell(fault, "新网站还没有全部到位，再运行一次就会补完（%s）",
                      "not all of the new site is in place; build again to complete it (%s)",
                      cause.text);
}

static int do_journal(struct publish *publish, struct str journal, struct fault *fault)
{
    struct str head = STR(JOURNAL_HEAD);
    if (!str_starts(journal, head)) {
        return fault_tell(fault,
                          "%s/" JOURNAL " 损坏了，不是 gongkai 写的；删掉它，再用 --full 生成",
                          "%s/" JOURNAL " is damaged or not ours; remove it and build with --full",
                          publish->work_path);
    }
    if (complete(publish, str_from(journal, head.n), fault) != 0) {
        return -1;
    }
    if (unlinkat(publish->work, JOURNAL, 0) != 0) {
        return fault_errno(fault, "cannot remove the journal");
    }
    return file_sync_folder(publish->work, ".", fault);
}

int journal_finish(struct publish *publish, struct fault *fault)
{
    bool is_there;
    if (look_for(&is_there, publish->work, JOURNAL, fault) != 0) {
        return -1;
    }
    if (!is_there) {
        return 0;
    }
    struct buf journal = BUF_EMPTY;
    int rc = file_read(&journal, publish->work, JOURNAL, JOURNAL_MAX, fault);
    if (rc == 0) {
        rc = do_journal(publish, buf_str(&journal), fault);
    }
    buf_free(&journal);
    return rc;
}
