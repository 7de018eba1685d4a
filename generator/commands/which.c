#include "commands/which.h"

#include "base/path.h"
#include "commands/command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIKE_MAX = 5 /* records that are offered instead */ };

struct which {
    const struct site *site;
    struct arena *arena;
    struct str content; /* --content */
    struct str top;     /* of the working tree; empty: there is none */
    struct str here;    /* from there; only where is_within */
    bool is_within;
    bool in_folder; /* look at the files as they stand there, not at the commit's */
};

/* Where we stand, from the top of the working tree. */
static void find_here(struct which *which)
{
    char here[PATH_MAX], top[PATH_MAX];
    struct buf path = BUF_EMPTY;
    struct fault ignored;
    if (source_worktree(&path, which->site->source, &ignored) == 0 &&
        realpath(path.p, top) != NULL) {
        which->top = arena_copy(which->arena, str_of(top));
    }
    buf_free(&path);
    if (which->top.n == 0 || getcwd(here, sizeof here) == NULL ||
        !str_starts(str_of(here), which->top)) {
        return;
    }
    struct str rest = str_from(str_of(here), which->top.n);
    which->is_within = rest.n == 0 || rest.p[0] == '/';
    which->here = arena_copy(which->arena, str_from(rest, rest.n > 0));
}

/* A path of the repository as one of the content. */
static struct str below_content(const struct which *which, struct str path)
{
    struct str content = which->content;
    bool is_below = content.n > 0 && str_starts(path, content) && path.n > content.n &&
                    path.p[content.n] == '/';
    return is_below ? str_from(path, content.n + 1) : path;
}

static bool is_there(const struct which *which, struct str path)
{
    if (!which->in_folder) {
        return address_index(&which->site->addresses, path) >= 0;
    }
    struct str full =
        arena_printf(which->arena, "%.*s/%.*s%s%.*s", STR_ARG(which->top), STR_ARG(which->content),
                     which->content.n > 0 ? "/" : "", STR_ARG(path));
    return which->top.n > 0 && access(full.p, F_OK) == 0;
}

/* The path itself, with its extension, or the page of its folder. */
static bool has_record(struct str *out, const struct which *which, struct str path)
{
    static const char *const ends[] = {"", ".md", "/README.md", "/index.md"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        *out = arena_printf(which->arena, "%.*s%s", STR_ARG(path), ends[i]);
        if (address_is_markdown(*out) && is_there(which, *out)) {
            return true;
        }
    }
    *out = address_is_markdown(path) ? path : arena_printf(which->arena, "%.*s.md", STR_ARG(path));
    return false;
}

static bool find(struct str *out, const struct which *which, struct str given)
{
    struct str top = which->top, path;
    *out = given;
    if (top.n > 0 && str_starts(given, top) && given.n > top.n && given.p[top.n] == '/') {
        given = str_from(given, top.n + 1);
    } else if (which->is_within && which->here.n > 0) {
        struct str from = arena_printf(which->arena, "%.*s/", STR_ARG(which->here));
        if (path_resolve(&path, which->arena, from, given) &&
            has_record(out, which, below_content(which, path))) {
            return true;
        }
    }
    return path_resolve(&path, which->arena, STR(""), given) &&
           (has_record(out, which, below_content(which, path)) || has_record(out, which, path));
}

static struct which which_of(const struct site *site, const struct options *options,
                             struct arena *arena)
{
    struct which which = {.site = site, .arena = arena, .content = str_of(options->content)};
    find_here(&which);
    return which;
}

bool which_record(struct str *out, const struct site *site, const struct options *options,
                  struct arena *arena, struct str given)
{
    struct which which = which_of(site, options, arena);
    return find(out, &which, given);
}

static struct str stem_of(struct str path)
{
    return path_name(path_stem(path));
}

/* The records whose name has that name in it, each as the command to type; how many. */
static size_t offer(const struct which *which, struct str path)
{
    const struct site *site = which->site;
    struct str name = stem_of(path);
    size_t count = 0;
    for (size_t i = 0; i < site->record_count && name.n > 0; i++) {
        struct str one = site->paths[site->records[i]];
        if (str_find(stem_of(one), name) < 0) {
            continue;
        }
        if (count++ < LIKE_MAX) {
            fprintf(stderr, "    gongkai notice '%.*s'\n", STR_ARG(path_stem(one)));
        }
    }
    return count;
}

void which_tell_missing(const struct site *site, const struct options *options, struct arena *arena,
                        struct str given)
{
    struct which which = which_of(site, options, arena);
    struct str path;
    bool is_zh = options->language == LANGUAGE_ZH;
    find(&path, &which, given);
    command_say(options, "没有“%.*s”这份记录", "there is no record %.*s", STR_ARG(path));
    which.in_folder = true;
    if (options->tree == OPTIONS_TREE_COMMIT && find(&path, &which, given)) {
        fprintf(stderr,
                is_zh ? "  = 它还没有提交：先提交，或者加上 --worktree\n"
                        "    gongkai notice '%.*s' --worktree\n"
                      : "  = it is not committed: commit it first, or add --worktree\n"
                        "    gongkai notice '%.*s' --worktree\n",
                STR_ARG(path_stem(path)));
        return;
    }
    size_t count = offer(&which, path);
    if (count > LIKE_MAX) {
        fprintf(stderr,
                is_zh ? "  = 名字里有它的共 %zu 份，要哪一份，把路径写全\n"
                      : "  = %zu records have it in their name: give the whole path\n",
                count);
    } else if (count > 0) {
        fputs(is_zh ? "  = 要的是上面这些里的一份吗？照着输入\n"
                    : "  = did you mean one of these? Type it as it stands there\n",
              stderr);
    } else {
        fputs(is_zh
                  ? "  = 路径从仓库的根写起，如 柳湾镇/柳湾村/财务/2026-09-集体财务；"
                    "git ls-files 列出所有的文件\n"
                  : "  = give its path from the repository's root; git ls-files lists all files\n",
              stderr);
    }
}
