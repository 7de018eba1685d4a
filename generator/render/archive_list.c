/* Which nodes are pages: all, or those that are touched; and which values have feeds. */
#include "render/archive_node.h"

/* Dates of one value that are touched: a run of touch->nodes, which is sorted. */
struct dates {
    const struct str *keys; /* NULL: all are */
    size_t count, prefix;   /* bytes of a key before its date */
    int64_t changes;        /* how many more or fewer records there are on the other side */
};

static bool is_touched(const struct dates *dates, struct str period)
{
    for (size_t i = 0; dates->keys != NULL && i < dates->count; i++) {
        if (str_starts(str_from(dates->keys[i], dates->prefix), period)) {
            return true;
        }
    }
    return dates->keys == NULL;
}

/*
 * Must all periods of the node be listed? Where the node may have had none before the change, or
 * may have none after it, all of them come or go at once.
 */
static bool is_whole(const struct node *node, const struct dates *dates, int64_t count)
{
    bool is_fixed = dimension_is_all(node->dimension) && node->period.n < 7;
    return dates->keys == NULL || node_is_day(node) ||
           (!is_fixed && count - dates->changes <= RENDER_LISTING_MAX);
}

static void list_node(struct render *render, struct output_list *list,
                      const struct output_kind *kind, const struct node *node, int64_t count,
                      const struct dates *dates)
{
    output_add_url(render, list, kind, node_key(render, node, node->period),
                   node_url(render, node, node->period));
    if (!node_has_periods(node, count)) {
        return;
    }
    struct node_periods periods = node_periods(render, node, count);
    bool is_all_touched = is_whole(node, dates, count);
    for (size_t i = 0; i < periods.count; i++) {
        struct str name = periods.items[i].name;
        struct node below = node_read(node_key(render, node, name));
        if (below.part > 0) {
            output_add_url(render, list, kind, node_key(render, node, name),
                           node_url(render, node, name));
        } else if (is_all_touched || is_touched(dates, below.period)) {
            list_node(render, list, kind, &below, periods.items[i].count, dates);
        }
    }
}

static int64_t count_all(struct render *render, const struct node *node)
{
    return tally_period(tally_of(render, node->dimension, node->value), STR("")).count;
}

static void list_value(struct render *render, struct output_list *list,
                       const struct output_kind *kind, const struct node *node,
                       const struct dates *dates)
{
    int64_t count = count_all(render, node);
    if (node_has_page(node, count)) {
        list_node(render, list, kind, node, count, dates);
    }
}

static void list_dimension(struct render *render, struct output_list *list,
                           const struct output_kind *kind, const struct dimension *dimension)
{
    struct set values = {0};
    struct query *query = database_query(render->db, dimension->values);
    while (query_next(query)) {
        set_add(&values, query_str(query, 0));
    }
    const struct dates all = {0};
    for (size_t i = 0; i < values.count; i++) {
        struct node node = {.dimension = dimension, .value = values.items[i]};
        list_value(render, list, kind, &node, &all);
    }
    set_free(&values);
}

/* The touched values one by one: `next` begins at 0 and is moved on; false at the end. */
static bool next_value(struct node *node, struct dates *dates, const struct touch *touch,
                       size_t *next)
{
    const struct set *nodes = &touch->nodes;
    if (*next >= nodes->count) {
        return false;
    }
    struct str key = nodes->items[*next];
    size_t prefix = (size_t)str_find_last_char(key, '\n') + 1, first = *next;
    while (*next < nodes->count && str_starts(nodes->items[*next], str_slice(key, 0, prefix))) {
        (*next)++;
    }
    *node = node_read(str_slice(key, 0, prefix));
    *dates = (struct dates){&nodes->items[first], *next - first, prefix, (int64_t)touch->slack};
    return true;
}

int archive_page_list(struct render *render, struct output_list *list,
                      const struct output_kind *kind, const struct touch *touch)
{
    const struct dimension *dimension;
    for (size_t i = 0; touch == NULL && (dimension = dimension_at(i)) != NULL; i++) {
        list_dimension(render, list, kind, dimension);
    }
    struct node node;
    struct dates dates;
    for (size_t next = 0; touch != NULL && next_value(&node, &dates, touch, &next);) {
        list_value(render, list, kind, &node, &dates);
    }
    return 0;
}

/*
 * Is any of the newest `most` touched? No, where as many are newer than all that is: those are the
 * same on both sides of the change, and so is the answer. What was withdrawn has no date here.
 */
static bool is_newest_touched(struct render *render, const struct node *node,
                              const struct dates *dates, int64_t most)
{
    struct str oldest = str_from(dates->keys[0], dates->prefix);
    struct str last = str_from(dates->keys[dates->count - 1], dates->prefix);
    return oldest.n == 0 ||
           tally_newer(tally_of(render, node->dimension, node->value), last) < most;
}

static int visit_touched(struct render *render, const struct touch *touch, int64_t most,
                         int (*visit)(void *context, const char *dimension, struct str value),
                         void *context)
{
    struct node node;
    struct dates dates;
    int rc = 0;
    for (size_t next = 0; rc == 0 && next_value(&node, &dates, touch, &next);) {
        bool has_feed =
            !dimension_is_section(node.dimension) && node_has_page(&node, count_all(render, &node));
        if (has_feed && is_newest_touched(render, &node, &dates, most)) {
            rc = visit(context, node.dimension->name, node.value);
        }
    }
    return rc;
}

int archive_visit_values(struct render *render, const struct touch *touch, int64_t most,
                         int (*visit)(void *context, const char *dimension, struct str value),
                         void *context)
{
    if (touch != NULL) {
        return visit_touched(render, touch, most, visit, context);
    }
    int rc = 0;
    const struct dimension *dimension;
    for (size_t i = 0; (dimension = dimension_at(i)) != NULL; i++) {
        if (dimension_is_section(dimension)) {
            continue;
        }
        struct query *query = database_query(render->db, dimension->values);
        while (rc == 0 && query_next(query)) {
            struct str value = arena_copy(&render->arena, query_str(query, 0));
            rc = visit(context, dimension->name, value);
        }
        query_reset(query);
    }
    return rc;
}
