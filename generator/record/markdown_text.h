/*
 * markdown_text: one walk over cmark's tree, which gathers the plain text, the links and the
 * headings, and changes what the page must not show as it stands: addresses, and line breaks
 * between Han characters. For markdown and pipe_cells.
 */
#ifndef RECORD_MARKDOWN_TEXT_H
#define RECORD_MARKDOWN_TEXT_H

#include "record/lines.h"
#include "record/markdown.h"

#include <cmark.h>

enum { LINKS_TOLD_MAX = 200 };

/* What all walks over one document share. */
struct markdown_walk {
    struct arena *arena;
    const struct markdown_input *input;
    struct diag *diag;
    struct lines lines; /* of the body */
    int lines_before;   /* lines of the file before the body */
    struct record_link *links;
    size_t link_count;
    struct place counted; /* the place last asked for, and its byte column */
    int counted_bytes;
    size_t told_count; /* links with faults; past LINKS_TOLD_MAX they are not told */
    bool is_html_told; /* that raw HTML is left out has been said */
};

/* The place of byte column `column` on line `line` of the body, both from 1. Quick where places
 * are asked for in order. */
struct place markdown_place(struct markdown_walk *walk, int line, int column);

/* A place for each table, in order; `text` has its rows, each with a line feed behind it. */
struct markdown_table {
    struct table *data;
    struct str text;
};

/*
 * Walks the document. Custom blocks are tables: the next of `tables`, whose captions are set.
 * Fills the text, the headings and the paragraph of `out`.
 */
void markdown_walk_document(struct markdown_output *out, struct markdown_walk *walk,
                            cmark_node *root, const struct markdown_table *tables);

/* Walks a document of `count` headings, one for each cell: its text, and where it stands. */
void markdown_walk_cells(struct str *texts, struct markdown_walk *walk, cmark_node *root,
                         const struct place *places, size_t count);

#endif
