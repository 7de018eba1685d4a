#include "search/internal.h"

#include <stdlib.h>

/* How many keys a lineage names, less one: "/county/town/" is 1. */
static int depth_of(struct str lineage)
{
    int slashes = 0;
    for (size_t i = 0; i < lineage.n; i++) {
        slashes += lineage.p[i] == '/';
    }
    return slashes > 2 ? slashes - 2 : 0;
}

static int compare_lineages(const void *a, const void *b)
{
    return str_compare(((const struct organisation *)a)->lineage,
                       ((const struct organisation *)b)->lineage);
}

/* Sorted here: for a sorter SQLite touches much that a search does not need otherwise. */
enum search_status organisations_load(struct search *search, struct arena *arena,
                                      struct organisations *out)
{
    *out = (struct organisations){0};
    enum search_status status;
    struct str lines = statement_facts_row(search, arena, FACTS_ORGANISATIONS, &status), line, id;
    while (str_cut(&line, &lines, '\n')) {
        out->v = arena_grow(arena, out->v, out->count, sizeof(*out->v));
        struct organisation *org = &out->v[out->count++];
        *org = (struct organisation){.count = 0};
        (void)(str_cut(&id, &line, '\t') && str_cut(&org->key, &line, '\t') &&
               str_cut(&org->name, &line, '\t'));
        org->id = str_number(id, FACTS_IDS_MAX);
        org->lineage = line;
        org->depth = depth_of(org->lineage);
    }
    if (out->count > 1) {
        qsort(out->v, out->count, sizeof(*out->v), compare_lineages);
    }
    return status;
}

struct organisation *organisations_find(const struct organisations *all, struct str key)
{
    for (size_t i = 0; i < all->count; i++) {
        if (str_equal(all->v[i].key, key)) {
            return &all->v[i];
        }
    }
    return NULL;
}

bool organisation_is_within(const struct organisation *org, const struct organisation *other)
{
    return str_starts(org->lineage, other->lineage);
}
