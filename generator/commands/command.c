#include "commands/command.h"

#include "check/record.h"
#include "store/database.h"

#include <stdio.h>

void command_init(void)
{
    database_init();
}

/* A path in it may hold a number of somebody. */
int command_fail(const struct fault *fault)
{
    struct arena arena = {0};
    struct buf text = BUF_EMPTY;
    personal_mask_all(&text, &arena, str_of(fault->text));
    fprintf(stderr, "gongkai: %s\n", text.p);
    buf_free(&text);
    arena_free(&arena);
    return COMMAND_FAILED;
}

void command_print(struct diag *diag, const struct options *options)
{
    struct buf text = BUF_EMPTY;
    check_mask(diag);
    if (options->is_json) {
        diag_write_json(&text, diag, options->language);
        fwrite(text.p, 1, text.n, stdout);
    } else {
        diag_write_text(&text, diag, options->language);
        fwrite(text.p, 1, text.n, stderr);
    }
    buf_free(&text);
}
