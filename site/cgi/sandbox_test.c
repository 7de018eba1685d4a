#include "cgi/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each does one thing that a search never does; 0 where it was allowed, else -1. */
static int try_open(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 ? -1 : 0;
}

static int try_create(void)
{
    return open("/tmp", O_TMPFILE | O_RDWR, 0600) < 0 ? -1 : 0;
}

static int try_unlink(void)
{
    return unlink("/nonexistent/gongkai") == 0 || errno == ENOENT ? 0 : -1;
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? -1 : 0;
}

static int try_exec(void)
{
    char *arguments[] = {(char[]){"true"}, NULL};
    execv("/bin/true", arguments);
    return -1;
}

static int try_fork(void)
{
    return fork() < 0 ? -1 : 0;
}

static int try_executable_memory(void)
{
    void *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? -1 : 0;
}

static int try_write_elsewhere(void)
{
    return write(5, "x", 1) < 0 && errno != EBADF ? -1 : 0;
}

static int try_kill(void)
{
    return kill(getppid(), 0) == 0 ? 0 : -1;
}

static int try_ptrace(void)
{
    return syscall(SYS_ptrace, 0L, 0L, 0L, 0L) == 0 ? 0 : -1;
}

static const struct {
    const char *name;
    int (*attempt)(void);
} attempts[] = {
    {"open a file", try_open},
    {"make a file", try_create},
    {"remove a file", try_unlink},
    {"open a socket", try_socket},
    {"start a program", try_exec},
    {"start a process", try_fork},
    {"map executable memory", try_executable_memory},
    {"write to another file", try_write_elsewhere},
    {"signal another process", try_kill},
    {"trace", try_ptrace},
};
enum { ATTEMPT_COUNT = sizeof attempts / sizeof attempts[0], ENTER_FAILED = 3 };

/* Status of a child that entered the sandbox and tried. */
static int run_attempt(int (*attempt)(void))
{
    pid_t child = fork();
    if (child < 0) {
        return -1;
    }
    if (child == 0) {
        struct fault fault;
        sandbox_limit();
        if (sandbox_enter(&fault) != 0) {
            _exit(ENTER_FAILED);
        }
        _exit(attempt() == 0 ? 0 : 1);
    }
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

static bool is_refused(int status)
{
    return (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) ||
           (WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

int sandbox_test(void)
{
    if (SANDBOX_HAS_SANITIZER) {
        printf("1..0 # SKIP a build with a sanitizer has no filter\n");
        return 0;
    }
    int allowed_count = 0;
    printf("1..%d\n", (int)ATTEMPT_COUNT);
    for (int i = 0; i < ATTEMPT_COUNT; i++) {
        fflush(stdout);
        bool is_good = is_refused(run_attempt(attempts[i].attempt));
        allowed_count += !is_good;
        printf("%sok %d - refused: %s\n", is_good ? "" : "not ", i + 1, attempts[i].name);
    }
    return allowed_count == 0 ? 0 : 1;
}
