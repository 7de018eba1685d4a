/*
 * source/history: a history that goes on from a saved point is the history of a whole walk, over
 * random commits: branches, merges, renames, deletions, re-additions, reverts, clocks gone wrong.
 */
#include "source_fixture.h"

#include "source/history.h"

#define FILE_MODE 0100644
#define FOLDER_MODE 040000

enum { PATHS = 6, COMMITS = 14, HISTORIES = 100, TEXTS = 6 };

static const char *const paths[PATHS] = {"a", "b", "c", "d/a", "d/b", "d/c"};
static const char *const texts[TEXTS] = {NULL, "", "1", "2", "3", "4"};

struct node {
    git_oid id;
    int files[PATHS]; /* of texts; 0 is no file */
    int parents[3];
    int parent_count;
    bool reaches[COMMITS]; /* itself too */
};

struct world {
    struct fixture fixture;
    struct node nodes[COMMITS];
    uint64_t random;
};

/* xorshift64*: the same histories on every machine. */
static int pick(struct world *world, int count)
{
    world->random ^= world->random >> 12;
    world->random ^= world->random << 25;
    world->random ^= world->random >> 27;
    return (int)((world->random * 0x2545f4914f6cdd1dU >> 33) % (uint64_t)count);
}

static git_oid make_tree(struct world *world, const int *files)
{
    struct fixture_entry top[PATHS + 1], inner[PATHS];
    size_t top_count = 0, inner_count = 0;
    for (size_t i = 0; i < PATHS; i++) {
        if (files[i] == 0) {
            continue;
        }
        struct str path = str_of(paths[i]);
        git_oid blob = fixture_blob(&world->fixture, texts[files[i]]);
        if (str_starts(path, STR("d/"))) {
            inner[inner_count++] = (struct fixture_entry){FILE_MODE, str_from(path, 2), blob};
        } else {
            top[top_count++] = (struct fixture_entry){FILE_MODE, path, blob};
        }
    }
    if (inner_count > 0) {
        git_oid folder = fixture_tree(&world->fixture, inner, inner_count);
        top[top_count++] = (struct fixture_entry){FOLDER_MODE, STR("d"), folder};
    }
    return fixture_tree(&world->fixture, top, top_count);
}

static void add_parent(struct world *world, struct node *node, int parent)
{
    node->parents[node->parent_count++] = parent;
    for (size_t i = 0; i < COMMITS; i++) {
        node->reaches[i] = node->reaches[i] || world->nodes[parent].reaches[i];
    }
}

/* Each file as one of the parents has it. */
static void merge_files(struct world *world, struct node *node)
{
    for (size_t i = 0; i < PATHS && node->parent_count > 0; i++) {
        int from = node->parents[pick(world, node->parent_count)];
        node->files[i] = world->nodes[from].files[i];
    }
}

static void change_files(struct world *world, struct node *node, int index)
{
    for (int n = pick(world, 3) + (index == 0 ? 3 : 0); n > 0; n--) {
        int a = pick(world, PATHS), b = pick(world, PATHS);
        switch (pick(world, 4)) {
        case 0: /* renamed */
            node->files[b] = node->files[a];
            node->files[a] = a == b ? node->files[a] : 0;
            break;
        case 1: /* as it was in some commit */
            node->files[a] = world->nodes[pick(world, index + 1)].files[a];
            break;
        case 2:
            node->files[a] = 0;
            break;
        default:
            node->files[a] = pick(world, TEXTS);
        }
    }
}

static void make_node(struct world *world, int index)
{
    struct node *node = &world->nodes[index];
    git_oid parents[3];
    *node = (struct node){0};
    if (index > 0 && pick(world, 40) > 0) {
        add_parent(world, node, pick(world, 4) > 0 ? index - 1 : pick(world, index));
    }
    while (index > 0 && node->parent_count > 0 && node->parent_count < 3 && pick(world, 4) == 0) {
        add_parent(world, node, pick(world, index));
    }
    node->reaches[index] = true;
    merge_files(world, node);
    change_files(world, node, index);
    for (int i = 0; i < node->parent_count; i++) {
        parents[i] = world->nodes[node->parents[i]].id;
    }
    git_oid tree = make_tree(world, node->files);
    /* The index is in the time, so that no two commits are the same. */
    long time = pick(world, 3) > 0 ? 1000 * index : 1000 * pick(world, COMMITS);
    node->id = fixture_commit(&world->fixture, &tree, parents, (size_t)node->parent_count,
                              time + index + 1);
}

static struct source *open_at(struct world *world, int index)
{
    struct source *source;
    struct fault fault = {.text = ""};
    char hex[GIT_OID_HEXSZ + 1];
    struct source_options options = {world->fixture.path,
                                     git_oid_tostr(hex, sizeof hex, &world->nodes[index].id), "",
                                     false, SOURCE_TREE_COMMIT};
    if (source_open(&source, &options, &fault) < 0) {
        fail_msg("%s", fault.text);
    }
    return source;
}

/* The states that were saved, as a caller would. */
struct saved {
    struct history_state items[PATHS];
    bool has[PATHS];
    int64_t corrected;
    size_t asked_count;
    struct arena arena;
};

static int path_index(struct str path)
{
    for (int i = 0; i < PATHS; i++) {
        if (str_equal(str_of(paths[i]), path)) {
            return i;
        }
    }
    fail_msg("no such path: %.*s", STR_ARG(path));
    return 0;
}

static bool find_saved(void *context, struct arena *arena, struct str path,
                       struct history_state *out)
{
    struct saved *saved = context;
    int index = path_index(path);
    saved->asked_count++;
    if (saved->has[index]) {
        *out = saved->items[index];
        out->path = arena_copy(arena, out->path);
        out->moved_to = arena_copy(arena, out->moved_to);
    }
    return saved->has[index];
}

static void save(struct saved *saved, const struct history *history)
{
    const struct history_state *states;
    size_t count = history_states(history, &states);
    for (size_t i = 0; i < count; i++) {
        int index = path_index(states[i].path);
        assert_true(i == 0 || str_compare(states[i - 1].path, states[i].path) < 0);
        saved->items[index] = states[i];
        saved->items[index].path = str_of(paths[index]);
        saved->items[index].moved_to = arena_copy(&saved->arena, states[i].moved_to);
        saved->has[index] = true;
    }
    saved->corrected = history_corrected_time(history);
}

static void describe_state(struct buf *out, const struct history_state *state)
{
    char created[41], updated[41];
    source_id_format(created, &state->created_commit);
    source_id_format(updated, &state->updated_commit);
    buf_printf(out, "%.*s %ld %ld %s %s %zu >%.*s\n", STR_ARG(state->path), (long)state->created,
               (long)state->updated, created, updated, state->commit_count,
               STR_ARG(state->moved_to));
}

static void describe(struct buf *out, const struct saved *saved)
{
    buf_clear(out);
    buf_printf(out, "%ld\n", (long)saved->corrected);
    for (size_t i = 0; i < PATHS; i++) {
        if (saved->has[i]) {
            describe_state(out, &saved->items[i]);
        }
    }
}

static void walk_whole(struct world *world, int index, struct saved *out)
{
    struct history *history;
    struct fault fault;
    struct source *source = open_at(world, index);
    assert_int_equal(history_walk(&history, source, &fault), 0);
    save(out, history);
    history_free(history);
    source_close(source);
}

/* Some commit is new and has a parent that is old, but not the point itself; or none at all. */
static bool is_passed_by(const struct world *world, int from, int to)
{
    for (int i = 0; i < COMMITS; i++) {
        const struct node *node = &world->nodes[i];
        if (!world->nodes[to].reaches[i] || world->nodes[from].reaches[i]) {
            continue;
        }
        if (node->parent_count == 0) {
            return true;
        }
        for (int k = 0; k < node->parent_count; k++) {
            if (node->parents[k] != from && world->nodes[from].reaches[node->parents[k]]) {
                return true;
            }
        }
    }
    return !world->nodes[to].reaches[from];
}

static void check_recall(struct history *history, const struct saved *want)
{
    struct arena arena = {0};
    struct buf texts_of[2] = {BUF_EMPTY, BUF_EMPTY};
    for (size_t i = 0; i < PATHS; i++) {
        struct history_state state;
        bool has = history_recall(history, &arena, str_of(paths[i]), &state);
        assert_int_equal(has, want->has[i]);
        buf_clear(&texts_of[0]);
        buf_clear(&texts_of[1]);
        if (has) {
            describe_state(&texts_of[0], &state);
            describe_state(&texts_of[1], &want->items[i]);
        }
        assert_true(str_equal(buf_str(&texts_of[0]), buf_str(&texts_of[1])));
    }
    arena_free(&arena);
    buf_free(&texts_of[0]);
    buf_free(&texts_of[1]);
}

/* Goes on in `saved`, which holds the states of `from`; false where a whole walk is needed. */
static bool resume(struct world *world, struct saved *saved, int from, int to)
{
    struct history *history;
    struct fault fault = {.text = ""};
    struct saved want = {0};
    struct buf texts_of[2] = {BUF_EMPTY, BUF_EMPTY};
    char hex[GIT_OID_HEXSZ + 1];
    struct history_point point = {git_oid_tostr(hex, sizeof hex, &world->nodes[from].id),
                                  saved->corrected};
    struct history_memory memory = {saved, find_saved};
    struct source *source = open_at(world, to);
    int result = history_resume(&history, source, &point, &memory, &fault);
    if (result < 0) {
        fail_msg("%s", fault.text);
    }
    assert_int_equal(result == 0, is_passed_by(world, from, to));
    assert_int_equal(result == 0, history == NULL);
    if (result == 1) {
        walk_whole(world, to, &want);
        check_recall(history, &want);
        save(saved, history);
        describe(&texts_of[0], saved);
        describe(&texts_of[1], &want);
        if (!str_equal(buf_str(&texts_of[0]), buf_str(&texts_of[1]))) {
            fail_msg("from %d to %d:\n%s, not\n%s", from, to, texts_of[0].p, texts_of[1].p);
        }
    }
    history_free(history);
    source_close(source);
    buf_free(&texts_of[0]);
    buf_free(&texts_of[1]);
    arena_free(&want.arena);
    return result == 1;
}

/* From one commit to each of the others; and in steps, going on from what went on before. */
static void test_resumed_histories_are_whole_ones(void **state)
{
    (void)state;
    size_t resumed = 0, refused = 0, steps = 0;
    for (int seed = 1; seed <= HISTORIES; seed++) {
        struct world *world = calloc(1, sizeof *world);
        assert_non_null(world);
        world->random = (uint64_t)seed * 0x9e3779b97f4a7c15U;
        fixture_open(&world->fixture);
        for (int i = 0; i < COMMITS; i++) {
            make_node(world, i);
        }
        struct saved chain = {0};
        walk_whole(world, 0, &chain);
        for (int i = 1, last = 0; i < COMMITS; i++) {
            struct saved once = {0};
            int from = pick(world, i);
            walk_whole(world, from, &once);
            bool is_done = resume(world, &once, from, i);
            resumed += is_done;
            refused += !is_done;
            if (resume(world, &chain, last, i)) {
                last = i;
                steps++;
            }
            arena_free(&once.arena);
        }
        arena_free(&chain.arena);
        fixture_close(&world->fixture);
        free(world);
    }
    print_message("%zu resumed, %zu refused, %zu steps\n", resumed, refused, steps);
    assert_true(resumed > 400 && refused > 400 && steps > 200);
}

/* A point of which the repository knows nothing, one that is the commit itself, and no name. */
static void test_points(void **state)
{
    (void)state;
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    struct history *history;
    struct fault fault;
    struct saved saved = {0};
    struct history_memory memory = {&saved, find_saved};
    const struct history_state *states;
    world->random = 1;
    fixture_open(&world->fixture);
    make_node(world, 0);
    struct source *source = open_at(world, 0);
    struct history_point point = {"0123456789012345678901234567890123456789", 1};
    assert_int_equal(history_resume(&history, source, &point, &memory, &fault), 0);
    assert_null(history);
    point = (struct history_point){source_commit(source), 77};
    assert_int_equal(history_resume(&history, source, &point, &memory, &fault), 1);
    assert_int_equal(history_states(history, &states), 0);
    assert_int_equal(history_corrected_time(history), 77);
    assert_int_equal(saved.asked_count, 0);
    history_free(history);
    point.commit = "main";
    assert_int_equal(history_resume(&history, source, &point, &memory, &fault), -1);
    assert_string_equal(fault.text, "\"main\" is no name of a commit");
    source_close(source);
    fixture_close(&world->fixture);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resumed_histories_are_whole_ones),
        cmocka_unit_test(test_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
