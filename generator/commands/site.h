/*
 * site: all that is known before records are read: commit, theme, files, configuration, addresses.
 * For commands/ only. Read-only once loaded.
 *
 *     site_open(&site, options, &fault);            commit and theme
 *     site_load(&site, NULL, &diag, &fault);        files, configuration, schema, addresses
 * or, where all text is going to be read:
 *     site_list(&site, &listing, &diag, &fault);    files, configuration, schema
 *     source_unpack(site.source, &site.files, ...); and beside it, if you like:
 *     site_prepare(&site, &diag);                   addresses
 *     site_settle(&site, &diag);                    without what is not fit, once that is known
 */
#ifndef COMMANDS_SITE_H
#define COMMANDS_SITE_H

#include "base/beside.h"
#include "base/digest.h"
#include "check/record.h"
#include "check/rules.h"
#include "commands/options.h"
#include "commands/theme_files.h"
#include "record/config.h"
#include "record/schema.h"
#include "source/source.h"
#include "store/address.h"

struct site {
    struct arena arena;
    char theme_digest[DIGEST_TEXT_SIZE];
    struct source *source;
    struct source_files files;   /* those that may be published */
    struct source_files ignored; /* below folders that the configuration ignores */
    struct schema schema;
    struct config config;
    struct rules rules;
    struct theme_files theme;
    /* The theme is compiled, and the schema read, beside all that comes before site_list ends. */
    struct beside compiling;
    bool is_compiling;
    struct arena schema_arena;
    struct diag templates; /* never lenient: a broken template shows nothing */
    struct address_book addresses;
    struct diag moved;  /* what the address book tells, until it is settled */
    struct check masks; /* the windows that the configuration names */
    struct check check; /* what of the configuration and the theme was let pass */
    struct date as_of;
    struct str *paths; /* of files, for the address book */
    size_t *records;   /* indices of files that become records, in order of their paths */
    size_t record_count;
};

/* On failure only site_free may follow. */
int site_open(struct site *out, const struct options *options, struct fault *fault);

/* Faults of content, configuration and theme go to `diag`; `listing`, or NULL, is for source_list.
 */
int site_load(struct site *site, const struct source_listing *listing, struct diag *diag,
              struct fault *fault);

/* Its steps. */
int site_list(struct site *site, const struct source_listing *listing, struct diag *diag,
              struct fault *fault);
void site_prepare(struct site *site, struct diag *diag);
void site_settle(struct site *site, struct diag *diag);

/* All that comes after site_list, where text is not going to be read. */
int site_complete(struct site *site, struct diag *diag, struct fault *fault);

/* The blob of gongkai.yml in hexadecimal; empty where the commit has none. */
void site_config_blob(const struct site *site, char out[41]);

void site_free(struct site *site);

#endif
