/*
 * markdown_differential: random Markdown, full of tables, through markdown_render and through the
 * program cmark-gfm; they must agree byte for byte.
 *
 *     markdown_differential SEED COUNT [MODE]     MODE: "tables" (the rule) or "all"
 *
 * cmark-gfm stands on an older cmark: where both differ without tables too, a case is only counted.
 * Prints the first cases that differ and the number of all; exit status 1 where there are any.
 * The pieces are chosen so that nothing documented as different arises (record/markdown.h).
 */
#include "record/markdown.h"

#include <cmark.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* xorshift64*: the same cases on every machine. */
static unsigned pick(unsigned long long *state, unsigned count)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (unsigned)((*state * 2685821657736338717ULL) >> 33) % count;
}

static const char *const table_pieces[] = {"| a | b |\n",
                                           "|-|-|\n",
                                           "| --- | :-: |\n",
                                           "a | b\n",
                                           "-|-\n",
                                           "|a|\n",
                                           "|-|\n",
                                           ":-:\n",
                                           ":--|--:\n",
                                           "| x |\n",
                                           "x | y | z\n",
                                           "||\n",
                                           "|\n",
                                           "| | |\n",
                                           "a\n",
                                           "text here\n",
                                           "\n",
                                           "\n",
                                           "> ",
                                           "> > ",
                                           "- ",
                                           "  ",
                                           "    ",
                                           "\t",
                                           "1. ",
                                           "2. ",
                                           "   ",
                                           "* ",
                                           "*\n",
                                           "2.\n",
                                           "-\n",
                                           "<b>\n",
                                           "<b> | x\n",
                                           "</i>\n",
                                           "<div>\n",
                                           "<!-- c\n",
                                           "# h\n",
                                           "===\n",
                                           "---\n",
                                           "***\n",
                                           "```\n",
                                           "~~~ x\n",
                                           "a \\| b | `c \\| d`\n",
                                           "*a | b*\n",
                                           "`a | b`\n",
                                           "[r] | [t](u)\n",
                                           "[r]: /u\n",
                                           "[r]: /u 't'\n",
                                           "|--|--|--|\n",
                                           "| -- |\n",
                                           "- |\n",
                                           "|a|b|\r\n",
                                           "|-|-|\r\n",
                                           "\\| a | b\n",
                                           "| a \\\\| b |\n",
                                           "&amp; | **b**\n",
                                           "a |\n",
                                           "| b\n",
                                           "\t| a | b |\n",
                                           "#\n",
                                           "| a | b |",
                                           "|-|-|",
                                           "  \n",
                                           "| ![i](j) | \\* #\n",
                                           "\xe4\xb8\xad | x\n",
                                           "| 1 | 2 | 3 |\n",
                                           "-- | --\n",
                                           "+ ",
                                           ">\n",
                                           "- a\n",
                                           "| # | ## |\n",
                                           "|:-\n",
                                           ":-|\n",
                                           "  |-|-|\n",
                                           "    |-|-|\n",
                                           "<a href=\"x\">\n",
                                           "a\\\n",
                                           "a  \n",
                                           "| - |\n"};

static const char *const all_pieces[] = {"*",
                                         "**",
                                         "_",
                                         "__",
                                         "`",
                                         "``",
                                         "[",
                                         "]",
                                         "(",
                                         ")",
                                         "![",
                                         "](",
                                         "<",
                                         ">",
                                         "a",
                                         "b ",
                                         " ",
                                         "\n",
                                         "\n\n",
                                         "# ",
                                         "- ",
                                         "1. ",
                                         "> ",
                                         "    ",
                                         "\\",
                                         "&amp;",
                                         "&#35;",
                                         "<b>",
                                         "</b>",
                                         "<http://x.y>",
                                         "[a]: /b \"t\"\n",
                                         "[a]",
                                         "~",
                                         "***",
                                         "---\n",
                                         "===\n",
                                         "```\n",
                                         "\t",
                                         ".",
                                         "1",
                                         "+ ",
                                         "\"",
                                         "<!-- x -->",
                                         "<?x?>",
                                         "(/u)",
                                         "!",
                                         "|",
                                         "\xe4\xb8\xad ",
                                         "<div>\n",
                                         "</div>\n",
                                         "  \n",
                                         "0) "};

static void make_case(struct buf *out, unsigned long long *state, bool is_tables)
{
    buf_clear(out);
    unsigned count = 2 + pick(state, is_tables ? 10 : 16);
    for (unsigned i = 0; i < count; i++) {
        if (is_tables) {
            buf_add_text(out, table_pieces[pick(state, sizeof table_pieces / sizeof(char *))]);
        } else {
            buf_add_text(out, all_pieces[pick(state, sizeof all_pieces / sizeof(char *))]);
        }
    }
}

/* What cmark-gfm makes of the file `path`, with tables or without. */
static void run_oracle(struct buf *out, const char *path, const char *extension)
{
    int pipes[2];
    buf_clear(out);
    if (pipe(pipes) != 0) {
        exit(2);
    }
    pid_t child = vfork();
    if (child == 0) {
        dup2(pipes[1], 1);
        close(pipes[0]);
        close(pipes[1]);
        execlp("cmark-gfm", "cmark-gfm", path, extension, "table", (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    ssize_t n;
    while ((n = read(pipes[0], buf_reserve(out, 65536), 65536)) > 0) {
        out->n += (size_t)n;
    }
    close(pipes[0]);
    int status;
    if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "cmark-gfm failed\n");
        exit(2);
    }
}

static void write_case(const char *path, struct str s)
{
    FILE *file = fopen(path, "w");
    if (file == NULL || fwrite(s.p, 1, s.n, file) != s.n || fclose(file) != 0) {
        exit(2);
    }
}

static bool is_same(struct str source, struct str theirs, bool is_told)
{
    struct arena arena = {0};
    struct diag diag = {0};
    struct markdown_output out;
    struct markdown_input input = {.path = STR("case.md"), .bytes = source};
    markdown_render(&out, &arena, &input, &diag);
    bool is_equal = str_equal(out.html, theirs);
    if (!is_equal && is_told) {
        printf("# source:\n%.*s\n# cmark-gfm:\n%.*s\n# ours:\n%.*s\n# ----\n", STR_ARG(source),
               STR_ARG(theirs), STR_ARG(out.html));
    }
    diag_free(&diag);
    arena_free(&arena);
    return is_equal;
}

/* Whether the two libraries read the source differently even where no table can be. */
static bool is_older_core(struct str source, const char *path)
{
    struct buf theirs = BUF_EMPTY;
    run_oracle(&theirs, path, NULL);
    char *ours = cmark_markdown_to_html(source.p, source.n, CMARK_OPT_VALIDATE_UTF8);
    bool is_older = !str_equal(str_of(ours), buf_str(&theirs));
    free(ours);
    buf_free(&theirs);
    return is_older;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    unsigned long long state = strtoull(argv[1], NULL, 10) * 0x9e3779b97f4a7c15ULL + 1;
    long count = atol(argv[2]), different = 0, older = 0;
    bool is_tables = argc < 4 || strcmp(argv[3], "all") != 0;
    char path[] = "/tmp/markdown-XXXXXX";
    int fd = mkstemp(path);
    struct buf source = BUF_EMPTY, theirs = BUF_EMPTY;
    for (long i = 0; i < count && fd >= 0; i++) {
        make_case(&source, &state, is_tables);
        write_case(path, buf_str(&source));
        run_oracle(&theirs, path, "-e");
        if (is_same(buf_str(&source), buf_str(&theirs), false)) {
            continue;
        }
        if (is_older_core(buf_str(&source), path)) {
            older++;
            continue;
        }
        is_same(buf_str(&source), buf_str(&theirs), different++ < 5);
    }
    unlink(path);
    printf("# %ld cases, %ld differ, %ld of another version of CommonMark\n", count, different,
           older);
    buf_free(&source);
    buf_free(&theirs);
    return fd < 0 || different > 0;
}
