/*
 * search.cgi: one search, answered and gone. What it is asked and what it answers is documented in
 * site/README.md; in which order it gives up its rights, in host.h and sandbox.h.
 */
#include "base/arena.h"
#include "cgi/host.h"
#include "cgi/request.h"
#include "cgi/sandbox.h"
#include "cgi/search_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum response_type response_types[] = {
    [REQUEST_FORMAT_HTML] = RESPONSE_HTML,
    [REQUEST_FORMAT_JSON] = RESPONSE_JSON,
    [REQUEST_FORMAT_CSV] = RESPONSE_CSV,
};

/* What one answer is made of. */
struct answer {
    struct host *host;
    struct arena *arena;
    const struct request *request;
    struct response *response;
};

/* A problem with its sentence in both languages. */
struct problem {
    int status;
    struct str text[2]; /* by enum language */
};

/* The page of the problem in the site's look. -1 where the theme cannot be used. */
static int draw_problem(struct answer *answer, const struct problem *problem)
{
    struct search_page page;
    struct buf *body = &answer->response->body;
    int rc = -1;
    search_page_begin(&page, answer->host, answer->arena, answer->request);
    if (search_page_load(&page, "error") == 0) {
        struct value *error = value_map(answer->arena);
        response_set(answer->response, problem->status, RESPONSE_HTML);
        search_page_set_frame(&page);
        value_set_text(answer->arena, error, "text", problem->text[search_page_language(&page)]);
        value_set_int(answer->arena, error, "status", problem->status);
        if (answer->request->status == REQUEST_STATUS_PAGE) {
            value_set_text(answer->arena, error, "first_url",
                           search_page_url(&page, "search.cgi", REQUEST_PAGE, STR("")));
        }
        value_set(answer->arena, page.root, "error", error);
        rc = search_page_draw(&page, body);
    }
    return rc;
}

static void answer_problem(struct answer *answer, const struct problem *problem)
{
    enum response_type type = response_types[answer->request->format];
    bool is_drawn = type == RESPONSE_HTML && draw_problem(answer, problem) == 0;
    if (!is_drawn) {
        bool wants_chinese = str_starts(answer->request->language, STR("zh"));
        struct str english = problem->text[wants_chinese ? LANGUAGE_ZH : LANGUAGE_EN];
        host_write_plain(answer->response, problem->status, type, problem->text[LANGUAGE_ZH],
                         type == RESPONSE_JSON ? english : problem->text[LANGUAGE_EN]);
    }
}

static void answer_search_status(struct answer *answer, enum search_status status)
{
    struct problem problem = {
        .status = search_status_http(status),
        .text = {search_status_text(answer->arena, status, LANGUAGE_ZH),
                 search_status_text(answer->arena, status, LANGUAGE_EN)},
    };
    if (problem.status >= 500 && answer->host->search != NULL) {
        host_log("search", search_last_error(answer->host->search));
    }
    answer_problem(answer, &problem);
}

static void answer_request_status(struct answer *answer, enum request_status status)
{
    struct problem problem = {
        .status = request_status_http(status),
        .text = {request_status_text(status, LANGUAGE_ZH),
                 request_status_text(status, LANGUAGE_EN)},
    };
    answer_problem(answer, &problem);
}

static int write_html(struct answer *answer, const struct search_result *result)
{
    struct search_page page;
    search_page_begin(&page, answer->host, answer->arena, answer->request);
    int rc = search_page_load(&page, "search");
    if (rc == 0) {
        search_page_set_frame(&page);
        search_page_set_result(&page, result);
        rc = search_page_draw(&page, &answer->response->body);
    }
    return rc;
}

static int write_json(struct answer *answer, const struct search_result *result)
{
    search_write_json(&answer->response->body, &answer->request->search, result);
    buf_add_char(&answer->response->body, '\n');
    return 0;
}

static int write_csv(struct answer *answer, const struct search_result *result)
{
    search_write_csv(&answer->response->body, result);
    return 0;
}

typedef int write_result(struct answer *answer, const struct search_result *result);

static write_result *const writers[] = {
    [REQUEST_FORMAT_HTML] = write_html,
    [REQUEST_FORMAT_JSON] = write_json,
    [REQUEST_FORMAT_CSV] = write_csv,
};

/* Has the client what it asks for? Only a well-formed question was ever answered. */
static bool is_held(struct answer *answer)
{
    return host_is_held(answer->response) &&
           search_check(answer->arena, &answer->request->search) == SEARCH_STATUS_OK;
}

static void answer_search(struct answer *answer)
{
    struct response *response = answer->response;
    response_set(response, 200, response_types[answer->request->format]);
    host_set_validators(answer->host, response);
    if (is_held(answer)) {
        response->status = 304;
        return;
    }
    struct search_result result;
    enum search_status status =
        search_run(answer->host->search, answer->arena, &answer->request->search, &result);
    if (status != SEARCH_STATUS_OK) {
        answer_search_status(answer, status);
    } else if (writers[answer->request->format](answer, &result) != 0) {
        answer_search_status(answer, SEARCH_STATUS_FAULT);
    }
}

static void answer_request(struct answer *answer)
{
    if (answer->request->status != REQUEST_STATUS_OK) {
        answer_request_status(answer, answer->request->status);
    } else if (answer->host->status != SEARCH_STATUS_OK) {
        answer_search_status(answer, answer->host->status);
    } else {
        answer_search(answer);
    }
}

static int serve(void)
{
    struct host host;
    struct arena arena = {0};
    struct request request = {.format = REQUEST_FORMAT_HTML};
    struct response response = RESPONSE_EMPTY;
    struct answer answer = {&host, &arena, &request, &response};
    if (host_begin(&host) != 0) {
        host_write_plain(&response, 500, RESPONSE_HTML,
                         search_status_text(&arena, SEARCH_STATUS_FAULT, LANGUAGE_ZH),
                         search_status_text(&arena, SEARCH_STATUS_FAULT, LANGUAGE_EN));
    } else {
        request_read(&request, &arena, host_variable("REQUEST_METHOD"),
                     host_variable("QUERY_STRING"));
        answer_request(&answer);
    }
    int rc = host_end(&host, &response, request.is_head);
    arena_free(&arena);
    return rc;
}

int main(int argc, char **argv)
{
    bool is_by_hand = getenv("GATEWAY_INTERFACE") == NULL;
    if (is_by_hand && argc == 2 && strcmp(argv[1], "--self-test") == 0) {
        return sandbox_test();
    }
    return serve();
}
