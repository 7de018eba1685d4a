#include "source/commits.h"

#include <stdlib.h>
#include <string.h>

/* Where a commit of some name is; open addressing, at most half full. */
struct table {
    uint32_t *slots; /* index + 1; 0 is free */
    size_t size;     /* a power of two */
    uint64_t seed;   /* of the tip's name, so that nobody can prepare names that collide */
};

static uint64_t load(const unsigned char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static uint32_t *table_find(const struct table *table, const struct commits *commits,
                            const struct source_id *id)
{
    uint64_t hash = (load(id->bytes) ^ table->seed) * 0x9e3779b97f4a7c15U;
    for (size_t i = (size_t)(hash >> 20);; i++) {
        uint32_t *slot = &table->slots[i & (table->size - 1)];
        if (*slot == 0 || source_id_equal(&commits->items[*slot - 1].id, id)) {
            return slot;
        }
    }
}

static void table_grow(struct table *table, const struct commits *commits)
{
    free(table->slots);
    table->size = table->size == 0 ? 1024 : table->size * 2;
    table->slots = calloc(table->size, sizeof *table->slots);
    if (table->slots == NULL) {
        arena_out_of_memory();
    }
    for (size_t i = 0; i < commits->count; i++) {
        *table_find(table, commits, &commits->items[i].id) = (uint32_t)(i + 1);
    }
}

/* The index of that commit, which is added where it is new. */
static uint32_t add_commit(struct commits *commits, struct table *table, const struct source_id *id)
{
    if (commits->count * 2 >= table->size) {
        table_grow(table, commits);
    }
    uint32_t *slot = table_find(table, commits, id);
    if (*slot == 0) {
        commits->items =
            arena_grow(&commits->arena, commits->items, commits->count, sizeof *commits->items);
        commits->items[commits->count++].id = *id;
        *slot = (uint32_t)commits->count;
    }
    return *slot - 1;
}

static int digit_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "tree <40 digits>": the name behind `key`. */
static bool read_id(struct source_id *out, struct str line, struct str key)
{
    if (!str_starts(line, key) || line.n != key.n + 2 * sizeof out->bytes) {
        return false;
    }
    for (size_t i = 0; i < sizeof out->bytes; i++) {
        int high = digit_value(line.p[key.n + 2 * i]);
        int low = digit_value(line.p[key.n + 2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out->bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* The seconds of "committer Name <mail> 1700000000 +0800"; 0 where there are none, as git has it.
 */
static int64_t read_time(struct str line)
{
    int64_t time = 0;
    ptrdiff_t end = str_find_last_char(line, '>');
    struct str rest = str_trim(str_from(line, (size_t)(end + 1)));
    bool is_negative = str_starts(rest, STR("-"));
    for (size_t i = is_negative ? 1 : 0; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9'; i++) {
        if (time > INT64_MAX / 1000) {
            return 0;
        }
        time = time * 10 + (rest.p[i] - '0');
    }
    return is_negative ? -time : time;
}

static void add_parent(struct commits *commits, struct table *table, size_t index,
                       const struct source_id *id)
{
    uint32_t parent = add_commit(commits, table, id);
    commits->parents = arena_grow(&commits->arena, commits->parents, commits->parent_count,
                                  sizeof *commits->parents);
    commits->parents[commits->parent_count++] = parent;
    commits->items[index].parent_count++;
}

/* The commit's headers; what it says is not read. Alone, without parents. */
static bool parse_commit(struct commits *commits, struct table *table, size_t index,
                         struct str bytes, bool is_alone)
{
    struct str line;
    struct source_id id;
    if (!str_cut(&line, &bytes, '\n') || !read_id(&id, line, STR("tree "))) {
        return false;
    }
    commits->items[index].root = id;
    commits->items[index].parents = (uint32_t)commits->parent_count;
    while (str_cut(&line, &bytes, '\n') && line.n > 0) {
        if (read_id(&id, line, STR("parent "))) {
            if (!is_alone) {
                add_parent(commits, table, index, &id);
            }
        } else if (str_starts(line, STR("committer "))) {
            commits->items[index].time = read_time(line);
            return true;
        }
    }
    return true; /* without a committer: 1970 */
}

static int read_commit(struct commits *commits, struct source *source, struct table *table,
                       size_t index, bool is_alone, struct fault *fault)
{
    struct object *object;
    struct source_id id = commits->items[index].id;
    if (repository_read(&object, source, &id, GIT_OBJECT_COMMIT, REPOSITORY_COMMIT_MAX,
                        STR("history"), fault) < 0) {
        return -1;
    }
    bool is_read = parse_commit(commits, table, index, object_str(object), is_alone);
    object_release(object);
    if (!is_read) {
        char text[41];
        source_id_format(text, &id);
        return fault_set(fault, "git object %s is no commit", text);
    }
    return 0;
}

/*
 * Times are corrected from the roots or the base on: a commit is ready once all its parents are.
 * The stack holds commits whose parents may not be.
 */
static void correct_times(struct commits *commits, const struct commits_base *base)
{
    uint32_t *stack =
        arena_array(&commits->arena, commits->count + commits->parent_count + 1, sizeof *stack);
    bool *is_done = arena_array(&commits->arena, commits->count, sizeof *is_done);
    for (size_t i = 0; i < commits->count && base != NULL; i++) {
        if (source_id_equal(&commits->items[i].id, &base->id)) {
            commits->items[i].corrected = base->corrected;
            is_done[i] = true;
        }
    }
    size_t depth = 1; /* the tip, item 0, lies on it; every parent link is pushed at most once */
    while (depth > 0) {
        struct commit *commit = &commits->items[stack[depth - 1]];
        bool is_ready = true;
        int64_t corrected = commit->time;
        for (size_t i = 0; i < commit->parent_count && !is_done[stack[depth - 1]]; i++) {
            uint32_t parent = commits->parents[commit->parents + i];
            if (!is_done[parent]) {
                is_ready = false;
            } else if (commits->items[parent].corrected >= corrected) {
                corrected = commits->items[parent].corrected + 1;
            }
        }
        if (is_ready) {
            depth--;
            if (!is_done[stack[depth]]) {
                is_done[stack[depth]] = true;
                commit->corrected = corrected;
            }
            continue;
        }
        for (size_t i = 0; i < commit->parent_count; i++) {
            uint32_t parent = commits->parents[commit->parents + i];
            if (!is_done[parent]) {
                stack[depth++] = parent;
            }
        }
    }
}

static int compare_order(const void *a, const void *b, void *context)
{
    const struct commit *items = context;
    const struct commit *x = &items[*(const uint32_t *)a], *y = &items[*(const uint32_t *)b];
    int order = (x->corrected > y->corrected) - (x->corrected < y->corrected);
    return order != 0 ? order : memcmp(x->id.bytes, y->id.bytes, sizeof x->id.bytes);
}

int commit_read(struct commit *out, struct source *source, const struct source_id *id,
                struct fault *fault)
{
    struct commits commits = {0};
    struct table table = {.seed = load(id->bytes)};
    add_commit(&commits, &table, id);
    int result = read_commit(&commits, source, &table, 0, true, fault);
    *out = commits.items[0];
    free(table.slots);
    commits_free(&commits);
    return result;
}

/* Parents stand behind the tree, before all else. */
static bool names_parent(struct str bytes, const struct source_id *parent)
{
    struct str line;
    struct source_id id;
    bool is_found = false;
    str_cut(&line, &bytes, '\n');
    while (!is_found && str_cut(&line, &bytes, '\n') && read_id(&id, line, STR("parent "))) {
        is_found = source_id_equal(&id, parent);
    }
    return is_found;
}

bool commit_is_parent(struct source *source, const struct source_id *parent,
                      const struct source_id *child)
{
    struct commit found;
    struct object *object;
    struct fault ignored;
    if (repository_read(&object, source, child, GIT_OBJECT_COMMIT, REPOSITORY_COMMIT_MAX,
                        STR("history"), &ignored) < 0) {
        return false;
    }
    bool is_parent = names_parent(object_str(object), parent);
    object_release(object);
    return is_parent && commit_read(&found, source, parent, &ignored) == 0;
}

static void sort_commits(struct commits *commits, const struct commits_base *base)
{
    correct_times(commits, base);
    commits->order = arena_array(&commits->arena, commits->count, sizeof *commits->order);
    for (size_t i = 0; i < commits->count; i++) {
        if (base == NULL || !source_id_equal(&commits->items[i].id, &base->id)) {
            commits->order[commits->order_count++] = (uint32_t)i;
        }
    }
    qsort_r(commits->order, commits->order_count, sizeof *commits->order, compare_order,
            commits->items);
}

int commits_read(struct commits *out, struct source *source, struct fault *fault)
{
    struct table table = {.seed = load(source->commit.bytes)};
    int result = 0;
    add_commit(out, &table, &source->commit);
    for (size_t i = 0; i < out->count && result == 0; i++) {
        result = read_commit(out, source, &table, i, false, fault);
        if (result == 0 && out->count > COMMITS_MAX) {
            result =
                fault_set(fault, "the history has more than %d commits (the limit)", COMMITS_MAX);
        }
    }
    free(table.slots);
    if (result == 0) {
        sort_commits(out, NULL);
    }
    return result;
}

/*
 * A walk that turns back at the base meets a root exactly where some way leads past the base; all
 * that it read is new where none does. Clocks only tell when to give up early.
 */
static int read_after(struct commits *out, struct source *source, struct table *table,
                      const struct commits_base *base, struct fault *fault)
{
    size_t older_count = 0;
    for (size_t i = 0; i < out->count; i++) {
        bool is_base = source_id_equal(&out->items[i].id, &base->id);
        if (read_commit(out, source, table, i, is_base, fault) < 0) {
            return -1;
        }
        const struct commit *commit = &out->items[i];
        older_count += !is_base && commit->time < base->corrected;
        if ((!is_base && commit->parent_count == 0) || older_count > COMMITS_OLDER_MAX ||
            out->count > COMMITS_MAX) {
            return 0;
        }
    }
    return 1;
}

int commits_read_after(struct commits *out, struct source *source, const struct commits_base *base,
                       struct fault *fault)
{
    struct table table = {.seed = load(source->commit.bytes)};
    add_commit(out, &table, &source->commit);
    int result = read_after(out, source, &table, base, fault);
    free(table.slots);
    if (result == 1) {
        sort_commits(out, base);
    }
    return result;
}

void commits_free(struct commits *commits)
{
    arena_free(&commits->arena);
    *commits = (struct commits){0};
}
