/*
 * markdown: the body of a record as HTML, text, tables and links. For record/ and its tests.
 *
 *     markdown_render(&out, &arena, &input, &diag);
 *
 * The HTML is CommonMark with GitHub's pipe tables, as `cmark-gfm -e table` writes it in its safe
 * mode, byte for byte, but for what makes it safe and right in a page of ours:
 *   - an address is kept only where its scheme is on a list (link.h); any other becomes empty;
 *   - links between files of the commit become the site's addresses;
 *   - control characters, bidi controls and noncharacters are dropped, invalid UTF-8 becomes
 * U+FFFD;
 *   - a soft line break between two Han characters, or beside full-width punctuation, is nothing.
 * Raw HTML is left out, with a comment in its place, as that program does it.
 *
 * A body that could hold cmark for long is tried in a helper process first (suspicious.h). One
 * that does not finish there is shown as plain text, with a diagnostic that names the file.
 * The limit is CPU time, so that of two machines one may render a body that the other refuses;
 * it lies far from anything that a person writes.
 *
 * cmark ends the process where memory runs out.
 */
#ifndef RECORD_MARKDOWN_H
#define RECORD_MARKDOWN_H

#include "record/record.h"

struct markdown_input {
    struct str path;
    struct str bytes;       /* the whole file */
    bool is_valid;          /* the bytes are known to be UTF-8 */
    size_t offset;          /* where the body begins in it: places count lines of the whole file */
    struct str base_folder; /* that relative links start from; "" or without a "/" at its end */
    struct record_resolver resolver; /* `address` NULL: links stay as they are, nothing dangles */
    bool is_free;                    /* a site without configuration */
    /* Numbers, from 1, of tables that are not published: they leave nothing but their data. */
    const size_t *board_tables;
    size_t board_count;
};

struct markdown_output {
    struct str html;
    struct str body_text;  /* the blocks that are no tables, each with a line feed behind it */
    struct str text;       /* all blocks in order, with those that are not published */
    struct str table_text; /* rows: cells with a tab between them, a line feed behind each row */
    struct str first_heading;
    bool begins_with_h1;
    struct table *tables; /* in order */
    size_t table_count;
    struct record_link *links; /* to files of the commit, found or not, in order */
    size_t link_count;
    struct str first_paragraph;
};

/* Always fills `out`. What it points to lives in the arena or in the input. */
void markdown_render(struct markdown_output *out, struct arena *arena,
                     const struct markdown_input *input, struct diag *diag);

#endif
