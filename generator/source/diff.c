#include "source/diff.h"

#include <string.h>

/* One of the trees that are walked in step: the commit's own, or a parent's. */
struct side {
    struct tree tree;
    struct tree_entry entry;
    bool has_entry;
};

static bool is_folder(const struct tree_entry *entry)
{
    return entry->mode == MODE_FOLDER;
}

/* To the next file or folder. */
static void advance(struct side *side)
{
    do {
        side->has_entry = tree_next(&side->entry, &side->tree);
    } while (side->has_entry && !is_folder(&side->entry) && !tree_is_file(side->entry.mode));
}

/* git's order: a folder stands where its name with a slash behind it would. */
static int compare_entries(const struct tree_entry *a, const struct tree_entry *b)
{
    size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
    int order = n > 0 ? memcmp(a->name.p, b->name.p, n) : 0;
    if (order != 0) {
        return order;
    }
    int next_a = a->name.n > n ? (unsigned char)a->name.p[n] : is_folder(a) ? '/' : 0;
    int next_b = b->name.n > n ? (unsigned char)b->name.p[n] : is_folder(b) ? '/' : 0;
    order = next_a - next_b;
    return order != 0 ? order : (a->name.n > b->name.n) - (a->name.n < b->name.n);
}

static size_t common_prefix(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n, i = 0;
    enum { STEP = 256 };
    while (n - i >= STEP && memcmp(a.p + i, b.p + i, STEP) == 0) {
        i += STEP;
    }
    while (i < n && a.p[i] == b.p[i]) {
        i++;
    }
    return i;
}

/*
 * Moves both sides past the entries that their trees begin with alike. In a folder of thousands of
 * files this, with is_rest_equal, is what makes a commit cheap.
 */
static void skip_prefix(struct side *a, struct side *b)
{
    size_t common = common_prefix(a->tree.bytes, b->tree.bytes), at = 0;
    struct tree ahead = a->tree;
    struct tree_entry entry;
    while (tree_next(&entry, &ahead)) {
        size_t end = ahead.bytes.n - ahead.rest.n;
        if (end > common) {
            break;
        }
        at = end;
    }
    a->tree.rest = str_from(a->tree.bytes, at);
    b->tree.rest = str_from(b->tree.bytes, at);
}

static bool is_rest_equal(const struct side *a, const struct side *b)
{
    return a->has_entry && b->has_entry && a->tree.rest.n == b->tree.rest.n &&
           source_id_equal(&a->entry.id, &b->entry.id) &&
           compare_entries(&a->entry, &b->entry) == 0 &&
           memcmp(a->tree.rest.p, b->tree.rest.p, a->tree.rest.n) == 0;
}

/* Found somewhere among the parents just as it is in the commit: nothing happened here. */
static bool is_in_parents(const struct tree_entry *const *found, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        bool is_same = found[0] == NULL || found[i] == NULL
                           ? found[0] == found[i]
                           : source_id_equal(&found[0]->id, &found[i]->id);
        if (is_same) {
            return true;
        }
    }
    return false;
}

static void visit_file(struct diff *diff, const struct tree_entry *const *found, size_t count)
{
    struct diff_path path = {.path = buf_str(&diff->path), .is_new = true};
    path.now = found[0] != NULL ? &found[0]->id : NULL;
    path.old = count > 1 && found[1] != NULL ? &found[1]->id : NULL;
    for (size_t i = 1; i < count; i++) {
        path.is_new = path.is_new && found[i] == NULL;
    }
    diff->visit(diff->context, &path);
}

static int diff_folder(struct diff *diff, const struct source_id *const *trees, size_t count,
                       int depth);

static int enter_folder(struct diff *diff, const struct tree_entry *const *found, size_t count,
                        int depth)
{
    const struct source_id *trees[DIFF_PARENTS_MAX + 1];
    if (depth >= SOURCE_DEPTH_MAX) {
        return 0; /* nothing so deep is published */
    }
    for (size_t i = 0; i < count; i++) {
        trees[i] = found[i] != NULL ? &found[i]->id : NULL;
    }
    buf_add_char(&diff->path, '/');
    return diff_folder(diff, trees, count, depth + 1);
}

/* All sides' entries of one name, NULL where a side has none. */
static int diff_entry(struct diff *diff, const struct tree_entry *const *found, size_t count,
                      const struct tree_entry *any, int depth)
{
    size_t length = diff->path.n;
    int result = 0;
    if (++diff->entry_count > SOURCE_ENTRIES_MAX) {
        return fault_set(diff->fault, "a commit changes more than %d files and folders (the limit)",
                         SOURCE_ENTRIES_MAX);
    }
    if (is_in_parents(found, count)) {
        return 0;
    }
    buf_add(&diff->path, any->name);
    if (diff->path.n <= SOURCE_PATH_MAX) {
        if (is_folder(any)) {
            result = enter_folder(diff, found, count, depth);
        } else {
            visit_file(diff, found, count);
        }
    }
    buf_truncate(&diff->path, length);
    return result;
}

/* The first name of those at which the sides stand; NULL at the end of all. */
static const struct tree_entry *find_first(const struct side *sides, size_t count)
{
    const struct tree_entry *first = NULL;
    for (size_t i = 0; i < count; i++) {
        bool is_before =
            sides[i].has_entry && (first == NULL || compare_entries(&sides[i].entry, first) < 0);
        first = is_before ? &sides[i].entry : first;
    }
    return first;
}

static int diff_sides(struct diff *diff, struct side *sides, size_t count, int depth)
{
    const struct tree_entry *first;
    while ((first = find_first(sides, count)) != NULL) {
        const struct tree_entry *found[DIFF_PARENTS_MAX + 1];
        if (count == 2 && is_rest_equal(&sides[0], &sides[1])) {
            return 0;
        }
        for (size_t i = 0; i < count; i++) {
            bool has = sides[i].has_entry && compare_entries(&sides[i].entry, first) == 0;
            found[i] = has ? &sides[i].entry : NULL;
        }
        if (diff_entry(diff, found, count, first, depth) < 0) {
            return -1;
        }
        for (size_t i = 0; i < count; i++) {
            if (found[i] != NULL) {
                advance(&sides[i]);
            }
        }
    }
    return 0;
}

static int open_sides(struct diff *diff, struct side *sides, const struct source_id *const *trees,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (trees[i] != NULL && tree_open(&sides[i].tree, diff->source, diff->cache, trees[i],
                                          buf_str(&diff->path), diff->fault) < 0) {
            return -1;
        }
    }
    if (count == 2) {
        skip_prefix(&sides[0], &sides[1]);
    }
    for (size_t i = 0; i < count; i++) {
        advance(&sides[i]);
    }
    return 0;
}

static int diff_folder(struct diff *diff, const struct source_id *const *trees, size_t count,
                       int depth)
{
    struct side sides[DIFF_PARENTS_MAX + 1];
    memset(sides, 0, count * sizeof sides[0]);
    int result = open_sides(diff, sides, trees, count);
    if (result == 0) {
        result = diff_sides(diff, sides, count, depth);
    }
    for (size_t i = 0; i < count; i++) {
        if (result == 0 && sides[i].tree.is_malformed) {
            char text[41];
            source_id_format(text, trees[i]);
            result = fault_set(diff->fault, "git object %s of \"%.*s\" is no tree", text,
                               STR_ARG(buf_str(&diff->path)));
        }
        tree_close(&sides[i].tree);
    }
    return result;
}

int diff_trees(struct diff *diff, const struct source_id *const *trees, size_t count)
{
    diff->entry_count = 0;
    buf_clear(&diff->path);
    return diff_folder(diff, trees, count, 0);
}
