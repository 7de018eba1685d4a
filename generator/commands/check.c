/* check: what is wrong in a commit; nothing is published. */
#include "commands/command.h"
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

int command_check(const struct options *options)
{
    struct site site = {0};
    struct diag diag = {0};
    struct fault fault = {""};
    int rc = site_open(&site, options, &diag, &fault);
    if (rc == 0) {
        rc = site_load(&site, NULL, &diag, &fault);
    }
    if (rc == 0) {
        const struct records_job job = {.site = &site,
                                        .diag = &diag,
                                        .indices = site.records,
                                        .count = site.record_count,
                                        .threads = options->threads > 0 ? options->threads
                                                                        : parallel_processors()};
        struct set hidden = {0};
        rc = records_run(&job, &hidden, &fault);
        set_free(&hidden);
    }
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
