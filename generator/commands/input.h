/*
 * input: what a record is read from beside its own bytes: the tables that belong to it, and where
 * its links lead. For commands/records.c alone.
 *
 *     struct input_context context = {site, &hidden};
 *     input.resolver = input_resolver(&context);
 *     input_read_csv(site, &arena, &input, index, &fault);
 *     record_parse(&record, &arena, &input, &diag);
 */
#ifndef COMMANDS_INPUT_H
#define COMMANDS_INPUT_H

#include "base/set.h"
#include "commands/site.h"

struct input_context {
    const struct site *site;
    const struct set *hidden; /* paths that no page may lead to */
};

/* The context must live as long as the record is parsed. */
struct record_resolver input_resolver(struct input_context *context);

/* The CSV files of record `index` of the site's files, in order of their paths. */
int input_read_csv(const struct site *site, struct arena *arena, struct record_input *input,
                   size_t index, struct fault *fault);

#endif
