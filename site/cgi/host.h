/*
 * host: the order in which a search program starts, and what it says to the log. For the mains of
 * site/cgi.
 *
 *     struct host host;
 *     if (host_begin(&host) == 0) ... read the request and answer, host.status may be a fault ...
 *     host_end(&host, &response, is_head);
 *
 * The log (standard error) never has a word of a request in it: what people search is nobody's
 * business.
 */
#ifndef CGI_HOST_H
#define CGI_HOST_H

#include "cgi/response.h"
#include "search/search.h"

struct host {
    struct search *search;     /* NULL where the status is a fault */
    enum search_status status; /* of opening the database below GONGKAI_SITE */
};

/* Limits, database, sandbox, in this order. -1 where there is no sandbox: answer 500. */
int host_begin(struct host *host);

/* A row of `meta`; the empty str where there is none, or no database. */
struct str host_meta(struct host *host, const char *key);

/* The validators that the database gives the answer. */
void host_set_validators(struct host *host, struct response *response);

/* Does the client say that it holds the answer? Reads the request's variables. */
bool host_is_held(const struct response *response);

/* One line to the log. `text` is of our own making. */
void host_log(const char *what, const char *text);

/* A variable of the request; the empty str where it is not set. */
struct str host_variable(const char *name);

/*
 * The answer for when nothing of the theme can be used: a page, JSON or text that is complete in
 * itself, in both languages.
 */
void host_write_plain(struct response *response, int status, enum response_type type, struct str zh,
                      struct str en);

/* Sends and ends the process; with a sanitizer closes instead, and returns the exit status. */
int host_end(struct host *host, struct response *response, bool is_head);

#endif
