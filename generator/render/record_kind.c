/*
 * What the page of a kind with a template of its own shows (themes/README.md, kinds): its fields by
 * key, and the rows of its table with what a chart of them needs.
 */
#include "render/record_page.h"

#include "base/utf8.h"

/* A table of the schema that a kind's page draws, and which column is the length of its bars. */
static const struct chart {
    struct str kind, table;
    const char *sql; /* rows of: label, figure; in order */
} charts[] = {
    {{"points", 6},
     {"points", 6},
     "SELECT ifnull(villager_group, ''), sum(month) FROM points WHERE path = ?1"
     " GROUP BY table_number, villager_group ORDER BY min(row_number)"},
    {{"grid", 4},
     {"grids", 5},
     "SELECT number, households FROM grids WHERE path = ?1 ORDER BY table_number, row_number"},
    {{"mediation_stat", 14},
     {"mediation", 9},
     "SELECT category, accepted FROM mediation WHERE path = ?1 ORDER BY table_number, row_number"},
    {{"indicator", 9},
     {"indicators", 10},
     "SELECT period, value FROM indicators WHERE path = ?1 ORDER BY table_number, period"},
};

enum { BARS_MAX = 200, LINE_WIDTH = 600, LINE_HEIGHT = 120, LINE_MARGIN = 10 };

struct bar {
    struct str label, text;
    double figure;
};

static size_t read_bars(struct render *render, const char *sql, struct str path, struct bar *bars)
{
    struct query *query = database_query(render->db, sql);
    size_t count = 0;
    query_bind_str(query, 1, path);
    while (count < BARS_MAX && query_next(query)) {
        struct str text = arena_copy(&render->arena, query_str(query, 1));
        double figure = query_real(query, 1);
        bool is_whole = text.n > 2 && str_ends(text, STR(".0"));
        bars[count++] =
            (struct bar){arena_copy(&render->arena, query_str(query, 0)),
                         is_whole ? str_slice(text, 0, text.n - 2) : text, figure < 0 ? 0 : figure};
    }
    query_reset(query);
    return count;
}

static double largest(const struct bar *bars, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        most = bars[i].figure > most ? bars[i].figure : most;
    }
    return most;
}

static double smallest(const struct bar *bars, size_t count)
{
    double least = count > 0 ? bars[0].figure : 0;
    for (size_t i = 0; i < count; i++) {
        least = bars[i].figure < least ? bars[i].figure : least;
    }
    return least;
}

/* "x,y x,y": from the left to the right, the least at the bottom, the most at the top. */
static struct str line_points(struct render *render, const struct bar *bars, size_t count)
{
    double least = smallest(bars, count), range = largest(bars, count) - least;
    struct buf points = BUF_EMPTY;
    for (size_t i = 0; i < count; i++) {
        double share = range > 0 ? (bars[i].figure - least) / range : 0.5;
        int x = count < 2 ? LINE_WIDTH / 2
                          : LINE_MARGIN + (int)((LINE_WIDTH - 2 * LINE_MARGIN) * i / (count - 1));
        int y = LINE_HEIGHT - LINE_MARGIN - (int)((LINE_HEIGHT - 2 * LINE_MARGIN) * share + 0.5);
        buf_printf(&points, "%s%d,%d", i > 0 ? " " : "", x, y);
    }
    struct str copy = arena_copy(&render->arena, buf_str(&points));
    buf_free(&points);
    return copy;
}

/* What stands at both ends of the line. */
static void set_line(struct render *render, struct value *map, const struct bar *bars, size_t count)
{
    static const struct bar nothing = {{"", 0}, {"", 0}, 0};
    const struct bar *first = count > 0 ? &bars[0] : &nothing;
    const struct bar *last = count > 0 ? &bars[count - 1] : &nothing;
    value_set_text(&render->arena, map, "line", line_points(render, bars, count));
    value_set_bool(&render->arena, map, "has_line", count > 1);
    value_set_text(&render->arena, map, "first_label", first->label);
    value_set_text(&render->arena, map, "first_figure", first->text);
    value_set_text(&render->arena, map, "last_label", last->label);
    value_set_text(&render->arena, map, "last_figure", last->text);
}

static void set_chart(struct render *render, struct value *map, const struct record_row *row)
{
    struct arena *arena = &render->arena;
    struct value *list = value_list(arena);
    struct bar *bars = arena_array(arena, BARS_MAX, sizeof *bars);
    size_t count = 0;
    for (size_t i = 0; i < sizeof charts / sizeof charts[0]; i++) {
        if (str_equal(charts[i].kind, row->kind)) {
            count = read_bars(render, charts[i].sql, row->path, bars);
        }
    }
    double most = largest(bars, count);
    for (size_t i = 0; i < count; i++) {
        struct value *bar = value_map(arena);
        int permille = most > 0 ? (int)(bars[i].figure / most * 1000 + 0.5) : 0;
        value_set_text(arena, bar, "label", bars[i].label);
        value_set_text(arena, bar, "figure", bars[i].text);
        value_set_int(arena, bar, "length", permille);
        value_add(arena, list, bar);
    }
    page_set_list(render, map, "bars", "has_bars", list, count > 0);
    set_line(render, map, bars, count);
}

static struct value *list_value(struct render *render, const struct record_row *row,
                                const struct field_node *list)
{
    struct value *items = value_list(&render->arena);
    const struct field_node *node = NULL;
    while ((node = fields_next(&row->fields, list, node)) != NULL) {
        struct value *item = value_map(&render->arena);
        struct value *link = record_link_value(render, row->path, node->text);
        value_set_text(&render->arena, item, "text", node->text);
        value_set(&render->arena, item, "link",
                  link == NULL ? value_bool(&render->arena, false) : link);
        value_add(&render->arena, items, item);
    }
    return items;
}

static void set_values(struct render *render, struct value *map, const struct record_row *row,
                       const struct schema_field *fields, size_t count,
                       const struct field_node *node);

static struct value *maps_value(struct render *render, const struct record_row *row,
                                const struct schema_field *field, const struct field_node *list)
{
    struct value *items = value_list(&render->arena);
    const struct field_node *node = NULL;
    int64_t number = 0;
    while ((node = fields_next(&row->fields, list, node)) != NULL) {
        struct value *item = value_map(&render->arena);
        number++;
        value_set_int(&render->arena, item, "number", number);
        set_values(render, item, row, field->fields, field->field_count, node);
        value_add(&render->arena, items, item);
    }
    return items;
}

/* Each field of `node` by its key; false for those that it does not have. */
static void set_values(struct render *render, struct value *map, const struct record_row *row,
                       const struct schema_field *fields, size_t count,
                       const struct field_node *node)
{
    static const char *const keys[] = {"value", "date", "link", "items", NULL};
    struct arena *arena = &render->arena;
    for (size_t i = 0; i < count; i++) {
        const struct schema_field *field = &fields[i];
        const struct field_node *found =
            node == NULL ? NULL : fields_find(&row->fields, node, field->key);
        struct str key = field->key;
        const char *name = arena_printf(arena, "%.*s", STR_ARG(key)).p;
        if (found == NULL) {
            value_set(arena, map, name, value_bool(arena, false));
            continue;
        }
        struct value *value = value_map(arena);
        value_set_text(arena, value, "label", page_label(render, key, field->zh));
        if (field->type == SCHEMA_TYPE_MAPS) {
            value_set(arena, value, "items", maps_value(render, row, field, found));
        } else if (field->type == SCHEMA_TYPE_LIST) {
            value_set(arena, value, "items", list_value(render, row, found));
        } else {
            record_field_value(render, value, row, field, found);
        }
        value_set_bool(arena, value, "is_yes",
                       field->type == SCHEMA_TYPE_BOOLEAN && str_equal(found->text, STR("1")));
        value_set_text(arena, value, "key", found->is_plain ? found->text : STR(""));
        page_set_defaults(render, value, keys);
        value_set(arena, map, name, value);
    }
}

static bool days_between(int64_t *out, struct str from, struct str to)
{
    struct date first, last;
    if (!date_parse(&first, from) || !date_parse(&last, to)) {
        return false;
    }
    *out = date_to_days(last) - date_to_days(first);
    return *out >= 0;
}

/* The day on which the first reply came, or the case was closed. */
static struct str answered(const struct record_row *row)
{
    const struct fields *fields = &row->fields;
    struct str closed = fields_text(fields, "closed");
    const struct field_node *replies = fields_find(fields, &fields->nodes[0], STR("replies"));
    const struct field_node *first = replies == NULL ? NULL : fields_next(fields, replies, NULL);
    return closed.n > 0 ? closed : fields_text_in(fields, first, "date");
}

static void set_duration(struct render *render, struct value *map, const struct record_row *row)
{
    int64_t days = 0;
    bool has_days = days_between(&days, fields_text(&row->fields, "received"), answered(row));
    value_set_bool(&render->arena, map, "has_days", has_days);
    value_set_int(&render->arena, map, "days_taken", days);
}

bool record_kind_has_template(struct str kind)
{
    return !str_equal(kind, STR("page")) && !str_equal(kind, STR("disclosure")) &&
           !str_equal(kind, STR("meeting"));
}

void record_kind_set(struct render *render, struct value *map, const struct record_row *row)
{
    const struct schema_kind *kind = schema_kind(render->site->schema, row->kind);
    bool has_template =
        kind != NULL && record_kind_has_template(kind->key) && row->fields.count > 0;
    value_set_bool(&render->arena, map, "has_kind", has_template);
    if (!has_template) {
        return;
    }
    struct arena *arena = &render->arena;
    struct value *of = value_map(arena), *values = value_map(arena);
    set_values(render, values, row, kind->fields, kind->field_count, &row->fields.nodes[0]);
    set_duration(render, values, row);
    set_chart(render, values, row);
    value_set(arena, of, arena_printf(arena, "%.*s", STR_ARG(kind->key)).p, values);
    value_set(arena, map, "of", of);
}
