#include "base/arena.h"
#include "cgi/response.h"

#include <unistd.h>

/* In place of base/out_of_memory.c (Makefile). Nothing is out yet: answers are sent whole. */
_Noreturn void arena_out_of_memory(void)
{
    static const char message[] = "search: out of memory\n";
    static const char answer[] = RESPONSE_UNAVAILABLE
        "这次搜索占用内存过多，已停止。请换个更具体的词；如果仍然这样，请告诉网站管理员。\n"
        "This search took too much memory and was stopped. Please try a more specific word; if "
        "that does not help, tell whoever runs this site.\n";
    ssize_t logged = write(STDERR_FILENO, message, sizeof message - 1);
    ssize_t written = write(STDOUT_FILENO, answer, sizeof answer - 1);
    (void)logged;
    _exit(written < 0 ? 1 : 0);
}
