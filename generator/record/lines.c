#include "record/lines.h"

static size_t line_end(struct str source, size_t at, bool has_returns)
{
    if (!has_returns) { /* nearly always */
        ptrdiff_t end = str_find_char(str_from(source, at), '\n');
        return end < 0 ? source.n : at + (size_t)end + 1;
    }
    while (at < source.n && source.p[at] != '\n' && source.p[at] != '\r') {
        at++;
    }
    at += at + 1 < source.n && source.p[at] == '\r' && source.p[at + 1] == '\n';
    return at < source.n ? at + 1 : at;
}

void lines_split(struct lines *out, struct arena *arena, struct str source)
{
    size_t room = 64;
    size_t *starts = arena_array(arena, room, sizeof *starts);
    size_t count = 0;
    bool has_returns = str_find_char(source, '\r') >= 0;
    for (size_t at = 0; at < source.n; at = line_end(source, at, has_returns)) {
        if (count + 1 == room) {
            size_t *more = arena_array(arena, room * 2, sizeof *starts);
            for (size_t i = 0; i < count; i++) {
                more[i] = starts[i];
            }
            starts = more;
            room *= 2;
        }
        starts[count++] = at;
    }
    starts[count] = source.n;
    *out = (struct lines){source, starts, count};
}

struct str lines_get_whole(const struct lines *lines, int number)
{
    if (number < 1 || (size_t)number > lines->count) {
        return (struct str){NULL, 0};
    }
    size_t i = (size_t)number - 1;
    return str_slice(lines->source, lines->starts[i], lines->starts[i + 1]);
}

struct str lines_get(const struct lines *lines, int number)
{
    struct str line = lines_get_whole(lines, number);
    while (line.n > 0 && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r')) {
        line.n--;
    }
    return line;
}
