#include "format/json_check.h"

#include <stdarg.h>
#include <stdio.h>

int json_check_fail(struct format_fault *out, const char *what, const char *where, ...)
{
    va_list arguments;
    out->wrong = FORMAT_WRONG_MEMBER;
    snprintf(out->what, sizeof out->what, "%s", what);
    va_start(arguments, where);
    vsnprintf(out->where, sizeof out->where, where, arguments);
    va_end(arguments);
    return -1;
}

int json_check(struct format_fault *out, struct str bytes,
               int (*check)(struct format_fault *out, const struct json_node *root))
{
    struct arena arena = {0};
    struct json_node *root;
    size_t offset;
    int rc = json_tree_read(&root, &arena, bytes, &offset);
    if (rc != 0) {
        out->wrong = FORMAT_WRONG_JSON;
        out->line = offset + 1;
        snprintf(out->what, sizeof out->what, "JSON");
    } else {
        rc = check(out, root);
    }
    arena_free(&arena);
    return rc;
}

bool json_check_is_digest(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (str_hex_value(s.p[i]) < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F')) {
            return false;
        }
    }
    return s.n == 64;
}

bool json_check_is_name(struct str s, const char *marks)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_other = (c >= '0' && c <= '9') || (c != '\0' && strchr(marks, c) != NULL);
        if (!is_letter && (i == 0 || !is_other)) {
            return false;
        }
    }
    return s.n > 0;
}

bool json_check_has(const struct json_node *list, const char *key, struct str text)
{
    for (const struct json_node *child = list == NULL ? NULL : list->child; child != NULL;
         child = child->next) {
        if (str_equal(json_tree_text(child, key), text)) {
            return true;
        }
    }
    return false;
}
