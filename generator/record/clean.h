/*
 * clean: what no page and no search text of ours holds is taken out. For the Markdown modules.
 *
 * Dropped: control characters but for tab, LF and CR; the bidi controls; code points that
 * Unicode calls noncharacters. From text for the search also private-use characters, which the
 * index keeps for itself.
 */
#ifndef RECORD_CLEAN_H
#define RECORD_CLEAN_H

#include "base/arena.h"

/* A copy of finished HTML; `is_changed` (or NULL) becomes true where something was dropped. */
struct str clean_html(struct arena *arena, struct str html, bool *is_changed);

/* A copy of plain text, valid UTF-8 like the HTML. */
struct str clean_text(struct arena *arena, struct str text);

/* The same where nothing is to be dropped: the text itself. */
struct str clean_text_or_same(struct arena *arena, struct str text);

/* The same of bytes that need not be UTF-8: what is not becomes U+FFFD. */
struct str clean_source(struct arena *arena, struct str source);

#endif
