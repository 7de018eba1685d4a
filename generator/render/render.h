/*
 * render: outputs drawn from the database. For commands/.
 *
 *     output_list_all(&list, render, &fault);         every output of the site, by kind and key
 *     output_draw(&buf, render, &list.items[i], &fault);
 *
 * An output is a row of the table in output.c: a kind, how its keys are found, and a function from
 * database and key to bytes. Nothing in it depends on when, where or by whom it is drawn: only on
 * the rows, the theme and the as-of date. A struct render belongs to one thread; the site is
 * shared and read-only.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/fault.h"
#include "record/config.h"
#include "record/schema.h"
#include "store/database.h"
#include "theme/theme.h"

enum {
    RENDER_LISTING_MAX = 200, /* entries of one listing */
    RENDER_NEWEST = 20,       /* newest records where a listing shows periods instead */
    RENDER_FEED_ITEMS = 50,
    RENDER_CALENDAR_COMING = 400, /* events of one calendar that are not over, the next first */
    RENDER_CALENDAR_DAYS = 92,    /* how long ago the oldest of a calendar ended */
    RENDER_CALENDAR_PAST = 100,   /* and of those that are, the last first */
    RENDER_SITEMAP_MAX = 50000,   /* addresses in one sitemap: sitemaps.org's limit */
    RENDER_SITEMAP_WHOLE = 5000   /* more are an index of sitemaps, one a month */
};

/* Where bytes come from that the database does not hold. */
struct render_bytes {
    void *context;
    /* Appends the rendered body of the record of that id and path. Called by several threads. */
    int (*body)(void *context, int64_t record, struct str path, struct buf *out,
                struct fault *fault);
    /* Appends the file of the commit with that path. */
    int (*file)(void *context, struct str path, struct buf *out, struct fault *fault);
};

struct render_site {
    const struct config *config;
    const struct schema *schema;
    const struct theme *theme;
    struct str title; /* the configuration's, or the root page's */
    struct date as_of;
    struct str commit; /* hexadecimal */
    struct render_bytes bytes;
    struct str stylesheet; /* the theme's, whole */
    bool has_tags;
    /* Known once the database is finished; empty before. */
    struct str database_digest;
    int64_t database_size;
};

struct render {
    const struct render_site *site;
    struct database *db;
    struct arena arena;             /* of the output being drawn */
    struct arena kept;              /* of what all outputs share */
    const struct value *site_value; /* what each page says of the site; NULL before the first */
    bool has_facts;                 /* search_facts has all records of `db`: it has its index */
    struct arena tallied;           /* of `tallies`, the last one first: tally.h */
    const struct tally *tallies;
    struct arena parted;       /* of `parts`: parts.h */
    const struct parts *parts; /* of the last day that has any */
    struct arena fed;          /* of `feed_contents`, the last one first: feed.c */
    const struct feed_content *feed_contents;
    struct fault fault; /* what made a helper fail */
};

struct output_kind;

struct output {
    const struct output_kind *kind;
    struct str key;  /* what the kind draws it from */
    struct str file; /* below the web root */
};

struct output_list {
    struct arena arena;
    struct output *items;
    size_t count;
};

/* Frees what drawing left. */
void render_free(struct render *render);

/* All outputs; `is_late`: those that tell of the finished database, and only those. */
int output_list_all(struct output_list *out, struct render *render, bool is_late,
                    struct fault *fault);
void output_list_free(struct output_list *list);

/* Appends the output's bytes. */
int output_draw(struct buf *out, struct render *render, const struct output *output,
                struct fault *fault);

/* The kind's name, for messages and statistics. */
const char *output_kind_name(const struct output *output);

#endif
