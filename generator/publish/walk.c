#include "publish/internal.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Some file systems leave the kind of an entry to be asked for. */
static bool is_folder(DIR *folder, const struct dirent *entry)
{
    struct stat status;
    return entry->d_type == DT_DIR ||
           (entry->d_type == DT_UNKNOWN &&
            fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(status.st_mode));
}

static int read_entries(struct listing *out, struct arena *arena, DIR *folder)
{
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (entry == NULL) {
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        out->items = arena_grow(arena, out->items, out->count, sizeof *out->items);
        struct str name = arena_copy(arena, str_of(entry->d_name));
        out->items[out->count++] = (struct entry){(char *)name.p, is_folder(folder, entry)};
    }
    if (errno != 0) {
        return -1;
    }
    if (out->count > 1) {
        qsort(out->items, out->count, sizeof *out->items, compare_entries);
    }
    return 0;
}

int list_folder(struct listing *out, struct arena *arena, int at, const char *path,
                struct fault *fault)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        int rc = fault_errno(fault, "cannot open the folder %s", path);
        if (fd >= 0) {
            close(fd);
        }
        return rc;
    }
    int rc = read_entries(out, arena, folder);
    if (rc != 0) {
        fault_errno(fault, "cannot read the folder %s", path);
    }
    closedir(folder);
    return rc;
}

struct walk {
    int at;
    struct str root; /* "stage/" and the like: what paths are relative to */
    int (*visit)(void *context, struct str path);
    void *context;
    struct fault *fault;
};

static int walk_folder(const struct walk *walk, struct buf *path)
{
    struct arena arena = {0};
    struct listing listing = {0};
    int rc = list_folder(&listing, &arena, walk->at, path->p, walk->fault);
    size_t end = path->n;
    for (size_t i = 0; rc == 0 && i < listing.count; i++) {
        buf_truncate(path, end);
        buf_add_char(path, '/');
        buf_add_text(path, listing.items[i].name);
        if (listing.items[i].is_folder) {
            rc = walk_folder(walk, path);
        } else {
            rc = walk->visit(walk->context, str_from(buf_str(path), walk->root.n + 1));
        }
    }
    buf_truncate(path, end);
    arena_free(&arena);
    return rc;
}

int walk_files(int at, const char *folder, int (*visit)(void *context, struct str path),
               void *context, struct fault *fault)
{
    struct walk walk = {at, str_of(folder), visit, context, fault};
    struct buf path = BUF_EMPTY;
    buf_add_text(&path, folder);
    int rc = walk_folder(&walk, &path);
    buf_free(&path);
    return rc;
}
