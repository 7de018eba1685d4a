/*
 * new: what the parts of the command `new` share: the record to be written, and what is known of
 * it. For commands/new*.c only, called in the order of the declarations.
 */
#ifndef COMMANDS_NEW_H
#define COMMANDS_NEW_H

#include "commands/command.h"
#include "commands/site.h"
#include "commands/template.h"

#include "base/buf.h"

#include <limits.h>

struct new
{
    const struct options *options;
    struct site site; /* of the working tree */
    struct diag diag;
    char root[PATH_MAX]; /* of the content, in the working tree */
    const struct schema_kind *kind;
    const struct config_item *item;
    const struct config_org *org; /* NULL: none can be known */
    struct template_value values[TEMPLATE_VALUES_MAX];
    size_t value_count;
    struct str folder;         /* where its like stand */
    struct str same;           /* a record of that name, which was there; empty: none */
    bool is_ambiguous;         /* several bodies publish the item, and none was named */
    struct str path, csv_path; /* csv_path: empty where there is no table */
    struct buf markdown, csv;
};

bool new_is_zh(const struct new *new);

/* Says on standard error what is wrong with the call; `what` stands in for %s. COMMAND_USAGE. */
int new_usage(const struct new *new, const char *zh, const char *en, const char *what);

/*
 * new_subject.c: kind, item and organisation, as the options or the folder that we stand in say.
 * COMMAND_DONE; COMMAND_USAGE for a name that nothing has, told with the names that there are.
 */
int new_choose_subject(struct new *new);

/* new_values.c: folder, path, and the values that calendar and earlier records give. 0; -1 with a
 * fault. */
int new_choose_values(struct new *new, struct fault *fault);

/* The value that is known of a field, by the schema's key; or empty. */
struct str new_known(const struct new *new, struct str key);

#endif
