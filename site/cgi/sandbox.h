/*
 * sandbox: what the process may cost and do. For site/cgi.
 *
 *     sandbox_limit();                    first of all: limits, alarm, no inherited files
 *     ... open the database: nothing else is opened ...
 *     if (sandbox_enter(&fault) != 0)     from here: read, compute, write to the server
 *         answer 500;
 *     ... only now read the request ...
 *     sandbox_begin_sending();            just before the answer goes out
 *
 * After sandbox_enter the process opens no file, no socket, starts no program and no thread, and
 * gains no right: a fault in SQLite or here is contained. The system-call filter is a must;
 * Landlock (Linux 5.13) is a second wall, whose lack is told on standard error and borne. Builds
 * with a sanitizer have no filter and no limit on memory, since the sanitizer needs both.
 */
#ifndef CGI_SANDBOX_H
#define CGI_SANDBOX_H

#include "base/fault.h"

/*
 * Sets the limits of limits.h, an alarm, and closes every file above standard error. Where time
 * runs out the server gets a complete answer with status 503, and the process ends.
 */
void sandbox_limit(void);

/* Gives everything up. -1 where the filter could not be set. */
int sandbox_enter(struct fault *fault);

/* From here an alarm only ends the process: part of an answer may be out. */
void sandbox_begin_sending(void);

/*
 * Tries in one child process each what the sandbox must refuse, prints a line each to standard
 * output (TAP), and returns 0 where all was refused, else 1.
 */
int sandbox_test(void);

/* The two walls, each in its own file. */
int landlock_enter(struct fault *fault);
int filter_enter(struct fault *fault);

#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANDBOX_HAS_SANITIZER 1
#endif
#endif
#ifndef SANDBOX_HAS_SANITIZER
#define SANDBOX_HAS_SANITIZER 0
#endif

#endif
