#include "commands/command.h"

#include <stdio.h>

int command_fail(const struct fault *fault)
{
    fprintf(stderr, "gongkai: %s\n", fault->text);
    return COMMAND_FAILED;
}

void command_print(struct diag *diag, const struct options *options)
{
    struct buf text = BUF_EMPTY;
    if (options->is_json) {
        diag_write_json(&text, diag, options->language);
        fwrite(text.p, 1, text.n, stdout);
    } else {
        diag_write_text(&text, diag, options->language);
        fwrite(text.p, 1, text.n, stderr);
    }
    buf_free(&text);
}
