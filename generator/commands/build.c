/* build: a commit becomes a published site. */
#include "commands/build.h"

#include "base/json.h"
#include "base/parallel.h"
#include "commands/plan.h"
#include "source/changes.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const stage_names[] = {
    "commit, files, history", "records", "outputs", "index (beside outputs)",
    "checksum, removals",     "publish"};

double build_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void build_end_stage(struct build *build, enum stage stage)
{
    double end = build_clock();
    build->seconds[stage] = end - build->began;
    build->began = end;
}

static bool is_zh(const struct build *build)
{
    return build->options->language == LANGUAGE_ZH;
}

static void say_waiting(void)
{
    fprintf(stderr, "gongkai: another build is publishing here; waiting for it\n");
}

static void say_waiting_zh(void)
{
    fprintf(stderr, "gongkai: 另一次生成正在这里发布，等它完成\n");
}

static void say_whole(const struct build *build)
{
    const struct options *options = build->options;
    if (build->published.whole != PUBLISHED_NOTHING) {
        command_say(options, "全部重新生成：%s", "building everything anew: %s",
                    published_why(build->published.whole, options->language));
    }
}

/* No commit, no build: whoever builds by a timer must know when one is needed all the same. */
static void tell_due(const struct build *build, FILE *out)
{
    char day[DATE_TEXT_SIZE];
    if (build->due.year > 0) {
        fprintf(out,
                is_zh(build) ? "下次应在 %s 再生成一次：到那天有内容会自己变化\n"
                             : "next build due: %s, when something changes by itself\n",
                date_format(day, build->due));
    }
}

/* One document on standard output, whatever came of it; README.md documents it. */
static void tell_json(struct build *build, const char *status)
{
    enum { VERSION = 1 };
    const struct draw_counts *counts = &build->counts;
    const struct {
        const char *key;
        size_t count;
    } numbers[] = {{"read", build->record_count},
                   {"added", counts->added},
                   {"changed", counts->changed},
                   {"unchanged", counts->same},
                   {"removed", build->removed}};
    char day[DATE_TEXT_SIZE] = "";
    struct buf text = BUF_EMPTY;
    struct json json = {.buf = &text};
    if (build->due.year > 0) {
        date_format(day, build->due);
    }
    json_open(&json, '{');
    json_key(&json, "version");
    json_int(&json, VERSION);
    json_key(&json, "status");
    json_str(&json, str_of(status));
    json_key(&json, "next_build");
    json_str(&json, str_of(day));
    json_key(&json, "counts");
    json_open(&json, '{');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        json_key(&json, numbers[i].key);
        json_int(&json, (int64_t)numbers[i].count);
    }
    json_close(&json, '}');
    json_close(&json, '}');
    buf_truncate(&text, text.n - 1);
    if (build->plan_json.n > 0) {
        buf_printf(&text, ",\"records\":%s", build->plan_json.p);
    }
    buf_add_text(&text, ",\"diagnostics\":");
    diag_write_json(&text, &build->diag, build->options->language);
    buf_truncate(&text, text.n - 1); /* its line feed */
    printf("%s}\n", text.p);
    buf_free(&text);
}

/* Verbose or not, one line says what happened; --json keeps standard output for its document. */
static void report(const struct build *build)
{
    const struct draw_counts *counts = &build->counts;
    FILE *out = build->options->is_json ? stderr : stdout;
    fprintf(out, "%s", build->options->is_dry_run ? "(--dry-run) " : "");
    fprintf(out,
            is_zh(build)
                ? "读取 %zu 条记录，生成 %zu 个文件：新增 %zu，更新 %zu，未变 %zu，移除 %zu\n"
                : "%zu records read, %zu files drawn: %zu added, %zu changed, %zu unchanged, %zu "
                  "removed\n",
            build->record_count, build->outputs.count, counts->added, counts->changed, counts->same,
            build->removed);
    fprintf(out, "%s", build->plan.p);
    tell_due(build, out);
    for (size_t i = 0; build->options->is_verbose && i < STAGE_COUNT; i++) {
        fprintf(out, "  %8.1f ms  %s\n", build->seconds[i] * 1000, stage_names[i]);
    }
}

enum outcome {
    OUTCOME_FAILED = -1,
    OUTCOME_DONE,
    OUTCOME_CURRENT,
    OUTCOME_REFUSED,
    OUTCOME_REWRITE
};

/* A published commit may only be followed by one that comes after it. */
static int check_descent(struct build *build, bool *is_rewrite, struct fault *fault)
{
    bool is_descendant = true;
    const struct published *published = &build->published;
    bool is_known = published->commit.n > 0;
    if (is_known &&
        source_is_descendant(&is_descendant, build->site.source, published->commit.p, fault) != 0) {
        return -1;
    }
    *is_rewrite = !is_descendant;
    build->base = is_known && is_descendant ? published->commit.p : NULL;
    return 0;
}

/* May only the changes be read? Says why not where something stands in OUT already. */
static int choose_whole(struct build *build, bool is_rewrite, struct fault *fault)
{
    struct published *published = &build->published;
    char blob[41];
    site_config_blob(&build->site, blob);
    if (published->whole == PUBLISHED_GOES_ON && !str_equal(published->config, str_of(blob))) {
        published->whole = PUBLISHED_CONFIG;
    }
    if (published->whole == PUBLISHED_GOES_ON &&
        rules_were_others(&build->site.rules, date_to_days(published->as_of))) {
        published->whole = PUBLISHED_LAW;
    }
    if (published->whole == PUBLISHED_GOES_ON && is_rewrite) {
        published->whole = PUBLISHED_REWRITTEN;
    }
    if (published->whole == PUBLISHED_GOES_ON) {
        return build_resume_history(build, fault);
    }
    return 0;
}

static int read_site(struct build *build, bool is_rewrite, struct fault *fault)
{
    struct published_files cursor;
    struct source_known known;
    struct source_listing listing = {.leaves_text = true};
    if (build->published.whole == PUBLISHED_GOES_ON) {
        known = published_known(&cursor, &build->published);
        listing = (struct source_listing){.known = &known};
    }
    if (site_list(&build->site, &listing, &build->diag, fault) != 0) {
        return -1;
    }
    if (listing.known != NULL) {
        published_finish_known(&cursor);
    }
    if (choose_whole(build, is_rewrite, fault) != 0) {
        return -1;
    }
    if (build->site.config.is_unread) {
        return site_complete(&build->site, &build->diag, fault); /* refused for that */
    }
    if (build->published.whole == PUBLISHED_GOES_ON) {
        return build_read_changes(build, fault);
    }
    say_whole(build);
    return build_read_whole(build, fault);
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
    build_end_stage(build, STAGE_PUBLISH);
    return rc;
}

static int plan(struct build *build, struct fault *fault)
{
    if (build->options->is_dry_run &&
        plan_write(&build->plan, &build->plan_json, build->published.db,
                   store_database(build->store), build->memory, is_zh(build), fault) != 0) {
        return -1;
    }
    return plan_find_due(&build->due, build->memory, build->site.as_of, fault);
}

static enum outcome run(struct build *build, struct fault *fault)
{
    bool is_rewrite;
    const struct options *options = build->options;
    if (site_open(&build->site, options, fault) != 0 ||
        publish_begin(&build->publish, options->output, is_zh(build) ? say_waiting_zh : say_waiting,
                      fault) != 0 ||
        published_open(&build->published, build->publish, &build->site, options, fault) != 0) {
        return OUTCOME_FAILED;
    }
    if (build->is_spoilt && build->published.whole == PUBLISHED_GOES_ON) {
        build->published.whole = PUBLISHED_SPOILT;
    }
    if (published_is_current(&build->published, &build->site, options)) {
        int rc = plan_find_due(&build->due, build->published.memory, build->published.as_of, fault);
        return rc == 0 ? OUTCOME_CURRENT : OUTCOME_FAILED;
    }
    if (build->published.whole == PUBLISHED_GOES_ON) {
        build_start_copy(build);
    }
    if (check_descent(build, &is_rewrite, fault) != 0) {
        return OUTCOME_FAILED;
    }
    if (is_rewrite && options->allow_rewrite == NULL) {
        return OUTCOME_REWRITE;
    }
    if (read_site(build, is_rewrite, fault) != 0) {
        return OUTCOME_FAILED;
    }
    build_end_stage(build, STAGE_RECORDS);
    if (build->diag.error_count > 0) {
        return OUTCOME_REFUSED;
    }
    if (plan(build, fault) != 0 || build_seal(build, is_rewrite, fault) != 0 ||
        build_draw(build, fault) != 0) {
        return OUTCOME_FAILED;
    }
    if (build->diag.error_count > 0) {
        return OUTCOME_REFUSED;
    }
    return publish_site(build, fault) == 0 ? OUTCOME_DONE : OUTCOME_FAILED;
}

static void build_free(struct build *build)
{
    struct fault ignored;
    scratch_close_end(&build->closing_unpacked);
    scratch_close_end(&build->closing_spool);
    copy_drop(build->copy);
    store_abandon(build->store);
    memory_close(build->memory, &ignored);
    history_free(build->history);
    published_close(&build->published);
    publish_abandon(build->publish);
    spool_close(&build->spool);
    set_free(&build->hidden);
    set_free(&build->drawn_in);
    delta_free(&build->delta);
    touch_free(&build->touch);
    output_list_free(&build->before);
    output_list_free(&build->outputs);
    site_free(&build->site);
    diag_free(&build->diag);
    buf_free(&build->database);
    buf_free(&build->memory_path);
    buf_free(&build->plan);
    buf_free(&build->plan_json);
}

static const char *outcome_name(const struct build *build, enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_DONE:
        return build->options->is_dry_run ? "planned" : "published";
    case OUTCOME_CURRENT:
        return "current";
    case OUTCOME_REFUSED:
        return "refused";
    case OUTCOME_REWRITE:
        return "rewritten";
    default:
        return "failed";
    }
}

static int tell(struct build *build, enum outcome outcome, const struct fault *fault)
{
    if (build->options->is_json) {
        check_mask(&build->diag);
        tell_json(build, outcome_name(build, outcome));
    } else {
        command_print(&build->diag, build->options);
    }
    switch (outcome) {
    case OUTCOME_DONE:
        report(build);
        return COMMAND_DONE;
    case OUTCOME_CURRENT:
        fprintf(build->options->is_json ? stderr : stdout,
                is_zh(build) ? "没有变化，网站已是最新\n" : "nothing to do: the site is current\n");
        tell_due(build, build->options->is_json ? stderr : stdout);
        return COMMAND_DONE;
    case OUTCOME_REFUSED:
        fprintf(stderr, is_zh(build) ? "内容有错误，什么也没有发布。\n"
                                     : "The content has errors; nothing was published.\n");
        return COMMAND_REFUSED;
    case OUTCOME_REWRITE:
        fprintf(
            stderr,
            is_zh(build)
                ? "gongkai: 这个提交不在已发布的提交 %.10s 之后：历史被改写了，什么也没有发布。\n"
                  "  = 改法：先取回已发布的内容再提交；确实要改写，请用 --allow-rewrite 写明理由\n"
                : "gongkai: this commit does not come after the published one, %.10s: history "
                  "was rewritten, and nothing was published.\n"
                  "  = help: fetch what is published and commit on top of it, or say why with "
                  "--allow-rewrite REASON\n",
            build->published.commit.p);
        return COMMAND_REFUSED;
    default:
        return command_fail(fault, build->options);
    }
}

/* Status of the command; `is_spoilt` is set where a build of everything may help. */
static int build_once(const struct options *options, bool *is_spoilt)
{
    struct build build = {.options = options,
                          .is_spoilt = *is_spoilt,
                          .spool = {.file = SCRATCH_NONE, .pending = BUF_EMPTY},
                          .database = BUF_EMPTY,
                          .memory_path = BUF_EMPTY,
                          .plan = BUF_EMPTY,
                          .plan_json = BUF_EMPTY,
                          .began = build_clock()};
    struct fault fault = {.text = ""};
    build.threads = options->threads > 0 ? options->threads : parallel_processors();
    enum outcome outcome = run(&build, &fault);
    *is_spoilt = outcome == OUTCOME_FAILED && fault.is_damage && build.publish != NULL &&
                 build.published.whole == PUBLISHED_GOES_ON;
    int rc = *is_spoilt ? COMMAND_FAILED : tell(&build, outcome, &fault);
    build_free(&build);
    return rc;
}

int command_build(const struct options *options)
{
    bool is_spoilt = false;
    signal(SIGPIPE, SIG_IGN); /* who pushed and went away wants it published all the same */
    int rc = build_once(options, &is_spoilt);
    return is_spoilt ? build_once(options, &is_spoilt) : rc;
}
