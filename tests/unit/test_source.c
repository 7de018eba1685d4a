/* source: opening, listing and reading, over ordinary, odd and hostile trees. */
#include "source_fixture.h"

#include "source/changes.h"

#include <limits.h>
#include <time.h>
#include <unistd.h>

#define FILE_MODE 0100644
#define FOLDER_MODE 040000

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct listing {
    struct arena arena;
    struct diag diag;
    struct source_files files;
    struct fault fault;
    int result;
};

static void listing_free(struct listing *listing)
{
    arena_free(&listing->arena);
    diag_free(&listing->diag);
}

/* Where text is unpacked, and told of only then, the very same comes out. */
static void expect_unpacked(const struct listing *want, struct fixture *fixture)
{
    const struct source_listing listing = {.leaves_text = true};
    struct listing got = {.fault = {.text = ""}};
    struct source *source = fixture_source(fixture, "");
    got.result = source_list(source, &listing, &got.arena, &got.files, &got.diag, &got.fault);
    if (got.result == 0) {
        got.result = source_unpack(source, &got.files, 2, AT_FDCWD, "/tmp", &got.fault);
        source_drop_unfit(&got.files, &got.diag);
    }
    struct buf want_text = BUF_EMPTY, got_text = BUF_EMPTY;
    struct diag want_diag = want->diag; /* sorted where it lies */
    diag_write_text(&want_text, &want_diag, LANGUAGE_EN);
    diag_write_text(&got_text, &got.diag, LANGUAGE_EN);
    assert_string_equal(got_text.p, want_text.p);
    assert_int_equal(got.result, want->result);
    assert_string_equal(got.fault.text, want->fault.text);
    assert_true(want->result != 0 || got.files.count == want->files.count);
    for (size_t i = 0; i < want->files.count; i++) {
        const struct source_file *a = &want->files.items[i], *b = &got.files.items[i];
        assert_true(str_equal(a->path, b->path) && a->size == b->size);
        assert_memory_equal(a->blob.bytes, b->blob.bytes, sizeof a->blob.bytes);
    }
    buf_free(&want_text);
    buf_free(&got_text);
    source_close(source);
    listing_free(&got);
}

static void list(struct listing *out, struct fixture *fixture, const git_oid *tree)
{
    *out = (struct listing){.fault = {.text = ""}};
    fixture_commit(fixture, tree, NULL, 0, 1700000000);
    struct source *source = fixture_source(fixture, "");
    out->result = source_list(source, NULL, &out->arena, &out->files, &out->diag, &out->fault);
    source_close(source);
    expect_unpacked(out, fixture);
}

/* Each row: an entry, and what becomes of it beside the ordinary file z.md. */
static void test_every_entry_is_kept_or_named(void **state)
{
    (void)state;
    static const struct {
        unsigned mode;
        struct str name;
        const char *want; /* NULL: listed */
    } rows[] = {
        {FILE_MODE, {"a.md", 4}, NULL},
        {0100755, {"a.md", 4}, NULL},
        {0100664, {"a.md", 4}, NULL},
        {FILE_MODE, {"#?%&+'()[].md", 13}, NULL},
        {FILE_MODE, {".gitignore", 10}, NULL},
        {0120000, {"a.md", 4}, "a.md: error[E115]: \"a.md\" is a symbolic link: left out\n"},
        {0160000, {"lib", 3}, "lib: error[E116]: \"lib\" is a submodule: left out\n"},
        {0100600,
         {"a", 1},
         "a: error[E117]: \"a\" is no ordinary file, its mode being 100600: left out\n"},
        {0,
         {"a", 1},
         "a: error[E117]: \"a\" is no ordinary file, its mode being 000000: left out\n"},
        {FILE_MODE, {"", 0}, "error[E101]: a file or folder here has no name\n"},
        {FILE_MODE, {"..", 2}, "..: error[E102]: \"..\" cannot be the name of a file or folder\n"},
        {FILE_MODE,
         {".git", 4},
         ".git: error[E103]: \".git\" is git's own folder, or cannot be told from it\n"},
        {FILE_MODE,
         {"a/../b.md", 9},
         "a/../b.md: error[E104]: the name \"a/../b.md\" has a slash in it\n"},
        {FILE_MODE,
         {"a\n\033b", 4},
         "a??b: error[E105]: the name \"a??b\" has a control character in it, shown as a question "
         "mark\n"},
        {FILE_MODE, {"\xd6\xd0", 2}, "??: error[E106]: the name \"??\" is not UTF-8\n"},
        {FILE_MODE,
         {"a\xe2\x80\xae", 4},
         "a?: error[E107]: the name \"a?\" hides a character that turns the direction of the "
         "text\n"},
        {FILE_MODE,
         {"a\xe2\x80\x8b", 4},
         "a\xe2\x80\x8b: error[E108]: the name \"a\xe2\x80\x8b\" has an invisible character in "
         "it\n"},
        {FILE_MODE, {"a ", 2}, "a : error[E109]: the name \"a \" ends in a blank or a dot\n"},
        {FILE_MODE, {"a\\b", 3}, "a\\b: error[E110]: the name \"a\\b\" has a backslash in it\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct listing listing;
        fixture_open(&fixture);
        git_oid blob = fixture_blob(&fixture, "# a\n");
        struct fixture_entry entries[] = {{rows[i].mode, rows[i].name, blob},
                                          {FILE_MODE, STR("z.md"), blob}};
        git_oid tree = fixture_tree(&fixture, entries, 2);
        list(&listing, &fixture, &tree);
        assert_int_equal(listing.result, 0);
        assert_int_equal(listing.files.count, rows[i].want == NULL ? 2 : 1);
        assert_non_null(source_find(&listing.files, STR("z.md")));
        struct buf text = BUF_EMPTY;
        diag_write_text(&text, &listing.diag, LANGUAGE_EN);
        const char *want = rows[i].want != NULL ? rows[i].want : "";
        if (!str_starts(buf_str(&text), str_of(want)) || (*want == '\0' && text.n > 0)) {
            fail_msg("row %zu: %s", i, text.p);
        }
        buf_free(&text);
        listing_free(&listing);
        fixture_close(&fixture);
    }
}

static void test_unsafe_folders_are_left_out_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    fixture_open(&fixture);
    git_oid blob = fixture_blob(&fixture, "# a\n");
    struct fixture_entry inner[] = {{FILE_MODE, STR("x.md"), blob}};
    git_oid folder = fixture_tree(&fixture, inner, 1);
    struct fixture_entry entries[] = {{FOLDER_MODE, STR(".."), folder},
                                      {FOLDER_MODE, STR(".git"), folder},
                                      {FOLDER_MODE, STR(".github"), folder}};
    git_oid tree = fixture_tree(&fixture, entries, 3);
    list(&listing, &fixture, &tree);
    assert_int_equal(listing.files.count, 1);
    assert_int_equal(listing.diag.count, 2);
    assert_non_null(source_find(&listing.files, STR(".github/x.md")));
    listing_free(&listing);
    fixture_close(&fixture);
}

static void assert_text(struct diag *diag, const char *want)
{
    struct buf text = BUF_EMPTY;
    diag_write_text(&text, diag, LANGUAGE_EN);
    assert_string_equal(text.p, want);
    buf_free(&text);
}

static void test_one_address_for_two_names(void **state)
{
    (void)state;
    static const char dup[] = "a.md: error[E113]: the folder has \"a.md\" twice\n"
                              "  = help: no ordinary git makes such a folder: remove one of them\n";
    static const struct {
        struct str names[2];
        const char *want;
    } rows[] = {
        {{{"A.md", 4}, {"a.md", 4}},
         "a.md: error[E114]: differs from \"A.md\" in case or in the form of its characters alone: "
         "one address for both\n  = help: rename one of them\n"},
        {{{"e\xcc\x81.md", 6}, {"\xc3\xa9.md", 5}},
         "\xc3\xa9.md: error[E114]: differs from \"e\xcc\x81.md\" in case or in the form of its "
         "characters alone: one address for both\n  = help: rename one of them\n"},
        {{{"a.md", 4}, {"a.md", 4}}, dup},
        {{{"\xe4\xb8\x80.md", 6}, {"\xe4\xb8\x81.md", 6}}, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct listing listing;
        fixture_open(&fixture);
        struct fixture_entry entries[] = {
            {FILE_MODE, rows[i].names[0], fixture_blob(&fixture, "1\n")},
            {FILE_MODE, rows[i].names[1], fixture_blob(&fixture, "2\n")},
            {FILE_MODE, STR("gongkai.yml"), fixture_blob(&fixture, "title: a\n")}};
        git_oid tree = fixture_tree(&fixture, entries, 3);
        list(&listing, &fixture, &tree);
        assert_text(&listing.diag, rows[i].want);
        assert_int_equal(listing.files.count, *rows[i].want == '\0' ? 3 : 2);
        const struct source_file *kept = source_find(&listing.files, rows[i].names[0]);
        assert_non_null(kept);
        assert_memory_equal(kept->blob.bytes, entries[0].id.id, 20);
        listing_free(&listing);
        fixture_close(&fixture);
    }
}

/* Across folders too, and between a file and a folder of one name. */
static void test_one_address_across_folders(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    fixture_open(&fixture);
    git_oid blob = fixture_blob(&fixture, "1\n");
    struct fixture_entry inner[] = {{FILE_MODE, STR("x.md"), blob}};
    git_oid folder = fixture_tree(&fixture, inner, 1);
    struct fixture_entry entries[] = {{FOLDER_MODE, STR("A"), folder},
                                      {FOLDER_MODE, STR("a"), folder},
                                      {FILE_MODE, STR("b"), blob},
                                      {FOLDER_MODE, STR("b"), folder},
                                      {FILE_MODE, STR("gongkai.yml"), blob}};
    git_oid tree = fixture_tree(&fixture, entries, 5);
    list(&listing, &fixture, &tree);
    assert_text(&listing.diag,
                "a/x.md: error[E114]: differs from \"A/x.md\" in case or in the form of its "
                "characters alone: one address for both\n  = help: rename one of them\n"
                "b: error[E113]: the folder has \"b\" twice\n"
                "  = help: no ordinary git makes such a folder: remove one of them\n");
    assert_int_equal(listing.files.count, 3);
    assert_non_null(source_find(&listing.files, STR("b/x.md")));
    listing_free(&listing);
    fixture_close(&fixture);
}

/* Without a configuration both are kept: the address book gives one of them another address. */
static void test_no_file_is_lost_without_a_configuration(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    fixture_open(&fixture);
    git_oid blob = fixture_blob(&fixture, "1\n");
    struct fixture_entry entries[] = {{FILE_MODE, STR("A.md"), blob},
                                      {FILE_MODE, STR("a.md"), blob}};
    git_oid tree = fixture_tree(&fixture, entries, 2);
    list(&listing, &fixture, &tree);
    assert_text(&listing.diag, "");
    assert_int_equal(listing.files.count, 2);
    listing_free(&listing);
    fixture_close(&fixture);
}

#define POINTER                                                                                    \
    "version https://git-lfs.github.com/spec/v1\n"                                                 \
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"

static void test_pointers_and_sizes(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    fixture_open(&fixture);
    size_t size = SOURCE_MARKDOWN_MAX + 1;
    char *large = calloc(size, 1);
    assert_non_null(large);
    git_oid blob = fixture_object(&fixture, (struct str){large, size}, GIT_OBJECT_BLOB);
    git_oid limit = fixture_object(&fixture, (struct str){large, size - 1}, GIT_OBJECT_BLOB);
    git_oid pointer = fixture_blob(&fixture, POINTER);
    free(large);
    struct fixture_entry entries[] = {{FILE_MODE, STR("a.md"), blob},
                                      {FILE_MODE, STR("a.pdf"), blob},
                                      {FILE_MODE, STR("b.md"), limit},
                                      {FILE_MODE, STR("c.md"), pointer},
                                      {FILE_MODE, STR("c.pdf"), pointer}};
    git_oid tree = fixture_tree(&fixture, entries, 5);
    list(&listing, &fixture, &tree);
    assert_text(&listing.diag,
                "a.md: error[E119]: the file has 4194305 bytes, more than the limit of 4194304\n"
                "  = help: compress it or split it\n"
                "c.md: error[E118]: \"c.md\" lies in Git LFS: the repository does not have its "
                "content\n  = help: bring it back with git lfs migrate export\n"
                "c.pdf: error[E118]: \"c.pdf\" lies in Git LFS: the repository does not have its "
                "content\n  = help: bring it back with git lfs migrate export\n");
    assert_int_equal(listing.files.count, 2);
    listing_free(&listing);
    fixture_close(&fixture);
}

static void test_long_names_and_paths(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    char name[256];
    fixture_open(&fixture);
    memset(name, 'a', sizeof name);
    git_oid blob = fixture_blob(&fixture, "1\n");
    struct fixture_entry leaf[] = {{FILE_MODE, STR("b.md"), blob}, {FILE_MODE, {name, 256}, blob}};
    git_oid tree = fixture_tree(&fixture, leaf, 2);
    for (int i = 0; i < 4; i++) { /* 4 * 256 bytes: "b.md" stands past 1024 */
        struct fixture_entry entry = {FOLDER_MODE, {name, 255}, tree};
        tree = fixture_tree(&fixture, &entry, 1);
    }
    list(&listing, &fixture, &tree);
    assert_int_equal(listing.files.count, 0);
    assert_int_equal(listing.diag.count, 2);
    assert_int_equal(listing.diag.entries[0].code, DIAG_NAME_LONG);
    assert_int_equal(listing.diag.entries[1].code, DIAG_PATH_LONG);
    listing_free(&listing);
    fixture_close(&fixture);
}

/* Every level twice ten times the same folder: 10^10 paths out of eleven objects. */
static void test_bomb_stops_at_once(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    fixture_open(&fixture);
    git_oid id = fixture_blob(&fixture, "1\n");
    static const char names[10][2] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    for (int level = 0; level < 10; level++) {
        struct fixture_entry entries[10];
        for (size_t i = 0; i < 10; i++) {
            entries[i] =
                (struct fixture_entry){level == 0 ? FILE_MODE : FOLDER_MODE, str_of(names[i]), id};
        }
        id = fixture_tree(&fixture, entries, 10);
    }
    double start = now();
    list(&listing, &fixture, &id);
    assert_true(now() - start < 5); /* a tenth of that without sanitizers */
    assert_int_equal(listing.result, -1);
    assert_string_equal(listing.fault.text,
                        "the commit has more than 250000 files and folders (the limit)");
    listing_free(&listing);
    fixture_close(&fixture);
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    struct fixture fixture;
    struct listing listing;
    fixture_open(&fixture);
    git_oid blob = fixture_blob(&fixture, "1\n");
    struct fixture_entry leaf = {FILE_MODE, STR("b.md"), blob};
    git_oid tree = fixture_tree(&fixture, &leaf, 1);
    for (int i = 0; i < 2000; i++) {
        struct fixture_entry entry[] = {{FOLDER_MODE, STR("d"), tree}};
        tree = fixture_tree(&fixture, entry, 1);
    }
    list(&listing, &fixture, &tree);
    assert_int_equal(listing.result, 0);
    assert_int_equal(listing.diag.count, 1);
    assert_int_equal(listing.diag.entries[0].code, DIAG_FOLDER_DEEP);
    listing_free(&listing);
    fixture_close(&fixture);
}

static void test_missing_and_malformed_objects_are_faults(void **state)
{
    (void)state;
    static const struct {
        unsigned mode;
        const char *want;
    } rows[] = {
        {FILE_MODE, "git object 0123456789012345678901234567890123456789 of \"d/a.md\": "},
        {FOLDER_MODE, "git object 0123456789012345678901234567890123456789 of \"d/a.md/\": "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct listing listing;
        fixture_open(&fixture);
        struct fixture_entry entry = {.mode = rows[i].mode, .name = STR("a.md")};
        git_oid_fromstr(&entry.id, "0123456789012345678901234567890123456789");
        git_oid folder = fixture_tree(&fixture, &entry, 1);
        struct fixture_entry outer = {FOLDER_MODE, STR("d"), folder};
        git_oid tree = fixture_tree(&fixture, &outer, 1);
        list(&listing, &fixture, &tree);
        assert_int_equal(listing.result, -1);
        assert_true(str_starts(str_of(listing.fault.text), str_of(rows[i].want)));
        listing_free(&listing);
        git_oid torn = fixture_object(&fixture, STR("100644 a.md"), GIT_OBJECT_TREE);
        list(&listing, &fixture, &torn);
        assert_int_equal(listing.result, -1);
        assert_non_null(strstr(listing.fault.text, "is no tree"));
        listing_free(&listing);
        fixture_close(&fixture);
    }
}

static void test_open_says_what_is_wrong(void **state)
{
    (void)state;
    struct fixture fixture;
    struct fault fault;
    struct source *source;
    fixture_open(&fixture);
    git_oid blob = fixture_blob(&fixture, "# a\n");
    struct fixture_entry entry = {FILE_MODE, STR("a.md"), blob};
    git_oid tree = fixture_tree(&fixture, &entry, 1);
    git_oid commit = fixture_commit(&fixture, &tree, NULL, 0, 1700000000);
    const struct {
        struct source_options options;
        const char *want;
    } rows[] = {
        {{"/nonexistent", "HEAD", "", false, SOURCE_TREE_COMMIT},
         "no git repository at \"/nonexistent\": there is no such folder"},
        {{fixture.path, "HEAD", "", false, SOURCE_TREE_COMMIT}, "the repository \""},
        {{fixture.path, "nothing", "", false, SOURCE_TREE_COMMIT},
         "no such revision \"nothing\"; "},
        {{fixture.path, "refs/heads/t^{tree}", "", false, SOURCE_TREE_COMMIT}, "not a commit: "},
        {{fixture.path, "refs/heads/t", "docs", false, SOURCE_TREE_COMMIT},
         "no folder \"docs\" in the commit "},
        {{fixture.path, "refs/heads/t", "../x", false, SOURCE_TREE_COMMIT},
         "no folder \"../x\" in the commit "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(source_open(&source, &rows[i].options, &fault), -1);
        assert_null(source);
        if (!str_starts(str_of(fault.text), str_of(rows[i].want))) {
            fail_msg("%s", fault.text);
        }
    }
    char hex[GIT_OID_HEXSZ + 2], shallow[128];
    git_oid_tostr(hex, sizeof hex, &commit);
    source = fixture_source(&fixture, "./");
    assert_string_equal(source_commit(source), hex);
    assert_int_equal(source_commit_time(source), 1700000000);
    source_close(source);
    snprintf(shallow, sizeof shallow, "%s/shallow", fixture.path);
    strcat(hex, "\n");
    assert_int_equal(file_create(AT_FDCWD, shallow, str_of(hex), 0644, false, &fault), 0);
    struct source_options options = {fixture.path, "refs/heads/t", "", false, SOURCE_TREE_COMMIT};
    assert_int_equal(source_open(&source, &options, &fault), -1);
    assert_non_null(strstr(fault.text, "is shallow"));
    fixture_close(&fixture);
}

static void test_content_folder_and_reading(void **state)
{
    (void)state;
    struct fixture fixture;
    struct fault fault;
    fixture_open(&fixture);
    struct fixture_entry inner = {FILE_MODE, STR("a.md"), fixture_blob(&fixture, "# a\n")};
    git_oid folder = fixture_tree(&fixture, &inner, 1);
    struct fixture_entry outer = {FOLDER_MODE, STR("docs"), folder};
    git_oid tree = fixture_tree(&fixture, &outer, 1);
    fixture_commit(&fixture, &tree, NULL, 0, 1700000000);
    struct source *source = fixture_source(&fixture, "/docs/");
    struct arena arena = {0};
    struct diag diag = {0};
    struct source_files files;
    struct buf bytes = BUF_EMPTY;
    assert_int_equal(source_list(source, NULL, &arena, &files, &diag, &fault), 0);
    const struct source_file *file = source_find(&files, STR("a.md"));
    assert_non_null(file);
    assert_null(source_find(&files, STR("b.md")));
    assert_int_equal(source_read(source, &bytes, file, &fault), 0);
    assert_string_equal(bytes.p, "# a\n");
    buf_free(&bytes);
    arena_free(&arena);
    source_close(source);
    fixture_close(&fixture);
}

static git_oid two_files(struct fixture *fixture, const char *a, const char *b)
{
    struct fixture_entry entries[2];
    size_t count = 0;
    if (a != NULL) {
        entries[count++] = (struct fixture_entry){FILE_MODE, STR("a.md"), fixture_blob(fixture, a)};
    }
    if (b != NULL) {
        entries[count++] = (struct fixture_entry){FILE_MODE, STR("b.md"), fixture_blob(fixture, b)};
    }
    git_oid folder = fixture_tree(fixture, entries, count);
    struct fixture_entry outer = {FOLDER_MODE, STR("d"), folder};
    return fixture_tree(fixture, &outer, 1);
}

static void test_changes_between_commits(void **state)
{
    (void)state;
    struct fixture fixture;
    struct fault fault;
    struct arena arena = {0};
    struct source_changes changes;
    char first[41], second[41], aside[41];
    bool is_descendant;
    fixture_open(&fixture);
    git_oid tree = two_files(&fixture, "1", NULL);
    git_oid one = fixture_commit(&fixture, &tree, NULL, 0, 1);
    git_oid other = fixture_commit(&fixture, &tree, NULL, 0, 9);
    tree = two_files(&fixture, "2", "1");
    git_oid two = fixture_commit(&fixture, &tree, &one, 1, 2);
    tree = two_files(&fixture, NULL, "1");
    fixture_commit(&fixture, &tree, &two, 1, 3);
    git_oid_tostr(first, sizeof first, &one);
    git_oid_tostr(second, sizeof second, &two);
    git_oid_tostr(aside, sizeof aside, &other);
    struct source *source = fixture_source(&fixture, "");
    assert_int_equal(source_changes(&changes, source, &arena, first, &fault), 0);
    assert_int_equal(changes.count, 2);
    assert_true(str_equal(changes.items[0].path, STR("d/a.md")));
    assert_true(changes.items[0].was && !changes.items[0].is);
    assert_true(!changes.items[1].was && changes.items[1].is);
    assert_int_equal(source_changes(&changes, source, &arena, second, &fault), 0);
    assert_int_equal(changes.count, 1);
    assert_int_equal(source_changes(&changes, source, &arena, source_commit(source), &fault), 0);
    assert_int_equal(changes.count, 0);
    const struct {
        const char *ancestor;
        bool want;
    } rows[] = {{first, true},
                {second, true},
                {source_commit(source), true},
                {aside, false},
                {"0123456789012345678901234567890123456789", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(source_is_descendant(&is_descendant, source, rows[i].ancestor, &fault), 0);
        assert_int_equal(is_descendant, rows[i].want);
    }
    assert_int_equal(source_is_descendant(&is_descendant, source, "x", &fault), -1);
    arena_free(&arena);
    source_close(source);
    fixture_close(&fixture);
}

/* A commit whose file the disk does not give is no commit that is gone: history was not rewritten.
 */
static void test_unreadable_ancestor_is_a_fault(void **state)
{
    (void)state;
    struct fixture fixture;
    struct fault fault;
    char name[41], path[PATH_MAX];
    bool is_descendant;
    fixture_open(&fixture);
    git_oid tree = two_files(&fixture, "1", NULL);
    git_oid one = fixture_commit(&fixture, &tree, NULL, 0, 1);
    fixture_commit(&fixture, &tree, &one, 1, 2);
    git_oid_tostr(name, sizeof name, &one);
    snprintf(path, sizeof path, "%sobjects/%.2s/%s", git_repository_path(fixture.repository), name,
             name + 2);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink(path, path), 0); /* ELOOP, as root too */
    struct source *source = fixture_source(&fixture, "");
    assert_int_equal(source_is_descendant(&is_descendant, source, name, &fault), -1);
    assert_non_null(strstr(fault.text, "cannot be read"));
    source_close(source);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_entry_is_kept_or_named),
        cmocka_unit_test(test_unsafe_folders_are_left_out_whole),
        cmocka_unit_test(test_one_address_for_two_names),
        cmocka_unit_test(test_one_address_across_folders),
        cmocka_unit_test(test_no_file_is_lost_without_a_configuration),
        cmocka_unit_test(test_pointers_and_sizes),
        cmocka_unit_test(test_long_names_and_paths),
        cmocka_unit_test(test_bomb_stops_at_once),
        cmocka_unit_test(test_depth_is_bounded),
        cmocka_unit_test(test_missing_and_malformed_objects_are_faults),
        cmocka_unit_test(test_open_says_what_is_wrong),
        cmocka_unit_test(test_content_folder_and_reading),
        cmocka_unit_test(test_changes_between_commits),
        cmocka_unit_test(test_unreadable_ancestor_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
