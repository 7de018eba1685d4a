/* output: the table of outputs and what its rows share. Inside render/ only. */
#ifndef RENDER_OUTPUT_H
#define RENDER_OUTPUT_H

#include "render/touch.h"

/*
 * One kind. `list` adds the keys that the database asks for, all of them or, where `touch` is not
 * NULL, those that it touches; `draw` appends the bytes of one. Both return -1 with render->fault
 * set; errors of the database are found by the caller.
 */
struct output_kind {
    const char *name;
    bool is_late; /* tells of the finished database */
    int (*list)(struct render *render, struct output_list *list, const struct output_kind *kind,
                const struct touch *touch);
    int (*draw)(struct render *render, struct str key, struct buf *out);
};

/* Adds an output; both strings are copied. */
void output_add(struct output_list *list, const struct output_kind *kind, struct str key,
                struct str file);

/* The same for the file that answers at `url`. */
void output_add_url(struct render *render, struct output_list *list, const struct output_kind *kind,
                    struct str key, struct str url);

/* Adds one output for every row: column 0 is the key, column 1 the address. */
int output_add_rows(struct render *render, struct output_list *list, const struct output_kind *kind,
                    struct query *query);

/* The same for each string of the set, which is bound to ?1. */
int output_add_touched(struct render *render, struct output_list *list,
                       const struct output_kind *kind, const struct set *touched, const char *sql);

/* The kinds, a file each or a few that tell one story; see output.c for the table. */
#define OUTPUT_KIND(name)                                                                          \
    int name##_list(struct render *render, struct output_list *list,                               \
                    const struct output_kind *kind, const struct touch *touch);                    \
    int name##_draw(struct render *render, struct str key, struct buf *out)

OUTPUT_KIND(record_page);
OUTPUT_KIND(home_page);
OUTPUT_KIND(section_page);
OUTPUT_KIND(archive_page);
OUTPUT_KIND(orgs_page);
OUTPUT_KIND(tags_page);
OUTPUT_KIND(catalogue_page);
OUTPUT_KIND(search_page);
OUTPUT_KIND(notfound_page);
OUTPUT_KIND(data_page);
OUTPUT_KIND(tombstone);
OUTPUT_KIND(redirect_page);
OUTPUT_KIND(table_csv);
OUTPUT_KIND(csvw);
OUTPUT_KIND(attachment);
OUTPUT_KIND(feed);
OUTPUT_KIND(calendar);
OUTPUT_KIND(sitemap);
OUTPUT_KIND(opensearch);
OUTPUT_KIND(robots);
OUTPUT_KIND(stylesheet);
OUTPUT_KIND(checksums);
OUTPUT_KIND(datapackage);
OUTPUT_KIND(catalog);
OUTPUT_KIND(datasets);

#endif
