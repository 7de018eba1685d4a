#include "cgi/sandbox.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

/*
 * Laid out as the kernel has it (Documentation/userspace-api/landlock.rst), here because headers
 * of Debian 12 stop at the second version. A right that is handled and has no rule is denied.
 */
struct ruleset {
    uint64_t files;  /* since version 1 */
    uint64_t net;    /* since version 4 */
    uint64_t scoped; /* since version 6 */
};

enum { GET_VERSION = 1 };

/* What each version can handle: rights on files, on ports, scopes, and the struct's size. */
static const struct {
    long version;
    struct ruleset handled;
    size_t size;
} versions[] = {
    {6, {0xffff, 0x3, 0x3}, 24}, /* abstract sockets and signals */
    {5, {0xffff, 0x3, 0}, 16},   /* ioctl on devices */
    {4, {0x7fff, 0x3, 0}, 16},   /* bind and connect on TCP */
    {3, {0x7fff, 0, 0}, 8},      /* truncate */
    {2, {0x3fff, 0, 0}, 8},      /* refer */
    {1, {0x1fff, 0, 0}, 8},
};

static int restrict_self(const struct ruleset *handled, size_t size, struct fault *fault)
{
    int fd = (int)syscall(SYS_landlock_create_ruleset, handled, size, 0u);
    if (fd < 0) {
        return fault_errno(fault, "landlock_create_ruleset");
    }
    int rc = syscall(SYS_landlock_restrict_self, fd, 0u) == 0
                 ? 0
                 : fault_errno(fault, "landlock_restrict_self");
    close(fd);
    return rc;
}

int landlock_enter(struct fault *fault)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, GET_VERSION);
    if (version < 1) {
        return fault_errno(fault, "the kernel has none");
    }
    size_t row = 0;
    while (versions[row].version > version) {
        row++;
    }
    return restrict_self(&versions[row].handled, versions[row].size, fault);
}
