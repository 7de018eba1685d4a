/*
 * theme: templates (Mustache) and interface text. Shared by the generator and the search program.
 *
 *     theme_new(&theme);
 *     theme_add_template(theme, STR("record"), path, bytes, &diag);      each template
 *     theme_add_strings(theme, STR("zh-CN"), path, bytes, &diag);        each language
 *     theme_check(theme, &diag);                 partials that do not exist, and the like
 *     theme_render(theme, &out, STR("record"), STR("zh-CN"), values, &fault);
 *
 * The engine follows the Mustache specification 1.4 (interpolation, sections, inverted, comments,
 * delimiters, partials, inheritance). Beyond it: `{{t.key}}` is the string of that key in the
 * page's language; a template error is a diagnostic with file, line and column. After theme_check
 * a theme is read-only and may be used by several threads.
 */
#ifndef THEME_THEME_H
#define THEME_THEME_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/fault.h"
#include "theme/value.h"

struct theme;

struct theme *theme_new(void);

/*
 * `name` is what partials and theme_render call it by; `path` is for diagnostics. Both and the
 * bytes are copied. A template that is refused stays known, and rendering it is a fault.
 */
void theme_add_template(struct theme *theme, struct str name, struct str path, struct str bytes,
                        struct diag *diag);

/*
 * A string file: lines `key = text`, `#` comments; \n for a line feed, \\ for a backslash. A
 * language may have several files.
 */
void theme_add_strings(struct theme *theme, struct str language, struct str path, struct str bytes,
                       struct diag *diag);

/* What can only be seen once all is there; a string that one language lacks is a fault too. */
void theme_check(struct theme *theme, struct diag *diag);

/* The string of that key; the key itself where there is none. */
struct str theme_string(const struct theme *theme, struct str language, const char *key);

/*
 * The same with its variables filled in, appended to `out` as plain text: nothing is escaped. For
 * feeds and titles.
 */
void theme_format(const struct theme *theme, struct buf *out, struct str language, const char *key,
                  const struct value *values);

/* Calls `visit` with every string of every language: languages and keys as they were added. */
void theme_visit_strings(const struct theme *theme,
                         void (*visit)(void *context, struct str language, struct str key,
                                       struct str text),
                         void *context);

/*
 * Appends the rendered template. An unknown or refused template, nesting past a limit and work
 * past a limit are faults; nothing is appended then.
 */
int theme_render(const struct theme *theme, struct buf *out, struct str name, struct str language,
                 const struct value *values, struct fault *fault);

void theme_free(struct theme *theme);

#endif
