/*
 * SQLite can load extensions; a search never does. search.cgi is linked whole, with every dlopen
 * in it led here (the Makefile says --wrap): there is nothing that could be loaded.
 */
#include <stddef.h>

void *__wrap_dlopen(const char *file, int mode);

void *__wrap_dlopen(const char *file, int mode)
{
    (void)file;
    (void)mode;
    return NULL;
}
