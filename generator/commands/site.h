/*
 * site: all that is known before records are read: commit, configuration, theme, addresses,
 * history. For commands/ only. Read-only once loaded.
 */
#ifndef COMMANDS_SITE_H
#define COMMANDS_SITE_H

#include "commands/options.h"
#include "commands/theme_files.h"
#include "record/config.h"
#include "record/schema.h"
#include "source/history.h"
#include "source/source.h"
#include "store/address.h"

struct site {
    struct arena arena;
    struct source *source;
    struct source_files files;
    struct schema schema;
    struct config config;
    struct theme_files theme;
    struct address_book addresses;
    struct history *history;
    struct date as_of;
    struct str *paths; /* of files, for the address book */
    size_t *records;   /* indices of files that become records, in order of their paths */
    size_t record_count;
};

/* Loads. Faults of content, configuration and theme go to `diag`. */
int site_load(struct site *out, const struct options *options, struct diag *diag,
              struct fault *fault);

void site_free(struct site *site);

#endif
