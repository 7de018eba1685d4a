#include "record/pipe_row.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static size_t skip_spaces(struct str line, size_t at)
{
    while (at < line.n && is_space(line.p[at])) {
        at++;
    }
    return at;
}

static size_t skip_pipe(struct str line, size_t at)
{
    return at < line.n && line.p[at] == '|' ? skip_spaces(line, at + 1) : at;
}

/* The end of the cell at `at`: its pipe, or the end of the line. */
static size_t cell_end(struct str line, size_t at)
{
    size_t from = at;
    while (at < line.n && (line.p[at] != '|' || (at > from && line.p[at - 1] == '\\'))) {
        at++;
    }
    return at;
}

static struct str trim(struct str s)
{
    while (s.n > 0 && (is_space(s.p[0]) || s.p[0] == '\r')) {
        s = str_from(s, 1);
    }
    while (s.n > 0 && (is_space(s.p[s.n - 1]) || s.p[s.n - 1] == '\r')) {
        s.n--;
    }
    return s;
}

size_t pipe_row_split(struct str *cells, size_t max, struct str line)
{
    size_t count = 0;
    size_t at = skip_pipe(line, 0);
    while (at < line.n) {
        size_t end = cell_end(line, at);
        if (count < max) {
            cells[count] = trim(str_slice(line, at, end));
        }
        count++;
        at = skip_pipe(line, end);
    }
    return count;
}

/* The end of a delimiter cell at `at`, or 0 where there is none. */
static size_t marker_end(struct str line, size_t at)
{
    at = skip_spaces(line, at);
    at += at < line.n && line.p[at] == ':';
    size_t dashes = at;
    while (at < line.n && line.p[at] == '-') {
        at++;
    }
    if (at == dashes) {
        return 0;
    }
    at += at < line.n && line.p[at] == ':';
    return skip_spaces(line, at);
}

bool pipe_row_is_delimiter(struct str line)
{
    size_t at = line.n > 0 && line.p[0] == '|' ? 1 : 0;
    at = marker_end(line, at);
    while (at > 0 && at < line.n && line.p[at] == '|') {
        if (skip_spaces(line, at + 1) == line.n) {
            return true;
        }
        at = marker_end(line, at + 1);
    }
    return at > 0 && at == line.n;
}

char pipe_row_alignment(struct str cell)
{
    bool is_left = cell.n > 0 && cell.p[0] == ':';
    bool is_right = cell.n > 0 && cell.p[cell.n - 1] == ':';
    if (is_left) {
        return is_right ? 'c' : 'l';
    }
    return is_right ? 'r' : '-';
}

struct str pipe_row_unescape(struct arena *arena, struct str cell)
{
    if (str_find(cell, STR("\\|")) < 0) {
        return cell;
    }
    char *p = arena_alloc(arena, cell.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < cell.n; i++) {
        i += cell.p[i] == '\\' && i + 1 < cell.n && cell.p[i + 1] == '|';
        p[n++] = cell.p[i];
    }
    return (struct str){p, n};
}
