#include "commands/layout.h"

#include "base/file.h"

#include <errno.h>
#include <sys/stat.h>

/* layout_data.S */
#define FILES(X)                                                                                   \
    X(CONFIG, config)                                                                              \
    X(README, readme)                                                                              \
    X(FOLDER, folder)                                                                              \
    X(GUIDE, guide)                                                                                \
    X(FIELDS, fields)                                                                              \
    X(GITATTRIBUTES, gitattributes)                                                                \
    X(GITIGNORE, gitignore)                                                                        \
    X(PRE_COMMIT, pre_commit)                                                                      \
    X(PRE_RECEIVE, pre_receive)                                                                    \
    X(POST_RECEIVE, post_receive)                                                                  \
    X(PUBLISH, publish)                                                                            \
    X(SERVICE, service)                                                                            \
    X(TIMER, timer)                                                                                \
    X(NGINX, nginx)                                                                                \
    X(SEARCH_SERVICE, search_service)

#define DECLARE(upper, lower) extern const char layout_##lower[], layout_##lower##_end[];
FILES(DECLARE)

struct str layout_bytes(enum layout_file file)
{
#define ROW(upper, lower) [LAYOUT_FILE_##upper] = {layout_##lower, layout_##lower##_end},
    static const struct {
        const char *begin, *end;
    } files[LAYOUT_FILE_COUNT] = {FILES(ROW)};
    return (struct str){files[file].begin, (size_t)(files[file].end - files[file].begin)};
}

void layout_fill(struct buf *out, enum layout_file file, const struct layout_pair *pairs,
                 size_t count)
{
    struct str rest = layout_bytes(file);
    while (rest.n > 0) {
        size_t i = 0;
        while (i < count && !str_starts(rest, pairs[i].from)) {
            i++;
        }
        if (i < count) {
            buf_add(out, pairs[i].to);
            rest = str_from(rest, pairs[i].from.n);
        } else {
            buf_add_char(out, rest.p[0]);
            rest = str_from(rest, 1);
        }
    }
}

int layout_write(struct layout_count *count, int at, const char *path, struct str bytes, int mode,
                 struct fault *fault)
{
    struct stat found;
    if (fstatat(at, path, &found, AT_SYMLINK_NOFOLLOW) == 0) {
        count->kept++;
        return 0;
    }
    if (errno != ENOENT) {
        return fault_errno(fault, "cannot look at %s", path);
    }
    count->written++;
    return file_create_below(at, path, bytes, (mode_t)mode, fault);
}
