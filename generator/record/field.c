#include "record/field.h"

#include "base/path.h"
#include "record/number.h"
#include "record/suggest.h"

/* What a function for one type gets. */
struct given {
    struct field_reader *reader;
    const struct schema_field *row;
    struct str name;
    const struct yaml_node *node;
    struct place place;
};

static bool refuse(const struct given *given, enum diag_code code)
{
    diag_add(given->reader->diag, code, given->place, DIAG_WITH(given->name, given->node->text));
    return false;
}

/* Turns what number.h says into a fault, a note or nothing. */
static bool accept(const struct given *given, enum number_result result, enum diag_code bad,
                   struct str read_as)
{
    switch (result) {
    case NUMBER_RESULT_PLAIN:
        return true;
    case NUMBER_RESULT_KIND:
        diag_add(given->reader->diag, DIAG_VALUE_READ_AS, given->place,
                 DIAG_WITH(given->name, given->node->text, read_as));
        return true;
    case NUMBER_RESULT_LARGE:
        return refuse(given, DIAG_NUMBER_LARGE);
    case NUMBER_RESULT_DECIMALS:
        return refuse(given, DIAG_MONEY_DECIMALS);
    case NUMBER_RESULT_NO_DAY:
        return refuse(given, DIAG_DATE_IMPOSSIBLE);
    case NUMBER_RESULT_SHORT:
        return refuse(given, DIAG_DATE_SHORT_YEAR);
    default:
        return refuse(given, bad);
    }
}

static bool read_text(struct record_field *out, const struct given *given)
{
    out->text = str_trim(given->node->text);
    return true;
}

static struct str date_text(struct arena *arena, struct date date)
{
    char text[DATE_TEXT_SIZE];
    return arena_copy(arena, str_of(date_format(text, date)));
}

static bool read_date(struct record_field *out, const struct given *given)
{
    struct arena *arena = given->reader->arena;
    struct date date = {0};
    enum number_result result = number_date(&date, arena, given->node->text);
    if (result >= NUMBER_RESULT_KIND) {
        out->text = date_text(arena, date);
        out->number = date_to_days(date);
    }
    return accept(given, result, DIAG_DATE_FORM, out->text);
}

static bool read_time(struct record_field *out, const struct given *given)
{
    enum number_result result =
        number_time(&out->text, &out->number, given->reader->arena, given->node->text);
    return accept(given, result, DIAG_TIME_FORM, out->text);
}

static bool read_integer(struct record_field *out, const struct given *given)
{
    struct arena *arena = given->reader->arena;
    enum number_result result = number_integer(&out->number, arena, given->node->text);
    out->text = arena_printf(arena, "%lld", (long long)out->number);
    return accept(given, result, DIAG_INTEGER_FORM, out->text);
}

static bool read_number(struct record_field *out, const struct given *given)
{
    enum number_result result =
        number_decimal(&out->text, &out->number, given->reader->arena, given->node->text);
    return accept(given, result, DIAG_NUMBER_FORM, out->text);
}

static bool read_money(struct record_field *out, const struct given *given)
{
    struct arena *arena = given->reader->arena;
    enum number_result result = number_money(&out->number, arena, given->node->text);
    long long fen = out->number < 0 ? -out->number : out->number;
    out->text =
        arena_printf(arena, "%s%lld.%02lld", out->number < 0 ? "-" : "", fen / 100, fen % 100);
    return accept(given, result, DIAG_MONEY_FORM, out->text);
}

static bool read_boolean(struct record_field *out, const struct given *given)
{
    static const struct word {
        const char *text;
        bool value;
    } words[] = {{"true", true}, {"false", false}, {"yes", true},  {"no", false},
                 {"是", true},   {"否", false},    {"on", true},   {"off", false},
                 {"有", true},   {"无", false},    {"不是", false}};
    struct str text = str_trim(given->node->text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_nocase(text, str_of(words[i].text))) {
            out->number = words[i].value;
            out->text = words[i].value ? STR("true") : STR("false");
            return true;
        }
    }
    return refuse(given, DIAG_BOOLEAN_FORM);
}

/* Tells that a name is unknown, with what was probably meant. */
static bool refuse_name(const struct given *given, enum diag_code unknown, enum diag_code misspelt,
                        const struct suggest_list *near)
{
    diag_add(given->reader->diag, near->count > 0 ? misspelt : unknown, given->place,
             DIAG_WITH(near->wanted, suggest_list_text(near, given->reader->arena)));
    return false;
}

/* Keys are what clerks of a Chinese site never see. */
static void offer_name(struct suggest_list *near, struct str name, struct str key)
{
    bool is_latin = near->wanted.n > 0 && (unsigned char)near->wanted.p[0] < 0x80;
    suggest_list_offer(near, name);
    if (is_latin) {
        suggest_list_offer(near, key);
    }
}

static bool read_org(struct record_field *out, const struct given *given)
{
    const struct config *config = given->reader->config;
    out->text = str_trim(given->node->text);
    const struct config_org *org = config_org(config, out->text);
    if (org != NULL) {
        out->text = org->key;
    }
    if (org != NULL || !config->is_given) {
        return true;
    }
    struct suggest_list near = {.wanted = out->text};
    for (size_t i = 0; i < config->org_count; i++) {
        offer_name(&near, config->orgs[i].name, config->orgs[i].key);
    }
    return refuse_name(given, DIAG_ORG_UNKNOWN, DIAG_ORG_MISSPELT, &near);
}

static bool read_item(struct record_field *out, const struct given *given)
{
    const struct config *config = given->reader->config;
    out->text = str_trim(given->node->text);
    const struct config_item *item = config_item(config, out->text);
    if (item != NULL) {
        out->text = item->key;
    }
    if (item != NULL || !config->is_given) {
        return true;
    }
    struct suggest_list near = {.wanted = out->text};
    for (size_t i = 0; i < config->item_count; i++) {
        offer_name(&near, config->items[i].name, config->items[i].key);
    }
    return refuse_name(given, DIAG_ITEM_UNKNOWN, DIAG_ITEM_MISSPELT, &near);
}

static bool read_period(struct record_field *out, const struct given *given)
{
    struct date first = {0};
    enum number_result result =
        number_period(&out->text, &first, given->reader->arena, given->node->text);
    if (result >= NUMBER_RESULT_KIND) {
        out->number = date_to_days(first);
    }
    return accept(given, result, DIAG_PERIOD_FORM, out->text);
}

/* The choices as a sentence: in English where the value was, else in Chinese. */
static struct str choices_text(const struct given *given)
{
    struct str text = given->node->text;
    bool is_english = text.n > 0 && (unsigned char)text.p[0] < 0x80;
    struct buf buf = BUF_EMPTY;
    for (size_t i = 0; i < given->row->value_count; i++) {
        const struct schema_choice *choice = &given->row->values[i];
        buf_add_text(&buf, i == 0 ? "" : is_english ? ", " : "、");
        buf_add(&buf, is_english ? choice->key : choice->zh);
    }
    struct str copy = arena_copy(given->reader->arena, buf_str(&buf));
    buf_free(&buf);
    return copy;
}

static bool read_choice(struct record_field *out, const struct given *given)
{
    const struct schema_choice *choice = schema_choice(given->row, str_trim(given->node->text));
    if (choice != NULL) {
        out->text = choice->key;
        return true;
    }
    struct suggest_list near = {.wanted = str_trim(given->node->text)};
    for (size_t i = 0; i < given->row->value_count; i++) {
        offer_name(&near, given->row->values[i].zh, given->row->values[i].key);
    }
    diag_add(given->reader->diag, near.count > 0 ? DIAG_CHOICE_MISSPELT : DIAG_CHOICE_UNKNOWN,
             given->place,
             DIAG_WITH(given->name, given->node->text, choices_text(given),
                       suggest_list_text(&near, given->reader->arena)));
    return false;
}

static bool is_markdown(struct str path)
{
    return str_ends_nocase(path, STR(".md")) || str_ends_nocase(path, STR(".markdown"));
}

static void add_link(struct field_reader *reader, struct str target, struct str text,
                     struct place place)
{
    reader->links =
        arena_grow(reader->arena, reader->links, reader->link_count, sizeof *reader->links);
    reader->links[reader->link_count++] =
        (struct record_link){target, text, place, !is_markdown(target), false};
}

static bool is_there(struct field_reader *reader, struct str path)
{
    const struct record_resolver *resolver = reader->resolver;
    return resolver == NULL || resolver->address == NULL ||
           resolver->address(resolver->context, reader->arena, path).n > 0;
}

static bool is_withheld(struct field_reader *reader, struct str path)
{
    const struct record_resolver *resolver = reader->resolver;
    return resolver->is_withheld != NULL && resolver->is_withheld(resolver->context, path);
}

static bool read_link(struct record_field *out, const struct given *given)
{
    struct field_reader *reader = given->reader;
    out->text = str_trim(given->node->text);
    bool is_local = str_find(out->text, STR("://")) < 0 && str_find_char(out->text, '\\') < 0;
    struct str target;
    if (!is_local || !path_resolve(&target, reader->arena, reader->path, out->text) ||
        target.n == 0) {
        return refuse(given, DIAG_FIELD_LINK_OUTSIDE);
    }
    /* Where nothing is there too, as in the body: what comes later is then known to be meant. */
    add_link(reader, target, out->text, given->place);
    if (!is_there(reader, target)) {
        return refuse(given, is_withheld(reader, target) ? DIAG_FIELD_LINK_WITHHELD
                                                         : DIAG_FIELD_LINK_BROKEN);
    }
    return true;
}

static struct record_field *append(struct arena *arena, struct record_value *value)
{
    value->items = arena_grow(arena, value->items, value->count, sizeof *value->items);
    struct record_field *item = &value->items[value->count++];
    *item = (struct record_field){0};
    return item;
}

static const struct schema_field text_row = {.type = SCHEMA_TYPE_TEXT};
static const struct schema_field link_row = {.type = SCHEMA_TYPE_LINK};

static bool read_list_item(struct record_value *value, const struct given *list,
                           const struct yaml_node *node)
{
    const struct schema_field *row = list->row->of == SCHEMA_TYPE_LINK ? &link_row : &text_row;
    struct record_field item = {0};
    if (yaml_is_null(node)) {
        return true;
    }
    bool is_read = field_read(list->reader, &item, row, list->name, node);
    if (is_read && item.text.n > 0) {
        item.row = NULL;
        item.key = (struct str){NULL, 0};
        *append(list->reader->arena, value) = item;
    }
    return is_read;
}

/* "低保, 救助": cut at the commas that people use. */
static void split_list(struct record_value *value, const struct given *given)
{
    static const struct str marks[] = {
        {",", 1}, {"\xef\xbc\x8c", 3}, {"\xe3\x80\x81", 3}, {";", 1}, {"\xef\xbc\x9b", 3}};
    struct str rest = given->node->text;
    while (rest.n > 0) {
        size_t end = rest.n, next = rest.n;
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            ptrdiff_t at = str_find(rest, marks[i]);
            if (at >= 0 && (size_t)at < end) {
                end = (size_t)at;
                next = end + marks[i].n;
            }
        }
        struct str text = str_trim(str_slice(rest, 0, end));
        if (text.n > 0) {
            struct record_field *item = append(given->reader->arena, value);
            item->text = text;
            item->place = given->place;
        }
        rest = str_from(rest, next);
    }
}

static bool read_list(struct record_field *out, const struct given *given)
{
    out->value = arena_alloc(given->reader->arena, sizeof *out->value);
    if (given->node->kind == YAML_KIND_MAP) {
        return refuse(given, DIAG_FIELD_NOT_LIST);
    }
    if (given->node->kind == YAML_KIND_SCALAR && given->row->of != SCHEMA_TYPE_LINK) {
        split_list(out->value, given);
        return true;
    }
    if (given->node->kind == YAML_KIND_SCALAR) {
        return read_list_item(out->value, given, given->node);
    }
    bool is_read = true;
    for (size_t i = 0; i < given->node->count; i++) {
        is_read = read_list_item(out->value, given, &given->node->pairs[i].value) && is_read;
    }
    return is_read;
}

struct str field_names(struct arena *arena, const struct schema_field *row)
{
    struct str names = {NULL, 0};
    size_t count = 0;
    for (int turn = 0; turn < 2 && count == 0;
         turn++) { /* where none is required, the first ones */
        for (size_t i = 0; i < row->field_count && count < FIELD_NAMES_MAX; i++) {
            if (row->fields[i].is_required || turn > 0) {
                names = arena_printf(arena, "%.*s%s%.*s: …", STR_ARG(names),
                                     count++ > 0 ? "、" : "", STR_ARG(row->fields[i].zh));
            }
        }
    }
    return names;
}

/* One value where a group, or a list of groups, has to stand: the names of its fields are told. */
static bool refuse_group(const struct given *given, enum diag_code code)
{
    const struct yaml_node *node = given->node;
    struct str first = node->kind == YAML_KIND_MAP && node->count > 0 ? node->pairs[0].key.text
                                                                      : given->row->fields[0].zh;
    diag_add(given->reader->diag, code, given->place,
             DIAG_WITH(given->name, field_names(given->reader->arena, given->row), first));
    return false;
}

static bool read_map(struct record_field *out, const struct given *given)
{
    if (given->node->kind != YAML_KIND_MAP) {
        return refuse_group(given, DIAG_FIELD_NOT_GROUP);
    }
    out->value = field_read_map(given->reader, given->row, NULL, given->node);
    return true;
}

static bool read_maps(struct record_field *out, const struct given *given)
{
    if (given->node->kind != YAML_KIND_LIST) {
        return refuse_group(given, DIAG_FIELD_NOT_ITEMS);
    }
    bool is_read = true;
    out->value = arena_alloc(given->reader->arena, sizeof *out->value);
    for (size_t i = 0; i < given->node->count; i++) {
        const struct yaml_node *node = &given->node->pairs[i].value;
        struct given one = {given->reader, given->row, given->name, node,
                            yaml_place(given->reader->path, node)};
        struct record_field item = {.place = one.place};
        if (read_map(&item, &one)) {
            *append(given->reader->arena, out->value) = item;
        } else {
            is_read = false;
        }
    }
    return is_read;
}

static const struct type {
    bool (*read)(struct record_field *out, const struct given *given);
    bool is_group; /* takes lists and maps, not only single values */
} types[] = {
    [SCHEMA_TYPE_TEXT] = {read_text, false},       [SCHEMA_TYPE_DATE] = {read_date, false},
    [SCHEMA_TYPE_TIME] = {read_time, false},       [SCHEMA_TYPE_INTEGER] = {read_integer, false},
    [SCHEMA_TYPE_NUMBER] = {read_number, false},   [SCHEMA_TYPE_MONEY] = {read_money, false},
    [SCHEMA_TYPE_BOOLEAN] = {read_boolean, false}, [SCHEMA_TYPE_ORG] = {read_org, false},
    [SCHEMA_TYPE_ITEM] = {read_item, false},       [SCHEMA_TYPE_LIST] = {read_list, true},
    [SCHEMA_TYPE_MAP] = {read_map, true},          [SCHEMA_TYPE_MAPS] = {read_maps, true},
    [SCHEMA_TYPE_PERIOD] = {read_period, false},   [SCHEMA_TYPE_LINK] = {read_link, false},
    [SCHEMA_TYPE_CHOICE] = {read_choice, false},   [SCHEMA_TYPE_MARKDOWN] = {read_text, false},
};

bool field_read(struct field_reader *reader, struct record_field *out,
                const struct schema_field *row, struct str name, const struct yaml_node *node)
{
    struct given given = {reader, row, name, node, yaml_place(reader->path, node)};
    *out = (struct record_field){.row = row, .key = row->key, .place = given.place};
    const struct type *type = &types[row->type];
    if (!type->is_group && node->kind != YAML_KIND_SCALAR) {
        return refuse(&given, DIAG_FIELD_NOT_TEXT);
    }
    return type->read(out, &given);
}

void field_read_free(struct field_reader *reader, struct record_field *out, struct str name,
                     const struct yaml_node *node)
{
    *out = (struct record_field){.key = name, .place = yaml_place(reader->path, node)};
    if (node->kind == YAML_KIND_SCALAR) {
        out->text = str_trim(node->text);
        return;
    }
    out->value = arena_alloc(reader->arena, sizeof *out->value);
    out->value->items = arena_array(reader->arena, node->count, sizeof *out->value->items);
    out->value->count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        field_read_free(reader, &out->value->items[i], node->pairs[i].key.text,
                        &node->pairs[i].value);
    }
}
