#include "record/pipe_fold.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

#define WIDE STR("\xef\xbd\x9c") /* U+FF5C */

struct fold {
    struct buf out;
    struct str path;
    struct diag *diag;
    int line; /* of the text, of what is read next */
    size_t changed;
};

static bool has_wide(struct str line)
{
    return str_find(line, WIDE) >= 0;
}

/* Bars of either width, but for escaped ones. */
static size_t count_bars(struct str line)
{
    size_t count = 0;
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '\\') {
            i++;
        } else if (line.p[i] == '|' || str_starts(str_from(line, i), WIDE)) {
            count++;
        }
    }
    return count;
}

/* | --- | ---: |, of either width. */
static bool is_delimiter(struct str line)
{
    bool has_dash = false, has_bar = false;
    struct str rest = str_trim(line);
    for (uint32_t c; utf8_next(&c, &rest);) {
        if (c != '-' && c != ':' && c != '|' && c != 0xff5c && c != ' ' && c != '\t') {
            return false;
        }
        has_dash = has_dash || c == '-';
        has_bar = has_bar || c == '|' || c == 0xff5c;
    }
    return has_dash && has_bar && rest.n == 0;
}

static bool is_fence(struct str line)
{
    struct str bare = str_trim(line);
    return str_starts(bare, STR("```")) || str_starts(bare, STR("~~~"));
}

/* The next line with its end. */
static struct str peek_line(struct str rest)
{
    ptrdiff_t end = str_find_char(rest, '\n');
    return end < 0 ? rest : str_slice(rest, 0, (size_t)end + 1);
}

static void keep_line(struct fold *fold, struct str *rest)
{
    struct str line = peek_line(*rest);
    buf_add(&fold->out, line);
    *rest = str_from(*rest, line.n);
    fold->line++;
}

static void change_line(struct fold *fold, struct str *rest, bool *is_told)
{
    struct str line = peek_line(*rest);
    ptrdiff_t at = str_find(line, WIDE);
    if (at >= 0 && !*is_told) {
        int column = (int)utf8_length(str_slice(line, 0, (size_t)at)) + 1;
        diag_add(fold->diag, DIAG_PIPE_WIDE, (struct place){fold->path, fold->line, column},
                 DIAG_PLAIN);
        *is_told = true;
    }
    for (struct str left = line; left.n > 0;) {
        bool is_wide = str_starts(left, WIDE);
        fold->changed += is_wide;
        buf_add_char(&fold->out, is_wide ? '|' : left.p[0]);
        left = str_from(left, is_wide ? WIDE.n : 1);
    }
    *rest = str_from(*rest, line.n);
    fold->line++;
}

/* A table that begins here: its heading, its dashes, and its rows up to an empty line. */
static void fold_table(struct fold *fold, struct str *rest)
{
    struct str heading = peek_line(*rest), dashes = peek_line(str_from(*rest, heading.n));
    bool is_wide = has_wide(heading) || has_wide(dashes), is_told = false;
    size_t bars = count_bars(heading);
    change_line(fold, rest, &is_told);
    change_line(fold, rest, &is_told);
    for (struct str line; line = peek_line(*rest), str_trim(line).n > 0;) {
        if (is_wide || (has_wide(line) && count_bars(line) == bars)) {
            change_line(fold, rest, &is_told);
        } else {
            keep_line(fold, rest);
        }
    }
}

static void fold_body(struct fold *fold, struct str rest)
{
    bool is_code = false;
    while (rest.n > 0) {
        struct str line = peek_line(rest);
        struct str next = peek_line(str_from(rest, line.n));
        is_code = is_code != is_fence(line);
        if (!is_code && count_bars(line) > 0 && is_delimiter(next)) {
            fold_table(fold, &rest);
        } else {
            keep_line(fold, &rest);
        }
    }
}

struct str pipe_fold(struct arena *arena, struct str path, struct str text, size_t offset,
                     struct diag *diag)
{
    struct str head = str_slice(text, 0, offset), body = str_from(text, offset);
    if (!has_wide(body)) {
        return text;
    }
    struct fold fold = {.out = BUF_EMPTY, .path = path, .diag = diag, .line = 1};
    for (size_t i = 0; i < head.n; i++) {
        fold.line += head.p[i] == '\n';
    }
    buf_add(&fold.out, head);
    fold_body(&fold, body);
    struct str folded = fold.changed > 0 ? arena_copy(arena, buf_str(&fold.out)) : text;
    buf_free(&fold.out);
    return folded;
}
