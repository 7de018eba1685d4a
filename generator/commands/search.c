/* search: the site's search on a terminal, by the same library. */
#include "search/search.h"
#include "commands/command.h"

#include <stdio.h>

static struct str join_arguments(struct arena *arena, const struct options *options)
{
    struct buf query = BUF_EMPTY;
    for (int i = 1; i < options->argument_count; i++) {
        if (i > 1) {
            buf_add_char(&query, ' ');
        }
        buf_add_text(&query, options->arguments[i]);
    }
    struct str copy = arena_copy(arena, buf_str(&query));
    buf_free(&query);
    return copy;
}

static void print_hit(const struct search_hit *hit)
{
    printf("%.*s  %.*s", STR_ARG(hit->date), STR_ARG(hit->title));
    if (hit->org_name.n > 0) {
        printf("  (%.*s)", STR_ARG(hit->org_name));
    }
    printf("\n  %.*s\n  ", STR_ARG(hit->url));
    for (size_t i = 0; i < hit->snippet.count; i++) {
        const struct search_piece *piece = &hit->snippet.v[i];
        printf(piece->is_match ? "[%.*s]" : "%.*s", STR_ARG(piece->text));
    }
    printf("\n");
}

static void print_text(const struct options *options, const struct search_result *result)
{
    bool is_zh = options->language == LANGUAGE_ZH;
    if (result->is_nearest) {
        printf(is_zh ? "没有完全符合的；最接近的 %ld 条：\n" : "no exact match; the %ld nearest:\n",
               result->total);
    } else if (result->total == 0) {
        printf(is_zh ? "没有找到\n" : "nothing found\n");
    } else {
        printf(is_zh ? "共 %ld 条，第 %ld/%ld 页\n" : "%ld results, page %ld of %ld\n",
               result->total, result->page, result->page_count);
    }
    for (size_t i = 0; i < result->hit_count; i++) {
        print_hit(&result->hits[i]);
    }
}

static int answer(struct search *search, const struct options *options)
{
    struct arena arena = {0};
    struct search_request request = SEARCH_REQUEST_EMPTY;
    struct search_result result;
    request.query = join_arguments(&arena, options);
    request.page = options->page;
    enum search_status status = search_run(search, &arena, &request, &result);
    int rc = COMMAND_DONE;
    if (status != SEARCH_STATUS_OK) {
        struct str text = search_status_text(&arena, status, options->language);
        fprintf(stderr, "gongkai: %.*s\n", STR_ARG(text));
        rc = search_status_http(status) < 500 ? COMMAND_USAGE : COMMAND_FAILED;
    } else if (options->is_json) {
        struct buf json = BUF_EMPTY;
        search_write_json(&json, &request, &result);
        fwrite(json.p, 1, json.n, stdout);
        buf_free(&json);
    } else {
        print_text(options, &result);
    }
    arena_free(&arena);
    return rc;
}

int command_search(const struct options *options)
{
    if (options->argument_count < 2) {
        fprintf(stderr, "usage: gongkai search DB QUERY...\n");
        return COMMAND_USAGE;
    }
    struct search *search;
    struct fault fault;
    if (search_open(&search, options->arguments[0], &fault) != SEARCH_STATUS_OK) {
        return command_fail(&fault, options);
    }
    int rc = answer(search, options);
    search_close(search);
    return rc;
}
