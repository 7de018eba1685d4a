/*
 * publication: is a record public on the as-of date, and what is told of one that no longer is. For
 * commands/ only.
 *
 * A draft, and a record before its publish_at, is hidden: nothing is told of it. A record that is
 * `withdrawn` is so at once, whatever day it names: what must go may not stay until a day comes.
 * From its depublish_at on a record has expired, which is a withdrawal with a reason of its own.
 * And a record may be withdrawn by another that names its index number in `withdraws`; that holds
 * as long as the other one is not hidden, be it withdrawn itself.
 */
#ifndef COMMANDS_PUBLICATION_H
#define COMMANDS_PUBLICATION_H

#include "base/set.h"
#include "commands/site.h"
#include "record/record.h"
#include "store/memory.h"
#include "store/store.h"

enum publication {
    PUBLICATION_HIDDEN,
    PUBLICATION_PUBLIC,
    PUBLICATION_WITHDRAWN,
    PUBLICATION_EXPIRED
};

enum publication publication_of(const struct record *record, struct date as_of);

/*
 * Fills `out` but for its url: what is told of a record that was withdrawn or expired, its file
 * last changed at `updated`. Its strings live in the arena or in the record.
 */
void publication_tell(struct store_withdrawal *out, struct arena *arena,
                      const struct record *record, enum publication publication, int64_t updated,
                      const struct config *config);

/* Remembers on which days a public record reads otherwise, or is taken down. */
void publication_remember_days(struct memory *memory, const struct record *record);

/*
 * Once records are put: takes out those that others withdraw, and tells of them instead. `changed`
 * gets the paths of all that are told of anew or in another way.
 */
int publication_withdraw_others(struct store *store, struct memory *memory, struct set *changed,
                                struct fault *fault);

#endif
