#include "commands/draw.h"

#include "base/parallel.h"
#include "commands/gate.h"
#include "format/format.h"
#include "store/address.h"
#include "xml/xml.h"

#include <stdio.h>
#include <stdlib.h>

struct slot {
    enum publish_change change;
    struct diag diag;
    struct fault fault;
};

struct job {
    const struct draw_job *asked;
    struct render renders[PARALLEL_THREADS_MAX];
    struct buf pages[PARALLEL_THREADS_MAX];
    struct gate gates[PARALLEL_THREADS_MAX];
    struct slot slots[PARALLEL_SLOTS];
    size_t first; /* of the outputs that this run draws */
    struct fault fault;
};

/* The record that the output is of, where its key tells. */
static struct str record_of(const struct output *output)
{
    ptrdiff_t end = str_find_char(output->key, '\n');
    struct str path = end < 0 ? output->key : str_slice(output->key, 0, (size_t)end);
    return address_is_markdown(path) ? path : STR("");
}

/* R23: what others cannot read is not published, whatever the site says of its rules. */
static void check_format(struct diag *diag, struct str file, struct str bytes)
{
    static const enum diag_code codes[] = {[FORMAT_WRONG_CALENDAR] = DIAG_FORMAT_CALENDAR,
                                           [FORMAT_WRONG_JSON] = DIAG_FORMAT_JSON,
                                           [FORMAT_WRONG_MEMBER] = DIAG_FORMAT_MEMBER};
    struct format_fault found;
    char line[24];
    if (format_check(&found, file, bytes) == 0) {
        return;
    }
    snprintf(line, sizeof line, "%zu", found.line);
    struct str what = str_of(found.what);
    struct str second = found.wrong == FORMAT_WRONG_MEMBER ? str_of(found.where) : str_of(line);
    diag_add_at(diag, codes[found.wrong], DIAG_LEVEL_ERROR, (struct place){.path = STR("")},
                DIAG_WITH(file, second, what));
}

static int look(struct job *job, int thread, const struct output *output, struct str bytes,
                struct slot *result)
{
    result->diag.is_lenient = job->asked->diag->is_lenient;
    check_format(&result->diag, output->file, bytes);
    return gate_check(&job->gates[thread], output->file, record_of(output), bytes, &result->diag,
                      &result->fault);
}

/* Drawn and staged on the worker's thread: files are independent of each other. */
static int work(void *context, int thread, size_t index, size_t slot)
{
    struct job *job = context;
    struct buf *page = &job->pages[thread];
    struct slot *result = &job->slots[slot];
    const struct output *output = &job->asked->outputs->items[job->first + index];
    buf_clear(page);
    if (output_draw(page, &job->renders[thread], output, &result->fault) != 0) {
        return -1;
    }
    if (look(job, thread, output, buf_str(page), result) != 0) {
        return -1;
    }
    return publish_put(job->asked->publish, &result->change, output->file.p, buf_str(page),
                       &result->fault);
}

static int take(void *context, size_t index, size_t slot)
{
    struct job *job = context;
    struct draw_counts *counts = job->asked->counts;
    size_t *const by_change[] = {&counts->same, &counts->changed, &counts->added};
    (void)index;
    diag_merge(job->asked->diag, &job->slots[slot].diag);
    (*by_change[job->slots[slot].change])++;
    return 0;
}

static int open_renders(struct job *job, struct fault *fault)
{
    for (int i = 0; i < job->asked->threads; i++) {
        job->renders[i].site = job->asked->site;
        if (database_open(&job->renders[i].db, job->asked->database, DATABASE_READ, fault) != 0) {
            return -1;
        }
        database_run(job->renders[i].db, "BEGIN"); /* one lock, not one for each statement */
    }
    return 0;
}

static int run(struct job *job, struct fault *fault)
{
    const struct draw_job *asked = job->asked;
    job->first = asked->outputs->count;
    if (open_renders(job, fault) != 0) {
        return -1;
    }
    int listed = asked->touch == NULL
                     ? output_list_all(asked->outputs, &job->renders[0], asked->is_late, fault)
                     : output_list_touched(asked->outputs, &job->renders[0], asked->touch,
                                           asked->is_late, fault);
    if (listed != 0) {
        return -1;
    }
    const struct parallel parallel = {.count = asked->outputs->count - job->first,
                                      .threads = asked->threads,
                                      .context = job,
                                      .work = work,
                                      .take = take};
    if (parallel_run(&parallel) == 0) {
        return 0;
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        if (job->slots[i].fault.text[0] != '\0') {
            *fault = job->slots[i].fault;
        }
    }
    return -1;
}

int draw_run(const struct draw_job *asked, struct fault *fault)
{
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        arena_out_of_memory();
    }
    job->asked = asked;
    xml_init();
    for (int i = 0; i < asked->threads; i++) {
        job->pages[i] = BUF_EMPTY;
        gate_open_later(&job->gates[i], asked->memory);
    }
    int rc = run(job, fault);
    for (int i = 0; i < asked->threads; i++) {
        struct fault ignored;
        database_close(job->renders[i].db, &ignored);
        arena_free(&job->renders[i].arena);
        buf_free(&job->pages[i]);
        gate_close(&job->gates[i]);
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        diag_free(&job->slots[i].diag);
    }
    free(job);
    return rc;
}
