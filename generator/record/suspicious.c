#include "record/suspicious.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Limits of the estimates. Each unit is a step of cmark's innermost loops, a few nanoseconds; an
 * ordinary document of 100 KB stays below a tenth of them.
 */
enum {
    NESTING_MIN = 32,
    NESTING_COST = 2 << 20,
    BRACKET_COST = 100 << 10,
    ANGLE_COST = 20 << 20,
    REFERENCE_COST = 32 << 20
};

/* What has been counted. A chunk is a run of lines that are not blank: no paragraph is longer. */
struct tally {
    size_t lines, marks, longest_prefix;
    size_t brackets, open_brackets, bracket_cost;
    size_t chunk, angles, angle_cost;
    size_t longest_definitions;
    bool has_definition; /* in this chunk */
};

static bool is_prefix_char(char c)
{
    return c != '\0' && strchr(" \t>-+*.)0123456789", c) != NULL;
}

/* Marks that could open containers at the front of the line, a tab counting for two. */
static size_t prefix_of(struct str line)
{
    size_t n = 0, tabs = 0;
    while (n < line.n && is_prefix_char(line.p[n])) {
        tabs += line.p[n++] == '\t';
    }
    return n + tabs;
}

static void end_chunk(struct tally *tally)
{
    tally->angle_cost += tally->angles * tally->chunk;
    if (tally->has_definition && tally->chunk > tally->longest_definitions) {
        tally->longest_definitions = tally->chunk;
    }
    tally->chunk = tally->angles = tally->open_brackets = 0;
    tally->has_definition = false;
}

static void count_char(struct tally *tally, char c, char next)
{
    switch (c) {
    case '[':
        tally->brackets++;
        tally->open_brackets++;
        tally->bracket_cost += tally->open_brackets;
        break;
    case ']':
        tally->bracket_cost += tally->open_brackets;
        tally->open_brackets -= tally->open_brackets > 0;
        tally->has_definition = tally->has_definition || next == ':';
        break;
    case '<':
        tally->angles++;
        break;
    case '*':
    case '_':
    case '`':
    case '!':
    case '\\':
    case '&':
        break;
    default:
        return;
    }
    tally->marks++;
}

static void count_line(struct tally *tally, struct str line)
{
    size_t prefix = prefix_of(line);
    tally->lines++;
    if (prefix > tally->longest_prefix) {
        tally->longest_prefix = prefix;
    }
    if (str_trim(line).n == 0) {
        end_chunk(tally);
        return;
    }
    tally->chunk += line.n + 1;
    for (size_t i = 0; i < line.n; i++) {
        count_char(tally, line.p[i], i + 1 < line.n ? line.p[i + 1] : '\n');
    }
}

static bool is_costly(const struct tally *tally)
{
    size_t nesting = tally->longest_prefix * (tally->lines + tally->marks);
    return (tally->longest_prefix >= NESTING_MIN && nesting > NESTING_COST) ||
           tally->bracket_cost > BRACKET_COST || tally->angle_cost > ANGLE_COST ||
           tally->longest_definitions * tally->brackets > REFERENCE_COST;
}

/* The next line of `rest`, which ends in LF or CR; the empty one between CR and LF does no harm. */
static struct str cut_line(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r') {
        n++;
    }
    struct str line = str_slice(*rest, 0, n);
    *rest = str_from(*rest, n + 1);
    return line;
}

bool suspicious_is(struct str source)
{
    if (source.n <= SUSPICIOUS_SMALL || source.n > SUSPICIOUS_LARGE) {
        return source.n > SUSPICIOUS_LARGE;
    }
    struct tally tally = {0};
    for (struct str rest = source; rest.n > 0;) {
        count_line(&tally, cut_line(&rest));
    }
    end_chunk(&tally);
    return is_costly(&tally);
}

/* The address space in use, in bytes; 0 where the system does not tell. */
static rlim_t address_space(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    if (file != NULL) {
        if (fscanf(file, "%lu", &pages) != 1) {
            pages = 0;
        }
        fclose(file);
    }
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* In the helper: a signal that nobody handles ends it when its time is over. */
static void limit(rlim_t memory)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){1, 2});
    if (memory > 0) {
        setrlimit(RLIMIT_AS, &(struct rlimit){memory, memory});
    }
    static const int signals[] = {SIGPROF, SIGALRM, SIGXCPU, SIGSEGV, SIGABRT, SIGBUS};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        signal(signals[i], SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    struct itimerval cpu = {.it_value = {0, SUSPICIOUS_MILLISECONDS * 1000}};
    setitimer(ITIMER_PROF, &cpu, NULL);
    alarm(10); /* a clock on the wall, in case it waits for something */
}

/* How the helper ended; true where it was well. */
static bool wait_for(pid_t helper)
{
    int status = 0;
    while (waitpid(helper, &status, 0) < 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool suspicious_finishes(void (*work)(void *context), void *context)
{
    rlim_t used = address_space();
    rlim_t memory = used > 0 ? used + SUSPICIOUS_MEMORY : 0;
    pid_t helper = fork();
    if (helper < 0) {
        return false;
    }
    if (helper == 0) {
        limit(memory);
        work(context);
        _exit(0);
    }
    return wait_for(helper);
}
