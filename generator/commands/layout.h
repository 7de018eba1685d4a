/*
 * layout: files that `gongkai init` writes, compiled in from commands/layout/. For commands/ only.
 *
 * A file that is there already is left as it is, and told; example.h has the one exception.
 */
#ifndef COMMANDS_LAYOUT_H
#define COMMANDS_LAYOUT_H

#include "base/buf.h"
#include "base/fault.h"

enum layout_file {
    LAYOUT_FILE_CONFIG,
    LAYOUT_FILE_README,
    LAYOUT_FILE_FOLDER,
    LAYOUT_FILE_GUIDE,
    LAYOUT_FILE_FIELDS,
    LAYOUT_FILE_GITATTRIBUTES,
    LAYOUT_FILE_GITIGNORE,
    LAYOUT_FILE_PRE_COMMIT,
    LAYOUT_FILE_PRE_RECEIVE,
    LAYOUT_FILE_POST_RECEIVE,
    LAYOUT_FILE_PUBLISH,
    LAYOUT_FILE_SERVICE,
    LAYOUT_FILE_TIMER,
    LAYOUT_FILE_NGINX,
    LAYOUT_FILE_SEARCH_SERVICE,
    LAYOUT_FILE_COUNT /* not a file */
};

struct str layout_bytes(enum layout_file file);

/* What stands in the compiled-in files for what is only known when they are written. */
struct layout_pair {
    struct str from, to;
};

/* Appends the file with each `from` replaced; longer ones must stand before shorter ones. */
void layout_fill(struct buf *out, enum layout_file file, const struct layout_pair *pairs,
                 size_t count);

struct layout_count {
    size_t written, kept; /* kept: those that were there before */
};

/* Writes a new file below the open folder, with the folders on its way. */
int layout_write(struct layout_count *count, int at, const char *path, struct str bytes, int mode,
                 struct fault *fault);

#endif
