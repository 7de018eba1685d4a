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
    int rc = file_remove_tree(publish->work, JOURNAL ".new", fault);
    if (rc == 0) {
        rc = file_create(publish->work, JOURNAL ".new", buf_str(&text), 0600, true, fault);
    }
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

static int move_file(struct move *move, struct str path)
{
    struct buf from = BUF_EMPTY;
    buf_printf(&from, "%s/%.*s", move->from, STR_ARG(path));
    const char *to = from.p + strlen(move->from) + 1;
    int rc = renameat(move->publish->work, from.p, move->to, to);
    if (rc != 0 && errno == ENOENT) {
        rc = file_make_parents(move->to, to, move->fault);
        if (rc == 0 && renameat(move->publish->work, from.p, move->to, to) != 0) {
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

static bool exists(int at, const char *path)
{
    struct stat status;
    return fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static int move_stage(struct publish *publish, struct fault *fault)
{
    struct move move = {publish, STAGE, publish->target, STR(DATABASE), fault};
    if (exists(publish->work, STAGE) &&
        walk_files(publish->work, STAGE, move_visited, &move, fault) != 0) {
        return -1;
    }
    if (exists(publish->work, STAGE "/" DATABASE) && move_file(&move, STR(DATABASE)) != 0) {
        return -1;
    }
    struct move memory = {publish, MEMORY_STAGE, publish->work, {NULL, 0}, fault};
    if (!exists(publish->work, MEMORY_STAGE)) {
        return 0;
    }
    return walk_files(publish->work, MEMORY_STAGE, move_visited, &memory, fault);
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

static int remove_listed(struct publish *publish, struct str paths, struct fault *fault)
{
    struct str path;
    while (str_cut(&path, &paths, '\0')) {
        struct buf name = BUF_EMPTY;
        buf_add(&name, path);
        int rc = 0;
        if (unlinkat(publish->target, name.p, 0) != 0 && errno != ENOENT && errno != ENOTDIR) {
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

static int do_journal(struct publish *publish, struct str journal, struct fault *fault)
{
    struct str head = STR(JOURNAL_HEAD);
    if (!str_starts(journal, head)) {
        return fault_set(fault, "the journal %s/%s is not one of ours", publish->work_path,
                         JOURNAL);
    }
    if (move_stage(publish, fault) != 0 ||
        remove_listed(publish, str_from(journal, head.n), fault) != 0 ||
        sync_all(publish->target, fault) != 0) {
        return -1;
    }
    if (unlinkat(publish->work, JOURNAL, 0) != 0) {
        return fault_errno(fault, "cannot remove the journal");
    }
    return file_sync_folder(publish->work, ".", fault);
}

int journal_finish(struct publish *publish, struct fault *fault)
{
    if (!exists(publish->work, JOURNAL)) {
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
