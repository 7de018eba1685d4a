/*
 * response: status, headers and body of the one answer. For site/cgi.
 *
 *     struct response response = RESPONSE_EMPTY;
 *     response_set(&response, 200, RESPONSE_HTML);
 *     ... append to response.body ...
 *     response_send(&response, is_head);
 *     response_free(&response);
 *
 * Nothing of a request ever stands in a header: every header line is a constant, or a number or
 * digest that was checked here.
 */
#ifndef CGI_RESPONSE_H
#define CGI_RESPONSE_H

#include "base/buf.h"

#include <stdint.h>

enum response_type { RESPONSE_HTML, RESPONSE_JSON, RESPONSE_CSV, RESPONSE_RSS, RESPONSE_TEXT };

struct response {
    int status;
    enum response_type type;
    struct buf body;
    char etag[80];    /* with its quotes; empty: the answer may not be kept */
    int64_t modified; /* seconds since 1970; 0: unknown */
};
#define RESPONSE_EMPTY ((struct response){.status = 500, .type = RESPONSE_TEXT, .body = BUF_EMPTY})

/* The front of an answer that is a text, where no memory or time is left for any other. */
#define RESPONSE_UNAVAILABLE                                                                       \
    "Status: 503 Service Unavailable\r\n"                                                          \
    "Content-Type: text/plain; charset=utf-8\r\n"                                                  \
    "Content-Security-Policy: default-src 'none'\r\n"                                              \
    "X-Content-Type-Options: nosniff\r\n"                                                          \
    "Referrer-Policy: no-referrer\r\n"                                                             \
    "X-Robots-Tag: noindex\r\n"                                                                    \
    "Cache-Control: no-store\r\n"                                                                  \
    "\r\n"

/* What is answered, with an empty body and nothing to compare. */
void response_set(struct response *response, int status, enum response_type type);

/*
 * The validators of an answer that depends only on its address, on the database of that digest
 * and on this program. A digest that is not of hexadecimal digits gives none. Times past `now`
 * are left out.
 */
void response_set_validators(struct response *response, struct str digest, int64_t modified,
                             int64_t now);

/* Does the client hold this answer already? The texts are header values, or empty. */
bool response_is_held(const struct response *response, struct str if_none_match,
                      struct str if_modified_since);

/* Appends all header lines and the empty one behind them. */
void response_write_headers(struct buf *out, const struct response *response);

/* Hands the answer to the server, without the body where `is_head`. -1 where that failed. */
int response_send(const struct response *response, bool is_head);

void response_free(struct response *response);

#endif
