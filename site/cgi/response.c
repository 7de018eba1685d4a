#include "cgi/response.h"

#include "base/date.h"
#include "base/file.h"
#include "cgi/limits.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {405, "Method Not Allowed"},
    {414, "URI Too Long"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

/* What a type of body brings along. */
static const char *const type_headers[] = {
    [RESPONSE_HTML] = "Content-Type: text/html; charset=utf-8\r\n",
    [RESPONSE_JSON] = "Content-Type: application/json; charset=utf-8\r\n"
                      "Access-Control-Allow-Origin: *\r\n",
    [RESPONSE_CSV] = "Content-Type: text/csv; charset=utf-8; header=present\r\n"
                     "Content-Disposition: attachment; filename=\"search.csv\"\r\n"
                     "Access-Control-Allow-Origin: *\r\n",
    [RESPONSE_RSS] = "Content-Type: application/rss+xml; charset=utf-8\r\n"
                     "Access-Control-Allow-Origin: *\r\n",
    [RESPONSE_TEXT] = "Content-Type: text/plain; charset=utf-8\r\n",
};

static const char common_headers[] =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Robots-Tag: noindex\r\n";

void response_set(struct response *response, int status, enum response_type type)
{
    response->status = status;
    response->type = type;
    response->etag[0] = '\0';
    response->modified = 0;
    buf_clear(&response->body);
}

static bool is_hexadecimal(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return false;
        }
    }
    return text.n >= 16;
}

void response_set_validators(struct response *response, struct str digest, int64_t modified,
                             int64_t now)
{
    /* 128 bits tell two databases apart; the rest would only be sent to and fro. */
    struct str start = str_slice(digest, 0, 32);
    if (is_hexadecimal(digest)) {
        snprintf(response->etag, sizeof response->etag, "\"%.*s-%s\"", STR_ARG(start),
                 GONGKAI_VERSION);
    }
    response->modified = modified > 0 && modified <= now ? modified : 0;
}

/* Is the tag one of the list (RFC 9110, 13.1.2: compared weakly)? */
static bool list_has_tag(struct str list, struct str tag)
{
    struct str item;
    while (str_cut(&item, &list, ',')) {
        item = str_trim(item);
        if (str_starts(item, STR("W/"))) {
            item = str_from(item, 2);
        }
        if (str_equal(item, tag) || str_equal(item, STR("*"))) {
            return true;
        }
    }
    return false;
}

bool response_is_held(const struct response *response, struct str if_none_match,
                      struct str if_modified_since)
{
    if (if_none_match.n > LIMIT_VALIDATOR_BYTES || if_modified_since.n > LIMIT_VALIDATOR_BYTES) {
        return false;
    }
    if (if_none_match.n > 0) {
        return response->etag[0] != '\0' && list_has_tag(if_none_match, str_of(response->etag));
    }
    /* The very date that was sent, no later one: a site may go back to an earlier commit. */
    char date[DATE_TEXT_SIZE];
    return response->modified > 0 && str_equal(str_trim(if_modified_since),
                                               str_of(date_format_http(date, response->modified)));
}

static const char *reason_of(int status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "Unknown";
}

static void write_validators(struct buf *out, const struct response *response)
{
    char date[DATE_TEXT_SIZE];
    bool may_be_kept = response->status < 400 && response->etag[0] != '\0';
    if (!may_be_kept) {
        buf_add_text(out, "Cache-Control: no-store\r\n");
        return;
    }
    buf_printf(out, "Cache-Control: public, max-age=%d\r\nETag: %s\r\n", LIMIT_CACHE_SECONDS,
               response->etag);
    if (response->modified > 0) {
        buf_printf(out, "Last-Modified: %s\r\n", date_format_http(date, response->modified));
    }
}

void response_write_headers(struct buf *out, const struct response *response)
{
    buf_printf(out, "Status: %d %s\r\n", response->status, reason_of(response->status));
    if (response->status != 304) {
        buf_add_text(out, type_headers[response->type]);
        buf_printf(out, "Content-Length: %zu\r\n", response->body.n);
    }
    buf_add_text(out, common_headers);
    if (response->status == 405) {
        buf_add_text(out, "Allow: GET, HEAD\r\n");
    }
    write_validators(out, response);
    buf_add_text(out, "\r\n");
}

/* In one call where the server takes it so. */
static int write_both(struct str head, struct str body)
{
    struct fault fault;
    const struct iovec parts[] = {{(void *)(uintptr_t)head.p, head.n},
                                  {(void *)(uintptr_t)body.p, body.n}};
    ssize_t n = writev(STDOUT_FILENO, parts, body.n > 0 ? 2 : 1);
    size_t written = n > 0 ? (size_t)n : 0; /* a fault comes again below */
    size_t of_head = written < head.n ? written : head.n;
    return file_write_all(STDOUT_FILENO, str_from(head, of_head), &fault) == 0
               ? file_write_all(STDOUT_FILENO, str_from(body, written - of_head), &fault)
               : -1;
}

int response_send(const struct response *response, bool is_head)
{
    struct buf head = BUF_EMPTY;
    bool has_body = !is_head && response->status != 304;
    response_write_headers(&head, response);
    int rc = write_both(buf_str(&head), has_body ? buf_str(&response->body) : (struct str){"", 0});
    buf_free(&head);
    return rc;
}

void response_free(struct response *response)
{
    buf_free(&response->body);
    *response = RESPONSE_EMPTY;
}
