#include "commands/draw.h"

#include "base/parallel.h"
#include "commands/gate.h"
#include "format/format.h"
#include "store/address.h"
#include "xml/xml.h"

#include <stdio.h>
#include <stdlib.h>

/* Listings ask for records all over the database. All threads together. */
enum { MAPPED_BYTES = 40 * 1024 * 1024 };

struct slot {
    enum publish_change change;
    struct diag diag;
    struct fault fault;
};

struct draw {
    struct draw_job asked;
    struct render renders[PARALLEL_THREADS_MAX];
    struct buf pages[PARALLEL_THREADS_MAX];
    struct gate gates[PARALLEL_THREADS_MAX];
    struct slot slots[PARALLEL_SLOTS];
    size_t first; /* of the outputs that this run draws */
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

static int look(struct draw *draw, int thread, const struct output *output, struct str bytes,
                struct slot *result)
{
    result->diag.is_lenient = draw->asked.diag->is_lenient;
    check_format(&result->diag, output->file, bytes);
    return gate_check(&draw->gates[thread], output->file, record_of(output), bytes, &result->diag,
                      &result->fault);
}

/* Drawn and staged on the worker's thread: files are independent of each other. */
static int work(void *context, int thread, size_t index, size_t slot)
{
    struct draw *draw = context;
    struct buf *page = &draw->pages[thread];
    struct slot *result = &draw->slots[slot];
    const struct output *output = &draw->asked.outputs->items[draw->first + index];
    buf_clear(page);
    if (output_draw(page, &draw->renders[thread], output, &result->fault) != 0) {
        return -1;
    }
    if (look(draw, thread, output, buf_str(page), result) != 0) {
        return -1;
    }
    return publish_put(draw->asked.publish, &result->change, output->file.p, buf_str(page),
                       &result->fault);
}

static int take(void *context, size_t index, size_t slot)
{
    struct draw *draw = context;
    struct draw_counts *counts = draw->asked.counts;
    size_t *const by_change[] = {&counts->same, &counts->changed, &counts->added};
    (void)index;
    diag_merge(draw->asked.diag, &draw->slots[slot].diag);
    (*by_change[draw->slots[slot].change])++;
    return 0;
}

static int open_renders(struct draw *draw, struct fault *fault)
{
    for (int i = 0; i < draw->asked.threads; i++) {
        draw->renders[i].site = draw->asked.site;
        draw->renders[i].has_facts = draw->asked.touch != NULL; /* an update has its index */
        if (database_open(&draw->renders[i].db, draw->asked.database, DATABASE_BESIDE, fault) !=
            0) {
            return -1;
        }
        database_map(draw->renders[i].db, MAPPED_BYTES / (size_t)draw->asked.threads);
    }
    return 0;
}

static int list_outputs(struct draw *draw, struct fault *fault)
{
    const struct draw_job *asked = &draw->asked;
    draw->first = asked->outputs->count;
    return asked->touch == NULL
               ? output_list_all(asked->outputs, &draw->renders[0], asked->is_late, fault)
               : output_list_touched(asked->outputs, &draw->renders[0], asked->touch,
                                     asked->is_late, fault);
}

int draw_run(struct draw *draw, struct fault *fault)
{
    if (list_outputs(draw, fault) != 0) {
        return -1;
    }
    const struct parallel parallel = {.count = draw->asked.outputs->count - draw->first,
                                      .threads = draw->asked.threads,
                                      .context = draw,
                                      .work = work,
                                      .take = take};
    if (parallel_run(&parallel) == 0) {
        return 0;
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        if (draw->slots[i].fault.text[0] != '\0') {
            *fault = draw->slots[i].fault;
        }
    }
    return -1;
}

int draw_open(struct draw **out, const struct draw_job *asked, struct fault *fault)
{
    struct draw *draw = calloc(1, sizeof *draw);
    if (draw == NULL) {
        arena_out_of_memory();
    }
    draw->asked = *asked;
    xml_init();
    for (int i = 0; i < asked->threads; i++) {
        draw->pages[i] = BUF_EMPTY;
        gate_open_later(&draw->gates[i], asked->memory);
    }
    *out = draw;
    if (open_renders(draw, fault) != 0) {
        draw_close(draw);
        *out = NULL;
        return -1;
    }
    return 0;
}

void draw_close(struct draw *draw)
{
    if (draw == NULL) {
        return;
    }
    for (int i = 0; i < draw->asked.threads; i++) {
        struct fault ignored;
        database_close(draw->renders[i].db, &ignored);
        render_free(&draw->renders[i]);
        buf_free(&draw->pages[i]);
        gate_close(&draw->gates[i]);
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        diag_free(&draw->slots[i].diag);
    }
    free(draw);
}
