/*
 * json_check: what our JSON files must have, asked of the bytes. Inside format/ only; a file for
 * each format.
 *
 * Each gets the file read, and returns 0 or -1 with the fault.
 */
#ifndef FORMAT_JSON_CHECK_H
#define FORMAT_JSON_CHECK_H

#include "format/format.h"
#include "format/json_tree.h"

/* Reads the bytes and asks `check`. */
int json_check(struct format_fault *out, struct str bytes,
               int (*check)(struct format_fault *out, const struct json_node *root));

/* -1, with the fault that `what` is wrong in `where`. */
int json_check_fail(struct format_fault *out, const char *what, const char *where, ...)
    __attribute__((format(printf, 3, 4)));

/* 64 hexadecimal digits in lower case; a name of letters, digits and `marks`, a letter first. */
bool json_check_is_digest(struct str s);
bool json_check_is_name(struct str s, const char *marks);

/* Is there a child in the list whose member of that key is the text? */
bool json_check_has(const struct json_node *list, const char *key, struct str text);

int csvw_check(struct format_fault *out, const struct json_node *root);
int dcat_check(struct format_fault *out, const struct json_node *root);
int package_check(struct format_fault *out, const struct json_node *root);

#endif
