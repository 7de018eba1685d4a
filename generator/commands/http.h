/*
 * http: a web server for one person's own machine, to look at a site before it is published. For
 * commands/: `gongkai serve`.
 *
 *     http_listen(&fd, 8080, &fault);
 *     while (http_accept(&connection, fd) == 1) http_answer(connection, &site);
 *
 * It listens on 127.0.0.1 alone, answers one request after another, and gives files of the web root
 * and the two search programs; nothing else. It is no server for the public: site/server/ is.
 */
#ifndef COMMANDS_HTTP_H
#define COMMANDS_HTTP_H

#include "base/fault.h"
#include "base/str.h"

struct http_site {
    const char *root; /* the web root; NULL: there is none yet, since the content has faults */
    struct str base;  /* the path of the site's address: begins and ends with "/" */
    const char *cgi;  /* the folder of the search programs */
};

int http_listen(int *out, int port, struct fault *fault);

/* Reads one request from the connection, answers it, and closes it. */
void http_answer(int connection, const struct http_site *site);

#endif
