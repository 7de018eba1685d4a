/*
 * layout: which tags belong together, and which stand on lines of their own. Private to theme/.
 */
#ifndef THEME_LAYOUT_H
#define THEME_LAYOUT_H

#include "theme/token.h"

/* Fills in match and parent of every token; what does not match is a diagnostic. */
void layout_match(struct tokens *tokens);

/* Fills in the rest of every token. Only for tokens of which all match. */
void layout_lines(struct tokens *tokens);

/* The blanks at the front of `text`. */
struct str layout_blanks(struct str text);

#endif
