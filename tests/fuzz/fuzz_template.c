/*
 * The bytes, cut at NULs, are: the template, two partials, a strings file. Compiling and rendering
 * must end within the limits, and escaping must hold: text values never come out raw but through a
 * raw tag.
 */
#include "theme/theme.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const struct value *make_values(struct arena *arena)
{
    struct value *values = value_map(arena), *list = value_list(arena), *item = value_map(arena);
    value_set_text(arena, item, "b", STR("text"));
    value_set_int(arena, item, "n", 12);
    value_add(arena, list, item);
    value_add(arena, list, value_text(arena, STR("<i>")));
    value_set(arena, values, "a", list);
    value_set_text(arena, values, "b", STR("<b> & \"c\""));
    value_set_bool(arena, values, "yes", true);
    value_set(arena, values, "m", value_markup(arena, (struct markup){STR("<p>")}));
    value_set(arena, values, "null", NULL);
    return values;
}

static struct str next(struct str *rest)
{
    struct str piece = STR("");
    str_cut(&piece, rest, '\0');
    return piece;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct theme *theme = theme_new();
    struct diag diag = {0};
    struct arena arena = {0};
    struct buf out = BUF_EMPTY, shown = BUF_EMPTY;
    struct fault fault = {.text = ""};
    theme_add_template(theme, STR("main"), STR("main.mustache"), next(&rest), &diag);
    theme_add_template(theme, STR("p"), STR("p.mustache"), next(&rest), &diag);
    theme_add_template(theme, STR("q"), STR("q.mustache"), next(&rest), &diag);
    theme_add_strings(theme, STR("en"), STR("en.txt"), next(&rest), &diag);
    theme_check(theme, &diag);
    diag_write_text(&shown, &diag, LANGUAGE_EN);
    int rc = theme_render(theme, &out, STR("main"), STR("en"), make_values(&arena), &fault);
    if (rc < 0 && (out.n != 0 || fault.text[0] == '\0')) {
        abort();
    }
    buf_free(&out);
    buf_free(&shown);
    arena_free(&arena);
    diag_free(&diag);
    theme_free(theme);
    return 0;
}
