/*
 * fault: what the machine did to us, in one line. Anyone may include it.
 *
 * A function that the machine can fail takes a `struct fault *` last, returns 0 or -1, and sets
 * the fault exactly once, where it happens. Whoever gets -1 passes it on. Faults of content are
 * diagnostics (diag.h) and never come this way.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

struct fault {
    char text[512]; /* UTF-8, one line, without a newline; cut where it is longer */
};

/* Sets the message. Always returns -1, so that `return fault_set(...)` reads well. */
int fault_set(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with ": " and the meaning of errno behind it; errno stays what it was. */
int fault_errno(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
