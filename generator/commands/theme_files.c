#include "commands/theme_files.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THEME_FILE_MAX = 1024 * 1024 };

/* themes/default beside the program's folder, as in a build tree, or as installed. */
static bool find_default(char out[PATH_MAX])
{
    static const char *const places[] = {"/../themes/default", "/../../themes/default",
                                         "/../share/gongkai/themes/default"};
    char program[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = n <= 0 ? NULL : memrchr(program, '/', (size_t)n);
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct buf path = BUF_EMPTY;
        buf_printf(&path, "%s%s", program, places[i]);
        bool is_there = realpath(path.p, out) != NULL;
        buf_free(&path);
        if (is_there) {
            return true;
        }
    }
    return realpath(GONGKAI_DATA "/themes/default", out) != NULL;
}

static int compare_files(const void *a, const void *b)
{
    const struct theme_file *x = a, *y = b;
    if (x->is_strings != y->is_strings) {
        return x->is_strings ? 1 : -1;
    }
    return str_compare(x->name, y->name);
}

static int read_one(struct theme_files *out, struct arena *arena, const char *folder,
                    struct str name, struct str extension, struct fault *fault)
{
    struct buf bytes = BUF_EMPTY;
    struct str path = arena_printf(arena, "%s/%.*s", folder, STR_ARG(name));
    int rc = file_read(&bytes, AT_FDCWD, path.p, THEME_FILE_MAX, fault);
    if (rc == 0) {
        out->items = arena_grow(arena, out->items, out->count, sizeof *out->items);
        out->items[out->count++] =
            (struct theme_file){.name = arena_copy(arena, str_slice(name, 0, name.n - extension.n)),
                                .path = path,
                                .bytes = arena_copy(arena, buf_str(&bytes)),
                                .is_strings = str_equal(extension, STR(".txt"))};
    }
    buf_free(&bytes);
    return rc;
}

static int read_folder(struct theme_files *out, struct arena *arena, const char *folder,
                       struct str extension, struct fault *fault)
{
    DIR *handle = opendir(folder);
    if (handle == NULL) {
        return fault_tell_errno(fault, "读不了主题 %s", "cannot read the theme %s", folder);
    }
    int rc = 0;
    while (rc == 0) {
        errno = 0;
        struct dirent *entry = readdir(handle);
        if (entry == NULL) {
            rc = errno == 0 ? 0 : fault_errno(fault, "cannot read the theme %s", folder);
            break;
        }
        struct str name = str_of(entry->d_name);
        if (str_ends(name, extension) && !str_starts(name, STR("."))) {
            rc = read_one(out, arena, folder, name, extension, fault);
        }
    }
    closedir(handle);
    return rc;
}

static int read_all(struct theme_files *out, struct arena *arena, const char *folder,
                    struct fault *fault)
{
    struct buf css = BUF_EMPTY;
    struct str strings = arena_printf(arena, "%s/strings", folder);
    struct str style = arena_printf(arena, "%s/style.css", folder);
    if (read_folder(out, arena, folder, STR(".mustache"), fault) != 0 ||
        read_folder(out, arena, strings.p, STR(".txt"), fault) != 0 ||
        file_read(&css, AT_FDCWD, style.p, THEME_FILE_MAX, fault) != 0) {
        buf_free(&css);
        return -1;
    }
    out->stylesheet = arena_copy(arena, buf_str(&css));
    buf_free(&css);
    if (out->count > 1) {
        qsort(out->items, out->count, sizeof *out->items, compare_files);
    }
    return 0;
}

int theme_files_read(struct theme_files *out, struct arena *arena, const char *folder,
                     struct fault *fault)
{
    char found[PATH_MAX];
    *out = (struct theme_files){0};
    if (folder == NULL) {
        if (!find_default(found)) {
            return fault_tell(
                fault, "找不到自带的主题（themes/default）；重新安装，或用 --theme 写明在哪里",
                "the default theme is missing; say where with --theme");
        }
        folder = found;
    }
    return read_all(out, arena, folder, fault);
}

void theme_files_compile(struct theme_files *files, struct diag *diag)
{
    files->theme = theme_new();
    for (size_t i = 0; i < files->count; i++) {
        const struct theme_file *file = &files->items[i];
        if (file->is_strings) {
            theme_add_strings(files->theme, file->name, file->path, file->bytes, diag);
        } else {
            theme_add_template(files->theme, file->name, file->path, file->bytes, diag);
        }
    }
    theme_check(files->theme, diag);
}

void theme_files_free(struct theme_files *files)
{
    theme_free(files->theme);
}
