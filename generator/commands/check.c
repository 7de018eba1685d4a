/* check: what is wrong in a commit; nothing is published. */
#include "commands/check.h"
#include "commands/command.h"
#include "commands/pushed.h"
#include "commands/records.h"

#include "base/parallel.h"

#include <stdio.h>

static void summarise(const struct options *options, const struct diag *diag, size_t records)
{
    if (options->is_json) {
        return;
    }
    fprintf(stderr,
            options->language == LANGUAGE_ZH ? "检查了 %zu 条记录,%zu 处错误\n"
                                             : "%zu records checked, %zu errors\n",
            records, diag->error_count);
}

int check_site(struct site *out, const struct options *options, struct diag *diag,
               struct fault *fault)
{
    if (site_open(out, options, diag, fault) != 0 || site_load(out, NULL, diag, fault) != 0) {
        return -1;
    }
    struct records_job job = {.site = out,
                              .diag = diag,
                              .indices = out->records,
                              .count = out->record_count,
                              .threads =
                                  options->threads > 0 ? options->threads : parallel_processors()};
    struct set hidden = {0}, linked = {0};
    job.linked = &linked;
    int rc = records_run(&job, &hidden, fault);
    if (rc == 0) {
        records_tell_unread(out, &linked, diag);
    }
    set_free(&hidden);
    set_free(&linked);
    return rc;
}

int command_check(const struct options *options)
{
    if (options->is_pushed) {
        return pushed_check(options);
    }
    struct site site = {0};
    struct diag diag = {0};
    struct fault fault = {""};
    int rc = check_site(&site, options, &diag, &fault);
    command_print(&diag, options);
    int status = COMMAND_FAILED;
    if (rc == 0) {
        summarise(options, &diag, site.record_count);
        status = diag.error_count > 0 ? COMMAND_REFUSED : COMMAND_DONE;
    } else {
        command_fail(&fault);
    }
    site_free(&site);
    diag_free(&diag);
    return status;
}
