#include "commands/ages.h"

#include <stdlib.h>

/* What came after the base is younger than any moment of it. */
static const int64_t AFTER_BASE = INT64_C(1) << 48;

int ages_open(struct ages *out, const struct site *site, const char *base,
              const struct history *history, struct fault *fault)
{
    char parent[41] = "";
    *out = (struct ages){.site = site, .history = history};
    if (base == NULL) {
        if (source_parent(parent, site->source, fault) != 0) {
            return -1;
        }
        base = parent;
    }
    out->has_base = base[0] != '\0';
    return out->has_base ? source_changes(&out->changes, site->source, &out->arena, base, fault)
                         : 0;
}

static int compare_to_change(const void *key, const void *item)
{
    const struct str *path = key;
    return str_compare(*path, ((const struct source_change *)item)->path);
}

static const struct source_change *find_change(const struct ages *ages, struct str path)
{
    if (ages->changes.count == 0) {
        return NULL;
    }
    return bsearch(&path, ages->changes.items, ages->changes.count, sizeof *ages->changes.items,
                   compare_to_change);
}

/* Did the file stand elsewhere, with the very same bytes? */
static bool has_moved(const struct ages *ages, const struct source_change *change)
{
    for (size_t i = 0; i < ages->changes.count; i++) {
        const struct source_change *other = &ages->changes.items[i];
        if (other->was && !other->is &&
            memcmp(&other->old_blob, &change->new_blob, sizeof change->new_blob) == 0) {
            return true;
        }
    }
    return false;
}

/* Had the file the number at the base? Whoever merely mentioned it then counts as well. */
static int had_number(bool *out, const struct ages *ages, struct str path, struct str number,
                      struct fault *fault)
{
    const struct source_change *change = find_change(ages, path);
    *out = change == NULL || (!change->was && has_moved(ages, change));
    if (*out || !change->was) {
        return 0;
    }
    struct buf bytes = BUF_EMPTY;
    int rc = source_read_old(ages->site->source, &bytes, change, fault);
    *out = rc == 0 && str_find(buf_str(&bytes), number) >= 0;
    buf_free(&bytes);
    return rc;
}

int ages_find(void *context, struct str path, struct str number, int64_t *out, struct fault *fault)
{
    const struct ages *ages = context;
    struct arena arena = {0};
    struct history_state state = {.order = source_commit_time(ages->site->source)};
    bool had = true;
    if (ages->history != NULL) {
        history_recall(ages->history, &arena, path, &state);
    }
    arena_free(&arena);
    if (ages->has_base && had_number(&had, ages, path, number, fault) != 0) {
        return -1;
    }
    *out = state.order + (had ? 0 : AFTER_BASE);
    return 0;
}

bool ages_is_new(void *context, struct str path)
{
    const struct ages *ages = context;
    const struct source_change *change = find_change(ages, path);
    return !ages->has_base || (change != NULL && !change->was && !has_moved(ages, change));
}

void ages_close(struct ages *ages)
{
    arena_free(&ages->arena);
}
