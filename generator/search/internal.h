/*
 * internal: what the files that run a search share. For search/ alone.
 */
#ifndef SEARCH_INTERNAL_H
#define SEARCH_INTERNAL_H

#include "search/facts.h"
#include "search/organisations.h"
#include "search/query.h"
#include "search/schema_filter.h"
#include "search/search.h"

#include <sqlite3.h>

/*
 * Every statement that a search runs; statement.c has their text. One is prepared when it is first
 * asked for: no search needs them all, and preparing opens no file.
 */
enum statement {
    STATEMENT_VISIT,     /* query -> no row; visit() is called for each match, by id */
    STATEMENT_FACTS,     /* block -> bytes of search_facts */
    STATEMENT_ALL_FACTS, /* -> block, bytes of all rows, by block */
    STATEMENT_COUNT,     /* query, limit -> how many match, at most the limit */
    STATEMENT_RECORD,    /* id -> path, url, kind, title, date, org, text */
    STATEMENT_PATH,      /* id -> path */
    STATEMENT_ITEM,      /* id -> key, name */
    STATEMENT_ITEM_ID,   /* key -> id */
    STATEMENT_PAGE,      /* language, name -> page */
    STATEMENT_NUMBER     /* not a statement */
};

struct meta_row {
    struct str key, value;
};

/* All rows of `meta`; none: they were not asked for yet. */
struct meta {
    struct arena arena;
    struct meta_row *v;
    size_t count;
};

/* The row of `search_facts` that was last read; it lives until its statement is started again. */
struct facts_block {
    sqlite3_stmt *statement; /* NULL: none */
    int64_t number;
    struct str bytes;
};

struct search {
    struct schema_filter filter;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_NUMBER];
    struct meta meta;
    int64_t deadline; /* of the search that runs, in milliseconds of the monotonic clock */
    bool is_running;  /* search_run does */
    bool is_late;     /* the time of the search that runs, or ran last, was over */
    struct facts_block block;
    struct visit *visit; /* that runs; or NULL */
};

/* The statement, ready for its parameters. */
sqlite3_stmt *statement_start(struct search *search, enum statement which);
void statement_bind(sqlite3_stmt *statement, int index, struct str text);

/* The next row: true. At the end or on a fault false, and `status` says which. */
bool statement_step(struct search *search, sqlite3_stmt *statement, enum search_status *status);

/* A column's text or bytes: borrowed until the next step, or copied. */
struct str statement_text(sqlite3_stmt *statement, int column);
struct str statement_blob(sqlite3_stmt *statement, int column);
struct str statement_copy(struct arena *arena, sqlite3_stmt *statement, int column);

/* A row of search_facts, copied; the empty str where there is none. */
struct str statement_facts_row(struct search *search, struct arena *arena, int64_t number,
                               enum search_status *status);

void statement_finalize_all(struct search *search);

/* Is the time of the search that runs over? While none runs it never is. */
bool search_is_over(struct search *search);

/* Milliseconds of the monotonic clock. */
int64_t search_now(void);

/* What an error of SQLite means. */
enum search_status search_status_of(const struct search *search, int code);

/* A record that matches. */
struct hit {
    int64_t id;
    double rank;   /* the smaller the better */
    uint32_t date; /* facts_date */
};

struct hits {
    struct hit *v; /* by id */
    size_t count;
    long unfiltered; /* how many match without the filters of the request */
    long matched;    /* how many match the operands on text alone */
};

/*
 * bm25.c: ranks as FTS5's bm25 gives them, in two steps: what stands in a hit is weighed while it
 * is met, and how much each phrase tells is asked once it is known that all are to be ranked.
 */
struct ranking {
    struct arena *arena;
    int phrase_count;       /* of the query; 0: nothing was weighed yet */
    int64_t rows;           /* in the index */
    double average_length;  /* of a text, in words */
    double *weights;        /* of each phrase in each hit, hit by hit */
    uint32_t *words;        /* of each hit */
    size_t count, capacity; /* hits */
};

/* Weighs the row, a hit of so many words. A code of SQLite. */
int bm25_weigh(struct ranking *ranking, const Fts5ExtensionApi *api, Fts5Context *row,
               uint32_t words);

/* The FTS5 phrases of a query, in its order, each with its column. */
struct phrases {
    struct str *v;
    size_t count;
};

struct hits;

/*
 * Gives each hit its rank; all of them were weighed. With one phrase it is bm25's but for a factor.
 */
enum search_status bm25_rank(struct search *search, const struct ranking *ranking,
                             const struct phrases *phrases, struct hits *hits);

struct match {
    int64_t id;
    struct facts facts;
};

/* visit.c: one pass over all that matches, by id. */
struct visit {
    struct search *search;
    bool (*take)(void *context, const struct match *match); /* is it a hit? */
    void *context;
    struct ranking
        *ranking; /* weighs the hits while no more than SEARCH_RANKED_MAX match; or NULL */
    long matched;
    enum search_status status; /* its own */
};

/* Makes the SQL function visit() known, by which visit_matches works. A code of SQLite. */
int visit_add(struct search *search);

/* Calls `take` for each record that matches `fts`; for each that there is. */
enum search_status visit_matches(struct visit *visit, struct str fts);
enum search_status visit_all(struct visit *visit);

/* How many records match. */
enum search_status visit_count(long *out, struct search *search, struct str fts);

/* What the pass is asked. */
struct question {
    const struct search_request *request;
    const struct query *query;
    struct organisations *orgs;
    const struct kinds *kinds;
    struct str fts;
    struct ranking *ranking; /* or NULL */
};

/* facet.c: are the filters such as anyone may ask for? */
bool facet_are_filters_valid(const struct search_request *request);

/*
 * facet.c: all that match `fts` (empty: all records) and pass the filters and counted for facets.
 */
enum search_status facet_pass(struct search *search, struct arena *arena,
                              const struct question *question, struct hits *hits,
                              struct search_result *out);

/*
 * nearest.c: what to ask for where nothing matches: FTS5 phrases, the rarest first; none if no
 * record has any of the query's pairs, words or characters.
 */
enum search_status nearest_find(struct search *search, struct arena *arena,
                                const struct query *query, struct phrases *out);

/* Places in the sorted hits: those of the page that is asked for. */
struct order {
    size_t from, to;
};

/* rank.c: sorts the hits, exactly from `from` up to `to`. */
enum search_status rank_sort(struct search *search, struct arena *arena, struct hits *hits,
                             struct order order);

#endif
