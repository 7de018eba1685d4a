/* The page that stands where a withdrawn record stood: themes/README.md, tombstone. */
#include "render/record_page.h"

/* The home page stands whatever became of the root's own file. */
int tombstone_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    if (touch != NULL) {
        return output_add_touched(render, list, kind, &touch->records,
                                  "SELECT path, url FROM withdrawals WHERE path = ?1 AND"
                                  " url <> (SELECT value FROM meta WHERE key = 'base')");
    }
    struct query *query = database_query(
        render->db, "SELECT path, url FROM withdrawals WHERE url <> ?1 ORDER BY path");
    query_bind_str(query, 1, render->site->config->base);
    return output_add_rows(render, list, kind, query);
}

static void set_names(struct render *render, struct value *map, struct str org, struct str item)
{
    struct arena *arena = &render->arena;
    const struct config_org *found = org.n == 0 ? NULL : config_org(render->site->config, org);
    const struct config_item *row = item.n == 0 ? NULL : config_item(render->site->config, item);
    if (found != NULL) {
        struct value *value = value_map(arena);
        value_set_text(arena, value, "name", found->name);
        value_set_text(arena, value, "url", archive_url(render, "org", found->key, STR("")));
        value_set(arena, map, "org", value);
    }
    value_set_text(arena, map, "item_name", row == NULL ? STR("") : row->name);
}

/* The record that withdrew it, where that is public. */
static void set_order(struct render *render, struct value *map, struct str by)
{
    struct query *query =
        database_query(render->db, "SELECT" PAGE_LINK_COLUMNS "FROM records WHERE path = ?1");
    query_bind_str(query, 1, by);
    if (query_next(query)) {
        value_set(&render->arena, map, "order", page_link(render, query));
    }
    query_reset(query);
}

int tombstone_draw(struct render *render, struct str key, struct buf *out)
{
    static const char *const keys[] = {"org", "order", "date", NULL};
    struct arena *arena = &render->arena;
    struct query *query = database_query(
        render->db, "SELECT kind, org, item, index_number, title, cause, date, reason, approved_by,"
                    " by_record, url FROM withdrawals WHERE path = ?1");
    query_bind_str(query, 1, key);
    if (!query_next(query)) {
        return fault_set(&render->fault, "the withdrawal is gone");
    }
    struct str columns[11];
    for (int i = 0; i < 11; i++) {
        columns[i] = arena_copy(arena, query_str(query, i));
    }
    query_reset(query);
    bool is_expired = str_equal(columns[5], STR("expired"));
    struct value *map = value_map(arena);
    value_set_text(arena, map, "kind_name", page_kind_name(render, columns[0]));
    set_names(render, map, columns[1], columns[2]);
    value_set_text(arena, map, "index_number", columns[3]);
    value_set_text(arena, map, "title", columns[4]);
    value_set_bool(arena, map, "is_expired", is_expired);
    page_set_date(render, map, "date", columns[6]);
    value_set_text(arena, map, "reason", columns[7]);
    value_set_text(arena, map, "approved_by", columns[8]);
    set_order(render, map, columns[9]);
    page_set_defaults(render, map, keys);
    struct str title = page_string(render, is_expired ? "expired_title" : "tombstone_title");
    struct page page = page_new(render, title, columns[10]);
    value_set_bool(arena, page.page, "is_unlisted", true);
    value_set(arena, page.root, "tombstone", map);
    return page_draw(render, &page, "tombstone", out);
}
