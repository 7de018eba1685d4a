#include "source/fit.h"

#include "base/path.h"

#include <inttypes.h>

bool fit_is_text(struct str path)
{
    return str_ends_nocase(path, STR(".md")) || str_ends_nocase(path, STR(".markdown")) ||
           str_ends_nocase(path, STR(".csv"));
}

size_t fit_limit(struct str path)
{
    return fit_is_text(path) ? SOURCE_MARKDOWN_MAX : SOURCE_FILE_MAX;
}

bool fit_may_be_pointer(const struct source_file *file)
{
    return file->size >= 100 && file->size < (fit_is_text(file->path) ? 200 : 1024);
}

/* https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: under 1024 bytes, this line first. */
bool fit_is_pointer(struct str bytes)
{
    return str_starts(bytes, STR("version https://git-lfs.github.com/spec/v1\n"));
}

static void tell_large(struct diag *diag, const struct source_file *file)
{
    struct arena arena = {0};
    struct str size = arena_printf(&arena, "%" PRIu64, file->size);
    struct str limit = arena_printf(&arena, "%zu", fit_limit(file->path));
    diag_add(diag, DIAG_FILE_LARGE, (struct place){.path = file->path}, DIAG_WITH(size, limit));
    arena_free(&arena);
}

void fit_tell(struct diag *diag, const struct source_file *file)
{
    if (file->fitness == SOURCE_LARGE) {
        tell_large(diag, file);
    } else if (file->fitness == SOURCE_POINTER) {
        diag_add(diag, DIAG_FILE_LFS, (struct place){.path = file->path},
                 DIAG_WITH(path_name(file->path), (struct str){0}));
    }
}
