/* source/history: dates, counts and renames of every path, over branches and bad clocks. */
#include "source_fixture.h"

#include "source/history.h"

#define FILE_MODE 0100644
#define FOLDER_MODE 040000

/* A commit, by its files: "path=text" pairs, and by the rows that it comes after. */
struct step {
    long time;
    int parents[3]; /* index + 1 */
    const char *files[5];
};

struct want {
    const char *path;
    long created, updated;
    size_t count;
};

struct plan {
    const char *name;
    struct step steps[6];
    struct want want[4];
    const char *renames; /* "from>to " each */
};

static struct str name_of(const char *file)
{
    return str_slice(str_of(file), 0, (size_t)str_find_char(str_of(file), '='));
}

/* One level of folders at most: "d/a" stands in d, which comes after the files. */
static git_oid make_tree(struct fixture *fixture, const char *const *files)
{
    struct fixture_entry top[6], inner[6];
    size_t top_count = 0, inner_count = 0;
    for (; *files != NULL; files++) {
        struct str name = name_of(*files);
        git_oid blob = fixture_blob(fixture, *files + name.n + 1);
        if (str_starts(name, STR("d/"))) {
            inner[inner_count++] = (struct fixture_entry){FILE_MODE, str_from(name, 2), blob};
        } else {
            top[top_count++] = (struct fixture_entry){FILE_MODE, name, blob};
        }
    }
    if (inner_count > 0) {
        git_oid folder = fixture_tree(fixture, inner, inner_count);
        top[top_count++] = (struct fixture_entry){FOLDER_MODE, STR("d"), folder};
    }
    return fixture_tree(fixture, top, top_count);
}

static void make_commits(struct fixture *fixture, const struct step *steps)
{
    git_oid commits[6];
    for (size_t i = 0; i < 6 && steps[i].time != 0; i++) {
        git_oid parents[3], tree = make_tree(fixture, steps[i].files);
        size_t count = 0;
        while (count < 3 && steps[i].parents[count] != 0) {
            parents[count] = commits[steps[i].parents[count] - 1];
            count++;
        }
        commits[i] = fixture_commit(fixture, &tree, parents, count, steps[i].time);
    }
}

static const struct plan plans[] = {
    {"one commit", {{10, {0}, {"a=1", "d/b=2"}}}, {{"a", 10, 10, 1}, {"d/b", 10, 10, 1}}, ""},
    {"an edit",
     {{10, {0}, {"a=1", "b=2"}}, {20, {1}, {"a=3", "b=2"}}},
     {{"a", 10, 20, 2}, {"b", 10, 10, 1}},
     ""},
    {"a clock that goes back",
     {{30, {0}, {"a=1"}}, {20, {1}, {"a=2"}}, {10, {2}, {"a=3"}}},
     {{"a", 30, 10, 3}},
     ""},
    {"withdrawn and back",
     {{10, {0}, {"a=1", "b=2"}}, {20, {1}, {"b=2"}}, {30, {2}, {"a=1", "b=2"}}},
     {{"a", 10, 30, 3}, {"b", 10, 10, 1}},
     ""},
    {"withdrawn", {{10, {0}, {"a=1", "b=2"}}, {20, {1}, {"b=2"}}}, {{"b", 10, 10, 1}}, ""},
    {"renamed",
     {{10, {0}, {"a=1"}}, {20, {1}, {"b=1"}}, {30, {2}, {"b=2"}}},
     {{"b", 10, 30, 3}},
     "a>b "},
    {"renamed twice, and into a folder",
     {{10, {0}, {"a=1"}}, {20, {1}, {"b=1"}}, {30, {2}, {"d/c=1"}}},
     {{"d/c", 10, 30, 3}},
     "a>d/c b>d/c "},
    {"renamed and back",
     {{10, {0}, {"a=1"}}, {20, {1}, {"b=1"}}, {30, {2}, {"a=1"}}},
     {{"a", 10, 30, 3}},
     "b>a "},
    {"renamed, and a new file in its place",
     {{10, {0}, {"a=1"}}, {20, {1}, {"b=1"}}, {30, {2}, {"a=9", "b=1"}}},
     {{"a", 30, 30, 1}, {"b", 10, 20, 2}},
     ""},
    {"a new file in the place of a renamed one is withdrawn: no redirect",
     {{10, {0}, {"a=1"}}, {20, {1}, {"b=1"}}, {30, {2}, {"a=9", "b=1"}}, {40, {3}, {"b=1"}}},
     {{"b", 10, 20, 2}},
     ""},
    {"moved and edited in one commit is another file",
     {{10, {0}, {"a=1"}}, {20, {1}, {"d/a=2"}}},
     {{"d/a", 20, 20, 1}},
     ""},
    {"two with the same bytes go by their base names",
     {{10, {0}, {"a=1", "b=1"}}, {20, {1}, {"d/b=1"}}},
     {{"d/b", 10, 20, 2}},
     "b>d/b "},
    {"empty files are no rename", {{10, {0}, {"a="}}, {20, {1}, {"b="}}}, {{"b", 20, 20, 1}}, ""},
    {"the target is gone too",
     {{10, {0}, {"a=1"}}, {20, {1}, {"b=1"}}, {30, {2}, {"c=3"}}},
     {{"c", 30, 30, 1}},
     ""},
    {"a merge touches nothing that a side brought",
     {{10, {0}, {"a=1", "b=1"}},
      {20, {1}, {"a=2", "b=1"}},
      {30, {1}, {"a=1", "b=3"}},
      {40, {2, 3}, {"a=2", "b=3"}}},
     {{"a", 10, 20, 2}, {"b", 10, 30, 2}},
     ""},
    {"the same merge with its parents the other way round",
     {{10, {0}, {"a=1", "b=1"}},
      {20, {1}, {"a=2", "b=1"}},
      {30, {1}, {"a=1", "b=3"}},
      {40, {3, 2}, {"a=2", "b=3"}}},
     {{"a", 10, 20, 2}, {"b", 10, 30, 2}},
     ""},
    {"a conflict that was solved is a touch",
     {{10, {0}, {"a=1"}}, {20, {1}, {"a=2"}}, {30, {1}, {"a=3"}}, {40, {2, 3}, {"a=23"}}},
     {{"a", 10, 40, 4}},
     ""},
    {"a rename on a branch",
     {{10, {0}, {"a=1"}},
      {20, {1}, {"b=1"}},
      {30, {1}, {"a=1", "c=3"}},
      {40, {3, 2}, {"b=1", "c=3"}}},
     {{"b", 10, 20, 2}, {"c", 30, 30, 1}},
     "a>b "},
    {"two histories joined",
     {{10, {0}, {"a=1"}}, {20, {0}, {"b=2"}}, {30, {1, 2}, {"a=1", "b=2"}}},
     {{"a", 10, 10, 1}, {"b", 20, 20, 1}},
     ""},
    {"three parents",
     {{10, {0}, {"a=1"}},
      {20, {1}, {"a=1", "b=2"}},
      {30, {1}, {"a=1", "c=3"}},
      {40, {1, 2, 3}, {"a=1", "b=2", "c=3", "e=4"}}},
     {{"a", 10, 10, 1}, {"b", 20, 20, 1}, {"c", 30, 30, 1}, {"e", 40, 40, 1}},
     ""},
    {"a file becomes a folder",
     {{10, {0}, {"d=1"}}, {20, {1}, {"d/a=1"}}},
     {{"d/a", 10, 20, 2}},
     "d>d/a "},
};

/* Former paths of files that the commit still has, and where those are now. */
static void check_renames(const struct plan *plan, const struct history *history,
                          const struct source_files *files)
{
    const struct history_state *states;
    struct arena arena = {0};
    struct buf text = BUF_EMPTY;
    size_t count = history_states(history, &states);
    for (size_t i = 0; i < count; i++) {
        struct history_state state = states[i];
        while (source_find(files, state.path) == NULL && state.moved_to.n > 0) {
            assert_true(history_recall(history, &arena, state.moved_to, &state));
        }
        bool is_there = source_find(files, state.path) != NULL;
        if (is_there && !str_equal(state.path, states[i].path)) {
            buf_printf(&text, "%.*s>%.*s ", STR_ARG(states[i].path), STR_ARG(state.path));
        }
    }
    arena_free(&arena);
    if (strcmp(text.p, plan->renames) != 0) {
        fail_msg("%s: renames are \"%s\"", plan->name, text.p);
    }
    buf_free(&text);
}

static void test_plans(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        struct fixture fixture;
        struct fault fault;
        struct history *history;
        struct history_state found;
        struct arena arena = {0};
        struct diag diag = {0};
        struct source_files files;
        fixture_open(&fixture);
        make_commits(&fixture, plans[i].steps);
        struct source *source = fixture_source(&fixture, "");
        assert_int_equal(history_walk(&history, source, &fault), 0);
        assert_int_equal(source_list(source, NULL, &arena, &files, &diag, &fault), 0);
        for (const struct want *want = plans[i].want; want < plans[i].want + 4 && want->path;
             want++) {
            assert_true(history_recall(history, &arena, str_of(want->path), &found));
            if (found.created != want->created || found.updated != want->updated ||
                found.commit_count != want->count) {
                fail_msg("%s: %s: %d %d %d", plans[i].name, want->path, (int)found.created,
                         (int)found.updated, (int)found.commit_count);
            }
        }
        assert_false(history_recall(history, &arena, STR("nothing"), &found));
        check_renames(&plans[i], history, &files);
        diag_free(&diag);
        arena_free(&arena);
        history_free(history);
        source_close(source);
        fixture_close(&fixture);
    }
}

static void test_only_the_content_folder_counts(void **state)
{
    (void)state;
    static const struct step steps[6] = {{10, {0}, {"a=1"}},
                                         {20, {1}, {"a=1", "d/b=2"}},
                                         {30, {2}, {"a=3", "d/b=2"}},
                                         {40, {3}, {"a=3", "d/b=2", "d/c=5"}}};
    struct fixture fixture;
    struct fault fault;
    struct history *history;
    struct history_state found;
    fixture_open(&fixture);
    make_commits(&fixture, steps);
    struct source *source = fixture_source(&fixture, "d");
    assert_int_equal(history_walk(&history, source, &fault), 0);
    assert_false(history_recall(history, NULL, STR("a"), &found));
    assert_true(history_recall(history, NULL, STR("b"), &found));
    assert_int_equal(found.created, 20);
    assert_int_equal(found.updated, 20);
    assert_true(history_recall(history, NULL, STR("c"), &found));
    assert_int_equal(found.created, 40);
    history_free(history);
    source_close(source);
    fixture_close(&fixture);
}

/* Trees in no order and with names twice are walked to the end, whatever comes of it. */
static void test_odd_trees_end(void **state)
{
    (void)state;
    static const char *const orders[] = {"cab", "abc", "aab", "bca", "aba", "bbb"};
    struct fixture fixture;
    struct fault fault;
    struct history *history;
    fixture_open(&fixture);
    git_oid blob = fixture_blob(&fixture, "1"), commit = {{0}};
    for (size_t i = 0; i < 36; i++) {
        struct fixture_entry entries[6];
        for (size_t k = 0; k < 6; k++) {
            const char *order = orders[k < 3 ? i / 6 : i % 6];
            entries[k] = (struct fixture_entry){FILE_MODE, {&order[k % 3], 1}, blob};
        }
        git_oid tree = fixture_tree(&fixture, &entries[i % 3], 6 - i % 4 - i % 3);
        commit = fixture_commit(&fixture, &tree, &commit, i > 0, 10 + (long)i);
    }
    struct source *source = fixture_source(&fixture, "");
    assert_int_equal(history_walk(&history, source, &fault), 0);
    history_free(history);
    source_close(source);
    fixture_close(&fixture);
}

static void test_missing_parent_is_a_fault(void **state)
{
    (void)state;
    struct fixture fixture;
    struct fault fault;
    struct history *history;
    git_oid parent;
    fixture_open(&fixture);
    static const char *const files[] = {"a=1", NULL};
    git_oid tree = make_tree(&fixture, files);
    git_oid_fromstr(&parent, "0123456789012345678901234567890123456789");
    fixture_commit(&fixture, &tree, &parent, 1, 10);
    struct source *source = fixture_source(&fixture, "");
    assert_int_equal(history_walk(&history, source, &fault), -1);
    assert_null(history);
    assert_true(str_starts(str_of(fault.text),
                           STR("git object 0123456789012345678901234567890123456789 of ")));
    source_close(source);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_only_the_content_folder_counts),
        cmocka_unit_test(test_odd_trees_end),
        cmocka_unit_test(test_missing_parent_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
