/*
 * show: looks names up and shows values, while one page is rendered. Private to theme/.
 */
#ifndef THEME_SHOW_H
#define THEME_SHOW_H

#include "theme/program.h"

/* The arguments of one parent tag, and those in force where that tag stands. */
struct arguments {
    const struct arguments *outer;
    struct program program;
    uint32_t from, to; /* its OP_BLOCKs */
};

struct render {
    const struct theme *theme;
    const struct language_strings *language;
    struct buf *out;
    size_t start;                      /* what was there before */
    struct buf indent;                 /* of every line, outermost first */
    size_t indent_from;                /* where in `indent` the one in force begins */
    const struct arguments *arguments; /* in force, innermost first */
    const struct value *stack[THEME_DEPTH_LIMIT + 2]; /* what names are looked up in */
    size_t stack_count;
    size_t depth; /* bodies in bodies */
    size_t steps; /* bodies so far */
    struct fault *fault;
};

/* What the instruction's name stands for, innermost first; NULL where it is nothing. */
const struct value *show_look_up(const struct render *render, const struct op *op);

/* Is it true in a section? */
bool show_is_true(const struct value *value);

/* Text is escaped unless `is_raw`; markup never is, for it says that it need not be. */
void show_value(struct render *render, const struct value *value, bool is_raw);

/* A string's text, with its variables filled in. */
void show_string(struct render *render, struct program program);

/*
 * The instruction that fills the block, and the arguments that it is one of; the outermost
 * template, most derived, has the word. NULL where nothing fills it.
 */
const struct arguments *show_find_argument(uint32_t *out, const struct arguments *arguments,
                                           const struct op *block);

#endif
