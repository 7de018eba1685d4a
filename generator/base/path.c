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

static void take_step(struct buf *path, struct str step)
{
    if (step.n == 0 || str_equal(step, STR("."))) {
        return;
    }
    if (str_equal(step, STR(".."))) {
        buf_truncate(path, path_folder(buf_str(path)).n);
        return;
    }
    if (path->n > 0) {
        buf_add_char(path, '/');
    }
    buf_add(path, step);
}

struct str path_resolve(struct arena *arena, struct str from, struct str relative)
{
    struct buf path = BUF_EMPTY;
    if (!str_starts(relative, STR("/"))) {
        buf_add(&path, path_folder(from));
    }
    struct str step;
    while (str_cut(&step, &relative, '/')) {
        take_step(&path, step);
    }
    struct str copy = arena_copy(arena, buf_str(&path));
    buf_free(&path);
    return copy;
}
