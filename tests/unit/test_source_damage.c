/*
 * source: damaged repositories, and reading from several threads. Whatever byte of a pack or of its
 * index is changed: the same result or a fault, never other bytes.
 */
#include "source_fixture.h"

#include "base/digest.h"
#include "source/history.h"
#include "source/name_check.h"

#include <dirent.h>
#include <pthread.h>
#include <unistd.h>

#define FILE_MODE 0100644

/* libgit2 1.5 loses some memory of its own with every pack whose index is damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libgit2.so";
}

/*
 * All that a source says of the fixture, as text; empty after a fault, and where it leaves a file
 * out and says so: a size past the limits is believed, since reading to verify it is what they bar.
 */
static void describe(struct buf *out, struct fixture *fixture, bool is_unpacked)
{
    const struct source_listing listing = {.leaves_text = is_unpacked};
    struct fault fault = {.text = ""};
    struct source *source = NULL;
    struct source_options options = {fixture->path, "refs/heads/t", "", false, SOURCE_TREE_COMMIT};
    struct arena arena = {0};
    struct diag diag = {0};
    struct source_files files = {0};
    struct history *history = NULL;
    bool is_done =
        source_open(&source, &options, &fault) == 0 &&
        source_list(source, &listing, &arena, &files, &diag, &fault) == 0 &&
        (!is_unpacked || source_unpack(source, &files, 2, AT_FDCWD, "/tmp", &fault) == 0) &&
        source_drop_unfit(&files, &diag) == 0 && diag.count == 0 &&
        history_walk(&history, source, &fault) == 0;
    for (size_t i = 0; i < files.count && is_done; i++) {
        struct history_state state;
        assert_true(history_recall(history, &arena, files.items[i].path, &state));
        buf_printf(out, "%.*s %ld %ld %zu\n", STR_ARG(state.path), (long)state.created,
                   (long)state.updated, state.commit_count);
        is_done = source_read(source, out, &files.items[i], &fault) == 0;
    }
    if (!is_done) {
        assert_true(fault.text[0] != '\0' || diag.count > 0);
        buf_clear(out);
    }
    history_free(history);
    source_close(source);
    diag_free(&diag);
    arena_free(&arena);
}

static void fill(struct fixture *fixture)
{
    git_oid commit = {{0}};
    for (int i = 0; i < 3; i++) {
        char text[3000];
        for (size_t k = 0; k + 1 < sizeof text; k++) {
            text[k] = (char)('a' + (k * k + (k > 2900 ? (size_t)i : 0)) % 23);
        }
        text[sizeof text - 1] = '\0';
        struct fixture_entry entries[] = {{FILE_MODE, STR("a.md"), fixture_blob(fixture, text)},
                                          {FILE_MODE, STR("b.md"), fixture_blob(fixture, "b")}};
        git_oid tree = fixture_tree(fixture, entries, 2);
        commit = fixture_commit(fixture, &tree, &commit, i > 0, 10 + i);
    }
}

/* Every file below the folder whose name ends so, each byte of each in turn. */
static size_t flip_all(struct fixture *fixture, const char *folder, const char *end, size_t *faults)
{
    char path[512];
    size_t flips = 0;
    struct buf want = BUF_EMPTY, got = BUF_EMPTY, bytes = BUF_EMPTY;
    struct fault fault;
    describe(&want, fixture, false);
    assert_true(want.n > 0);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.' || !str_ends(str_of(entry->d_name), str_of(end))) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        buf_clear(&bytes);
        assert_int_equal(file_read(&bytes, AT_FDCWD, path, 1 << 20, &fault), 0);
        for (size_t i = 0; i < bytes.n; i++) {
            for (int mask = 0x01; mask <= 0x80; mask <<= 7, flips++) {
                bytes.p[i] = (char)(bytes.p[i] ^ mask);
                unlink(path);
                assert_int_equal(file_create(AT_FDCWD, path, buf_str(&bytes), 0644, false, &fault),
                                 0);
                bytes.p[i] = (char)(bytes.p[i] ^ mask);
                for (int is_unpacked = 0; is_unpacked <= 1; is_unpacked++) {
                    buf_clear(&got);
                    describe(&got, fixture, is_unpacked == 1);
                    if (got.n > 0 && !str_equal(buf_str(&got), buf_str(&want))) {
                        fail_msg("byte %zu of %s gives other results: %s", i, path, got.p);
                    }
                }
                *faults += got.n == 0;
            }
        }
        unlink(path);
        assert_int_equal(file_create(AT_FDCWD, path, buf_str(&bytes), 0644, false, &fault), 0);
    }
    closedir(dir);
    buf_free(&want);
    buf_free(&got);
    buf_free(&bytes);
    return flips;
}

static void test_flipped_bytes_of_a_pack(void **state)
{
    (void)state;
    struct fixture fixture;
    char command[256], folder[128];
    size_t faults = 0;
    fixture_open(&fixture);
    fill(&fixture);
    snprintf(command, sizeof command, "git -C %s repack -a -d -q -f 2>/dev/null", fixture.path);
    assert_int_equal(system(command), 0);
    snprintf(folder, sizeof folder, "%s/objects/pack", fixture.path);
    assert_true(flip_all(&fixture, folder, ".pack", &faults) > 500);
    assert_true(faults > 300); /* the test would notice if nothing were read */
    assert_true(flip_all(&fixture, folder, ".idx", &faults) > 500);
    fixture_close(&fixture);
}

/* A pack's index of version 2, written back with its checksum. */
static void swap_offsets(const char *path, const git_oid *a, const git_oid *b)
{
    enum { IDS = 8 + 256 * 4, ID = 20 };
    struct buf bytes = BUF_EMPTY;
    struct fault fault;
    assert_int_equal(file_read(&bytes, AT_FDCWD, path, 1 << 20, &fault), 0);
    const unsigned char *last = (const unsigned char *)bytes.p + IDS - 4;
    size_t count = (size_t)last[2] << 8 | last[3], at[2] = {count, count};
    for (size_t i = 0; i < count; i++) {
        const char *id = bytes.p + IDS + i * ID;
        at[0] = memcmp(id, a->id, ID) == 0 ? i : at[0];
        at[1] = memcmp(id, b->id, ID) == 0 ? i : at[1];
    }
    assert_true(at[0] < count && at[1] < count);
    char *offsets = bytes.p + IDS + count * (ID + 4), offset[4];
    memcpy(offset, offsets + at[0] * 4, 4);
    memcpy(offsets + at[0] * 4, offsets + at[1] * 4, 4);
    memcpy(offsets + at[1] * 4, offset, 4);
    const struct str body = {bytes.p, bytes.n - ID};
    assert_int_equal(digest_sha1_of((unsigned char *)bytes.p + body.n, &body, 1, &fault), 0);
    unlink(path);
    assert_int_equal(file_create(AT_FDCWD, path, buf_str(&bytes), 0644, false, &fault), 0);
    buf_free(&bytes);
}

/* In a history so long that names are proved beside the walk: two trees stand for each other. */
static void test_trees_of_other_names(void **state)
{
    enum { COMMITS = 400 };
    (void)state;
    struct fixture fixture;
    git_oid commit = {{0}}, trees[COMMITS];
    char text[256], path[256] = "";
    fixture_open(&fixture);
    for (int i = 0; i < COMMITS; i++) {
        snprintf(text, sizeof text, "%d", i);
        struct fixture_entry entries[] = {{FILE_MODE, STR("a.md"), fixture_blob(&fixture, text)}};
        trees[i] = fixture_tree(&fixture, entries, 1);
        commit = fixture_commit(&fixture, &trees[i], &commit, i > 0, 10 + i);
    }
    snprintf(text, sizeof text, "git -C %s repack -a -d -q 2>/dev/null; git -C %s prune-packed",
             fixture.path, fixture.path);
    assert_int_equal(system(text), 0);
    struct buf before = BUF_EMPTY, after = BUF_EMPTY;
    describe(&before, &fixture, false);
    assert_true(before.n > 0);
    snprintf(text, sizeof text, "%s/objects/pack", fixture.path);
    DIR *dir = opendir(text);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (str_ends(str_of(entry->d_name), STR(".idx"))) {
            snprintf(path, sizeof path, "%.100s/%.120s", text, entry->d_name);
        }
    }
    closedir(dir);
    swap_offsets(path, &trees[100], &trees[200]);
    describe(&after, &fixture, false); /* libgit2 does not find them either */
    assert_int_equal(after.n, 0);
    swap_offsets(path, &trees[100], &trees[200]);
    describe(&after, &fixture, false);
    assert_string_equal(after.p, before.p);
    buf_free(&before);
    buf_free(&after);
    fixture_close(&fixture);
}

/* libgit2 alone inflates some of these without end. */
static void test_flipped_bytes_of_loose_objects(void **state)
{
    (void)state;
    struct fixture fixture;
    char folder[128];
    size_t faults = 0, flips = 0;
    fixture_open(&fixture);
    fill(&fixture);
    for (unsigned i = 0; i < 256; i++) {
        snprintf(folder, sizeof folder, "%s/objects/%02x", fixture.path, i);
        if (access(folder, F_OK) == 0) {
            flips += flip_all(&fixture, folder, "", &faults);
        }
    }
    assert_true(flips > 1500);
    assert_true(faults > flips / 2);
    fixture_close(&fixture);
}

/* A loose object of these bytes under any name: zlib's format (RFC 1950), one block as it is. */
static void write_loose(struct fixture *fixture, const char *hex, struct str bytes)
{
    unsigned long a = 1, b = 0, n = bytes.n;
    char path[160];
    struct buf file = BUF_EMPTY;
    struct fault fault;
    for (size_t i = 0; i < bytes.n; i++) {
        a = (a + (unsigned char)bytes.p[i]) % 65521;
        b = (b + a) % 65521;
    }
    const unsigned long head[] = {0x78, 1, 1, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
        buf_add_char(&file, (char)head[i]);
    }
    buf_add(&file, bytes);
    const unsigned long tail[] = {b >> 8, b & 255, a >> 8, a & 255};
    for (size_t i = 0; i < sizeof tail / sizeof tail[0]; i++) {
        buf_add_char(&file, (char)tail[i]);
    }
    snprintf(path, sizeof path, "%s/objects/%.2s/%s", fixture->path, hex, hex + 2);
    assert_int_equal(file_make_parents(AT_FDCWD, path, &fault), 0);
    assert_int_equal(file_create(AT_FDCWD, path, buf_str(&file), 0644, false, &fault), 0);
    buf_free(&file);
}

#define FORTY "0123456789012345678901234567890123456789"

/* What a loose object's header tells is the least that can be trusted of it. */
static void test_headers_that_lie(void **state)
{
    (void)state;
    static const char hex[] = "0123456789012345678901234567890123456789";
    static const struct {
        struct str bytes;
        int list;
        const char *diagnostic, *fault;
    } rows[] = {
        {{"blob 2\0" FORTY, 47}, -1, "", " of \"a.pdf\" is damaged: its file cannot be unpacked"},
        {{"blob 40\0" FORTY, 48}, 0, "", " of \"a.pdf\" is damaged: its bytes have another name"},
        {{"tree 40\0" FORTY, 48}, -1, "", " of \"a.pdf\" is a tree, not a blob"},
        {{"blob 040\0" FORTY, 49}, -1, "", " of \"a.pdf\" is damaged: its file cannot be unpacked"},
        {{"blob 1073741824\0" FORTY, 56},
         -1,
         "",
         " of \"a.pdf\" is damaged: its file cannot be unpacked"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct fault fault = {.text = ""};
        struct arena arena = {0};
        struct diag diag = {0};
        struct source_files files;
        struct buf text = BUF_EMPTY;
        fixture_open(&fixture);
        write_loose(&fixture, hex, rows[i].bytes);
        struct fixture_entry entry = {.mode = FILE_MODE, .name = STR("a.pdf")};
        git_oid_fromstr(&entry.id, hex);
        git_oid tree = fixture_tree(&fixture, &entry, 1);
        fixture_commit(&fixture, &tree, NULL, 0, 10);
        struct source *source = fixture_source(&fixture, "");
        assert_int_equal(source_list(source, NULL, &arena, &files, &diag, &fault), rows[i].list);
        diag_write_text(&text, &diag, LANGUAGE_EN);
        assert_true(str_starts(buf_str(&text), str_of(rows[i].diagnostic)));
        struct source_file file = {.path = STR("a.pdf"), .size = 40};
        memcpy(file.blob.bytes, entry.id.id, sizeof file.blob.bytes);
        assert_int_equal(source_read(source, &text, &file, &fault), -1);
        if (strstr(fault.text, rows[i].fault) == NULL) {
            fail_msg("row %zu: %s", i, fault.text);
        }
        buf_free(&text);
        diag_free(&diag);
        arena_free(&arena);
        source_close(source);
        fixture_close(&fixture);
    }
}

struct reader {
    struct source *source;
    struct source_files files;
    bool is_right;
};

static void *read_all(void *argument)
{
    struct reader *reader = argument;
    struct buf bytes = BUF_EMPTY;
    struct fault fault;
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < reader->files.count; i++) {
            buf_clear(&bytes);
            int result = source_read(reader->source, &bytes, &reader->files.items[i], &fault);
            char want[32];
            snprintf(want, sizeof want, "%zu\n", i);
            reader->is_right = reader->is_right && result == 0 && strcmp(bytes.p, want) == 0;
        }
    }
    buf_free(&bytes);
    return NULL;
}

static void test_threads_read_at_once(void **state)
{
    (void)state;
    enum { FILES = 200, THREADS = 4 };
    struct fixture fixture;
    struct fault fault;
    struct arena arena = {0};
    struct diag diag = {0};
    struct fixture_entry entries[FILES];
    static char names[FILES][8];
    fixture_open(&fixture);
    for (size_t i = 0; i < FILES; i++) {
        char text[32];
        snprintf(text, sizeof text, "%zu\n", i);
        snprintf(names[i], sizeof names[i], "%03zu.md", i);
        entries[i] =
            (struct fixture_entry){FILE_MODE, str_of(names[i]), fixture_blob(&fixture, text)};
    }
    git_oid tree = fixture_tree(&fixture, entries, FILES);
    fixture_commit(&fixture, &tree, NULL, 0, 10);
    struct reader readers[THREADS];
    pthread_t threads[THREADS];
    struct source *source = fixture_source(&fixture, "");
    struct source_files files;
    assert_int_equal(source_list(source, NULL, &arena, &files, &diag, &fault), 0);
    for (size_t i = 0; i < THREADS; i++) {
        readers[i] = (struct reader){source, files, true};
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, &readers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(readers[i].is_right);
    }
    arena_free(&arena);
    source_close(source);
    fixture_close(&fixture);
}

/* Names are asked for on a thread of its own: one that is wrong among many is found. */
static void test_names_beside(void **state)
{
    enum { OBJECTS = 1000, SIZE = 20000 };
    (void)state;
    assert_true(name_check_end(NULL));
    assert_true(name_check_end(name_check_start()));
    for (int wrong = -1; wrong < OBJECTS; wrong += 333) {
        struct name_check *check = name_check_start();
        assert_non_null(check);
        for (int i = 0; i < OBJECTS; i++) {
            struct object *object = object_new(GIT_OBJECT_TREE, (size_t)(i % 7 == 0 ? SIZE : i));
            struct source_id id;
            git_oid oid;
            memset(object->bytes, 'a' + i % 26, object->size);
            assert_int_equal(git_odb_hash(&oid, object->bytes, object->size, GIT_OBJECT_TREE), 0);
            memcpy(id.bytes, oid.id, sizeof id.bytes);
            id.bytes[19] ^= i == wrong;
            name_check_put(check, object, &id);
            object_release(object);
        }
        assert_int_equal(name_check_end(check), wrong < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_beside),
        cmocka_unit_test(test_flipped_bytes_of_a_pack),
        cmocka_unit_test(test_trees_of_other_names),
        cmocka_unit_test(test_flipped_bytes_of_loose_objects),
        cmocka_unit_test(test_headers_that_lie),
        cmocka_unit_test(test_threads_read_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
