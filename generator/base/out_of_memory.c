#include "base/arena.h"

#include <unistd.h>

/* In a file of its own: the search programs have theirs in its place (site/cgi/out_of_memory.c). */
_Noreturn void arena_out_of_memory(void)
{
    static const char message[] = "gongkai: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(3);
}
