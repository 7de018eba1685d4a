#include "theme/show.h"

#include "base/escape.h"

static const struct value *find_first(const struct render *render, const struct key *key)
{
    const struct value *found = NULL;
    for (size_t i = render->stack_count; i > 0; i--) {
        if (value_get(&found, render->stack[i - 1], key)) {
            return found;
        }
    }
    return NULL;
}

const struct value *show_look_up(const struct render *render, const struct op *op)
{
    if (op->name_count == 0) {
        return render->stack[render->stack_count - 1];
    }
    const struct value *value = find_first(render, &op->name[0]);
    for (size_t i = 1; i < op->name_count; i++) {
        const struct value *part = NULL;
        value = value_get(&part, value, &op->name[i]) ? part : NULL;
    }
    return value;
}

bool show_is_true(const struct value *value)
{
    if (value == NULL) {
        return false;
    }
    switch (value->kind) {
    case VALUE_TEXT:
    case VALUE_MARKUP:
        return value->text.n > 0;
    case VALUE_INT:
        return value->number != 0;
    case VALUE_BOOL:
        return value->is_true;
    case VALUE_LIST:
        return value->count > 0;
    case VALUE_STRING:
        return value->string->text.n > 0;
    default:
        return true;
    }
}

static void add_number(struct buf *out, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    buf_add(out, (struct str){digits + at, sizeof digits - at});
}

void show_value(struct render *render, const struct value *value, bool is_raw)
{
    if (value == NULL) {
        return;
    }
    switch (value->kind) {
    case VALUE_TEXT:
        if (!is_raw) {
            escape_html(render->out, value->text);
            break;
        }
        /* fall through */
    case VALUE_MARKUP:
        buf_add(render->out, value->text);
        break;
    case VALUE_INT:
        add_number(render->out, value->number);
        break;
    case VALUE_BOOL:
        buf_add(render->out, value->is_true ? STR("true") : STR("false"));
        break;
    case VALUE_STRING:
        show_string(render, is_raw ? value->string->plain : value->string->html);
        break;
    default: /* a list or a map has no text */
        break;
    }
}

void show_string(struct render *render, struct program program)
{
    for (uint32_t i = 0; i < program.count; i++) {
        const struct op *op = &program.ops[i];
        if (op->kind == OP_TEXT) {
            buf_add(render->out, op->text);
            continue;
        }
        const struct value *value = show_look_up(render, op);
        /* {{.}} inside a string that is itself the item of a section would never end. */
        if (value == NULL || value->kind != VALUE_STRING) {
            show_value(render, value, op->kind == OP_RAW);
        }
    }
}

const struct arguments *show_find_argument(uint32_t *out, const struct arguments *arguments,
                                           const struct op *block)
{
    const struct arguments *found = NULL;
    for (const struct arguments *a = arguments; a != NULL; a = a->outer) {
        for (uint32_t i = a->from; i < a->to; i = a->program.ops[i].end) {
            if (key_equal(a->program.ops[i].name, block->name)) {
                found = a;
                *out = i;
            }
        }
    }
    return found;
}
