#include "base/arena.h"
#include "base/utf8.h"
#include "search/fold.h"
#include "search/segment.h"

#include <stdlib.h>
#include <string.h>

static void add_step(struct segment_plain *out, uint32_t c, const struct fold_char *from)
{
    if (out->step_count == out->step_capacity) {
        size_t capacity = out->step_capacity > 0 ? out->step_capacity * 2 : 256;
        struct segment_step *grown = realloc(out->steps, capacity * sizeof(*grown));
        if (grown == NULL) {
            arena_out_of_memory();
        }
        out->steps = grown;
        out->step_capacity = capacity;
    }
    out->steps[out->step_count++] = (struct segment_step){
        .at = (uint32_t)out->text.n,
        .raw_from = (uint32_t)from->from,
        .raw_to = (uint32_t)from->to,
        .is_word = fold_is_word(from->class),
    };
    utf8_add(&out->text, c);
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
    while (fold_next(&fold, &c)) {
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
