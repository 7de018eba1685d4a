#include "source/clash.h"

#include "base/path.h"
#include "base/unicode.h"
#include "base/utf8.h"

#include <stdlib.h>

/*
 * Characters that neither compose with others nor have case, by the thousand in names here: Han
 * and its punctuation. What else is not ASCII takes the long way through the tables of Unicode.
 */
static bool is_caseless(uint32_t c)
{
    return c < 0x80 || (c >= 0x3001 && c <= 0x3020) || (c >= 0x4e00 && c <= 0x9fff) ||
           (c >= 0xff01 && c <= 0xff20);
}

/* ASCII aside. */
static bool has_case(struct str name)
{
    uint32_t c;
    size_t ascii = 0;
    while (ascii < name.n && (unsigned char)name.p[ascii] < 0x80) {
        ascii++;
    }
    for (struct str rest = str_from(name, ascii); utf8_next(&c, &rest);) {
        if (!is_caseless(c)) {
            return true;
        }
    }
    return false;
}

void clash_fold(struct buf *out, struct str name)
{
    if (has_case(name)) {
        unicode_fold_name(out, name);
        return;
    }
    char *end = buf_reserve(out, name.n);
    for (size_t i = 0; i < name.n; i++) {
        char byte = name.p[i];
        end[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    end[name.n] = '\0';
    out->n += name.n;
}

static int compare_names(const void *a, const void *b)
{
    const struct clash_name *x = a, *y = b;
    int order = str_compare(x->folded, y->folded);
    if (order == 0) {
        order = str_compare(x->path, y->path);
    }
    /* One path twice: folders first, then files in their own order. */
    return order != 0 ? order : (x->index + 1 > y->index + 1) - (x->index + 1 < y->index + 1);
}

static void sort_names(struct clash_name *names, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (compare_names(&names[i - 1], &names[i]) > 0) {
            qsort(names, count, sizeof *names, compare_names);
            return;
        }
    }
}

/* Names of one folded form: the first stays, or a folder, the rest is told of. */
static void tell_group(const struct clash_name *names, size_t count, bool *is_clashing,
                       struct diag *diag)
{
    const struct clash_name *kept = &names[0];
    for (size_t i = 1; i < count; i++) {
        kept = names[i].index == (size_t)CLASH_FOLDER ? &names[i] : kept;
    }
    for (size_t i = 0; i < count; i++) {
        if (&names[i] == kept || names[i].index == (size_t)CLASH_FOLDER) {
            continue;
        }
        struct place place = {.path = names[i].path};
        is_clashing[names[i].index] = true;
        if (str_equal(names[i].path, kept->path)) {
            diag_add(diag, DIAG_NAME_DUPLICATE, place, DIAG_WITH(path_name(names[i].path)));
        } else {
            diag_add(diag, DIAG_NAME_CLASH, place, DIAG_WITH(kept->path));
        }
    }
}

static bool is_one(const struct clash_name *a, const struct clash_name *b, bool is_exact)
{
    return is_exact ? str_equal(a->path, b->path) : str_equal(a->folded, b->folded);
}

void clash_find(struct clash_name *names, size_t count, bool is_exact, bool *is_clashing,
                struct diag *diag)
{
    sort_names(names, count);
    for (size_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && is_one(&names[from], &names[to], is_exact)) {
            to++;
        }
        if (to - from > 1) {
            tell_group(&names[from], to - from, is_clashing, diag);
        }
    }
}
