#include "cgi/sandbox.h"

#include "cgi/limits.h"
#include "cgi/response.h"
#include "search/search.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char out_of_time[] = RESPONSE_UNAVAILABLE
    "这次搜索用时过长，已停止。请换个更具体的词。\n"
    "This search took too long and was stopped. Please try a more specific word.\n";

/* Nothing is out yet: answers are built whole before they are sent. */
static void answer_out_of_time(int number)
{
    (void)number;
    ssize_t written = write(STDOUT_FILENO, out_of_time, sizeof out_of_time - 1);
    _exit(written < 0 ? 1 : 0);
}

static void set_signal(int number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    (void)sigaction(number, &action, NULL);
}

/*
 * The search ends at its next step, and what is left of time is for the page that tells so. Where
 * that does not come, because a disk stands still, the next alarm answers without it.
 */
static void stop_search(int number)
{
    (void)number;
    search_stop();
    set_signal(SIGALRM, answer_out_of_time);
    (void)alarm(LIMIT_LAST_SECONDS);
}

static void set_limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
    /* Lower limits of the server's own stay: raising them fails, which is as good. */
    struct rlimit limit = {soft, hard};
    (void)setrlimit(resource, &limit);
}

static int is_regular(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static void set_limits(void)
{
    static const rlim_t megabyte = 1024 * 1024;
    set_limit(RLIMIT_CPU, LIMIT_CPU_SECONDS, LIMIT_CPU_SECONDS + 1);
    set_limit(RLIMIT_CORE, 0, 0);
    set_limit(RLIMIT_NOFILE, LIMIT_OPEN_FILES, LIMIT_OPEN_FILES);
    if (!SANDBOX_HAS_SANITIZER) {
        set_limit(RLIMIT_NPROC, 0, 0);
        set_limit(RLIMIT_AS, LIMIT_ADDRESS_SPACE_MB * megabyte, LIMIT_ADDRESS_SPACE_MB * megabyte);
    }
    /* A log or an answer that goes to a file must still be written. */
    if (!is_regular(STDOUT_FILENO) && !is_regular(STDERR_FILENO)) {
        set_limit(RLIMIT_FSIZE, 0, 0);
    }
}

/* The three standard files must be open, or the database would become one of them. */
static void settle_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", O_RDWR); /* takes the lowest number that is free: this one */
        }
    }
    if (syscall(SYS_close_range, 3u, ~0u, 0u) != 0) {
        for (int i = 3; i < 1024; i++) {
            close(i);
        }
    }
}

void sandbox_limit(void)
{
    settle_files();
    set_limits();
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    set_signal(SIGALRM, stop_search);
    set_signal(SIGXCPU, stop_search);
    set_signal(SIGPIPE, SIG_DFL);
    (void)alarm(LIMIT_WALL_SECONDS);
}

int sandbox_enter(struct fault *fault)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fault_errno(fault, "no_new_privs");
    }
    if (SANDBOX_HAS_SANITIZER) {
        return 0; /* its search for leaks needs a thread and /proc */
    }
    struct fault missing;
    if (landlock_enter(&missing) != 0) {
        fprintf(stderr, "search: going on without Landlock: %s\n", missing.text);
    }
    return filter_enter(fault);
}

void sandbox_begin_sending(void)
{
    set_signal(SIGALRM, SIG_DFL);
    set_signal(SIGXCPU, SIG_DFL);
    (void)alarm(LIMIT_SEND_SECONDS);
}
