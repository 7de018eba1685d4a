/*
 * internal: what the files that run a search share. For search/ alone.
 */
#ifndef SEARCH_INTERNAL_H
#define SEARCH_INTERNAL_H

#include "search/query.h"
#include "search/schema_filter.h"
#include "search/search.h"

#include <sqlite3.h>

/*
 * Every statement that a search runs; statement.c has their text. One is prepared when it is first
 * asked for: no search needs them all, and preparing opens no file.
 */
enum statement {
    STATEMENT_HITS,     /* query -> id, date, org, kind, item of each match, by id */
    STATEMENT_CLOSE,    /* the same, and how close it is: closeness_add */
    STATEMENT_ALL,      /* the same of all records */
    STATEMENT_RANK,     /* query -> id, rank of each match, by id */
    STATEMENT_COUNT,    /* query, limit -> how many match, at most the limit */
    STATEMENT_RECORD,   /* id -> path, url, kind, title, date, org, text */
    STATEMENT_PATH,     /* id -> path */
    STATEMENT_NOTICE,   /* id, as-of date -> a row where the record is on display */
    STATEMENT_ORGS,     /* -> key, name, lineage, parents first */
    STATEMENT_ORG_NAME, /* key -> name */
    STATEMENT_ITEM_NAME,
    STATEMENT_SYNONYMS, /* word, its plain form -> same */
    STATEMENT_META,     /* -> key, value of every row */
    STATEMENT_PAGE,     /* language, name -> page */
    STATEMENT_NUMBER    /* not a statement */
};

/* Of many records, more hits than this are ranked in a second pass. */
enum { RANKED_AT_ONCE_MAX = 400 };

struct meta_row {
    struct str key, value;
};

/* All rows of `meta`; none: they were not asked for yet. */
struct meta {
    struct arena arena;
    struct meta_row *v;
    size_t count;
};

struct search {
    struct schema_filter filter;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_NUMBER];
    struct meta meta;
    int64_t deadline; /* of the search that runs, in milliseconds of the monotonic clock */
    bool is_late;     /* it passed */

    /* Of the pass of STATEMENT_CLOSE that runs: */
    long ranked;           /* so many rows have got a rank */
    bool is_ranked_whole;  /* no row was left without one */
    long ranked_max;       /* no more than this */
    double average_length; /* of a text, in tokens; 0: not known yet */
};

/* The statement, ready for its parameters. */
sqlite3_stmt *statement_start(struct search *search, enum statement which);
void statement_bind(sqlite3_stmt *statement, int index, struct str text);

/* The next row: true. At the end or on a fault false, and `status` says which. */
bool statement_step(struct search *search, sqlite3_stmt *statement, enum search_status *status);

/* A column's text: borrowed until the next step, or copied. */
struct str statement_text(sqlite3_stmt *statement, int column);
struct str statement_copy(struct arena *arena, sqlite3_stmt *statement, int column);

/* The first column of the only row of a statement with one text for parameter; else empty. */
struct str statement_lookup(struct search *search, struct arena *arena, enum statement which,
                            struct str key);

void statement_finalize_all(struct search *search);

/* Milliseconds of the monotonic clock. */
int64_t search_now(void);

/* What an error of SQLite means. */
enum search_status search_status_of(const struct search *search, int code);

/* A record that matches. */
struct hit {
    int64_t id;
    double rank; /* the smaller the better */
    int date;    /* as YYYYMMDD; 0 for none */
};

struct hits {
    struct hit *v; /* by id */
    size_t count;
    long unfiltered; /* how many match without the filters of the request */
    long matched;    /* how many match the operands on text alone */
    bool are_ranked; /* each has its rank */
};

/*
 * closeness.c: makes the function closeness(search) known to FTS5: the rank that bm25 would give
 * but for a factor, where the query is one phrase; NULL for any other query, and past
 * RANKED_AT_ONCE_MAX rows where there are more records than SEARCH_RANKED_MAX.
 */
int closeness_add(struct search *search);

/*
 * facet.c: all that match `fts` (empty: all records) and pass the filters, counted for facets, and
 * ranked where that takes no second pass.
 */
enum search_status facet_pass(struct search *search, struct arena *arena,
                              const struct search_request *request, const struct query *query,
                              struct str fts, struct hits *hits, struct search_result *out);

/*
 * nearest.c: what to ask for where nothing matches: FTS5 phrases, the rarest first; none if no
 * record has any of the query's pairs, words or characters.
 */
enum search_status nearest_find(struct search *search, struct arena *arena,
                                const struct query *query, struct str **out, size_t *count);

/* Places in the sorted hits: those of the page that is asked for. */
struct order {
    size_t from, to;
};

/* rank.c: gives each hit its rank; and sorts them, exactly from `from` up to `to`. */
enum search_status rank_hits(struct search *search, struct str fts, struct hits *hits);
enum search_status rank_sort(struct search *search, struct arena *arena, struct hits *hits,
                             struct order order);

#endif
