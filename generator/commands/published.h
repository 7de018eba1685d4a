/*
 * published: what stands in OUT already, and whether a build may go on from it. For commands/ only.
 */
#ifndef COMMANDS_PUBLISHED_H
#define COMMANDS_PUBLISHED_H

#include "base/set.h"
#include "commands/site.h"
#include "publish/publish.h"
#include "source/history.h"
#include "store/memory.h"

/* Why everything must be built anew. */
enum published_whole {
    PUBLISHED_GOES_ON, /* it need not */
    PUBLISHED_NOTHING, /* nothing is published there yet: no need to say so */
    PUBLISHED_LOST,
    PUBLISHED_DAMAGED,
    PUBLISHED_ALTERED, /* by somebody else, since it was published */
    PUBLISHED_SPOILT,  /* found only while going on from it */
    PUBLISHED_OLD,
    PUBLISHED_NO_MEMORY,
    PUBLISHED_BAD_MEMORY,
    PUBLISHED_OTHER_MEMORY,
    PUBLISHED_PROGRAM,
    PUBLISHED_THEME,
    PUBLISHED_CONTENT,
    PUBLISHED_CONFIG,
    PUBLISHED_LAW,
    PUBLISHED_REWRITTEN,
    PUBLISHED_BRANCH,
    PUBLISHED_ASKED
};

struct published_rewrite {
    struct str old_commit, new_commit, date, reason;
};

struct published {
    enum published_whole whole;
    struct database *db;   /* for reading; NULL where there is none that can be gone on from */
    struct memory *memory; /* for reading; NULL where `whole` says why */
    struct str commit;     /* hexadecimal; empty where nothing is published, or nothing tells */
    struct published_rewrite *rewrites; /* of history, that are on record */
    size_t rewrite_count;
    struct date as_of;
    int64_t committed; /* the commit's time */
    struct str config; /* blob of gongkai.yml, or empty */
    int64_t corrected; /* the commit's time as history.h has it */
    struct set other; /* paths of files that may have come, gone, changed or moved; no others did */
    struct arena arena;
};

/*
 * Looks at OUT. `whole` is set where there is nothing, where the memory belongs to another
 * database, or where program, theme or content folder are others. What cannot be read is as good as
 * lost where the memory proves that the site was ours, and else a fault.
 */
int published_open(struct published *out, const struct publish *publish, const struct site *site,
                   const struct options *options, struct fault *fault);

/*
 * Files that the published commit had: for source_list. The cursor walks beside the listing, which
 * asks in the order of paths, and notes in `other` what is not the same; at the end it is finished.
 */
struct published_files {
    struct published *published;
    struct query *query;
    struct memory_file file;
    bool has_file;
};
struct source_known published_known(struct published_files *cursor, struct published *published);
void published_finish_known(struct published_files *cursor);

/* What a later build must find again: called before the memory is committed. */
void published_remember(struct memory *memory, const struct site *site,
                        const struct options *options, const struct history *history,
                        struct str digest);

/* Is the site the one that the commit, on the as-of date of the options, would give? */
bool published_is_current(const struct published *published, const struct site *site,
                          const struct options *options);

/* In words. */
const char *published_why(enum published_whole whole, enum language language);

void published_close(struct published *published);

#endif
