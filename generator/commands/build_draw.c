/* The second half of a build: outputs drawn from the database, and what has to go. */
#include "commands/build.h"
#include "commands/outputs.h"
#include "commands/site_rows.h"

#include <fcntl.h>
#include <malloc.h>

static int body_of(void *context, int64_t record, struct str path, struct buf *out,
                   struct fault *fault)
{
    const struct build *build = context;
    return spool_has(&build->spool, record)
               ? spool_get(&build->spool, record, out, fault)
               : records_body(&build->site, &build->hidden, path, out, fault);
}

static int file_of(void *context, struct str path, struct buf *out, struct fault *fault)
{
    const struct build *build = context;
    const struct source_file *file = source_find(&build->site.files, path);
    if (file == NULL) {
        return fault_set(fault, "the commit has no file %.*s", STR_ARG(path));
    }
    return source_read(build->site.source, out, file, fault);
}

void build_prepare_render(struct build *build, struct database *db)
{
    build->render = (struct render_site){
        .config = &build->site.config,
        .schema = &build->site.schema,
        .theme = build->site.theme.theme,
        .title = site_title(&build->site, db),
        .as_of = build->site.as_of,
        .commit = str_of(source_commit(build->site.source)),
        .bytes = {build, body_of, file_of},
        .stylesheet = build->site.theme.stylesheet,
        .has_tags = site_has_tags(db),
    };
}

/* Rewrites of history stay on record, through builds of everything too. */
static void put_rewrites(struct build *build, bool is_rewrite)
{
    const struct published *published = &build->published;
    char as_of[DATE_TEXT_SIZE];
    for (size_t i = 0; published->whole != PUBLISHED_GOES_ON && i < published->rewrite_count; i++) {
        const struct published_rewrite *row = &published->rewrites[i];
        store_put_rewrite(build->store, row->old_commit, row->new_commit, row->date, row->reason);
    }
    if (is_rewrite) {
        store_put_rewrite(build->store, published->commit, build->render.commit,
                          str_of(date_format(as_of, build->site.as_of)),
                          str_of(build->options->allow_rewrite));
    }
}

/* What is drawn is in the database. Of a long history tens of megabytes are free, but among others
 * that are not: the allocator keeps them unless it is asked. */
static void give_back(struct build *build)
{
    history_free(build->history);
    build->history = NULL;
    malloc_trim(0);
}

/* The memory gets its last rows, and is closed. */
static int commit_memory(void *context, struct fault *fault)
{
    struct build *build = context;
    struct memory *memory = build->memory;
    struct fault ignored;
    if (build->published.whole != PUBLISHED_GOES_ON) {
        build_remember_rest(build);
    }
    build->memory = NULL;
    int rc = memory_commit(memory, fault);
    int closed = memory_close(memory, rc == 0 ? fault : &ignored);
    if (build->is_whole) {
        give_back(build);
    }
    return rc == 0 ? closed : rc;
}

/* Two files that know nothing of each other. */
static int commit_both(struct build *build, struct fault *fault)
{
    struct beside beside;
    beside_start(&beside, commit_memory, build);
    int rc = store_commit(build->store, fault);
    return beside_end(&beside, rc, fault);
}

int build_seal(struct build *build, bool is_rewrite, struct fault *fault)
{
    struct database *db = store_database(build->store);
    build_prepare_render(build, db);
    put_rewrites(build, is_rewrite);
    if (site_put_rows(&build->site, build->store, &build->render, fault) != 0 ||
        store_purge(build->store, fault) != 0 || store_seal(build->store, fault) != 0) {
        return -1;
    }
    if (build->gate.has_failed) {
        *fault = build->gate.fault;
        return -1;
    }
    struct query *query = database_query(db, "SELECT value FROM meta WHERE key = 'digest'");
    struct str digest = query_next(query) ? query_str(query, 0) : STR("");
    database_watch(db, NULL, NULL); /* the memory, which it asks, is closed here */
    published_remember(build->memory, &build->site, build->options, build->history, digest);
    query_reset(query);
    return commit_both(build, fault);
}

/* An update waits for the digest of its database, and draws little meanwhile. */
static bool waits_for_digest(const struct build *build)
{
    return !build->is_whole && build->threads > 1;
}

/* The database gets no more rows: it is closed, and its digest taken. */
static int close_database(struct build *build, struct fault *fault)
{
    struct store *store = build->store;
    long long size;
    build->store = NULL;
    if (store_finish(store, fault) != 0 ||
        digest_of_file(build->digest, &size, AT_FDCWD, build->database.p, waits_for_digest(build),
                       fault) != 0) {
        return -1;
    }
    build->render.database_size = size;
    return 0;
}

/* An update has its index already: its database is closed at once. */
static int index_and_close(void *context, struct fault *fault)
{
    struct build *build = context;
    double began = build_clock();
    int rc = store_index(build->store, fault);
    rc = rc == 0 ? close_database(build, fault) : rc;
    build->seconds[STAGE_INDEX] = build_clock() - began;
    return rc;
}

static int open_draw(struct draw **out, struct build *build, bool is_late, struct fault *fault)
{
    enum { LATE_THREADS = 1 /* a handful: a connection for each thread would take longer */ };
    int threads = build->threads - (waits_for_digest(build) ? 1 : 0);
    const struct draw_job job = {.site = &build->render,
                                 .database = build->database.p,
                                 .publish = build->publish,
                                 .memory = build->memory_path.p,
                                 .diag = &build->diag,
                                 .threads = is_late ? LATE_THREADS : threads,
                                 .is_late = is_late,
                                 .touch = build->is_whole ? NULL : &build->touch,
                                 .counts = &build->counts,
                                 .outputs = &build->outputs};
    return draw_open(out, &job, fault);
}

/* What was there of that which an update touches, from the published database. */
static int list_before(struct build *build, struct fault *fault)
{
    struct render render = {.site = &build->render, .db = build->published.db, .has_facts = true};
    touch_ready(&build->touch, false);
    int rc = output_list_touched(&build->before, &render, &build->touch, false, fault);
    touch_ready(&build->touch, true);
    render_free(&render);
    return rc;
}

/* The index of a whole build is written, and the database's digest taken, beside the drawing. */
static int draw_and_index(struct build *build, struct fault *fault)
{
    struct beside beside;
    struct draw *draw;
    if (open_draw(&draw, build, false, fault) != 0) {
        return -1;
    }
    beside_start(&beside, index_and_close, build);
    int rc = build->is_whole ? 0 : list_before(build, fault);
    rc = rc == 0 ? draw_run(draw, fault) : rc;
    build_end_stage(build, STAGE_DRAW);
    rc = beside_end(&beside, rc, fault);
    draw_close(draw);
    build->began = build_clock();
    return rc;
}

static int draw_late(struct build *build, struct fault *fault)
{
    struct draw *draw;
    build->render.database_digest = str_of(build->digest);
    if (open_draw(&draw, build, true, fault) != 0) {
        return -1;
    }
    int rc = draw_run(draw, fault);
    draw_close(draw);
    return rc;
}

static int stage_removals(struct build *build, struct fault *fault)
{
    return build->is_whole
               ? outputs_remove_others(&build->outputs, build->publish, &build->removed, fault)
               : outputs_remove_vanished(&build->before, &build->outputs, build->publish,
                                         &build->removed, fault);
}

int build_draw(struct build *build, struct fault *fault)
{
    if (draw_and_index(build, fault) != 0) {
        return -1;
    }
    scratch_close_beside(&build->closing_spool, spool_take_file(&build->spool));
    build_close_unpacked(build);
    if (draw_late(build, fault) != 0 || stage_removals(build, fault) != 0) {
        return -1;
    }
    build_end_stage(build, STAGE_FINISH);
    return 0;
}
