/*
 * published: what stands in OUT already, and whether a build may go on from it. For commands/ only.
 */
#ifndef COMMANDS_PUBLISHED_H
#define COMMANDS_PUBLISHED_H

#include "commands/site.h"
#include "publish/publish.h"
#include "source/history.h"
#include "store/memory.h"

/* The name of the file beside OUT. */
#define PUBLISHED_MEMORY "memory.db"

struct published {
    bool exists;           /* a database of ours stands there */
    const char *whole;     /* why everything must be built anew; NULL: it need not */
    struct database *db;   /* for reading; NULL where it does not exist */
    struct memory *memory; /* for reading; NULL where `whole` says why */
    struct str commit;     /* hexadecimal */
    struct date as_of;
    int64_t committed; /* the commit's time */
    struct str config; /* blob of gongkai.yml, or empty */
    int64_t corrected; /* the commit's time as history.h has it */
    struct arena arena;
};

/*
 * Looks at OUT. `whole` is set where there is nothing, where the memory belongs to another
 * database, or where program, theme or content folder are others.
 */
int published_open(struct published *out, const struct publish *publish, const struct site *site,
                   const struct options *options, struct fault *fault);

/*
 * Files that the published commit had: for source_list. The cursor walks beside the listing, which
 * asks in the order of paths.
 */
struct published_files {
    struct query *query;
    struct memory_file file;
    bool has_file;
};
struct source_known published_known(struct published_files *cursor,
                                    const struct published *published);

/* What a later build must find again: called before the memory is committed. */
void published_remember(struct memory *memory, const struct site *site,
                        const struct options *options, const struct history *history,
                        struct str digest);

/* Is the site the one that the commit, on the as-of date of the options, would give? */
bool published_is_current(const struct published *published, const struct site *site,
                          const struct options *options);

void published_close(struct published *published);

#endif
