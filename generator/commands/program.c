#include "commands/program.h"

#include "base/path.h"

#include <limits.h>
#include <unistd.h>

int program_path(struct str *out, struct arena *arena, struct fault *fault)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n <= 0 || (size_t)n == sizeof path) {
        return fault_errno(fault, "the program does not find itself");
    }
    *out = arena_copy(arena, (struct str){path, (size_t)n});
    return 0;
}

struct str program_cgi_folder(struct arena *arena, struct str program)
{
    struct str folder = arena_copy(arena, path_folder(program));
    struct str installed =
        arena_printf(arena, "%.*s/lib/gongkai/cgi", STR_ARG(path_folder(folder)));
    return access(installed.p, F_OK) == 0 ? installed : folder;
}
