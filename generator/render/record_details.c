/* A record's motions, the steps it is one of, what it is related to, and its remaining fields. */
#include "render/record_page.h"

#include <string.h>

static const struct schema_field *find_row(const struct render *render, struct str kind,
                                           struct str key)
{
    const struct schema *schema = render->site->schema;
    return schema_field(schema, schema_kind(schema, kind), key);
}

/* The name for people of a choice's value: Chinese on a Chinese site, else the key. */
static struct str choice_name(struct render *render, const struct schema_field *row,
                              struct str value)
{
    const struct schema_choice *choice =
        row == NULL || value.n == 0 ? NULL : schema_choice(row, value);
    return choice == NULL ? value : page_label(render, choice->key, choice->zh);
}

struct str record_choice_name(struct render *render, struct str kind, const char *field,
                              struct str value)
{
    return choice_name(render, find_row(render, kind, str_of(field)), value);
}

struct motion {
    struct render *render;
    const struct record_row *row;
    const struct field_node *node;
    const struct schema_field *schema; /* of the list of motions */
    struct value *value;
};

static struct str motion_text(const struct motion *motion, const char *key)
{
    return fields_text_in(&motion->row->fields, motion->node, key);
}

static struct str motion_choice(const struct motion *motion, const char *key)
{
    const struct schema_field *row =
        motion->schema == NULL ? NULL : schema_subfield(motion->schema, str_of(key));
    return choice_name(motion->render, row, motion_text(motion, key));
}

static bool set_votes(const struct motion *motion)
{
    static const char *const votes[] = {"yes", "no", "abstain"};
    struct arena *arena = &motion->render->arena;
    bool has_votes = false;
    for (size_t i = 0; i < sizeof votes / sizeof votes[0]; i++) {
        long count = str_number(motion_text(motion, votes[i]), 100000000);
        has_votes |= count >= 0;
        value_set_int(arena, motion->value, votes[i], count < 0 ? 0 : count);
    }
    value_set_bool(arena, motion->value, "has_votes", has_votes);
    return has_votes;
}

static void set_result(const struct motion *motion)
{
    struct arena *arena = &motion->render->arena;
    struct str result = motion_text(motion, "result");
    value_set_text(arena, motion->value, "result", motion_choice(motion, "result"));
    value_set_bool(arena, motion->value, "is_passed", str_equal(result, STR("passed")));
    value_set_bool(arena, motion->value, "is_rejected", str_equal(result, STR("rejected")));
    value_set_bool(arena, motion->value, "is_deferred", str_equal(result, STR("deferred")));
}

static bool set_deadline(const struct motion *motion, bool is_done)
{
    struct render *render = motion->render;
    struct date deadline;
    bool has_deadline = date_parse(&deadline, motion_text(motion, "deadline"));
    page_set_date(render, motion->value, "deadline", motion_text(motion, "deadline"));
    value_set_bool(&render->arena, motion->value, "is_overdue",
                   has_deadline && !is_done &&
                       date_to_days(deadline) < date_to_days(render->site->as_of));
    return has_deadline;
}

/* What else the motion says, in the schema's order. */
static bool set_motion_facts(const struct motion *motion)
{
    static const char *const keys[] = {"matter",      "origin",    "discussion",
                                       "amendments",  "rule",      "not_voting",
                                       "supervision", "done_date", "done_amount"};
    static const char *const defaults[] = {"value", "date", "link", NULL};
    struct arena *arena = &motion->render->arena;
    struct value *list = value_list(arena);
    bool has_any = false;
    for (size_t i = 0; motion->schema != NULL && i < sizeof keys / sizeof keys[0]; i++) {
        const struct field_node *node =
            fields_find(&motion->row->fields, motion->node, str_of(keys[i]));
        const struct schema_field *field = schema_subfield(motion->schema, str_of(keys[i]));
        if (node == NULL || field == NULL) {
            continue;
        }
        struct value *value = value_map(arena);
        value_set_text(arena, value, "label", page_label(motion->render, field->key, field->zh));
        record_field_value(motion->render, value, motion->row, field, node);
        page_set_defaults(motion->render, value, defaults);
        value_add(arena, list, value);
        has_any = true;
    }
    value_set(arena, motion->value, "facts", list);
    return has_any;
}

static void set_follow_up(const struct motion *motion)
{
    struct arena *arena = &motion->render->arena;
    struct value *done =
        record_link_value(motion->render, motion->row->path, motion_text(motion, "done_by"));
    struct str proposer = motion_text(motion, "proposer"),
               executor = motion_text(motion, "executor");
    struct str budget = page_money(motion->render, motion_text(motion, "budget"));
    value_set_text(arena, motion->value, "proposer", proposer);
    value_set_text(arena, motion->value, "executor", executor);
    value_set_text(arena, motion->value, "budget", budget);
    bool has_deadline = set_deadline(motion, done != NULL);
    bool has_facts = set_motion_facts(motion);
    value_set(arena, motion->value, "done_by", done == NULL ? value_bool(arena, false) : done);
    value_set_bool(arena, motion->value, "has_follow_up",
                   proposer.n + executor.n + budget.n > 0 || has_deadline || has_facts ||
                       done != NULL);
}

static bool add_motion(struct motion *motion, struct value *list, size_t number)
{
    static const char *const keys[] = {"deadline", NULL};
    struct arena *arena = &motion->render->arena;
    motion->value = value_map(arena);
    value_set_int(arena, motion->value, "number", (int64_t)number);
    value_set_text(arena, motion->value, "text", motion_text(motion, "text"));
    value_set_text(arena, motion->value, "decision", motion_text(motion, "decision"));
    value_set_text(arena, motion->value, "method", motion_choice(motion, "method"));
    set_result(motion);
    bool has_votes = set_votes(motion);
    set_follow_up(motion);
    page_set_defaults(motion->render, motion->value, keys);
    value_add(arena, list, motion->value);
    return has_votes || motion_text(motion, "result").n > 0;
}

bool record_motions_set(struct render *render, struct value *map, const struct record_row *row)
{
    const struct fields *fields = &row->fields;
    const struct field_node *motions =
        fields->count == 0 ? NULL : fields_find(fields, &fields->nodes[0], STR("motions"));
    struct motion motion = {render, row, NULL, find_row(render, row->kind, STR("motions")), NULL};
    struct value *list = value_list(&render->arena);
    size_t number = 0;
    bool has_results = false;
    while (motions != NULL && (motion.node = fields_next(fields, motions, motion.node)) != NULL) {
        number++;
        has_results |= add_motion(&motion, list, number);
    }
    page_set_list(render, map, "motions", "has_motions", list, number > 0);
    value_set_bool(&render->arena, map, "has_results", has_results);
    return has_results;
}

/* The steps before this one, followed by their `previous`; the first step first. */
static size_t walk_back(struct render *render, const struct record_row *row,
                        struct record_row *steps)
{
    size_t count = 0;
    struct str path = row->path, previous = fields_text(&row->fields, "previous");
    while (count < RECORD_STEPS_MAX && previous.n > 0) {
        struct str target;
        if (!path_resolve(&target, &render->arena, path, previous) ||
            str_equal(target, row->path) || !record_row_find(&steps[count], render, target)) {
            break;
        }
        path = steps[count].path;
        previous = fields_text(&steps[count].fields, "previous");
        count++;
    }
    for (size_t i = 0; i < count / 2; i++) {
        struct record_row swapped = steps[i];
        steps[i] = steps[count - 1 - i];
        steps[count - 1 - i] = swapped;
    }
    return count;
}

/* The record whose `previous` is `path`; of several the earliest. */
static bool find_next_step(struct record_row *out, struct render *render, struct str path)
{
    struct str candidates[RECORD_STEPS_MAX];
    size_t count = 0;
    struct query *query = database_query(
        render->db, "SELECT path FROM records WHERE id IN (SELECT record FROM links WHERE"
                    " target = ?1) AND json_extract(fields, '$.previous') IS NOT NULL"
                    " ORDER BY date, path LIMIT 12");
    query_bind_str(query, 1, path);
    while (query_next(query)) {
        candidates[count++] = arena_copy(&render->arena, query_str(query, 0));
    }
    for (size_t i = 0; i < count; i++) {
        if (!record_row_find(out, render, candidates[i])) {
            continue;
        }
        struct str previous = fields_text(&out->fields, "previous"), target;
        if (path_resolve(&target, &render->arena, out->path, previous) && str_equal(target, path)) {
            return true;
        }
    }
    return false;
}

static void add_step(struct render *render, struct value *list, const struct record_row *step,
                     bool is_current)
{
    static const char *const keys[] = {"date", NULL};
    struct arena *arena = &render->arena;
    struct value *value = value_map(arena);
    struct str held = fields_text(&step->fields, "held");
    struct str name =
        record_choice_name(render, step->kind, "step", fields_text(&step->fields, "step"));
    value_set_text(arena, value, "name", name);
    value_set_text(arena, value, "title", step->title);
    value_set_text(arena, value, "url", step->url);
    value_set_bool(arena, value, "is_current", is_current);
    page_set_date(render, value, "date", held.n > 0 ? held : step->date);
    page_set_defaults(render, value, keys);
    value_add(arena, list, value);
}

static void set_steps(struct render *render, struct value *map, const struct record_row *row)
{
    struct record_row steps[RECORD_STEPS_MAX];
    struct value *list = value_list(&render->arena);
    size_t before = walk_back(render, row, steps), after = 0;
    for (size_t i = 0; i < before; i++) {
        add_step(render, list, &steps[i], false);
    }
    add_step(render, list, row, true);
    struct record_row next;
    struct str path = row->path;
    bool has_step = fields_text(&row->fields, "step").n > 0 || before > 0;
    while (has_step && after < RECORD_STEPS_MAX && find_next_step(&next, render, path)) {
        add_step(render, list, &next, false);
        path = next.path;
        after++;
    }
    page_set_list(render, map, "steps", "has_steps", list, before + after > 0);
}

static void set_related(struct render *render, struct value *map, const struct record_row *row)
{
    const struct fields *fields = &row->fields;
    const struct field_node *related =
        fields->count == 0 ? NULL : fields_find(fields, &fields->nodes[0], STR("related"));
    const struct field_node *node = NULL;
    struct value *list = value_list(&render->arena);
    bool has_any = false;
    while (related != NULL && (node = fields_next(fields, related, node)) != NULL) {
        struct value *link = record_link_value(render, row->path, node->text);
        if (link != NULL) {
            value_add(&render->arena, list, link);
            has_any = true;
        }
    }
    page_set_list(render, map, "related", "has_related", list, has_any);
}

/* Fields that the page shows elsewhere, or that are no business of a reader. */
static bool is_shown_elsewhere(struct str key)
{
    static const char *const keys[] = {
        "title",       "kind",       "date",       "org",        "item",         "summary",
        "tags",        "categories", "draft",      "publish_at", "attachments",  "opening",
        "income",      "expense",    "closing",    "amount",     "notice_start", "notice_end",
        "review",      "contact",    "decided_by", "held",       "place",        "due",
        "present",     "motions",    "previous",   "related",    "withdrawn",    "board_tables",
        "board_place", "withdraws",  "corrects",   "exceptions", "attestations"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (str_equal(key, str_of(keys[i]))) {
            return true;
        }
    }
    return false;
}

/* The plain values of a map that stands in a list. */
static void add_parts(struct buf *text, const struct fields *fields, const struct field_node *map)
{
    const struct field_node *node = NULL;
    for (bool is_first = true; (node = fields_next(fields, map, node)) != NULL;) {
        if (node->is_plain && node->text.n > 0) {
            buf_add_text(text, is_first ? "" : " ");
            buf_add(text, node->text);
            is_first = false;
        }
    }
}

/* A list, of texts or of maps, or a map as one line. */
static struct str joined(struct render *render, const struct fields *fields,
                         const struct field_node *list)
{
    struct buf text = BUF_EMPTY;
    const struct field_node *node = NULL;
    while ((node = fields_next(fields, list, node)) != NULL) {
        size_t before = text.n;
        buf_add_text(&text, before > 0 ? "、" : "");
        size_t marked = text.n;
        if (node->is_plain) {
            buf_add(&text, node->text);
        } else {
            add_parts(&text, fields, node);
        }
        if (text.n == marked) {
            buf_truncate(&text, before);
        }
    }
    struct str copy = arena_copy(&render->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

void record_field_value(struct render *render, struct value *value, const struct record_row *row,
                        const struct schema_field *schema, const struct field_node *node)
{
    struct arena *arena = &render->arena;
    if (!node->is_plain) {
        value_set_text(arena, value, "value", joined(render, &row->fields, node));
        return;
    }
    switch (schema->type) {
    case SCHEMA_TYPE_DATE:
        page_set_date(render, value, "date", node->text);
        break;
    case SCHEMA_TYPE_LINK: {
        struct value *link = record_link_value(render, row->path, node->text);
        value_set(arena, value, "link", link == NULL ? value_bool(arena, false) : link);
        break;
    }
    case SCHEMA_TYPE_CHOICE:
        value_set_text(arena, value, "value", choice_name(render, schema, node->text));
        break;
    case SCHEMA_TYPE_MONEY:
        value_set_text(arena, value, "value", page_money(render, node->text));
        break;
    default:
        value_set_text(arena, value, "value", node->text);
    }
}

static void add_fields(struct render *render, struct value *list, const struct record_row *row,
                       const struct schema_field *rows, size_t count)
{
    static const char *const keys[] = {"value", "date", "link", NULL};
    const struct fields *fields = &row->fields;
    for (size_t i = 0; i < count; i++) {
        const struct field_node *node =
            fields->count == 0 ? NULL : fields_find(fields, &fields->nodes[0], rows[i].key);
        if (node == NULL || is_shown_elsewhere(rows[i].key)) {
            continue;
        }
        struct value *value = value_map(&render->arena);
        value_set_text(&render->arena, value, "label", page_label(render, rows[i].key, rows[i].zh));
        value_set_bool(&render->arena, value, "is_number",
                       rows[i].type == SCHEMA_TYPE_INTEGER || rows[i].type == SCHEMA_TYPE_NUMBER ||
                           rows[i].type == SCHEMA_TYPE_MONEY);
        record_field_value(render, value, row, &rows[i], node);
        page_set_defaults(render, value, keys);
        value_add(&render->arena, list, value);
    }
}

void record_details_set(struct render *render, struct value *map, const struct record_row *row)
{
    const struct schema *schema = render->site->schema;
    const struct schema_kind *kind = schema_kind(schema, row->kind);
    struct value *list = value_list(&render->arena);
    add_fields(render, list, row, schema->common, schema->common_count);
    if (kind != NULL && !record_kind_has_template(kind->key)) {
        add_fields(render, list, row, kind->fields, kind->field_count);
    }
    value_set(&render->arena, map, "fields", list);
    set_steps(render, map, row);
    set_related(render, map, row);
}
