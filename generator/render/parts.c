#include "render/parts.h"

struct parts {
    const struct dimension *dimension;
    struct str value, day;
    struct str *starts;
    size_t count;
};

static bool is_for(const struct parts *parts, const struct dimension *dimension, struct str value,
                   struct str day)
{
    return parts != NULL && parts->dimension == dimension && str_equal(parts->value, value) &&
           str_equal(parts->day, day);
}

static struct parts *read_parts(struct render *render, const struct dimension *dimension,
                                struct str value, struct str day)
{
    struct arena *arena = &render->parted;
    arena_reset(arena);
    struct parts *parts = arena_alloc(arena, sizeof *parts);
    *parts = (struct parts){
        .dimension = dimension, .value = arena_copy(arena, value), .day = arena_copy(arena, day)};
    struct query *query = database_query(render->db, dimension->starts);
    query_bind_str(query, 1, value);
    query_bind_str(query, 2, day);
    for (size_t i = 0; query_next(query); i++) {
        if (i % RENDER_LISTING_MAX == 0) {
            parts->starts = arena_grow(arena, parts->starts, parts->count, sizeof *parts->starts);
            parts->starts[parts->count++] = arena_copy(arena, query_str(query, 0));
        }
    }
    return parts;
}

struct str parts_start(struct render *render, const struct dimension *dimension, struct str value,
                       struct str day, long part)
{
    if (!is_for(render->parts, dimension, value, day)) {
        render->parts = read_parts(render, dimension, value, day);
    }
    return part < 1 || (size_t)part > render->parts->count ? STR("")
                                                           : render->parts->starts[part - 1];
}
