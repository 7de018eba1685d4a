#include "source/history.h"

#include "source/commits.h"
#include "source/diff.h"
#include "source/name_check.h"
#include "source/rename.h"
#include "source/snapshot.h"

#include <stdlib.h>
#include <string.h>

/* All that is kept of a path, whether or not the commit still has it. */
struct path_state {
    struct str path;
    uint32_t created, updated; /* moments */
    uint32_t commit_count;     /* 0: never met */
    uint32_t moved_to;         /* index + 1 of the path that its file went on under; 0: of none */
    bool is_asked;             /* for what an earlier walk knew of it */
};

/* A commit that an earlier walk met, or that was not made yet. */
struct moment {
    int64_t time, corrected;
    struct source_id id;
};

struct history {
    struct history_state *states; /* in byte order of paths */
    size_t state_count;
    int64_t corrected;                   /* of the commit */
    const struct history_memory *memory; /* NULL where all was walked */
    struct arena arena;                  /* what the above stands in */
};

/* The walk; every commit's facts are added to the paths' states in turn. */
struct walk {
    struct source *source;
    struct commits commits;
    const struct history_memory *memory; /* NULL where all is walked */
    struct moment *moments;              /* those beyond `commits` */
    size_t moment_count;
    struct path_state *paths;
    size_t path_count;
    uint32_t *slots; /* of paths by name: index + 1, open addressing, at most half full */
    size_t slot_count;
    struct rename_file *gone, *come; /* in the commit that is looked at */
    size_t gone_count, come_count;
    uint32_t commit;  /* its index */
    bool has_parents; /* without them nothing can have been renamed */
    struct tree_cache cache;
    bool is_careful;  /* no tree is used before its name is proved */
    bool is_doubtful; /* one was that has another name, or something failed that came of it */
    struct arena arena, scratch; /* of the states; of one commit */
    struct history *history;
};

/* Seeded by the commit's name, which nobody can choose together with names that collide. */
static size_t hash_path(const struct walk *walk, struct str path)
{
    uint64_t hash, word;
    memcpy(&hash, walk->source->commit.bytes, sizeof hash);
    for (struct str rest = path; rest.n > 0; rest = str_from(rest, sizeof word)) {
        word = rest.n;
        memcpy(&word, rest.p, rest.n < sizeof word ? rest.n : sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 29;
    }
    return (size_t)(hash >> 16);
}

static uint32_t *find_slot(const struct walk *walk, struct str path)
{
    for (size_t i = hash_path(walk, path);; i++) {
        uint32_t *slot = &walk->slots[i & (walk->slot_count - 1)];
        if (*slot == 0 || str_equal(walk->paths[*slot - 1].path, path)) {
            return slot;
        }
    }
}

static void grow_slots(struct walk *walk)
{
    free(walk->slots);
    walk->slot_count = walk->slot_count == 0 ? 1024 : walk->slot_count * 2;
    walk->slots = calloc(walk->slot_count, sizeof *walk->slots);
    if (walk->slots == NULL) {
        arena_out_of_memory();
    }
    for (size_t i = 0; i < walk->path_count; i++) {
        *find_slot(walk, walk->paths[i].path) = (uint32_t)(i + 1);
    }
}

static uint32_t find_path(struct walk *walk, struct str path)
{
    if (walk->path_count * 2 >= walk->slot_count) {
        grow_slots(walk);
    }
    uint32_t *slot = find_slot(walk, path);
    if (*slot == 0) {
        walk->paths = arena_grow(&walk->arena, walk->paths, walk->path_count, sizeof *walk->paths);
        walk->paths[walk->path_count++].path = arena_copy(&walk->arena, path);
        *slot = (uint32_t)walk->path_count;
    }
    return *slot - 1;
}

/* A moment is an index of the walk's commits, or behind them of those that were walked earlier. */
static struct moment find_moment(const struct walk *walk, uint32_t index)
{
    if (index >= walk->commits.count) {
        return walk->moments[index - walk->commits.count];
    }
    const struct commit *commit = &walk->commits.items[index];
    return (struct moment){commit->time, commit->corrected, commit->id};
}

static uint32_t add_moment(struct walk *walk, int64_t time, int64_t corrected,
                           const struct source_id *id)
{
    walk->moments =
        arena_grow(&walk->arena, walk->moments, walk->moment_count, sizeof *walk->moments);
    walk->moments[walk->moment_count] = (struct moment){time, corrected, *id};
    return (uint32_t)(walk->commits.count + walk->moment_count++);
}

/* What an earlier walk knew of the path, before this one adds to it. */
static void recall_path(struct walk *walk, uint32_t index)
{
    struct history_state old = {0};
    if (walk->memory == NULL || walk->paths[index].is_asked) {
        return;
    }
    walk->paths[index].is_asked = true;
    if (!walk->memory->find(walk->memory->context, &walk->scratch, walk->paths[index].path, &old)) {
        return;
    }
    uint32_t moved_to = old.moved_to.n > 0 ? find_path(walk, old.moved_to) + 1 : 0;
    struct path_state *state = &walk->paths[index];
    state->created = add_moment(walk, old.created, old.created, &old.created_commit);
    state->updated = add_moment(walk, old.updated, old.updated, &old.updated_commit);
    state->commit_count = (uint32_t)old.commit_count;
    state->moved_to = moved_to;
}

static void note_file(struct walk *walk, struct rename_file **files, size_t *count, uint32_t index,
                      const struct source_id *blob)
{
    *files = arena_grow(&walk->scratch, *files, *count, sizeof **files);
    (*files)[(*count)++] =
        (struct rename_file){.path = walk->paths[index].path, .blob = *blob, .index = index};
}

/*
 * A file that comes back under its old path keeps its first date: a withdrawal undoes no
 * publication. But where the old file went on under another path, this is a new one.
 */
static void touch_path(void *context, const struct diff_path *path)
{
    struct walk *walk = context;
    uint32_t index = find_path(walk, path->path);
    recall_path(walk, index);
    struct path_state *state = &walk->paths[index];
    if (path->is_new && state->moved_to != 0) {
        state->commit_count = 0;
        state->moved_to = 0;
    }
    if (state->commit_count == 0) {
        state->created = walk->commit;
    }
    state->commit_count++;
    state->updated = walk->commit;
    if (!walk->has_parents) {
        return;
    }
    if (path->now == NULL && path->old != NULL) {
        note_file(walk, &walk->gone, &walk->gone_count, index, path->old);
    } else if (path->is_new) {
        note_file(walk, &walk->come, &walk->come_count, index, path->now);
    }
}

static void move_path(void *context, uint32_t from, uint32_t to)
{
    struct walk *walk = context;
    if (from == to || walk->paths[to].moved_to != 0) {
        return; /* only of trees that no git made */
    }
    walk->paths[to].created = walk->paths[from].created;
    walk->paths[to].commit_count = walk->paths[from].commit_count;
    walk->paths[from].moved_to = to + 1;
}

/* The trees of the commit and its parents; 0 where the commit changes nothing against one. */
static size_t gather_trees(const struct source_id **trees, const struct commits *commits,
                           const struct commit *commit)
{
    size_t count = 1;
    trees[0] = commit->has_root ? &commit->root : NULL;
    for (size_t i = 0; i < commit->parent_count && count <= DIFF_PARENTS_MAX; i++) {
        const struct commit *parent = &commits->items[commits->parents[commit->parents + i]];
        bool is_same = parent->has_root == commit->has_root &&
                       (!parent->has_root || source_id_equal(&parent->root, &commit->root));
        if (is_same) {
            return 0;
        }
        trees[count++] = parent->has_root ? &parent->root : NULL;
    }
    return count;
}

/* From the commit's own tree to that of the content's root. */
static int find_root(struct walk *walk, struct commit *commit, struct fault *fault)
{
    struct source_id tree = commit->root;
    int found = tree_find_folder(&commit->root, walk->source, &walk->cache, &tree,
                                 str_of(walk->source->content), fault);
    commit->has_root = found == 1;
    return found < 0 ? -1 : 0;
}

/* What one commit, of that moment, touches: `trees` as for diff_trees. */
static int walk_trees(struct walk *walk, struct diff *diff, uint32_t moment,
                      const struct source_id *const *trees, size_t count)
{
    walk->commit = moment;
    walk->has_parents = count > 1;
    walk->gone = walk->come = NULL;
    walk->gone_count = walk->come_count = 0;
    int result = diff_trees(diff, trees, count);
    rename_pair(walk->gone, walk->gone_count, walk->come, walk->come_count, move_path, walk);
    arena_reset(&walk->scratch);
    if (result == 0 && walk->path_count > HISTORY_PATHS_MAX) {
        return fault_set(diff->fault, "the history has more than %d paths (the limit)",
                         HISTORY_PATHS_MAX);
    }
    return result;
}

static int walk_commit(struct walk *walk, struct diff *diff, uint32_t index)
{
    const struct source_id *trees[DIFF_PARENTS_MAX + 1];
    struct commit *commit = &walk->commits.items[index];
    int found = find_root(walk, commit, diff->fault);
    size_t count = found < 0 ? 0 : gather_trees(trees, &walk->commits, commit);
    return count == 0 ? found : walk_trees(walk, diff, index, trees, count);
}

/* What is not committed yet, after HEAD, and after what is being merged into it. */
static int walk_snapshot(struct walk *walk, struct diff *diff)
{
    struct source *source = walk->source;
    const struct source_id none = {{0}};
    const struct commit *head = &walk->commits.items[0];
    struct commit merged = {.has_root = false};
    struct source_id id;
    int found = snapshot_find_merged(&id, source, diff->fault);
    if (found < 0 || (found > 0 && (commit_read(&merged, source, &id, diff->fault) < 0 ||
                                    find_root(walk, &merged, diff->fault) < 0))) {
        return -1;
    }
    const struct source_id *trees[] = {&source->root, head->has_root ? &head->root : NULL,
                                       merged.has_root ? &merged.root : NULL};
    int64_t after = head->corrected + 1;
    uint32_t moment =
        add_moment(walk, source->time, source->time > after ? source->time : after, &none);
    return walk_trees(walk, diff, moment, trees, found > 0 ? 3 : 2);
}

static int compare_states(const void *a, const void *b)
{
    return str_compare(((const struct history_state *)a)->path,
                       ((const struct history_state *)b)->path);
}

static void add_state(struct walk *walk, const struct path_state *state)
{
    struct history *history = walk->history;
    struct moment created = find_moment(walk, state->created);
    struct moment updated = find_moment(walk, state->updated);
    struct str to = state->moved_to == 0 ? STR("") : walk->paths[state->moved_to - 1].path;
    history->states[history->state_count++] =
        (struct history_state){.path = arena_copy(&history->arena, state->path),
                               .created = created.time,
                               .updated = updated.time,
                               .created_commit = created.id,
                               .updated_commit = updated.id,
                               .commit_count = state->commit_count,
                               .order = created.corrected,
                               .moved_to = to.n > 0 ? arena_copy(&history->arena, to) : to};
}

/* One commit's paths, and mostly those of all, are met in the order of their bytes. */
static void sort_states(struct history_state *states, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (compare_states(&states[i - 1], &states[i]) > 0) {
            qsort(states, count, sizeof *states, compare_states);
            return;
        }
    }
}

static void add_states(struct walk *walk)
{
    struct history *history = walk->history;
    history->states = arena_array(&history->arena, walk->path_count + 1, sizeof *history->states);
    for (size_t i = 0; i < walk->path_count; i++) {
        if (walk->paths[i].commit_count > 0) {
            add_state(walk, &walk->paths[i]);
        }
    }
    sort_states(history->states, history->state_count);
}

static int walk_order(struct walk *walk, struct diff *diff)
{
    enum { MANY = 256 };
    int result = 0;
    if (!walk->is_careful && walk->commits.order_count >= MANY) {
        walk->cache.check = name_check_start();
    }
    for (size_t i = 0; i < walk->commits.order_count && result == 0; i++) {
        result = walk_commit(walk, diff, walk->commits.order[i]);
    }
    if (walk->cache.check != NULL) {
        walk->is_doubtful = !name_check_end(walk->cache.check) || result != 0;
        walk->cache.check = NULL;
    }
    walk->history->corrected = walk->commits.items[0].corrected;
    return result;
}

static int walk_all(struct walk *walk, const struct commits_base *base, struct diff *diff)
{
    (void)base;
    if (walk->source->commit_text[0] == '\0') {
        return 1; /* before the first commit nothing was ever there */
    }
    if (commits_read(&walk->commits, walk->source, diff->fault) < 0 || walk_order(walk, diff) < 0 ||
        (walk->source->is_snapshot && walk_snapshot(walk, diff) < 0)) {
        return -1;
    }
    add_states(walk);
    return 1;
}

static int walk_after(struct walk *walk, const struct commits_base *base, struct diff *diff)
{
    int result = commits_read_after(&walk->commits, walk->source, base, diff->fault);
    for (size_t i = 0; i < walk->commits.count && result == 1; i++) {
        struct commit *commit = &walk->commits.items[i];
        bool is_base = source_id_equal(&commit->id, &base->id);
        result = is_base && find_root(walk, commit, diff->fault) < 0 ? -1 : 1;
    }
    if (result == 1) {
        result = walk_order(walk, diff) < 0 ? -1 : 1;
        add_states(walk);
    }
    return result;
}

typedef int walk_function(struct walk *walk, const struct commits_base *base, struct diff *diff);

/* -1 or what `function` returned; *is_careful is set where the result is in doubt without it. */
static int run_once(struct history **out, struct source *source, walk_function *function,
                    const struct commits_base *base, const struct history_memory *memory,
                    bool *is_careful, struct fault *fault)
{
    struct walk *walk = calloc(1, sizeof *walk);
    struct history *history = calloc(1, sizeof *history);
    if (walk == NULL || history == NULL) {
        arena_out_of_memory();
    }
    *walk = (struct walk){.source = source, .memory = memory, .history = history};
    history->memory = memory;
    walk->is_careful = *is_careful;
    struct diff diff = {.source = source,
                        .cache = &walk->cache,
                        .visit = touch_path,
                        .context = walk,
                        .fault = fault,
                        .path = BUF_EMPTY};
    int result = function(walk, base, &diff);
    *is_careful = walk->is_doubtful;
    buf_free(&diff.path);
    tree_cache_free(&walk->cache);
    commits_free(&walk->commits);
    arena_free(&walk->arena);
    arena_free(&walk->scratch);
    free(walk->slots);
    free(walk);
    if (result != 1) {
        history_free(history);
        history = NULL;
    }
    *out = history;
    return result;
}

static int run(struct history **out, struct source *source, walk_function *function,
               const struct commits_base *base, const struct history_memory *memory,
               struct fault *fault)
{
    bool is_careful = false;
    int result = run_once(out, source, function, base, memory, &is_careful, fault);
    if (is_careful) { /* what is wrong is told, or read from elsewhere */
        history_free(*out);
        result = run_once(out, source, function, base, memory, &is_careful, fault);
    }
    return result;
}

int history_walk(struct history **out, struct source *source, struct fault *fault)
{
    return run(out, source, walk_all, NULL, NULL, fault) < 0 ? -1 : 0;
}

int history_resume(struct history **out, struct source *source, const struct history_point *from,
                   const struct history_memory *memory, struct fault *fault)
{
    git_oid oid;
    *out = NULL;
    if (git_oid_fromstr(&oid, from->commit) != 0) {
        return fault_set(fault, "\"%s\" is no name of a commit", from->commit);
    }
    struct commits_base base = {.corrected = from->corrected};
    memcpy(base.id.bytes, oid.id, sizeof base.id.bytes);
    return run(out, source, walk_after, &base, memory, fault);
}

int64_t history_corrected_time(const struct history *history)
{
    return history->corrected;
}

static int compare_to_state(const void *key, const void *item)
{
    const struct str *path = key;
    return str_compare(*path, ((const struct history_state *)item)->path);
}

bool history_recall(const struct history *history, struct arena *arena, struct str path,
                    struct history_state *out)
{
    const struct history_state *state = NULL;
    if (history->state_count > 0) {
        state = bsearch(&path, history->states, history->state_count, sizeof *history->states,
                        compare_to_state);
    }
    if (state != NULL) {
        *out = *state;
        return true;
    }
    return history->memory != NULL &&
           history->memory->find(history->memory->context, arena, path, out);
}

size_t history_states(const struct history *history, const struct history_state **out)
{
    *out = history->states;
    return history->state_count;
}

void history_free(struct history *history)
{
    if (history != NULL) {
        arena_free(&history->arena);
        free(history);
    }
}
