#include "base/path.h"

#include "base/buf.h"

struct str path_name(struct str path)
{
    return str_from(path, (size_t)(str_find_last_char(path, '/') + 1));
}

struct str path_folder(struct str path)
{
    ptrdiff_t slash = str_find_last_char(path, '/');
    return slash < 0 ? STR("") : str_slice(path, 0, (size_t)slash);
}

struct str path_stem(struct str path)
{
    struct str name = path_name(path);
    ptrdiff_t point = str_find_last_char(name, '.');
    return point <= 0 ? path : str_slice(path, 0, path.n - name.n + (size_t)point);
}

static bool take_step(struct buf *path, struct str step)
{
    bool is_up = str_equal(step, STR(".."));
    if (step.n == 0 || str_equal(step, STR("."))) {
        return true;
    }
    if (is_up && path->n == 0) {
        return false;
    }
    if (is_up) {
        buf_truncate(path, path_folder(buf_str(path)).n);
        return true;
    }
    if (path->n > 0) {
        buf_add_char(path, '/');
    }
    buf_add(path, step);
    return true;
}

bool path_resolve(struct str *out, struct arena *arena, struct str from, struct str relative)
{
    return path_resolve_in(out, arena, path_folder(from), relative);
}

bool path_resolve_in(struct str *out, struct arena *arena, struct str folder, struct str relative)
{
    struct buf path = BUF_EMPTY;
    if (!str_starts(relative, STR("/"))) {
        buf_add(&path, folder);
    }
    struct str step;
    bool is_inside = true;
    while (is_inside && str_cut(&step, &relative, '/')) {
        is_inside = take_step(&path, step);
    }
    *out = is_inside ? arena_copy(arena, buf_str(&path)) : STR("");
    buf_free(&path);
    return is_inside;
}
