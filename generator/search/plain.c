#include "base/arena.h"
#include "base/utf8.h"
#include "search/fold.h"
#include "search/segment.h"

#include <stdlib.h>
#include <string.h>

static void reserve_steps(struct segment_plain *out, size_t count)
{
    if (out->step_capacity - out->step_count >= count) {
        return;
    }
    size_t capacity = out->step_capacity > 0 ? out->step_capacity * 2 : 256;
    capacity = capacity > out->step_count + count ? capacity : out->step_count + count;
    struct segment_step *grown = realloc(out->steps, capacity * sizeof(*grown));
    if (grown == NULL) {
        arena_out_of_memory();
    }
    out->steps = grown;
    out->step_capacity = capacity;
}

static void add_step(struct segment_plain *out, uint32_t c, const struct fold_char *from)
{
    reserve_steps(out, 1);
    out->steps[out->step_count++] = (struct segment_step){
        .at = (uint32_t)out->text.n,
        .raw_from = (uint32_t)from->from,
        .raw_to = (uint32_t)from->to,
        .is_word = fold_is_word(from->class),
    };
    utf8_add(&out->text, c);
}

/* Most of a text: Han characters that stand at `from` of the raw text as they are. */
static void add_han(struct segment_plain *out, struct str run, size_t from)
{
    reserve_steps(out, run.n / 3);
    for (size_t i = 0; i < run.n; i += 3) {
        out->steps[out->step_count++] = (struct segment_step){
            .at = (uint32_t)(out->text.n + i),
            .raw_from = (uint32_t)(from + i),
            .raw_to = (uint32_t)(from + i + 3),
        };
    }
    buf_add(&out->text, run);
}

void segment_to_plain(struct segment_plain *out, struct str text)
{
    if (out->text.p == NULL) {
        out->text = BUF_EMPTY;
    }
    buf_clear(&out->text);
    out->step_count = 0;
    struct fold fold = fold_start(text);
    struct fold_char c, blank = {0}, end = {0};
    bool has_blank = false, has_break = false, is_after_word = false;
    for (;;) {
        struct str run = has_break ? (struct str){NULL, 0} : fold_take_han(&fold);
        if (run.n > 0) {
            add_han(out, run, fold.at - run.n);
            has_blank = is_after_word = false;
        }
        if (!fold_next(&fold, &c)) {
            break;
        }
        if (c.class == FOLD_BLANK) {
            blank = c;
            has_blank = true;
            continue;
        }
        if (c.class == FOLD_BREAK) {
            end = c;
            has_break = true;
            continue;
        }
        if (has_break) {
            add_step(out, '\n', &end);
        } else if (has_blank && is_after_word && fold_is_word(c.class)) {
            add_step(out, ' ', &blank);
        }
        has_blank = has_break = false;
        is_after_word = fold_is_word(c.class);
        add_step(out, c.c, &c);
    }
    fold_end(&fold);
}

void segment_plain_free(struct segment_plain *plain)
{
    free(plain->steps);
    if (plain->text.p != NULL) {
        buf_free(&plain->text);
    }
    *plain = (struct segment_plain){0};
}
