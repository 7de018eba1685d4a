#include "theme/frozen.h"

#include <string.h>

typedef int op_function(struct render *render, struct program program, uint32_t at);

static int run(struct render *render, struct program program, uint32_t from, uint32_t to);

static const struct string *find_string(const struct render *render, const struct op *op)
{
    return theme_find_string(render->language, op->index);
}

static void add_indent(struct render *render)
{
    buf_add(render->out, str_from(buf_str(&render->indent), render->indent_from));
}

static void add_indented(struct render *render, const struct op *op)
{
    struct str rest = op->text;
    bool is_line = op->is_line;
    while (rest.n > 0) {
        const char *end = memchr(rest.p, '\n', rest.n);
        size_t n = end == NULL ? rest.n : (size_t)(end - rest.p) + 1;
        if (is_line) {
            add_indent(render);
        }
        buf_add(render->out, str_slice(rest, 0, n));
        rest = str_from(rest, n);
        is_line = true;
    }
}

static int do_text(struct render *render, struct program program, uint32_t at)
{
    const struct op *op = &program.ops[at];
    if (render->indent.n == render->indent_from) {
        buf_add(render->out, op->text);
    } else {
        add_indented(render, op);
    }
    return 0;
}

static int do_indent(struct render *render, struct program program, uint32_t at)
{
    (void)program;
    (void)at;
    add_indent(render);
    return 0;
}

static int do_escaped(struct render *render, struct program program, uint32_t at)
{
    show_value(render, show_look_up(render, &program.ops[at]), false);
    return 0;
}

static int do_raw(struct render *render, struct program program, uint32_t at)
{
    show_value(render, show_look_up(render, &program.ops[at]), true);
    return 0;
}

static int run_with(struct render *render, struct program program, uint32_t at,
                    const struct value *item)
{
    render->stack[render->stack_count++] = item;
    int rc = run(render, program, at + 1, program.ops[at].end);
    render->stack_count--;
    return rc;
}

static int run_section(struct render *render, struct program program, uint32_t at,
                       const struct value *value)
{
    if (!show_is_true(value)) {
        return 0;
    }
    if (value->kind != VALUE_LIST) {
        return run_with(render, program, at, value);
    }
    for (size_t i = 0; i < value->count; i++) {
        if (run_with(render, program, at, value->items[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int do_section(struct render *render, struct program program, uint32_t at)
{
    return run_section(render, program, at, show_look_up(render, &program.ops[at]));
}

static int do_inverted(struct render *render, struct program program, uint32_t at)
{
    if (show_is_true(show_look_up(render, &program.ops[at]))) {
        return 0;
    }
    return run(render, program, at + 1, program.ops[at].end);
}

static void add_string(struct render *render, const struct op *op, bool is_raw)
{
    const struct string *string = find_string(render, op);
    if (string != NULL) {
        show_string(render, is_raw ? string->plain : string->html);
    } else {
        buf_add(render->out, render->theme->string_keys.all[op->index]);
    }
}

static int do_string(struct render *render, struct program program, uint32_t at)
{
    add_string(render, &program.ops[at], false);
    return 0;
}

static int do_string_raw(struct render *render, struct program program, uint32_t at)
{
    add_string(render, &program.ops[at], true);
    return 0;
}

static const struct value *string_value(const struct render *render, const struct op *op)
{
    const struct string *string = find_string(render, op);
    return string != NULL ? &string->value : NULL;
}

static int do_string_section(struct render *render, struct program program, uint32_t at)
{
    return run_section(render, program, at, string_value(render, &program.ops[at]));
}

static int do_string_inverted(struct render *render, struct program program, uint32_t at)
{
    if (show_is_true(string_value(render, &program.ops[at]))) {
        return 0;
    }
    return run(render, program, at + 1, program.ops[at].end);
}

/*
 * Runs with `more` behind the indentation in force where `is_line`, and with none where the tag
 * stands inside a line: only its own template was indented, not what it brings in.
 */
static int run_indented(struct render *render, struct program program, uint32_t from, uint32_t to,
                        struct str more, bool is_line)
{
    size_t indent_from = render->indent_from, n = render->indent.n;
    if (is_line) {
        buf_add(&render->indent, more);
    } else {
        render->indent_from = n;
    }
    int rc = run(render, program, from, to);
    buf_truncate(&render->indent, n);
    render->indent_from = indent_from;
    return rc;
}

static int include(struct render *render, const struct op *op, const struct arguments *arguments)
{
    const struct template *template = render->theme->templates[op->index];
    if (template->state == TEMPLATE_BROKEN) {
        return fault_set(render->fault, "the template \"%.*s\" has errors",
                         STR_ARG(render->theme->template_names.all[op->index]));
    }
    const struct arguments *outer = render->arguments;
    render->arguments = arguments;
    int rc =
        run_indented(render, template->program, 0, template->program.count, op->text, op->is_line);
    render->arguments = outer;
    return rc;
}

static int do_partial(struct render *render, struct program program, uint32_t at)
{
    return include(render, &program.ops[at], render->arguments);
}

static int do_parent(struct render *render, struct program program, uint32_t at)
{
    const struct op *op = &program.ops[at];
    struct arguments arguments = {render->arguments, program, at + 1, op->end};
    return include(render, op, &arguments);
}

static int do_block(struct render *render, struct program program, uint32_t at)
{
    const struct op *block = &program.ops[at];
    uint32_t index = 0;
    const struct arguments *found = show_find_argument(&index, render->arguments, block);
    if (found == NULL) {
        return run(render, program, at + 1, block->end);
    }
    const struct op *argument = &found->program.ops[index];
    if (block->is_line && !argument->is_own_line && argument->end > index + 1) {
        add_indent(render);
        buf_add(render->out, block->text);
    }
    const struct arguments *inner = render->arguments;
    render->arguments = found->outer;
    int rc =
        run_indented(render, found->program, index + 1, argument->end, block->text, block->is_line);
    render->arguments = inner;
    return rc;
}

static op_function *const functions[OP_KIND_COUNT] = {
    [OP_TEXT] = do_text,
    [OP_INDENT] = do_indent,
    [OP_ESCAPED] = do_escaped,
    [OP_RAW] = do_raw,
    [OP_SECTION] = do_section,
    [OP_INVERTED] = do_inverted,
    [OP_STRING] = do_string,
    [OP_STRING_RAW] = do_string_raw,
    [OP_STRING_SECTION] = do_string_section,
    [OP_STRING_INVERTED] = do_string_inverted,
    [OP_PARTIAL] = do_partial,
    [OP_PARENT] = do_parent,
    [OP_BLOCK] = do_block,
};

static int check_limits(struct render *render)
{
    if (render->depth == THEME_DEPTH_LIMIT) {
        return fault_set(render->fault, "templates nest deeper than %d", THEME_DEPTH_LIMIT);
    }
    if (render->out->n - render->start > THEME_OUTPUT_LIMIT) {
        return fault_set(render->fault, "a page is larger than %d bytes", THEME_OUTPUT_LIMIT);
    }
    if (render->steps == THEME_STEP_LIMIT) {
        return fault_set(render->fault, "a template repeats more than %d times", THEME_STEP_LIMIT);
    }
    return 0;
}

static int run(struct render *render, struct program program, uint32_t from, uint32_t to)
{
    if (check_limits(render) < 0) {
        return -1;
    }
    render->depth++;
    render->steps++;
    int rc = 0;
    for (uint32_t at = from; at < to && rc == 0; at = program.ops[at].end) {
        rc = functions[program.ops[at].kind](render, program, at);
    }
    render->depth--;
    return rc;
}

int render_run(struct render *render, struct program program)
{
    return run(render, program, 0, program.count);
}

static struct render begin(const struct theme *theme, struct buf *out, struct str language,
                           const struct value *values)
{
    return (struct render){.theme = theme,
                           .language = theme_find_language(theme, language),
                           .out = out,
                           .start = out->n,
                           .indent = BUF_EMPTY,
                           .stack = {values},
                           .stack_count = 1};
}

int theme_render(const struct theme *theme, struct buf *out, struct str name, struct str language,
                 const struct value *values, struct fault *fault)
{
    ptrdiff_t number = names_find(&theme->template_names, name);
    if (number < 0 || theme->templates[number]->state == TEMPLATE_UNKNOWN) {
        return fault_set(fault, "there is no template \"%.*s\"", STR_ARG(name));
    }
    struct render render = begin(theme, out, language, values);
    render.fault = fault;
    struct op whole = {.kind = OP_PARTIAL, .index = (uint32_t)number};
    int rc = include(&render, &whole, NULL);
    if (rc < 0) {
        buf_truncate(out, render.start);
    }
    buf_free(&render.indent);
    return rc;
}

struct str theme_string(const struct theme *theme, struct str language, const char *key)
{
    ptrdiff_t number = names_find(&theme->string_keys, str_of(key));
    const struct string *string =
        number < 0 ? NULL : theme_find_string(theme_find_language(theme, language), (size_t)number);
    return string != NULL ? string->text : str_of(key);
}

void theme_format(const struct theme *theme, struct buf *out, struct str language, const char *key,
                  const struct value *values)
{
    struct render render = begin(theme, out, language, values);
    ptrdiff_t number = names_find(&theme->string_keys, str_of(key));
    const struct string *string =
        number < 0 ? NULL : theme_find_string(render.language, (size_t)number);
    if (string != NULL) {
        show_string(&render, string->plain);
    } else {
        buf_add_text(out, key);
    }
}
