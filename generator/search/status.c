#include "search/status.h"

#include "search/query.h"
#include "search/search.h"

static const struct {
    int http;
    const char *zh, *en;
} rows[] = {
#define ROW(name, http, zh, en) {http, zh, en},
    SEARCH_STATUS_ROWS(ROW)
#undef ROW
};

/* The limit that the sentence speaks of. */
static int limit_of(enum search_status status)
{
    switch (status) {
    case SEARCH_STATUS_TOO_LONG:
        return QUERY_BYTES_MAX;
    case SEARCH_STATUS_TOO_MANY_WORDS:
        return QUERY_OPERANDS_MAX;
    case SEARCH_STATUS_TOO_MANY_SINGLES:
        return QUERY_SINGLES_MAX;
    case SEARCH_STATUS_BAD_PAGE:
        return SEARCH_PAGE_MAX;
    default:
        return 0;
    }
}

int search_status_http(enum search_status status)
{
    return rows[status].http;
}

struct str search_status_text(struct arena *arena, enum search_status status,
                              enum language language)
{
    struct str text = str_of(language == LANGUAGE_ZH ? rows[status].zh : rows[status].en);
    ptrdiff_t at = str_find(text, STR("{1}"));
    if (at < 0) {
        return text;
    }
    struct str before = str_slice(text, 0, (size_t)at), behind = str_from(text, (size_t)at + 3);
    return arena_printf(arena, "%.*s%d%.*s", STR_ARG(before), limit_of(status), STR_ARG(behind));
}
