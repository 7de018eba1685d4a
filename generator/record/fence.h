/*
 * fence: where the front matter stands, and its lines put right. For record/front_matter.
 */
#ifndef RECORD_FENCE_H
#define RECORD_FENCE_H

#include "record/field.h"

struct fence {
    char mark;        /* '-' or '+' */
    struct str block; /* the lines between the fences, each with its end */
    size_t body;      /* offset of what follows the closing fence */
};

/* Finds the fences at the head of `text`; false where it does not begin with a closed pair. */
bool fence_find(struct fence *out, struct str text);

/* Does the line right behind the opening fence begin like `key:`? */
bool fence_looks_like_fields(struct str block);

/*
 * The line of `text` where an opening fence is damaged, missing or not the first; 0 where there is
 * no sign of one. The sign: two fields that the schema knows or more, with a closing fence below
 * them, right at the top or under one line of text and a rule. Where the rule is set apart from
 * the fields by blank lines, or other text stands among them, it is ordinary Markdown.
 */
int fence_find_damaged(const struct schema *schema, struct str text);

struct fence_repair {
    struct str block;
    int *late_after; /* see yaml.h; NULL where nothing moved */
    size_t late_count;
};

/*
 * Puts colons right: a full-width one, or one without a blank, behind a key that the schema knows
 * becomes a colon and a blank, with a note.
 */
void fence_repair(struct fence_repair *out, struct field_reader *reader, struct str block);

/*
 * The lines `key: value` (or `key = value` where `separator` is '=') that stand at the margin, as
 * a map: texts, [lists, like, this], and lists of lines behind "- ". Everything else is skipped.
 */
void fence_read_simple(struct yaml_node *out, struct arena *arena, struct str block,
                       char separator);

#endif
