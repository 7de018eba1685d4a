/* build: what the files that carry out a build share. For commands/ only. */
#ifndef COMMANDS_BUILD_H
#define COMMANDS_BUILD_H

#include "base/beside.h"
#include "commands/command.h"
#include "commands/copy.h"
#include "commands/delta.h"
#include "commands/draw.h"
#include "commands/published.h"
#include "commands/records.h"
#include "render/touch.h"

enum stage {
    STAGE_LOAD,
    STAGE_RECORDS,
    STAGE_DRAW,
    STAGE_INDEX,
    STAGE_FINISH,
    STAGE_PUBLISH,
    STAGE_COUNT
};

struct build {
    const struct options *options;
    int threads;
    struct diag diag;
    struct site site;
    struct publish *publish;
    struct published published;
    struct history *history;
    const char *base; /* the published commit, where this one comes after it; or NULL */
    struct history_memory remembered; /* what it asks while it lives */
    struct store *store;
    struct memory *memory; /* staged, for writing */
    struct gate gate;      /* what goes into the database */
    struct spool spool;
    struct set hidden;   /* paths that no page may lead to */
    struct set drawn_in; /* records.h */
    struct render_site render;
    struct delta delta;
    struct touch touch;
    struct output_list before, outputs; /* before: touched ones of the published site */
    bool is_whole;                      /* everything is drawn */
    bool is_spoilt;                     /* what is published: nothing goes on from it */
    struct draw_counts counts;
    struct buf database, memory_path; /* paths of the staged files */
    struct copy *copy;                /* of the published ones, being made */
    char digest[DIGEST_TEXT_SIZE];    /* of the finished database's file */
    struct date due;                  /* of the next build, or year 0 */
    struct buf plan, plan_json;       /* of a dry run: what becomes of each record */
    struct scratch_closing closing_unpacked, closing_spool;
    double seconds[STAGE_COUNT], began;
    size_t record_count, removed;
};

/* The stages of a build: each leaves -1 with a fault where the machine failed. */

/* Begins to copy what is published, where it looks as if only changes had to be read. */
void build_start_copy(struct build *build);

/* Everything from the empty tree: reads every record into a new database. */
int build_read_whole(struct build *build, struct fault *fault);

/* Goes on from what is published: a copy of the database, and only the changed records. */
int build_read_changes(struct build *build, struct fault *fault);

/* All files of a whole build, and their history: what only later builds ask the memory for. */
void build_remember_rest(struct build *build);

/* After either: what the memory and the database say of the site; then others may read. */
int build_seal(struct build *build, bool is_rewrite, struct fault *fault);

/* Draws what has to be, while the index of a whole build is written; stages the removals. */
int build_draw(struct build *build, struct fault *fault);

/* The facts of history since what is published; sets published.whole where that does not do. */
int build_resume_history(struct build *build, struct fault *fault);

/* Nobody reads what the source unpacked any more. A second time nothing happens. */
void build_close_unpacked(struct build *build);

/* What pages of the given database show of the site. */
void build_prepare_render(struct build *build, struct database *db);

/* Seconds since some fixed moment, and the end of a stage. */
double build_clock(void);
void build_end_stage(struct build *build, enum stage stage);

#endif
