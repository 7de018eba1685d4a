#include "cgi/host.h"

#include "base/date.h"
#include "base/escape.h"
#include "base/json.h"
#include "cgi/sandbox.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 4096, HEAP_STEP_BYTES = 1 << 20 };

void host_log(const char *what, const char *text)
{
    fprintf(stderr, "search: %s: %s\n", what, text);
}

struct str host_variable(const char *name)
{
    return str_of(getenv(name));
}

static enum search_status open_database(struct search **out)
{
    char path[PATH_BYTES_MAX];
    struct fault fault;
    const char *site = getenv("GONGKAI_SITE");
    int n = site == NULL ? 0 : snprintf(path, sizeof path, "%s/data/search.db", site);
    if (n <= 0 || (size_t)n >= sizeof path) {
        host_log("GONGKAI_SITE", "is not set to the web root's path");
        return SEARCH_STATUS_NOT_OURS;
    }
    enum search_status status = search_open(out, path, &fault);
    if (status != SEARCH_STATUS_OK) {
        host_log("database", fault.text);
    }
    return status;
}

/* A process of a few milliseconds: memory comes in large steps and goes with the process. */
static void prepare_memory(void)
{
    (void)mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, HEAP_STEP_BYTES * 64);
    (void)mallopt(M_MMAP_THRESHOLD, HEAP_STEP_BYTES * 4);
    search_settle(malloc(SEARCH_MEMORY_BYTES));
}

int host_begin(struct host *host)
{
    struct fault fault;
    *host = (struct host){.search = NULL, .status = SEARCH_STATUS_FAULT};
    sandbox_limit();
    prepare_memory();
    host->status = open_database(&host->search);
    if (sandbox_enter(&fault) != 0) {
        host_log("sandbox", fault.text);
        return -1;
    }
    return 0;
}

struct str host_meta(struct host *host, const char *key)
{
    return host->search == NULL ? (struct str){"", 0} : search_meta(host->search, str_of(key));
}

/*
 * The later of the commit and of the day that the site speaks of: with the day alone going on,
 * notices end and embargoes are lifted.
 */
static int64_t last_modified(struct host *host)
{
    enum { CHINA_EAST_OF_GREENWICH = 8 * 3600, SECONDS_PER_DAY = 86400 };
    long commit = str_number(host_meta(host, "modified"), 253402300799L);
    struct date day;
    if (!date_parse(&day, host_meta(host, "as_of"))) {
        return commit;
    }
    int64_t midnight = date_to_days(day) * SECONDS_PER_DAY - CHINA_EAST_OF_GREENWICH;
    return commit > midnight ? commit : midnight;
}

void host_set_validators(struct host *host, struct response *response)
{
    response_set_validators(response, host_meta(host, "digest"), last_modified(host),
                            (int64_t)time(NULL));
}

bool host_is_held(const struct response *response)
{
    return response_is_held(response, host_variable("HTTP_IF_NONE_MATCH"),
                            host_variable("HTTP_IF_MODIFIED_SINCE"));
}

/* Where the base is not known: the site begins in the folder that the program is called in. */
static void write_page(struct buf *out, struct str zh, struct str en)
{
    buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<title>没能搜索 Search failed</title>\n</head>\n<body>\n<main>\n"
                      "<h1>没能搜索</h1>\n<p>");
    escape_html(out, zh);
    buf_add_text(out, "</p>\n<p lang=\"en\">");
    escape_html(out, en);
    buf_add_text(out, "</p>\n<p><a href=\"./\">到首页看公开的内容 <span lang=\"en\">"
                      "Read what is published</span></a></p>\n"
                      "</main>\n</body>\n</html>\n");
}

static void write_json(struct buf *out, int status, struct str text)
{
    struct json json = {.buf = out};
    json_open(&json, '{');
    json_key(&json, "version");
    json_int(&json, 1);
    json_key(&json, "status");
    json_int(&json, status);
    json_key(&json, "error");
    json_str(&json, text);
    json_close(&json, '}');
    buf_add_char(out, '\n');
}

void host_write_plain(struct response *response, int status, enum response_type type, struct str zh,
                      struct str en)
{
    bool has_form = type == RESPONSE_HTML || type == RESPONSE_JSON;
    response_set(response, status, has_form ? type : RESPONSE_TEXT);
    if (type == RESPONSE_HTML) {
        write_page(&response->body, zh, en);
    } else if (type == RESPONSE_JSON) {
        write_json(&response->body, status, en);
    } else {
        buf_add(&response->body, zh);
        buf_add_char(&response->body, '\n');
        buf_add(&response->body, en);
        buf_add_char(&response->body, '\n');
    }
}

int host_end(struct host *host, struct response *response, bool is_head)
{
    sandbox_begin_sending();
    int rc = response_send(response, is_head);
    if (!SANDBOX_HAS_SANITIZER) {
        _exit(rc == 0 ? 0 : 1); /* taking everything apart would cost a tenth of the answer */
    }
    response_free(response);
    search_close(host->search);
    host->search = NULL;
    return rc == 0 ? 0 : 1;
}
