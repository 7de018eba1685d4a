#include "commands/command.h"

#include "check/record.h"
#include "store/database.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

void command_init(void)
{
    signal(SIGXFSZ, SIG_IGN); /* a file past its limit is a fault like a full disk */
    database_init();
}

/* A path in it may hold a number of somebody. What tells of the end is told once, by whichever
 * thread comes first. */
static void say(const char *before, const char *said, bool is_end)
{
    struct arena arena = {0};
    struct buf text = BUF_EMPTY;
    personal_mask_all(&text, &arena, str_of(said));
    if (!is_end || arena_may_tell()) {
        fprintf(stderr, "gongkai: %s%s\n", before, text.p);
    }
    buf_free(&text);
    arena_free(&arena);
}

int command_fail(const struct fault *fault, const struct options *options)
{
    if (options->language != LANGUAGE_ZH) {
        say("", fault->text, true);
    } else if (fault->zh[0] != '\0') {
        say("", fault->zh, true);
    } else {
        say("出了问题，请把这一行告诉管理员：", fault->text, true);
    }
    return COMMAND_FAILED;
}

void command_say(const struct options *options, const char *zh, const char *en, ...)
{
    struct buf text = BUF_EMPTY;
    va_list args;
    va_start(args, en);
    buf_vprintf(&text, options->language == LANGUAGE_ZH ? zh : en, args);
    va_end(args);
    say("", text.p, false);
    buf_free(&text);
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
