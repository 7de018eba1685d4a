/*
 * fault: what the machine did to us, in one line. Anyone may include it.
 *
 * A function that the machine can fail takes a `struct fault *` last, returns 0 or -1, and sets
 * the fault exactly once, where it happens. Whoever gets -1 passes it on. Faults of content are
 * diagnostics (diag.h) and never come this way.
 *
 * What a person can mend is told in both languages, with what to do (fault_tell); what only an
 * administrator can look into, in English alone.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

enum { FAULT_TEXT_SIZE = 768 };

struct fault {
    char text[FAULT_TEXT_SIZE]; /* UTF-8, one line, without a newline; cut where it is longer */
    char zh[FAULT_TEXT_SIZE];   /* the same in Chinese; empty where it is in English alone */
    bool is_damage;             /* a file of ours is not as we left it: it can be made anew */
};

/* Sets the message. Always returns -1, so that `return fault_set(...)` reads well. */
int fault_set(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, of a file of ours whose bytes are no more what we wrote. */
int fault_damage(struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same with ": " and the meaning of errno behind it; errno stays what it was. */
int fault_errno(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Both, in both languages: the two formats take the same arguments in the same order. */
int fault_tell(struct fault *fault, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
int fault_tell_errno(struct fault *fault, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* "WHERE: CAUSE", in as many languages as the cause has. */
int fault_wrap(struct fault *fault, const char *where, const struct fault *cause);

#endif
