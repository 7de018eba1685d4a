#include "search/kinds.h"

enum search_status kinds_load(struct search *search, struct arena *arena, struct kinds *out)
{
    *out = (struct kinds){0};
    enum search_status status;
    struct str lines = statement_facts_row(search, arena, FACTS_KINDS, &status), line;
    for (size_t i = 1; i <= FACTS_KINDS_MAX && str_cut(&line, &lines, '\n'); i++) {
        struct kind *kind = &out->v[i];
        (void)str_cut(&kind->key, &line, '\t');
        kind->name = line.n > 0 ? line : kind->key;
    }
    return status;
}

size_t kinds_find(const struct kinds *kinds, struct str key)
{
    for (size_t i = 1; key.n > 0 && i <= FACTS_KINDS_MAX; i++) {
        if (str_equal(kinds->v[i].key, key)) {
            return i;
        }
    }
    return 0;
}
