/* The first half of a build: records into the database, whole or only what changed. */
#include "commands/build.h"
#include "commands/site_rows.h"

#include "base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

static bool recall(void *context, struct arena *arena, struct str path, struct history_state *out)
{
    struct memory_history row;
    if (!memory_find_history(context, arena, path, &row)) {
        return false;
    }
    *out = (struct history_state){.path = row.path,
                                  .created = row.created,
                                  .updated = row.updated,
                                  .commit_count = (size_t)row.commit_count,
                                  .moved_to = row.moved_to};
    memcpy(out->created_commit.bytes, row.created_commit.p, MEMORY_ID_SIZE);
    memcpy(out->updated_commit.bytes, row.updated_commit.p, MEMORY_ID_SIZE);
    return true;
}

int build_resume_history(struct build *build, struct fault *fault)
{
    struct published *published = &build->published;
    const struct history_point from = {published->commit.p, published->corrected};
    build->remembered = (struct history_memory){published->memory, recall};
    int rc = history_resume(&build->history, build->site.source, &from, &build->remembered, fault);
    if (rc == 0) {
        published->whole = PUBLISHED_BRANCH;
    }
    return rc < 0 ? -1 : 0;
}

static void stage_paths(struct build *build)
{
    publish_stage_path(build->publish, &build->database, "data/search.db");
    publish_stage_memory_path(build->publish, &build->memory_path, PUBLISH_REMEMBERED);
}

static struct records_job records_job(struct build *build, const size_t *indices, size_t count)
{
    return (struct records_job){.site = &build->site,
                                .diag = &build->diag,
                                .indices = indices,
                                .count = count,
                                .threads = build->threads,
                                .store = build->store,
                                .memory = build->memory,
                                .gate = &build->gate,
                                .spool = &build->spool,
                                .history = build->history,
                                .base = build->base,
                                .drawn_in = &build->drawn_in};
}

static void remember_file(struct build *build, size_t index)
{
    const struct source_file *file = &build->site.files.items[index];
    const struct memory_file row = {
        .path = file->path,
        .blob = {(const char *)file->blob.bytes, MEMORY_ID_SIZE},
        .size = (int64_t)file->size,
        .moved = build->site.addresses.moved[index],
    };
    memory_put_file(build->memory, &row);
}

static void remember_state(struct build *build, const struct history_state *state)
{
    const struct memory_history row = {
        .path = state->path,
        .created = state->created,
        .updated = state->updated,
        .created_commit = {(const char *)state->created_commit.bytes, MEMORY_ID_SIZE},
        .updated_commit = {(const char *)state->updated_commit.bytes, MEMORY_ID_SIZE},
        .commit_count = (int64_t)state->commit_count,
        .moved_to = state->moved_to,
    };
    memory_put_history(build->memory, &row);
}

/* Former addresses are asked for by this very build; other paths by the next one. */
static void remember_history(struct build *build, bool has_moved)
{
    const struct history_state *states;
    size_t count = history_states(build->history, &states);
    for (size_t i = 0; i < count; i++) {
        if ((states[i].moved_to.n > 0) == has_moved) {
            remember_state(build, &states[i]);
        }
    }
}

void build_remember_rest(struct build *build)
{
    for (size_t i = 0; i < build->site.files.count; i++) {
        remember_file(build, i);
    }
    remember_history(build, false);
}

static int open_whole(struct build *build, struct fault *fault)
{
    if (build->copy == NULL) {
        stage_paths(build);
    }
    copy_drop(build->copy);
    build->copy = NULL;
    if (file_make_parents(AT_FDCWD, build->database.p, fault) != 0 ||
        spool_open(&build->spool, publish_memory(build->publish), fault) != 0 ||
        memory_open(&build->memory, build->memory_path.p, DATABASE_CREATE, fault) != 0) {
        return -1;
    }
    if (chmod(build->memory_path.p, 0600) != 0) {
        return fault_errno(fault, "cannot set the mode of %s", build->memory_path.p);
    }
    if (store_create(&build->store, build->database.p, &build->site.schema, fault) != 0) {
        return -1;
    }
    store_gather(build->store);
    return 0;
}

static int open_gate(struct build *build, struct fault *fault)
{
    if (gate_open(&build->gate, build->memory, fault) != 0) {
        return -1;
    }
    gate_watch(&build->gate, store_database(build->store), &build->diag);
    return 0;
}

static int unpack(void *context, struct fault *fault)
{
    struct build *build = context;
    return source_unpack(build->site.source, &build->site.files, build->threads,
                         publish_memory(build->publish), ".", fault);
}

/* What needs no file's text. */
static int prepare_whole(struct build *build, struct fault *fault)
{
    site_prepare(&build->site, &build->diag);
    if (history_walk(&build->history, build->site.source, fault) != 0 ||
        open_whole(build, fault) != 0) {
        return -1;
    }
    remember_history(build, true);
    if (open_gate(build, fault) != 0 ||
        gate_put_cleared(&build->gate, STR(""), &build->site.check.cleared, fault) != 0) {
        return -1;
    }
    store_put_config(build->store, &build->site.config);
    return 0;
}

/* The packs are read on all processors, but the history step by step: beside each other. */
static int unpack_and_prepare(struct build *build, struct fault *fault)
{
    struct beside beside;
    beside_start(&beside, unpack, build);
    int rc = prepare_whole(build, fault);
    if (beside_end(&beside, rc, fault) != 0) {
        return -1;
    }
    site_settle(&build->site, &build->diag);
    return 0;
}

void build_close_unpacked(struct build *build)
{
    if (!build->closing_unpacked.is_begun) {
        scratch_close_beside(&build->closing_unpacked, source_take_unpacked(build->site.source));
    }
}

/* All records have been read: of what was unpacked only attachments are read again. */
static void rest_unpacked(struct build *build)
{
    struct query *query =
        database_query(store_database(build->store), "SELECT 1 FROM attachments LIMIT 1");
    bool has_attachments = query_next(query);
    query_reset(query);
    if (!has_attachments) {
        build_close_unpacked(build);
    }
    source_rest(build->site.source);
}

int build_read_whole(struct build *build, struct fault *fault)
{
    build->is_whole = true;
    if (unpack_and_prepare(build, fault) != 0) {
        return -1;
    }
    build_end_stage(build, STAGE_LOAD);
    const struct records_job job =
        records_job(build, build->site.records, build->site.record_count);
    build->record_count = build->site.record_count;
    if (records_run(&job, &build->hidden, fault) != 0) {
        return -1;
    }
    store_gathered(build->store);
    if (records_check_whole(&job, NULL, &build->hidden, fault) != 0 ||
        records_put_attachments(&build->site, build->store, fault) != 0) {
        return -1;
    }
    rest_unpacked(build);
    return records_put_moved(&build->site, build->store, build->memory, fault);
}

void build_start_copy(struct build *build)
{
    stage_paths(build);
    copy_start(&build->copy, build->publish, build->database.p, build->memory_path.p);
}

/* The published files are copied: what stands in OUT is never written to. */
static int open_copy(struct build *build, struct fault *fault)
{
    struct copy *copy = build->copy;
    build->copy = NULL;
    if (copy_wait(copy, fault) != 0 ||
        spool_open(&build->spool, publish_memory(build->publish), fault) != 0 ||
        memory_open(&build->memory, build->memory_path.p, DATABASE_WRITE, fault) != 0) {
        return -1;
    }
    return store_update(&build->store, build->database.p, fault);
}

static void remember_changes(struct build *build)
{
    const struct set *stored = &build->delta.stored;
    for (size_t i = 0; i < stored->count; i++) {
        ptrdiff_t index = address_index(&build->site.addresses, stored->items[i]);
        if (index < 0) {
            memory_remove_file(build->memory, stored->items[i]);
        } else {
            remember_file(build, (size_t)index);
        }
    }
    remember_history(build, true);
    remember_history(build, false);
}

/* What a render reads the given database with, on this thread. */
static struct render render_of(struct build *build, struct database *db)
{
    return (struct render){.site = &build->render, .db = db};
}

static int touch_changed(struct build *build, struct database *db, struct fault *fault)
{
    struct render render = render_of(build, db);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < build->delta.records.count; i++) {
        rc = touch_record(&build->touch, &render, build->delta.records.items[i]);
    }
    *fault = rc == 0 ? *fault : render.fault;
    render_free(&render);
    return rc;
}

/*
 * Every record that withdraws an index number tells what was withdrawn, not only the one whose word
 * counted. Who does is known to the memory, also of those that withdraw nothing.
 */
static int touch_orders(struct build *build, struct database *db, struct memory *memory,
                        struct fault *fault)
{
    for (size_t i = 0; i < build->delta.records.count; i++) {
        struct query *query =
            database_query(db, "SELECT index_number FROM withdrawals WHERE path = ?1");
        query_bind_str(query, 1, build->delta.records.items[i]);
        if (query_next(query)) {
            struct query *orders = database_query(
                memory_database(memory), "SELECT path FROM withdraws WHERE index_number = ?1");
            query_bind_str(orders, 1, query_str(query, 0));
            while (query_next(orders)) {
                set_add(&build->touch.records, query_str(orders, 0));
            }
        }
        query_reset(query);
    }
    return database_check(db, fault) == 0 ? database_check(memory_database(memory), fault) : -1;
}

/* What the published site shows of all that will change. */
static int touch_before(struct build *build, struct fault *fault)
{
    struct database *db = build->published.db;
    struct render render = render_of(build, db);
    int rc = touch_changed(build, db, fault);
    rc = rc == 0 ? touch_orders(build, db, build->published.memory, fault) : rc;
    bool has_moved = date_to_days(build->published.as_of) != date_to_days(build->site.as_of);
    if (rc == 0 && has_moved) {
        rc = touch_due(&build->touch, &render, build->published.as_of, build->site.as_of);
        *fault = rc == 0 ? *fault : render.fault;
    }
    for (size_t i = 0; rc == 0 && i < build->delta.relink.count; i++) {
        rc = touch_record(&build->touch, &render, build->delta.relink.items[i]);
    }
    render_free(&render);
    return rc;
}

static void remove_records(struct build *build)
{
    for (size_t i = 0; i < build->delta.records.count; i++) {
        struct str path = build->delta.records.items[i];
        store_remove_record(build->store, path);
        store_remove_withdrawal(build->store, path);
        memory_remove_hidden(build->memory, path);
        memory_remove_withheld(build->memory, path);
        memory_remove_hidden_links(build->memory, path);
        memory_remove_cleared(build->memory, path);
    }
}

/* The records of the delta that the commit has, as indices of its files. */
static size_t indices_of(struct build *build, size_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < build->delta.records.count; i++) {
        ptrdiff_t index = address_index(&build->site.addresses, build->delta.records.items[i]);
        if (index >= 0) {
            out[count++] = (size_t)index;
        }
    }
    return count;
}

/* Of records that are read in this build the links are settled already, and their faults told. */
static int relink_others(struct build *build, const struct records_job *job, struct fault *fault)
{
    struct set others = {0};
    for (size_t i = 0; i < build->delta.relink.count; i++) {
        struct str path = build->delta.relink.items[i];
        if (!set_has(&build->delta.records, path) && !set_has(&build->drawn_in, path)) {
            set_add(&others, path);
        }
    }
    int rc = records_relink(job, &others, &build->hidden, fault);
    set_free(&others);
    return rc;
}

/* Ledgers that are not what they were, or gone: which, only the published database knows. */
static void lose_ledgers(struct build *build, const struct set *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct query *query =
            database_query(build->published.db, "SELECT org, item FROM records WHERE path = ?1"
                                                " AND kind = 'disclosure' AND item <> ''");
        query_bind_str(query, 1, paths->items[i]);
        if (query_next(query)) {
            rules_lose_ledger(store_database(build->store), query_str(query, 0),
                              query_str(query, 1));
        }
        query_reset(query);
    }
}

static int put_changed(struct build *build, struct fault *fault)
{
    size_t *indices =
        arena_array(&build->site.arena, build->delta.records.count + 1, sizeof *indices);
    size_t count = indices_of(build, indices);
    const struct records_job job = records_job(build, indices, count);
    build->record_count = count;
    bool has_moved = date_to_days(build->published.as_of) != date_to_days(build->site.as_of);
    if (records_run(&job, &build->hidden, fault) != 0) {
        return -1;
    }
    lose_ledgers(build, &build->delta.records);
    lose_ledgers(build, &build->drawn_in);
    if (records_check_whole(&job, has_moved ? NULL : &build->delta.records, &build->hidden,
                            fault) != 0) {
        return -1;
    }
    return relink_others(build, &job, fault);
}

static void add_differences(struct set *set, struct database *db, const char *sql)
{
    struct query *query = database_query(db, sql);
    while (query_next(query)) {
        set_add(set, query_str(query, 0));
    }
}

/* A page tells how large the files are that it offers. */
static void touch_attachments(struct build *build, struct database *db)
{
    const struct set *attachments = &build->touch.attachments;
    for (size_t i = 0; i < attachments->count; i++) {
        struct query *query =
            database_query(db, "SELECT path FROM links JOIN records ON records.id = links.record"
                               " WHERE target = ?1");
        query_bind_str(query, 1, attachments->items[i]);
        while (query_next(query)) {
            set_add(&build->touch.records, query_str(query, 0));
        }
    }
}

/* Records that change with those that were read: what the published site shows of them. */
static int touch_drawn_in(struct build *build, struct fault *fault)
{
    struct render render = render_of(build, build->published.db);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < build->drawn_in.count; i++) {
        set_add(&build->delta.records, build->drawn_in.items[i]);
        rc = touch_record(&build->touch, &render, build->drawn_in.items[i]);
    }
    *fault = rc == 0 ? *fault : render.fault;
    render_free(&render);
    return rc;
}

/* Small tables are made anew; which of their rows became others is asked afterwards. */
static int put_small_tables(struct build *build, struct fault *fault)
{
    struct database *db = store_database(build->store);
    database_run(db, "CREATE TEMP TABLE old_attachments AS SELECT * FROM attachments;"
                     "CREATE TEMP TABLE old_moved AS SELECT * FROM moved;"
                     "CREATE TEMP TABLE old_withdrawn AS SELECT * FROM withdrawn_addresses;");
    store_clear_attachments(build->store);
    store_clear_moved(build->store);
    if (records_put_attachments(&build->site, build->store, fault) != 0 ||
        records_put_moved(&build->site, build->store, build->memory, fault) != 0) {
        return -1;
    }
    add_differences(&build->touch.attachments, db,
                    "SELECT path FROM (SELECT * FROM attachments EXCEPT SELECT * FROM"
                    " old_attachments) UNION SELECT path FROM (SELECT * FROM old_attachments"
                    " EXCEPT SELECT * FROM attachments)");
    touch_attachments(build, db);
    add_differences(&build->touch.moved, db,
                    "SELECT url FROM (SELECT * FROM moved EXCEPT SELECT * FROM old_moved)"
                    " UNION SELECT url FROM (SELECT * FROM old_moved EXCEPT SELECT * FROM moved)");
    add_differences(&build->touch.moved, db,
                    "SELECT url FROM (SELECT * FROM withdrawn_addresses EXCEPT SELECT * FROM"
                    " old_withdrawn) UNION SELECT url FROM (SELECT * FROM old_withdrawn EXCEPT"
                    " SELECT * FROM withdrawn_addresses)");
    return database_check(db, fault);
}

/* What every page shows may have changed with the records: then every page is drawn. */
static bool is_frame_other(struct build *build)
{
    struct database *old = build->published.db, *db = store_database(build->store);
    return site_has_tags(old) != site_has_tags(db) ||
           !str_equal(site_title(&build->site, old), site_title(&build->site, db));
}

int build_read_changes(struct build *build, struct fault *fault)
{
    if (site_complete(&build->site, &build->diag, fault) != 0 ||
        delta_find(&build->delta, &build->published, &build->site, build->history, fault) != 0 ||
        open_copy(build, fault) != 0) {
        return -1;
    }
    if (open_gate(build, fault) != 0) {
        return -1;
    }
    build_end_stage(build, STAGE_LOAD);
    for (size_t i = 0; i < build->delta.hidden.count; i++) {
        set_add(&build->hidden, build->delta.hidden.items[i]);
    }
    build_prepare_render(build, build->published.db);
    if (touch_before(build, fault) != 0) {
        return -1;
    }
    remember_changes(build);
    remove_records(build);
    if (put_changed(build, fault) != 0) {
        return -1;
    }
    if (build->diag.error_count > 0) {
        return 0;
    }
    if (touch_drawn_in(build, fault) != 0 || put_small_tables(build, fault) != 0 ||
        touch_changed(build, store_database(build->store), fault) != 0 ||
        touch_orders(build, store_database(build->store), build->memory, fault) != 0) {
        return -1;
    }
    build->is_whole = is_frame_other(build);
    return database_check(build->published.db, fault);
}
