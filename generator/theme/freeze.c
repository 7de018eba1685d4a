/*
 * Rendering with some values missing: every instruction does here what it does in render.c, and
 * where it must wait for a value, writes an instruction that will do it.
 */
#include "theme/frozen.h"

#include "base/escape.h"

#include <stdlib.h>
#include <string.h>

enum { FROZEN_BYTES_MAX = 4 << 20 };

/* Where names are looked up: a known value, or one that comes later (NULL). */
struct context {
    const struct value *value;
    const struct key *path; /* from the outermost map to the value */
    size_t path_count;
    bool has_path; /* an item of a known list has none */
};

/* What a name stands for. */
struct found {
    const struct value *value; /* NULL: nothing, or not known */
    bool is_unknown;
    struct context way; /* how it is reached; of an unknown one, the name to ask for later */
};

struct frozen_op {
    enum op_kind kind;
    size_t end, first, second, part_count;
};

struct freezer {
    const struct theme *theme;
    const struct language_strings *language;
    struct arena arena;
    struct frozen_op *ops;
    size_t op_count;
    struct str *parts;
    size_t part_count;
    struct buf pool; /* the finished text */
    bool is_open;    /* text that comes goes on with the last instruction */
    struct buf indent;
    size_t indent_from;
    const struct arguments *arguments;
    struct context stack[THEME_DEPTH_LIMIT + 2];
    size_t stack_count;
    size_t depth;
    const char *constant;
    struct fault *fault;
};

typedef int freeze_function(struct freezer *freezer, struct program program, uint32_t at);

static int run(struct freezer *freezer, struct program program, uint32_t from, uint32_t to);

struct value *value_unknown(struct arena *arena)
{
    struct value *value = arena_alloc(arena, sizeof *value);
    value->kind = VALUE_UNKNOWN;
    return value;
}

static struct frozen_op *add_op(struct freezer *freezer, enum op_kind kind)
{
    freezer->ops =
        arena_grow(&freezer->arena, freezer->ops, freezer->op_count, sizeof *freezer->ops);
    struct frozen_op *op = &freezer->ops[freezer->op_count++];
    *op = (struct frozen_op){.kind = kind, .end = freezer->op_count};
    freezer->is_open = kind == OP_TEXT;
    return op;
}

static void add_text(struct freezer *freezer, struct str text)
{
    if (text.n == 0) {
        return;
    }
    if (!freezer->is_open) {
        add_op(freezer, OP_TEXT)->first = freezer->pool.n;
    }
    buf_add(&freezer->pool, text);
    freezer->ops[freezer->op_count - 1].second += text.n;
}

/* An instruction on the name that `way` asks for. */
static size_t add_waiting(struct freezer *freezer, enum op_kind kind, const struct context *way)
{
    struct frozen_op *op = add_op(freezer, kind);
    size_t place = freezer->op_count - 1;
    op->first = freezer->part_count;
    op->part_count = way->path_count;
    for (size_t i = 0; i < way->path_count; i++) {
        freezer->parts = arena_grow(&freezer->arena, freezer->parts, freezer->part_count,
                                    sizeof *freezer->parts);
        freezer->parts[freezer->part_count++] = way->path[i].text;
    }
    return place;
}

/* The way of `from`, and the name's parts behind it. */
static struct context way_of(struct freezer *freezer, const struct context *from,
                             const struct op *op)
{
    size_t count = from->path_count + op->name_count;
    struct key *path = arena_array(&freezer->arena, count + 1, sizeof *path);
    if (from->path_count > 0) {
        memcpy(path, from->path, from->path_count * sizeof *path);
    }
    memcpy(path + from->path_count, op->name, op->name_count * sizeof *path);
    return (struct context){NULL, path, count, from->has_path};
}

/* The rest of a name, once its first part was found. */
static int follow(struct freezer *freezer, struct found *out, const struct context *from,
                  const struct value *value, const struct op *op)
{
    out->way = way_of(freezer, from, op);
    for (size_t i = 1; i < op->name_count; i++) {
        const struct value *part = NULL;
        if (value != NULL && value->kind == VALUE_UNKNOWN) {
            break;
        }
        value = value_get(&part, value, &op->name[i]) ? part : NULL;
    }
    out->is_unknown = value != NULL && value->kind == VALUE_UNKNOWN;
    out->value = out->is_unknown ? NULL : value;
    out->way.value = out->value;
    return !out->is_unknown || from->has_path
               ? 0
               : fault_set(freezer->fault, "\"%.*s\" is not known, in an item of a known list",
                           STR_ARG(op->name[0].text));
}

/* Past what is not known, only the constant is sure to be what the name stands for. */
static int look_up(struct freezer *freezer, struct found *out, const struct op *op)
{
    static const struct context nowhere = {.has_path = true};
    const struct context *top = &freezer->stack[freezer->stack_count - 1];
    *out = (struct found){.value = top->value, .is_unknown = top->value == NULL, .way = nowhere};
    if (op->name_count == 0) {
        out->way.value = top->value;
        out->way.has_path = false;
        return 0;
    }
    bool is_past_unknown = false;
    for (size_t i = freezer->stack_count; i > 0; i--) {
        const struct context *context = &freezer->stack[i - 1];
        const struct value *value = NULL;
        if (context->value == NULL) {
            is_past_unknown = true;
        } else if (value_get(&value, context->value, &op->name[0])) {
            bool is_constant = i == 1 && str_equal(op->name[0].text, str_of(freezer->constant));
            if (!is_past_unknown || is_constant) {
                return follow(freezer, out, context, value, op);
            }
            if (i > 1) {
                return fault_set(freezer->fault, "\"%.*s\" may be in what is not known",
                                 STR_ARG(op->name[0].text));
            }
        }
    }
    *out = (struct found){.is_unknown = is_past_unknown, .way = way_of(freezer, &nowhere, op)};
    return 0;
}

static int show_string_of(struct freezer *freezer, struct program program);

static int show(struct freezer *freezer, const struct found *found, bool is_raw)
{
    struct buf text = BUF_EMPTY;
    const struct value *value = found->value;
    if (found->is_unknown) {
        add_waiting(freezer, is_raw ? OP_RAW : OP_ESCAPED, &found->way);
    } else if (value != NULL && value->kind == VALUE_STRING) {
        return show_string_of(freezer, is_raw ? value->string->plain : value->string->html);
    } else {
        struct render render = {.out = &text};
        show_value(&render, value, is_raw);
        add_text(freezer, buf_str(&text));
    }
    buf_free(&text);
    return 0;
}

/* What show_string does. */
static int show_string_of(struct freezer *freezer, struct program program)
{
    for (uint32_t i = 0; i < program.count; i++) {
        const struct op *op = &program.ops[i];
        struct found found;
        if (op->kind == OP_TEXT) {
            add_text(freezer, op->text);
            continue;
        }
        if (look_up(freezer, &found, op) != 0) {
            return -1;
        }
        bool is_itself = found.value != NULL && found.value->kind == VALUE_STRING;
        if (!is_itself && show(freezer, &found, op->kind == OP_RAW) != 0) {
            return -1;
        }
    }
    return 0;
}

static void add_indent(struct freezer *freezer)
{
    add_text(freezer, str_from(buf_str(&freezer->indent), freezer->indent_from));
}

static int do_text(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct op *op = &program.ops[at];
    struct str rest = op->text;
    bool is_line = op->is_line;
    while (rest.n > 0) {
        ptrdiff_t end = str_find_char(rest, '\n');
        size_t n = end < 0 ? rest.n : (size_t)end + 1;
        if (is_line) {
            add_indent(freezer);
        }
        add_text(freezer, str_slice(rest, 0, n));
        rest = str_from(rest, n);
        is_line = true;
    }
    return 0;
}

static int do_indent(struct freezer *freezer, struct program program, uint32_t at)
{
    (void)program;
    (void)at;
    add_indent(freezer);
    return 0;
}

static int do_variable(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct op *op = &program.ops[at];
    struct found found;
    return look_up(freezer, &found, op) == 0 ? show(freezer, &found, op->kind == OP_RAW) : -1;
}

static int run_with(struct freezer *freezer, struct program program, uint32_t at,
                    struct context item)
{
    freezer->stack[freezer->stack_count++] = item;
    int rc = run(freezer, program, at + 1, program.ops[at].end);
    freezer->stack_count--;
    return rc;
}

/* A section that must wait, with its body. */
static int wait_section(struct freezer *freezer, struct program program, uint32_t at,
                        const struct found *found, enum op_kind kind)
{
    size_t place = add_waiting(freezer, kind, &found->way);
    int rc = kind == OP_SECTION ? run_with(freezer, program, at, (struct context){.value = NULL})
                                : run(freezer, program, at + 1, program.ops[at].end);
    freezer->ops[place].end = freezer->op_count;
    freezer->is_open = false;
    return rc;
}

static int run_section(struct freezer *freezer, struct program program, uint32_t at,
                       const struct found *found)
{
    const struct value *value = found->value;
    if (!show_is_true(value)) {
        return 0;
    }
    if (value->kind != VALUE_LIST) {
        return run_with(freezer, program, at, found->way);
    }
    for (size_t i = 0; i < value->count; i++) {
        const struct context item = {.value = value->items[i]};
        if (item.value == NULL || item.value->kind == VALUE_UNKNOWN) {
            return fault_set(freezer->fault, "an item of a known list is not known");
        }
        if (run_with(freezer, program, at, item) < 0) {
            return -1;
        }
    }
    return 0;
}

static int do_section(struct freezer *freezer, struct program program, uint32_t at)
{
    struct found found;
    if (look_up(freezer, &found, &program.ops[at]) != 0) {
        return -1;
    }
    return found.is_unknown ? wait_section(freezer, program, at, &found, OP_SECTION)
                            : run_section(freezer, program, at, &found);
}

static int do_inverted(struct freezer *freezer, struct program program, uint32_t at)
{
    struct found found;
    if (look_up(freezer, &found, &program.ops[at]) != 0) {
        return -1;
    }
    if (found.is_unknown) {
        return wait_section(freezer, program, at, &found, OP_INVERTED);
    }
    return show_is_true(found.value) ? 0 : run(freezer, program, at + 1, program.ops[at].end);
}

static const struct string *find_string(const struct freezer *freezer, const struct op *op)
{
    return theme_find_string(freezer->language, op->index);
}

static int do_string(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct op *op = &program.ops[at];
    const struct string *string = find_string(freezer, op);
    if (string == NULL) {
        add_text(freezer, freezer->theme->string_keys.all[op->index]);
        return 0;
    }
    return show_string_of(freezer, op->kind == OP_STRING_RAW ? string->plain : string->html);
}

static int do_string_section(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct string *string = find_string(freezer, &program.ops[at]);
    const struct found found = {.value = string != NULL ? &string->value : NULL,
                                .way = {.value = string != NULL ? &string->value : NULL}};
    return run_section(freezer, program, at, &found);
}

static int do_string_inverted(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct string *string = find_string(freezer, &program.ops[at]);
    bool is_true = string != NULL && show_is_true(&string->value);
    return is_true ? 0 : run(freezer, program, at + 1, program.ops[at].end);
}

static int run_indented(struct freezer *freezer, struct program program, uint32_t from, uint32_t to,
                        struct str more, bool is_line)
{
    size_t indent_from = freezer->indent_from, n = freezer->indent.n;
    if (is_line) {
        buf_add(&freezer->indent, more);
    } else {
        freezer->indent_from = n;
    }
    int rc = run(freezer, program, from, to);
    buf_truncate(&freezer->indent, n);
    freezer->indent_from = indent_from;
    return rc;
}

static int include(struct freezer *freezer, const struct op *op, const struct arguments *arguments)
{
    const struct template *template = freezer->theme->templates[op->index];
    if (template->state == TEMPLATE_BROKEN) {
        return fault_set(freezer->fault, "the template \"%.*s\" has errors",
                         STR_ARG(freezer->theme->template_names.all[op->index]));
    }
    const struct arguments *outer = freezer->arguments;
    freezer->arguments = arguments;
    int rc =
        run_indented(freezer, template->program, 0, template->program.count, op->text, op->is_line);
    freezer->arguments = outer;
    return rc;
}

static int do_partial(struct freezer *freezer, struct program program, uint32_t at)
{
    return include(freezer, &program.ops[at], freezer->arguments);
}

static int do_parent(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct op *op = &program.ops[at];
    struct arguments arguments = {freezer->arguments, program, at + 1, op->end};
    return include(freezer, op, &arguments);
}

static int do_block(struct freezer *freezer, struct program program, uint32_t at)
{
    const struct op *block = &program.ops[at];
    uint32_t index = 0;
    const struct arguments *found = show_find_argument(&index, freezer->arguments, block);
    if (found == NULL) {
        return run(freezer, program, at + 1, block->end);
    }
    const struct op *argument = &found->program.ops[index];
    if (block->is_line && !argument->is_own_line && argument->end > index + 1) {
        add_indent(freezer);
        add_text(freezer, block->text);
    }
    const struct arguments *inner = freezer->arguments;
    freezer->arguments = found->outer;
    int rc = run_indented(freezer, found->program, index + 1, argument->end, block->text,
                          block->is_line);
    freezer->arguments = inner;
    return rc;
}

static freeze_function *const functions[OP_KIND_COUNT] = {
    [OP_TEXT] = do_text,
    [OP_INDENT] = do_indent,
    [OP_ESCAPED] = do_variable,
    [OP_RAW] = do_variable,
    [OP_SECTION] = do_section,
    [OP_INVERTED] = do_inverted,
    [OP_STRING] = do_string,
    [OP_STRING_RAW] = do_string,
    [OP_STRING_SECTION] = do_string_section,
    [OP_STRING_INVERTED] = do_string_inverted,
    [OP_PARTIAL] = do_partial,
    [OP_PARENT] = do_parent,
    [OP_BLOCK] = do_block,
};

static int run(struct freezer *freezer, struct program program, uint32_t from, uint32_t to)
{
    if (freezer->depth == THEME_DEPTH_LIMIT) {
        return fault_set(freezer->fault, "templates nest deeper than %d", THEME_DEPTH_LIMIT);
    }
    if (freezer->pool.n + freezer->op_count * sizeof *freezer->ops > FROZEN_BYTES_MAX) {
        return fault_set(freezer->fault, "a page is larger than %d bytes", FROZEN_BYTES_MAX);
    }
    freezer->depth++;
    int rc = 0;
    for (uint32_t at = from; at < to && rc == 0; at = program.ops[at].end) {
        rc = functions[program.ops[at].kind](freezer, program, at);
    }
    freezer->depth--;
    return rc;
}

struct frozen_pair {
    struct str key, text;
};

struct frozen_pairs {
    struct arena *arena;
    struct str language, prefix;
    struct frozen_pair *v;
    size_t count;
};

static void add_pair(void *context, struct str language, struct str key, struct str text)
{
    struct frozen_pairs *pairs = context;
    if (str_equal(language, pairs->language) && str_starts(key, pairs->prefix)) {
        pairs->v = arena_grow(pairs->arena, pairs->v, pairs->count, sizeof *pairs->v);
        pairs->v[pairs->count++] = (struct frozen_pair){key, text};
    }
}

static int compare_pairs(const void *a, const void *b)
{
    return str_compare(((const struct frozen_pair *)a)->key, ((const struct frozen_pair *)b)->key);
}

static void write_number(struct buf *out, size_t number)
{
    for (int i = 0; i < FROZEN_NUMBER; i++) {
        buf_add_char(out, (char)(number >> (8 * i) & 0xff));
    }
}

/* Where the text will stand, which is put behind all others. */
static void write_text(struct buf *out, struct buf *pool, struct str text)
{
    write_number(out, pool->n);
    write_number(out, text.n);
    buf_add(pool, text);
}

static void write_page(struct buf *out, struct freezer *freezer, const struct frozen_pairs *pairs)
{
    write_number(out, FROZEN_MARK);
    write_number(out, freezer->op_count);
    write_number(out, freezer->part_count);
    write_number(out, pairs->count);
    for (size_t i = 0; i < freezer->op_count; i++) {
        const struct frozen_op *op = &freezer->ops[i];
        write_number(out, op->part_count << FROZEN_KIND_BITS | op->kind);
        write_number(out, op->end);
        write_number(out, op->first);
        write_number(out, op->second);
    }
    for (size_t i = 0; i < freezer->part_count; i++) {
        write_text(out, &freezer->pool, freezer->parts[i]);
    }
    for (size_t i = 0; i < pairs->count; i++) {
        write_text(out, &freezer->pool, pairs->v[i].key);
        write_text(out, &freezer->pool, pairs->v[i].text);
    }
    buf_add(out, buf_str(&freezer->pool));
}

static void begin(struct freezer *freezer, const struct theme *theme,
                  const struct freeze_request *request, struct fault *fault)
{
    *freezer = (struct freezer){.theme = theme,
                                .language = theme_find_language(theme, request->language),
                                .constant = request->constant,
                                .pool = BUF_EMPTY,
                                .indent = BUF_EMPTY,
                                .stack_count = 1,
                                .fault = fault};
    freezer->stack[0] = (struct context){.value = request->known, .has_path = true};
}

int theme_freeze(const struct theme *theme, struct buf *out, const struct freeze_request *request,
                 struct fault *fault)
{
    ptrdiff_t number = names_find(&theme->template_names, request->name);
    if (number < 0 || theme->templates[number]->state == TEMPLATE_UNKNOWN) {
        return fault_set(fault, "there is no template \"%.*s\"", STR_ARG(request->name));
    }
    struct freezer *freezer = calloc(1, sizeof *freezer);
    if (freezer == NULL) {
        arena_out_of_memory();
    }
    begin(freezer, theme, request, fault);
    struct op whole = {.kind = OP_PARTIAL, .index = (uint32_t)number};
    int rc = include(freezer, &whole, NULL);
    if (rc == 0) {
        struct frozen_pairs pairs = {.arena = &freezer->arena,
                                     .language = request->language,
                                     .prefix = str_of(request->strings)};
        theme_visit_strings(theme, add_pair, &pairs);
        if (pairs.count > 0) {
            qsort(pairs.v, pairs.count, sizeof *pairs.v, compare_pairs);
        }
        write_page(out, freezer, &pairs);
    }
    buf_free(&freezer->pool);
    buf_free(&freezer->indent);
    arena_free(&freezer->arena);
    free(freezer);
    return rc;
}
