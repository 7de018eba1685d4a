/*
 * ages: which record has had its index number longest. For commands/, where rules ask it.
 *
 *     ages_open(&ages, site, base, history, &fault);
 *     struct rules_ages asked = {&ages, ages_find, ages_is_new};
 *     ages_close(&ages);
 *
 * First come the records that had the number at the base: what is published, or what the branch had
 * before a push, or the commit before. So whoever takes the number of a record that others know
 * already hears of it, whatever the clock said when either was made. Then the history decides.
 */
#ifndef COMMANDS_AGES_H
#define COMMANDS_AGES_H

#include "commands/site.h"
#include "source/changes.h"
#include "source/history.h"

struct ages {
    const struct site *site;
    const struct history *history; /* or NULL */
    bool has_base;
    struct source_changes changes; /* since the base */
    struct arena arena;
};

/* `base` is a commit in hexadecimal; NULL: the one before. */
int ages_open(struct ages *out, const struct site *site, const char *base,
              const struct history *history, struct fault *fault);

/* For struct rules_ages. */
int ages_find(void *context, struct str path, struct str number, int64_t *out, struct fault *fault);
bool ages_is_new(void *context, struct str path);

void ages_close(struct ages *ages);

#endif
