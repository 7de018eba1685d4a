#include "base/arena.h"

#include <stdatomic.h>
#include <unistd.h>

static atomic_flag is_told = ATOMIC_FLAG_INIT;

bool arena_may_tell(void)
{
    return !atomic_flag_test_and_set(&is_told);
}

/* In a file of its own: the search programs have theirs in its place (site/cgi/out_of_memory.c). */
_Noreturn void arena_out_of_memory(void)
{
    static const char message[] = "gongkai: out of memory\n";
    if (arena_may_tell()) {
        ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
        (void)ignored;
    }
    _exit(3);
}
