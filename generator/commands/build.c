/* build: a commit becomes a published site. */
#include "commands/command.h"
#include "commands/draw.h"
#include "commands/outputs.h"
#include "commands/records.h"
#include "commands/site_rows.h"

#include "base/file.h"
#include "base/parallel.h"
#include "base/digest.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum stage {
    STAGE_LOAD,
    STAGE_RECORDS,
    STAGE_DRAW,
    STAGE_INDEX,
    STAGE_FINISH,
    STAGE_PUBLISH,
    STAGE_COUNT
};

static const char *const stage_names[] = {
    "commit, configuration, history", "records",          "outputs",
    "index (beside outputs)",         "checks, checksum", "publish"};

struct build {
    const struct options *options;
    int threads;
    struct diag diag;
    struct site site;
    struct publish *publish;
    struct store *store;
    struct spool spool;
    struct render_site render;
    struct output_list outputs;
    struct draw_counts counts;
    struct buf database; /* path of the staged database */
    char digest[DIGEST_TEXT_SIZE];
    double seconds[STAGE_COUNT], began;
    size_t removed;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void end_stage(struct build *build, enum stage stage)
{
    double end = now();
    build->seconds[stage] = end - build->began;
    build->began = end;
}

static void say_waiting(void)
{
    fprintf(stderr, "gongkai: another build is publishing here; waiting for it\n");
}

static int body_of(void *context, int64_t record, struct buf *out, struct fault *fault)
{
    const struct build *build = context;
    return spool_get(&build->spool, record, out, fault);
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

/* Everything is staged: the database is written where it will be moved from. */
static int open_store(struct build *build, struct fault *fault)
{
    build->database = BUF_EMPTY;
    publish_stage_path(build->publish, &build->database, "data/search.db");
    if (file_make_parents(AT_FDCWD, build->database.p, fault) != 0 ||
        spool_open(&build->spool, publish_memory(build->publish), fault) != 0) {
        return -1;
    }
    return store_create(&build->store, build->database.p, fault);
}

static int read_records(struct build *build, struct fault *fault)
{
    const struct records_job job = {.site = &build->site,
                                    .diag = &build->diag,
                                    .store = build->store,
                                    .spool = &build->spool,
                                    .threads = build->threads};
    store_put_config(build->store, &build->site.config);
    return records_run(&job, fault);
}

static void prepare_render(struct build *build)
{
    struct database *db = store_database(build->store);
    build->render = (struct render_site){
        .config = &build->site.config,
        .schema = &build->site.schema,
        .theme = build->site.theme.theme,
        .title = site_title(&build->site, db),
        .as_of = build->site.as_of,
        .commit = str_of(source_commit(build->site.source)),
        .commit_time = source_commit_time(build->site.source),
        .bytes = {build, body_of, file_of},
        .stylesheet = build->site.theme.stylesheet,
        .has_tags = site_has_tags(db),
    };
}

struct index_thread {
    struct store *store;
    struct fault fault;
    int result;
    double seconds;
};

static void *run_index(void *argument)
{
    struct index_thread *index = argument;
    double began = now();
    index->result = store_index(index->store, &index->fault);
    index->seconds = now() - began;
    return NULL;
}

static int draw(struct build *build, bool is_late, struct fault *fault)
{
    const struct draw_job job = {.site = &build->render,
                                 .database = build->database.p,
                                 .publish = build->publish,
                                 .threads = build->threads,
                                 .is_late = is_late,
                                 .counts = &build->counts,
                                 .outputs = &build->outputs};
    return draw_run(&job, fault);
}

/* The index is the longest piece of work: it runs beside the drawing, which only reads. */
static int draw_and_index(struct build *build, struct fault *fault)
{
    pthread_t thread;
    struct index_thread index = {.store = build->store};
    if (pthread_create(&thread, NULL, run_index, &index) != 0) {
        return fault_set(fault, "cannot start a thread");
    }
    int rc = draw(build, false, fault);
    end_stage(build, STAGE_DRAW);
    pthread_join(thread, NULL);
    build->seconds[STAGE_INDEX] = index.seconds;
    build->began = now();
    if (rc == 0 && index.result != 0) {
        *fault = index.fault;
        return -1;
    }
    return rc;
}

static int finish_database(struct build *build, struct fault *fault)
{
    struct store *store = build->store;
    build->store = NULL;
    if (store_finish(store, fault) != 0) {
        return -1;
    }
    long long size;
    if (digest_of_file(build->digest, &size, AT_FDCWD, build->database.p, fault) != 0) {
        return -1;
    }
    build->render.database_digest = str_of(build->digest);
    build->render.database_size = size;
    return draw(build, true, fault);
}

static int build_outputs(struct build *build, struct fault *fault)
{
    prepare_render(build);
    site_put_rows(&build->site, build->store, &build->render);
    if (store_seal(build->store, fault) != 0 || store_commit(build->store, fault) != 0 ||
        draw_and_index(build, fault) != 0) {
        return -1;
    }
    if (finish_database(build, fault) != 0 ||
        outputs_remove_others(&build->outputs, build->publish, &build->removed, fault) != 0) {
        return -1;
    }
    end_stage(build, STAGE_FINISH);
    return 0;
}

static void report(const struct build *build)
{
    const struct draw_counts *counts = &build->counts;
    const char *what = build->options->language == LANGUAGE_ZH
                           ? "%s%zu 条记录,%zu 个文件:新增 %zu,更新 %zu,未变 %zu,移除 %zu\n"
                           : "%s%zu records, %zu files: %zu added, %zu changed, %zu unchanged, %zu "
                             "removed\n";
    const char *lead = build->options->is_dry_run ? "(dry run) " : "";
    FILE *out = build->options->is_json ? stderr : stdout;
    fprintf(out, what, lead, build->site.record_count, build->outputs.count, counts->added,
            counts->changed, counts->same, build->removed);
    for (size_t i = 0; build->options->is_verbose && i < STAGE_COUNT; i++) {
        fprintf(out, "  %8.1f ms  %s\n", build->seconds[i] * 1000, stage_names[i]);
    }
}

static int publish_site(struct build *build, struct fault *fault)
{
    struct publish *publish = build->publish;
    build->publish = NULL;
    if (build->options->is_dry_run) {
        publish_abandon(publish);
        return 0;
    }
    int rc = publish_commit(publish, fault);
    end_stage(build, STAGE_PUBLISH);
    return rc;
}

/* -1 with a fault; else whether the content was refused. */
static int run(struct build *build, bool *is_refused, struct fault *fault)
{
    build->began = now();
    if (site_load(&build->site, build->options, &build->diag, fault) != 0) {
        return -1;
    }
    if (publish_begin(&build->publish, build->options->output, say_waiting, fault) != 0 ||
        open_store(build, fault) != 0) {
        return -1;
    }
    end_stage(build, STAGE_LOAD);
    if (read_records(build, fault) != 0) {
        return -1;
    }
    end_stage(build, STAGE_RECORDS);
    *is_refused = build->diag.error_count > 0;
    if (*is_refused) {
        return 0;
    }
    if (build_outputs(build, fault) != 0 || publish_site(build, fault) != 0) {
        return -1;
    }
    report(build);
    return 0;
}

static void build_free(struct build *build)
{
    store_abandon(build->store);
    publish_abandon(build->publish);
    spool_close(&build->spool);
    output_list_free(&build->outputs);
    site_free(&build->site);
    diag_free(&build->diag);
    buf_free(&build->database);
}

int command_build(const struct options *options)
{
    struct build build = {
        .options = options, .spool = {.fd = -1, .pending = BUF_EMPTY}, .database = BUF_EMPTY};
    struct fault fault = {""};
    bool is_refused = false;
    build.threads = options->threads > 0 ? options->threads : parallel_processors();
    int rc = run(&build, &is_refused, &fault);
    command_print(&build.diag, options);
    build_free(&build);
    if (rc != 0) {
        return command_fail(&fault);
    }
    if (is_refused) {
        fprintf(stderr, options->language == LANGUAGE_ZH
                            ? "内容有错误,什么也没有发布。\n"
                            : "The content has errors; nothing was published.\n");
        return COMMAND_REFUSED;
    }
    return COMMAND_DONE;
}
