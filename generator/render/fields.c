#include "render/fields.h"

struct fields fields_read(struct render *render, struct str json)
{
    struct fields fields = {0};
    struct query *query = database_query(
        render->db, "SELECT id, parent, key, atom, type IN ('object', 'array') FROM json_tree(?1)");
    query_bind_str(query, 1, json);
    while (query_next(query)) {
        fields.nodes = arena_grow(&render->arena, fields.nodes, fields.count, sizeof *fields.nodes);
        struct field_node *node = &fields.nodes[fields.count];
        node->id = query_int(query, 0);
        node->parent = fields.count == 0 ? -1 : query_int(query, 1);
        node->key = arena_copy(&render->arena, query_str(query, 2));
        node->text = arena_copy(&render->arena, query_str(query, 3));
        node->is_plain = query_int(query, 4) == 0;
        fields.count++;
    }
    return fields;
}

const struct field_node *fields_next(const struct fields *fields, const struct field_node *parent,
                                     const struct field_node *after)
{
    const struct field_node *from = after == NULL ? parent : after;
    for (const struct field_node *node = from + 1; node < fields->nodes + fields->count; node++) {
        if (node->parent == parent->id) {
            return node;
        }
    }
    return NULL;
}

const struct field_node *fields_find(const struct fields *fields, const struct field_node *map,
                                     struct str key)
{
    const struct field_node *node = NULL;
    while ((node = fields_next(fields, map, node)) != NULL) {
        if (str_equal(node->key, key)) {
            return node;
        }
    }
    return NULL;
}

struct str fields_text_in(const struct fields *fields, const struct field_node *map,
                          const char *key)
{
    const struct field_node *node = map == NULL ? NULL : fields_find(fields, map, str_of(key));
    return node != NULL && node->is_plain ? node->text : (struct str){"", 0};
}

struct str fields_text(const struct fields *fields, const char *key)
{
    return fields_text_in(fields, fields->count == 0 ? NULL : &fields->nodes[0], key);
}
