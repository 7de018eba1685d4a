/*
 * pipe_table: GitHub's pipe tables on cmark's tree. For markdown.
 *
 *     root = pipe_table_parse(&tables, arena, source, is_valid);
 *
 * cmark knows no tables: it takes one for a paragraph. GitHub's program tries a table after every
 * other kind of block, so a table always begins in what cmark sees as a paragraph (or as a heading
 * underlined, if the table's next line is "==="). We look for paragraphs that hold a delimiter row.
 * Where the paragraph is the table and nothing else, its node is replaced. Where lines around it
 * could be read otherwise once the table is no paragraph (text before it, code, lists that do not
 * begin with 1, lazy lines), the table's lines become headings in a copy of the source, in
 * the same containers, and cmark reads that copy: so cmark decides what follows a table.
 */
#ifndef RECORD_PIPE_TABLE_H
#define RECORD_PIPE_TABLE_H

#include "record/lines.h"

#include <cmark.h>

/* U+FDD0, a character that is none: clean_html and clean_text drop it. */
#define PIPE_TABLE_MARK "\xef\xb7\x90"

struct pipe_table {
    int first_line, last_line; /* in the source, from 1; the delimiter row is the second */
    size_t columns, rows;      /* with the header's, without the delimiter row */
    struct str *cells;         /* row by row, as written, borrowed from the source; p NULL: none */
    cmark_node *block;         /* the tree's node of it */
    char *alignments;          /* of each column: 'l', 'c', 'r', '-' */
    struct str *contents;      /* of each row, for pipe_table alone, as is all below */
    size_t filled;             /* cells that were written, not made up */
    struct str first_prefix, prefix;
    int text_line;      /* where the text begins that the header ends; 0: there is none */
    size_t text_column; /* bytes of that line before the text */
};

struct pipe_tables {
    struct pipe_table *items; /* in order */
    size_t count;
    struct lines lines; /* of the source, as it was given */
    struct str source;  /* as cmark read it last: other places hold what the original does */
    bool is_valid;      /* as UTF-8 */
};

/*
 * Parses `source`. Tables stand in the tree as CMARK_NODE_CUSTOM_BLOCK, in order, each the
 * `block` of its struct pipe_table; giving them content is left to the caller, as is freeing the
 * tree. `is_valid`: the source is known to be UTF-8.
 */
cmark_node *pipe_table_parse(struct pipe_tables *out, struct arena *arena, struct str source,
                             bool is_valid);

#endif
