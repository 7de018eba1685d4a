/*
 * search: questions to the published database. For commands/ and site/cgi.
 *
 *     struct search *search;
 *     enum search_status status = search_open(&search, path, &fault);
 *     ... enter the sandbox: nothing below opens a file, a socket or a thread ...
 *     struct search_request request = SEARCH_REQUEST_EMPTY;
 *     request.query = ...;
 *     status = search_run(search, &arena, &request, &result);
 *     ... result lives in the arena ...
 *     search_close(search);
 *
 * The database is opened read-only and immutable: it is replaced by renaming, never written. Only
 * one that is ours is opened: a regular file, not writable by group or others, of our application
 * id and schema version. An authorizer lets through what our own statements need. One search, one
 * thread.
 *
 * A query matches a record exactly where every operand stands in its folded title or text
 * (segment.h); where no record matches, those nearest to it are returned, and `is_nearest` says so.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "search/status.h"

#include <stdint.h>

enum {
    SEARCH_APPLICATION_ID = 0x474F4E47, /* "GONG": PRAGMA application_id */
    SEARCH_SCHEMA_VERSION = 6,          /* PRAGMA user_version */
    SEARCH_PER_PAGE = 20,
    SEARCH_PER_PAGE_MAX = 100,
    SEARCH_PAGE_MAX = 50,
    SEARCH_RANKED_MAX = 20000,  /* more hits than this are sorted by date alone */
    SEARCH_TIME_MS = 1000,      /* of one search_run; then SEARCH_STATUS_OUT_OF_TIME */
    SEARCH_HEAP_MB = 24,        /* of SQLite, for the process */
    SEARCH_FACET_ROWS_MAX = 50, /* of one facet; the greatest counts */
    SEARCH_NEAREST_MAX = 10,    /* records that are offered where none matches */
    SEARCH_FILTER_BYTES_MAX = 128
};

enum search_sort { SEARCH_SORT_RELEVANCE, SEARCH_SORT_DATE };

/* What is asked. Empty means "any"; everything is text as it came, percent-decoded. */
struct search_request {
    struct str query;
    struct str org;      /* key of an organisation: it and all below it */
    struct str kind;     /* disclosure, meeting, page */
    struct str item;     /* key of a catalogue item */
    struct str year;     /* four digits */
    struct str from, to; /* YYYY-MM-DD, both included */
    struct str status;   /* of a notice on the as-of date: "upcoming", "notice", "ended" */
    enum search_sort sort;
    long page;     /* from 1 */
    long per_page; /* 1 to SEARCH_PER_PAGE_MAX */
    bool wants_facets;
};
#define SEARCH_REQUEST_EMPTY                                                                       \
    ((struct search_request){.page = 1, .per_page = SEARCH_PER_PAGE, .wants_facets = true})

/* A piece of a snippet or title: raw text, to be escaped for where it goes. */
struct search_piece {
    struct str text;
    bool is_match;
};

struct search_pieces {
    struct search_piece *v;
    size_t count;
};

struct search_hit {
    struct str url, path, title, date, kind;
    struct str kind_name;     /* in Chinese; the key where it has none */
    struct str org, org_name; /* key and name; both empty where there is none */
    struct search_pieces title_pieces;
    struct search_pieces snippet; /* may be empty; "…" stands where text was left out */
};

/* One value of a facet and how many hits have it. */
struct search_facet_row {
    struct str key, name; /* for the URL, for the reader; name is the key where there is none */
    long count;
    int depth;      /* organisations: 0 for the top; rows come parents first. Else 0 */
    bool is_chosen; /* it is the request's filter */
};

struct search_facet {
    struct search_facet_row *v;
    size_t count;
};

enum search_facet_kind {
    SEARCH_FACET_ORG, /* counts include everything below */
    SEARCH_FACET_KIND,
    SEARCH_FACET_ITEM,
    SEARCH_FACET_YEAR,
    SEARCH_FACET_STATUS,
    SEARCH_FACET_COUNT /* not a facet */
};

struct search_result {
    long total;            /* records that match; of nearest ones, how many are offered */
    long total_unfiltered; /* that match the query, whatever the filters of the request */
    long page, page_count;
    bool is_nearest; /* none matches: these are the nearest */
    bool is_by_date; /* too many to rank in time: sorted by date though relevance was asked */
    struct search_hit *hits;
    size_t hit_count;
    struct search_facet facets[SEARCH_FACET_COUNT];
};

struct search;

/*
 * For a process that does one search and ends: SQLite takes no locks, and keeps the pages of the
 * database in `memory`, which is given up for good. Once, before anything else of SQLite.
 */
enum { SEARCH_MEMORY_BYTES = 288 << 10 };
void search_settle(void *memory);

/*
 * Opens the database, checks that it is ours and reads its schema; no file is opened after it.
 * `fault` says what was wrong, for the log.
 */
enum search_status search_open(struct search **out, const char *path, struct fault *fault);

/* Would the request be refused as it stands, whatever the database holds? */
enum search_status search_check(struct arena *arena, const struct search_request *request);

/* Answers. `out` lives in `arena`. An empty query with no filter matches all records, by date. */
enum search_status search_run(struct search *search, struct arena *arena,
                              const struct search_request *request, struct search_result *out);

/*
 * Ends the search that runs, or the one that will, as if its time were over. Safe in the handler of
 * a signal; for a process that does one search.
 */
void search_stop(void);

/*
 * A row of `meta`: "commit", "as_of" and the like; the empty str where there is none. Lives as long
 * as `search`.
 */
struct str search_meta(struct search *search, struct str key);

/*
 * A row of `search_pages`, to be thawed (theme/freeze.h); the empty str where there is none.
 */
struct str search_page_bytes(struct search *search, struct arena *arena, struct str language,
                             struct str name);

/* What SQLite last said, for the log. */
const char *search_last_error(const struct search *search);

/* NULL is fine. */
void search_close(struct search *search);

/*
 * "total" counts records that match: 0 where "nearest" is true, whatever is offered instead.
 * {"version":1,"query","total","page","pages","nearest","by_date","results":[{"url","title",
 * "date","org","org_name","kind","kind_name","path","snippet"}],"facets":{"org":[{"key","name","count"}],
 * "kind","item","year","status"}}
 */
void search_write_json(struct buf *out, const struct search_request *request,
                       const struct search_result *result);

/* A byte-order mark, then title, date, organisation, kind, address, snippet; CRLF, formulas
 * defused. Nearest records are left out: nothing here could say that they do not match. */
void search_write_csv(struct buf *out, const struct search_result *result);

#endif
