#include "theme/program.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

struct theme *theme_new(void)
{
    struct theme *theme = calloc(1, sizeof *theme);
    if (theme == NULL) {
        arena_out_of_memory();
    }
    return theme;
}

void theme_free(struct theme *theme)
{
    if (theme != NULL) {
        arena_free(&theme->arena);
        free(theme);
    }
}

uint32_t theme_template_number(struct theme *theme, struct str name)
{
    size_t number = names_add(&theme->arena, &theme->template_names, name);
    if (number == theme->template_count) {
        theme->templates = arena_grow(&theme->arena, theme->templates, theme->template_count,
                                      sizeof *theme->templates);
        theme->templates[theme->template_count++] =
            arena_alloc(&theme->arena, sizeof **theme->templates);
    }
    return (uint32_t)number;
}

/* The offset of the first character that stands in no text, or -1. */
static ptrdiff_t find_control(struct str text)
{
    struct str rest = text;
    for (uint32_t c; rest.n > 0;) {
        struct str here = rest;
        if (rest.p[0] >= ' ' && rest.p[0] < 0x7f) { /* nearly all of a template */
            rest = str_from(rest, 1);
        } else if (!utf8_next(&c, &rest) || utf8_is_control(c)) {
            return here.p - text.p;
        }
    }
    return -1;
}

static void complain(struct diag *diag, enum diag_code code, struct str path, struct str bytes,
                     ptrdiff_t at)
{
    diag_set_source(diag, path, bytes);
    diag_add(diag, code, diag_place_of(path, bytes, (size_t)at), DIAG_PLAIN);
    diag_set_source(diag, STR(""), STR(""));
}

bool theme_check_bytes(struct str *bytes, struct str path, struct diag *diag)
{
    *bytes = str_from(*bytes, str_starts(*bytes, STR("\xef\xbb\xbf")) ? 3 : 0);
    if (bytes->n > THEME_FILE_LIMIT) {
        char limit[24];
        snprintf(limit, sizeof limit, "%d", THEME_FILE_LIMIT);
        diag_add(diag, DIAG_TEMPLATE_TOO_LARGE, (struct place){.path = path},
                 DIAG_WITH(str_of(limit)));
        return false;
    }
    ptrdiff_t at = utf8_find_invalid(*bytes);
    if (at >= 0) {
        complain(diag, DIAG_TEMPLATE_NOT_UTF8, path, *bytes, at);
        return false;
    }
    at = find_control(*bytes);
    if (at >= 0) {
        complain(diag, DIAG_TEMPLATE_CONTROL, path, *bytes, at);
        return false;
    }
    return true;
}

void theme_add_template(struct theme *theme, struct str name, struct str path, struct str bytes,
                        struct diag *diag)
{
    uint32_t number = theme_template_number(theme, arena_copy(&theme->arena, name));
    struct template *template = theme->templates[number];
    if (template->state != TEMPLATE_UNKNOWN) {
        diag_add(diag, DIAG_TEMPLATE_TWICE, (struct place){.path = path},
                 DIAG_WITH(name, template->path));
        return;
    }
    template->state = TEMPLATE_BROKEN;
    template->path = arena_copy(&theme->arena, path);
    if (!theme_check_bytes(&bytes, path, diag)) {
        return;
    }
    template->source = arena_copy(&theme->arena, bytes);
    diag_set_source(diag, template->path, template->source);
    program_compile(theme, template, diag);
    diag_set_source(diag, STR(""), STR(""));
}

static bool has_string(const struct theme *theme, size_t key)
{
    for (size_t i = 0; i < theme->language_count; i++) {
        if (theme_find_string(&theme->languages[i], key) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_string_op(enum op_kind kind)
{
    return kind == OP_STRING || kind == OP_STRING_RAW || kind == OP_STRING_SECTION ||
           kind == OP_STRING_INVERTED;
}

static void check_op(const struct theme *theme, const struct template *template,
                     const struct op *op, struct diag *diag)
{
    struct place place = diag_place_of(template->path, template->source, op->offset);
    if ((op->kind == OP_PARTIAL || op->kind == OP_PARENT) &&
        theme->templates[op->index]->state == TEMPLATE_UNKNOWN) {
        diag_add(diag, DIAG_TEMPLATE_UNKNOWN, place,
                 DIAG_WITH(theme->template_names.all[op->index]));
    }
    if (is_string_op(op->kind) && !has_string(theme, op->index)) {
        diag_add(diag, DIAG_STRING_UNKNOWN, place, DIAG_WITH(theme->string_keys.all[op->index]));
    }
}

static void check_template(const struct theme *theme, const struct template *template,
                           struct diag *diag)
{
    diag_set_source(diag, template->path, template->source);
    for (uint32_t i = 0; i < template->program.count; i++) {
        check_op(theme, template, &template->program.ops[i], diag);
    }
}

/* A string that is there in one language must be there in all. */
static void check_key(const struct theme *theme, size_t key, struct diag *diag)
{
    const struct string *known = NULL;
    for (size_t i = 0; i < theme->language_count && known == NULL; i++) {
        known = theme_find_string(&theme->languages[i], key);
    }
    for (size_t i = 0; i < theme->language_count && known != NULL; i++) {
        if (theme_find_string(&theme->languages[i], key) == NULL) {
            diag_set_source(diag, known->file->path, known->file->source);
            diag_add(diag, DIAG_STRING_MISSING,
                     diag_place_of(known->file->path, known->file->source, known->offset),
                     DIAG_WITH(theme->string_keys.all[key], theme->languages[i].name));
        }
    }
}

void theme_check(struct theme *theme, struct diag *diag)
{
    for (size_t i = 0; i < theme->template_count; i++) {
        check_template(theme, theme->templates[i], diag);
    }
    for (size_t i = 0; i < theme->string_keys.count; i++) {
        check_key(theme, i, diag);
    }
    diag_set_source(diag, STR(""), STR(""));
}
