/*
 * verify: what the parts of `gongkai verify` share. For commands/verify*.c only.
 *
 * Each part tells of every file that is wrong and goes on; -1 with a fault is for what keeps it
 * from looking.
 */
#ifndef COMMANDS_VERIFY_H
#define COMMANDS_VERIFY_H

#include "commands/command.h"
#include "store/database.h"

struct verify {
    const struct options *options;
    int folder;      /* the site's, open */
    struct str path; /* as it was given */
    struct database *db;
    size_t checked, bad;
};

/* One line on standard error, in the language asked for; counts. */
void verify_say_bad(struct verify *verify, const char *file, const char *zh, const char *en);

/*
 * Every file that the database asks for is there, and nothing else is. What the database has of
 * their bytes is compared: the CSV of tables, attachments. Pages end as pages do; feeds, calendars
 * and descriptions in JSON are read as strictly as before they were published.
 */
int verify_files(struct verify *verify, struct fault *fault);

/*
 * Builds the site's commit anew from the repository, elsewhere, and compares every byte; of the
 * database the digest over its rows.
 */
int verify_rebuilt(struct verify *verify, struct fault *fault);

#endif
