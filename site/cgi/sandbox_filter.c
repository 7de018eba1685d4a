#include "cgi/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system-call filter knows x86_64 and aarch64 only"
#endif

enum { X32_BIT = 0x40000000, RULE_INSTRUCTIONS = 6, PROGRAM_MAX = 512 };

#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

enum test {
    ALWAYS,
    ARGUMENT_IS,    /* equal to `value` */
    ARGUMENT_BELOW, /* below it */
    ARGUMENT_LACKS  /* none of its bits */
};

/* A call, when it is meant, and what comes of it; where the test fails the process dies. */
struct rule {
    uint32_t number;
    uint32_t verdict;
    enum test test;
    uint32_t argument; /* its place, from 0 */
    uint32_t value;
};

/*
 * What a search needs: reading the open database, memory, the clock, writing to the server and
 * the log. What libraries try out of habit is refused; everything else ends the process. Files
 * and protections are int or small in the kernel: the low half of an argument tells all.
 */
static const struct rule rules[] = {
    {SYS_pread64, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_read, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_write, SECCOMP_RET_ALLOW, ARGUMENT_BELOW, 0, 3},
    {SYS_writev, SECCOMP_RET_ALLOW, ARGUMENT_BELOW, 0, 3},
    {SYS_brk, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_mmap, SECCOMP_RET_ALLOW, ARGUMENT_LACKS, 2, PROT_EXEC},
    {SYS_munmap, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_mremap, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_madvise, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_newfstatat, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_fstat, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_lseek, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_close, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_fcntl, SECCOMP_RET_ALLOW, ARGUMENT_IS, 1, 3 /* F_GETFL */},
    {SYS_clock_gettime, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_gettimeofday, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_getpid, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_getrandom, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_sysinfo, SECCOMP_RET_ALLOW, ALWAYS, 0, 0}, /* qsort asks how much memory there is */
    {SYS_futex, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_rt_sigaction, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_rt_sigprocmask, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_rt_sigreturn, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_exit_group, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
    {SYS_openat, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_faccessat, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_readlinkat, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_unlinkat, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_getcwd, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_ioctl, REFUSE(ENOTTY), ALWAYS, 0, 0},
#ifdef SYS_open /* the old calls, which aarch64 never had */
    {SYS_open, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_access, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_readlink, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_unlink, REFUSE(EACCES), ALWAYS, 0, 0},
    {SYS_alarm, SECCOMP_RET_ALLOW, ALWAYS, 0, 0},
#endif
    {SYS_setitimer, SECCOMP_RET_ALLOW, ALWAYS, 0, 0}, /* alarm() where there is no such call */
};

struct program {
    struct sock_filter code[PROGRAM_MAX];
    unsigned short n;
};

static void add(struct program *program, struct sock_filter instruction)
{
    program->code[program->n++] = instruction;
}

static void add_return(struct program *program, uint32_t verdict)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void add_load(struct program *program, size_t offset)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Goes on over `then` instructions where the comparison holds, else over `otherwise`. */
static void add_jump(struct program *program, uint16_t comparison, uint32_t value, uint8_t then,
                     uint8_t otherwise)
{
    add(program, (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | comparison | BPF_K), value, then,
                                              otherwise));
}

/* Only our own architecture's calls have the numbers that the rules speak of. */
static void add_head(struct program *program)
{
    add_load(program, offsetof(struct seccomp_data, arch));
    add_jump(program, BPF_JEQ, OWN_ARCHITECTURE, 1, 0);
    add_return(program, SECCOMP_RET_KILL_PROCESS);
    add_load(program, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    add_jump(program, BPF_JGE, X32_BIT, 0, 1);
    add_return(program, SECCOMP_RET_KILL_PROCESS);
#endif
}

/* Returns where the call is meant; else the number is still loaded for the next rule. */
static void add_rule(struct program *program, const struct rule *rule)
{
    if (rule->test == ALWAYS) {
        add_jump(program, BPF_JEQ, rule->number, 0, 1);
        add_return(program, rule->verdict);
        return;
    }
    /* Little-endian: the low half of a 64-bit argument comes first. */
    size_t low = offsetof(struct seccomp_data, args) + rule->argument * sizeof(uint64_t);
    add_jump(program, BPF_JEQ, rule->number, 0, 4);
    add_load(program, low);
    if (rule->test == ARGUMENT_IS) {
        add_jump(program, BPF_JEQ, rule->value, 0, 1);
    } else {
        add_jump(program, rule->test == ARGUMENT_BELOW ? BPF_JGE : BPF_JSET, rule->value, 1, 0);
    }
    add_return(program, rule->verdict);
    add_return(program, SECCOMP_RET_KILL_PROCESS);
}

int filter_enter(struct fault *fault)
{
    struct program program = {.n = 0};
    _Static_assert(sizeof rules / sizeof rules[0] * RULE_INSTRUCTIONS + 8 < PROGRAM_MAX,
                   "the program has room for every rule");
    add_head(&program);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        add_rule(&program, &rules[i]);
    }
    add_return(&program, SECCOMP_RET_KILL_PROCESS);
    struct sock_fprog all = {.len = program.n, .filter = program.code};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &all) != 0) {
        return fault_errno(fault, "the system-call filter could not be set");
    }
    return 0;
}
