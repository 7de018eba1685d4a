#include "cgi/sandbox.h"

#include <errno.h>
#include <limits.h>
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

/* A jump reaches 255 instructions ahead. */
enum { X32_BIT = 0x40000000, RULE_INSTRUCTIONS = 4, PROGRAM_MAX = 255 };

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

enum {
    RULES = sizeof rules / sizeof rules[0],
    LEAF_RULES = 4, /* are looked through one by one */
};

/* Where a jump leads: to the next instruction, or to a label. */
enum label {
    LABEL_NEXT,
    LABEL_ALLOW,
    LABEL_REFUSE,
    LABEL_NO_TERMINAL,
    LABEL_KILL,
    LABEL_TEST, /* of the first rule with an argument's test; the others follow */
    LABEL_HALF = LABEL_TEST + RULES, /* the greater half of the rules; one of many */
    LABEL_COUNT = LABEL_HALF + RULES
};

struct program {
    struct sock_filter code[PROGRAM_MAX];
    unsigned char then[PROGRAM_MAX], otherwise[PROGRAM_MAX]; /* enum label, of jumps */
    unsigned short n;
    unsigned short places[LABEL_COUNT]; /* of labels */
    int halves;
    const struct rule *sorted[RULES]; /* by number */
};

static void add(struct program *program, struct sock_filter instruction)
{
    program->code[program->n++] = instruction;
}

static void set_label(struct program *program, int label)
{
    program->places[label] = program->n;
}

static void add_return(struct program *program, int label, uint32_t verdict)
{
    set_label(program, label);
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void add_load(struct program *program, size_t offset)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void add_jump(struct program *program, uint16_t comparison, uint32_t value, int then,
                     int otherwise)
{
    program->then[program->n] = (unsigned char)then;
    program->otherwise[program->n] = (unsigned char)otherwise;
    add(program,
        (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | comparison | BPF_K), value, 0, 0));
}

/* Only our own architecture's calls have the numbers that the rules speak of. */
static void add_head(struct program *program)
{
    add_load(program, offsetof(struct seccomp_data, arch));
    add_jump(program, BPF_JEQ, OWN_ARCHITECTURE, LABEL_NEXT, LABEL_KILL);
    add_load(program, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
    add_jump(program, BPF_JGE, X32_BIT, LABEL_KILL, LABEL_NEXT);
#endif
}

static int label_of(const struct rule *rule)
{
    if (rule->test != ALWAYS) {
        return LABEL_TEST + (int)(rule - rules);
    }
    return rule->verdict == SECCOMP_RET_ALLOW ? LABEL_ALLOW
           : rule->verdict == REFUSE(EACCES)  ? LABEL_REFUSE
                                              : LABEL_NO_TERMINAL;
}

/*
 * Finds the call among those from `from` up to `to`. By halves, and with few instructions: while
 * the filter is set the kernel compiles it, and runs it once for every call that there is.
 */
static void add_search(struct program *program, int from, int to)
{
    if (to - from <= LEAF_RULES) {
        for (int i = from; i < to; i++) {
            add_jump(program, BPF_JEQ, program->sorted[i]->number, label_of(program->sorted[i]),
                     i + 1 == to ? LABEL_KILL : LABEL_NEXT);
        }
        return;
    }
    int middle = from + (to - from) / 2, half = LABEL_HALF + program->halves++;
    add_jump(program, BPF_JGE, program->sorted[middle]->number, half, LABEL_NEXT);
    add_search(program, from, middle);
    set_label(program, half);
    add_search(program, middle, to);
}

/* Looks at the argument of a call that was found. */
static void add_test(struct program *program, const struct rule *rule)
{
    /* Little-endian: the low half of a 64-bit argument comes first. */
    size_t low = offsetof(struct seccomp_data, args) + rule->argument * sizeof(uint64_t);
    set_label(program, label_of(rule));
    add_load(program, low);
    if (rule->test == ARGUMENT_IS) {
        add_jump(program, BPF_JEQ, rule->value, LABEL_ALLOW, LABEL_KILL);
    } else {
        add_jump(program, rule->test == ARGUMENT_BELOW ? BPF_JGE : BPF_JSET, rule->value,
                 LABEL_KILL, LABEL_ALLOW);
    }
}

static void sort_rules(struct program *program)
{
    for (int i = 0; i < RULES; i++) {
        int at = i;
        for (; at > 0 && program->sorted[at - 1]->number > rules[i].number; at--) {
            program->sorted[at] = program->sorted[at - 1];
        }
        program->sorted[at] = &rules[i];
    }
}

static unsigned char distance(const struct program *program, unsigned short from, int label)
{
    return label == LABEL_NEXT ? 0 : (unsigned char)(program->places[label] - from - 1);
}

/* Puts distances in the places of labels; all lie ahead, and within what an instruction can hold.
 */
static void resolve_labels(struct program *program)
{
    for (unsigned short i = 0; i < program->n; i++) {
        if (BPF_CLASS(program->code[i].code) == BPF_JMP) {
            program->code[i].jt = distance(program, i, program->then[i]);
            program->code[i].jf = distance(program, i, program->otherwise[i]);
        }
    }
}

int filter_enter(struct fault *fault)
{
    struct program program = {.n = 0};
    _Static_assert(LABEL_COUNT <= UCHAR_MAX, "a label fits into a byte");
    _Static_assert(RULES * RULE_INSTRUCTIONS + 8 <= PROGRAM_MAX, "there is room for every rule");
    sort_rules(&program);
    add_head(&program);
    add_search(&program, 0, RULES);
    for (int i = 0; i < RULES; i++) {
        if (rules[i].test != ALWAYS) {
            add_test(&program, &rules[i]);
        }
    }
    add_return(&program, LABEL_ALLOW, SECCOMP_RET_ALLOW);
    add_return(&program, LABEL_REFUSE, REFUSE(EACCES));
    add_return(&program, LABEL_NO_TERMINAL, REFUSE(ENOTTY));
    add_return(&program, LABEL_KILL, SECCOMP_RET_KILL_PROCESS);
    resolve_labels(&program);
    struct sock_fprog all = {.len = program.n, .filter = program.code};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0u, &all) != 0) {
        return fault_errno(fault, "the system-call filter could not be set");
    }
    return 0;
}
