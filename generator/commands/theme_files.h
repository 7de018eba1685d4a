/* theme_files: a theme read from its folder. For commands/ only. */
#ifndef COMMANDS_THEME_FILES_H
#define COMMANDS_THEME_FILES_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/fault.h"
#include "theme/theme.h"

struct theme_file {
    struct str name; /* "record", or "zh-CN" of a string file */
    struct str bytes;
    bool is_strings;
};

struct theme_files {
    struct theme *theme;
    struct theme_file *items; /* sorted by kind and name */
    size_t count;
    struct str stylesheet;
};

/*
 * Reads DIR/name.mustache, DIR/strings/language.txt and DIR/style.css. `folder` NULL: the theme
 * that came with the program, beside it or under PREFIX/share/gongkai. Faults in templates go to
 * `diag`; a folder that cannot be read is a fault.
 */
int theme_files_read(struct theme_files *out, struct arena *arena, const char *folder,
                     struct diag *diag, struct fault *fault);

void theme_files_free(struct theme_files *files);

#endif
