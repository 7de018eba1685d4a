/*
 * markdown_html: the HTML of the Markdown on standard input; for the golden and hostile tests.
 *
 *     markdown_html [--tables | --text] < FILE
 *     markdown_html --repeat COUNT < FILE      time only, to standard error
 *
 * Links are not resolved. Diagnostics go to standard error, in English. Exit status 0.
 */
#include "record/markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void read_all(struct buf *buf, FILE *file)
{
    for (;;) {
        size_t n = fread(buf_reserve(buf, 1 << 16), 1, 1 << 16, file);
        buf->n += n;
        if (n == 0) {
            return;
        }
    }
}

static void print_tables(const struct markdown_output *out)
{
    for (size_t i = 0; i < out->table_count; i++) {
        const struct table *table = &out->tables[i];
        printf("%d: %.*s\n", table->line, STR_ARG(table->caption));
        for (size_t at = 0; at < (table->row_count + 1) * table->column_count; at++) {
            const struct table_cell *cell = &table->names[at];
            bool is_last = (at + 1) % table->column_count == 0;
            printf("%d:%d %.*s%s", cell->line, cell->column, STR_ARG(cell->text),
                   is_last ? "\n" : " | ");
        }
    }
}

static void print_output(const struct markdown_output *out, const char *what)
{
    if (strcmp(what, "--tables") == 0) {
        print_tables(out);
        return;
    }
    struct str s = strcmp(what, "--text") == 0 ? out->text : out->html;
    if (s.n > 0) {
        fwrite(s.p, 1, s.n, stdout);
    }
}

static void repeat(const struct markdown_input *input, long count)
{
    struct arena arena = {0};
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long i = 0; i < count; i++) {
        struct markdown_output out;
        struct diag diag = {0};
        markdown_render(&out, &arena, input, &diag);
        diag_free(&diag);
        arena_reset(&arena);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    fprintf(stderr, "%ld times %zu bytes: %.3f s\n", count, input->bytes.n, seconds);
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    struct buf source = BUF_EMPTY;
    read_all(&source, stdin);
    struct markdown_input input = {.path = STR("stdin.md"), .bytes = buf_str(&source)};
    if (argc > 2 && strcmp(argv[1], "--repeat") == 0) {
        repeat(&input, atol(argv[2]));
        buf_free(&source);
        return 0;
    }
    struct arena arena = {0};
    struct diag diag = {0};
    struct markdown_output out;
    diag_set_source(&diag, input.path, input.bytes);
    markdown_render(&out, &arena, &input, &diag);
    print_output(&out, argc > 1 ? argv[1] : "--html");
    struct buf told = BUF_EMPTY;
    diag_write_text(&told, &diag, LANGUAGE_EN);
    fputs(told.p, stderr);
    buf_free(&told);
    diag_free(&diag);
    arena_free(&arena);
    buf_free(&source);
    return 0;
}
