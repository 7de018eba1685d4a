/*
 * limits: what one request may cost. For site/cgi; site/README.md documents them, and those of the
 * query itself stand in search/query.h and search/search.h.
 */
#ifndef CGI_LIMITS_H
#define CGI_LIMITS_H

enum {
    LIMIT_QUERY_STRING_BYTES = 2048, /* past it 414 */
    LIMIT_VALIDATOR_BYTES = 1024,    /* of If-None-Match, If-Modified-Since; past it ignored */
    LIMIT_CPU_SECONDS = 2,           /* then 503; a second later the kernel ends the process */
    LIMIT_WALL_SECONDS = 2,          /* then 503, */
    LIMIT_LAST_SECONDS = 1,          /* and where that is not out by then, a plain one */
    LIMIT_SEND_SECONDS = 10,         /* for handing the answer to the server */
    LIMIT_ADDRESS_SPACE_MB = 256,
    LIMIT_OPEN_FILES = 8,
    LIMIT_CACHE_SECONDS = 60, /* what is withdrawn must vanish soon */
    LIMIT_TEMPLATES = 16      /* of one page: the template and all that it calls */
};

#endif
