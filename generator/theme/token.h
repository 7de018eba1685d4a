/*
 * token: a template's bytes cut into text and tags. Private to theme/.
 *
 * A text token ends with its line: no text token holds a line feed but as its last byte.
 */
#ifndef THEME_TOKEN_H
#define THEME_TOKEN_H

#include "base/diag.h"

#include <stdint.h>

enum token_kind {
    TOKEN_TEXT,
    TOKEN_VARIABLE,
    TOKEN_RAW,
    TOKEN_SECTION,
    TOKEN_INVERTED,
    TOKEN_CLOSE,
    TOKEN_COMMENT,
    TOKEN_DELIMITERS,
    TOKEN_PARTIAL,
    TOKEN_PARENT,
    TOKEN_BLOCK
};

struct token {
    enum token_kind kind;
    uint32_t offset; /* in the source */
    struct str span; /* the whole of it, with its delimiters */
    struct str name;

    /* Filled in by the compiler. */
    size_t match;     /* of what opens, its close, and the other way round */
    size_t parent;    /* the opening token around it, or TOKEN_NONE */
    bool is_dropped;  /* text: blanks around a tag that stands alone */
    bool is_line;     /* a tag on a line of its own */
    bool is_own_line; /* a block whose content begins on a line of its own */
    struct str indent;
};

static const size_t TOKEN_NONE = (size_t)-1;

struct tokens {
    struct str path, source;
    struct diag *diag; /* may be NULL: then nobody is told */
    struct arena arena;
    struct token *all;
    size_t count;
    bool is_wrong;
};

/* Cuts `source`; faults go to `diag` and set is_wrong. The caller frees the arena. */
void token_scan(struct tokens *tokens);

/* Adds a diagnostic at `offset` of the source, and sets is_wrong. */
void token_fault(struct tokens *tokens, enum diag_code code, size_t offset, struct diag_args args);

#endif
