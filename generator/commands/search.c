/* search: the site's search on a terminal, by the same library. */
#include "search/search.h"
#include "base/escape.h"
#include "commands/command.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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
    struct buf url = BUF_EMPTY;
    escape_readable(&url, hit->url);
    printf("\n  %s\n  ", url.p);
    buf_free(&url);
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
        printf(is_zh ? "没有找到：换一种说法再试，或者用更短的词，少用几个词\n"
                     : "nothing found: say it in other words, or use shorter or fewer ones\n");
    } else if (result->page > result->page_count) {
        printf(is_zh ? "没有第 %ld 页：共 %ld 条，一共 %ld 页\n"
                     : "there is no page %ld: %ld results, the last page is %ld\n",
               result->page, result->total, result->page_count);
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

/* The database itself, or the folder of a site with it. */
static int open_database(struct search **out, const struct options *options)
{
    const char *given = options->arguments[0];
    struct buf path = BUF_EMPTY;
    struct stat status;
    struct fault fault = {.text = ""};
    bool is_folder = stat(given, &status) == 0 && S_ISDIR(status.st_mode);
    buf_printf(&path, is_folder ? "%s/data/search.db" : "%s", given);
    int rc = COMMAND_DONE;
    if (is_folder && access(path.p, F_OK) != 0) {
        command_say(
            options,
            "“%s”不是网站的文件夹：里面没有 data/search.db。写 gongkai build -o 后面的那一个",
            "\"%s\" is no site: it has no data/search.db. Name the folder that stands behind "
            "-o of gongkai build",
            given);
        rc = COMMAND_FAILED;
    } else if (search_open(out, path.p, &fault) != SEARCH_STATUS_OK) {
        rc = command_fail(&fault, options);
    }
    buf_free(&path);
    return rc;
}

int command_search(const struct options *options)
{
    if (options->argument_count < 2) {
        command_say(options,
                    "写网站的文件夹（或它的 search.db）和要找的词，如 gongkai search public 路灯",
                    "name a site's folder (or its search.db) and what to look for, as in gongkai "
                    "search public 路灯");
        return COMMAND_USAGE;
    }
    struct search *search = NULL;
    int rc = open_database(&search, options);
    if (rc == COMMAND_DONE) {
        rc = answer(search, options);
        search_close(search);
    }
    return rc;
}
