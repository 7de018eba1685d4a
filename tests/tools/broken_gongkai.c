/*
 * gongkai with a fault of its own: in the output named by BREAK_FILE, the first BREAK_FROM reads
 * BREAK_TO. Linked with --wrap=output_draw, it proves that what a build reads back is looked at.
 */
#include "render/render.h"

#include <stdlib.h>

int __real_output_draw(struct buf *out, struct render *render, const struct output *output,
                       struct fault *fault);
int __wrap_output_draw(struct buf *out, struct render *render, const struct output *output,
                       struct fault *fault);

static void replace(struct buf *out, struct str from, struct str to)
{
    ptrdiff_t at = str_find(buf_str(out), from);
    if (at < 0) {
        return;
    }
    struct buf changed = BUF_EMPTY;
    buf_add(&changed, str_slice(buf_str(out), 0, (size_t)at));
    buf_add(&changed, to);
    buf_add(&changed, str_from(buf_str(out), (size_t)at + from.n));
    buf_clear(out);
    buf_add(out, buf_str(&changed));
    buf_free(&changed);
}

int __wrap_output_draw(struct buf *out, struct render *render, const struct output *output,
                       struct fault *fault)
{
    int rc = __real_output_draw(out, render, output, fault);
    const char *file = getenv("BREAK_FILE");
    if (rc == 0 && file != NULL && str_equal(output->file, str_of(file))) {
        replace(out, str_of(getenv("BREAK_FROM")), str_of(getenv("BREAK_TO")));
    }
    return rc;
}
