#include "base/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message may quote a file name, and a file name may hold anything: one line, no controls. */
static void make_one_line(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            *text = '?';
        }
    }
}

int fault_set(struct fault *fault, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    make_one_line(fault->text);
    return -1;
}

int fault_errno(struct fault *fault, const char *format, ...)
{
    int number = errno;
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    size_t n = strlen(fault->text);
    snprintf(fault->text + n, sizeof fault->text - n, ": %s", strerror(number));
    make_one_line(fault->text);
    errno = number;
    return -1;
}
