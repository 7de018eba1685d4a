/*
 * dimension: by what records are listed, and the questions that a listing asks the database.
 * Inside render/ only. Every question has the value as ?1, "" for `all`.
 */
#ifndef RENDER_DIMENSION_H
#define RENDER_DIMENSION_H

#include "base/str.h"

#include <stdbool.h>

struct dimension {
    const char *name; /* all, org, item, tag, section */
    const char *days; /* the date of each record, the oldest first where an index has that order */
    const char *ids;  /* by which search_facts has the value; NULL where it does not */
    const char *entries; /* ENTRY_COLUMNS from ?2 up to, not including, ?3; the newest first */
    const char *starts;  /* the paths of the day ?2, in order; NULL where no index has that */
    const char *part;    /* ENTRY_COLUMNS of the day ?2 from the path ?3 on */
    const char *feed;    /* what a feed says of each from ?2 up to ?3, in its order */
    const char *values;  /* of those that have records, or may have */
};

/* In the order of the table; NULL behind its end. */
const struct dimension *dimension_at(size_t index);

/* The one of that name; `all` for any other. */
const struct dimension *dimension_find(struct str name);

bool dimension_is_all(const struct dimension *dimension);
bool dimension_is_section(const struct dimension *dimension);

#endif
