/*
 * theme_files: a theme read from its folder. For commands/ only.
 *
 *     theme_files_read(&files, &arena, folder, &fault);
 *     theme_files_compile(&files, &diag);
 *     theme_files_free(&files);
 */
#ifndef COMMANDS_THEME_FILES_H
#define COMMANDS_THEME_FILES_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/fault.h"
#include "theme/theme.h"

struct theme_file {
    struct str name; /* "record", or "zh-CN" of a string file */
    struct str path; /* for diagnostics */
    struct str bytes;
    bool is_strings;
};

struct theme_files {
    struct theme *theme;      /* NULL before it is compiled */
    struct theme_file *items; /* sorted by kind and name */
    size_t count;
    struct str stylesheet;
};

/*
 * Reads DIR/name.mustache, DIR/strings/language.txt and DIR/style.css. `folder` NULL: the theme
 * that came with the program, beside it or under PREFIX/share/gongkai. A folder that cannot be read
 * is a fault.
 */
int theme_files_read(struct theme_files *out, struct arena *arena, const char *folder,
                     struct fault *fault);

/* Faults in templates go to `diag`. */
void theme_files_compile(struct theme_files *files, struct diag *diag);

void theme_files_free(struct theme_files *files);

#endif
