/* What a record's page tells of tables that hang on the notice board alone: where, and totals. */
#include "render/record_page.h"

static struct str board_place(struct render *render, const struct record_row *row)
{
    struct str place = fields_text(&row->fields, "board_place");
    const struct config_org *org =
        row->org.n == 0 ? NULL : config_org(render->site->config, row->org);
    if (place.n > 0) {
        return place;
    }
    if (org == NULL) {
        return page_string(render, "board_default");
    }
    const struct page_part parts[] = {{"org", org->name}};
    return page_compose(render, "board_of", parts, 1);
}

static struct value *sums_value(struct render *render, struct str json)
{
    struct arena *arena = &render->arena;
    struct fields sums = fields_read(render, arena_copy(arena, json));
    struct value *list = value_list(arena);
    for (size_t i = 1; i < sums.count; i++) {
        struct value *sum = value_map(arena);
        value_set_text(arena, sum, "name", sums.nodes[i].key);
        value_set_text(arena, sum, "sum", page_money(render, sums.nodes[i].text));
        value_add(arena, list, sum);
    }
    return list;
}

void record_board_set(struct render *render, struct value *map, const struct record_row *row)
{
    struct arena *arena = &render->arena;
    struct value *list = value_list(arena);
    bool has_tables = false, is_whole = str_equal(fields_text(&row->fields, "scope"), STR("board"));
    struct query *query = database_query(
        render->db, "SELECT number, row_count, sums FROM board_tables WHERE record = ?1"
                    " ORDER BY number");
    query_bind_int(query, 1, row->id);
    while (query_next(query)) {
        struct value *table = value_map(arena);
        value_set_int(arena, table, "number", query_int(query, 0));
        value_set_int(arena, table, "rows", query_int(query, 1));
        value_set(arena, table, "sums", sums_value(render, query_str(query, 2)));
        value_add(arena, list, table);
        has_tables = true;
    }
    page_set_list(render, map, "board_tables", "has_board_tables", list, has_tables);
    value_set_bool(arena, map, "has_board", is_whole || has_tables);
    value_set_text(arena, map, "board_place", board_place(render, row));
}
