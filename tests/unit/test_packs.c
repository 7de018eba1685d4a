/*
 * packs: objects out of git's packs, read by us, are the ones that git stored: long chains of
 * deltas with offsets and with names, several packs, one by one and all at once, on several
 * threads.
 */
#include "source_fixture.h"

#include "base/digest.h"
#include "source/packs.h"

enum { FILES = 300, TEXT = 3000 };

/* Each is the one before with a few letters changed, so that git makes deltas of deltas. */
static void write_text(char text[TEXT], unsigned number)
{
    for (size_t i = 0; i + 1 < TEXT; i++) {
        text[i] = (char)('a' + (i * i + i / 7) % 23);
    }
    for (unsigned k = 0; k <= number; k++) {
        text[k * 2654435761U % (TEXT - 1)] = (char)('A' + k % 26);
    }
    text[TEXT - 1] = '\0';
}

static void fill(struct fixture *fixture)
{
    static struct fixture_entry entries[FILES];
    static char names[FILES][16];
    for (unsigned i = 0; i < FILES; i++) {
        char text[TEXT];
        write_text(text, i);
        snprintf(names[i], sizeof names[i], "f%05u.md", i * 7919U % 100000);
        entries[i] = (struct fixture_entry){0100644, str_of(names[i]), fixture_blob(fixture, text)};
    }
    for (unsigned i = 1; i < FILES; i++) {
        for (unsigned k = i; k > 0 && str_compare(entries[k].name, entries[k - 1].name) < 0; k--) {
            struct fixture_entry other = entries[k];
            entries[k] = entries[k - 1];
            entries[k - 1] = other;
        }
    }
    git_oid tree = fixture_tree(fixture, entries, FILES);
    fixture_commit(fixture, &tree, NULL, 0, 10);
}

static void run_git(const struct fixture *fixture, const char *command)
{
    char text[300];
    snprintf(text, sizeof text, "cd %s && git %s 2>/dev/null", fixture->path, command);
    assert_int_equal(system(text), 0);
}

static struct source *open_source(const struct fixture *fixture)
{
    struct fault fault = {.text = ""};
    struct source *source = NULL;
    struct source_options options = {fixture->path, "refs/heads/t", "", false, SOURCE_TREE_COMMIT};
    assert_int_equal(source_open(&source, &options, &fault), 0);
    return source;
}

/* Every file has its bytes, and the name that git gave them. */
static void read_all(const struct fixture *fixture, int threads)
{
    struct fault fault = {.text = ""};
    struct source *source = open_source(fixture);
    struct arena arena = {0};
    struct diag diag = {0};
    struct source_files files;
    struct buf bytes = BUF_EMPTY;
    const struct source_listing listing = {.leaves_text = threads > 0};
    assert_int_equal(source_list(source, &listing, &arena, &files, &diag, &fault), 0);
    assert_int_equal(files.count, FILES);
    size_t unpacked = 0;
    if (threads > 0) {
        assert_int_equal(source_unpack(source, &files, threads, AT_FDCWD, "/tmp", &fault), 0);
        assert_int_equal(source_drop_unfit(&files, &diag), 0);
    }
    for (size_t i = 0; i < files.count; i++) {
        unsigned char digest[DIGEST_SHA1_SIZE];
        buf_clear(&bytes);
        assert_int_equal(source_read(source, &bytes, &files.items[i], &fault), 0);
        assert_int_equal(bytes.n, files.items[i].size);
        const struct str pieces[] = {{"blob 2999", 10}, buf_str(&bytes)};
        assert_int_equal(digest_sha1_of(digest, pieces, 2, &fault), 0);
        assert_memory_equal(digest, files.items[i].blob.bytes, sizeof digest);
        unpacked += files.items[i].unpacked > 0;
    }
    assert_int_equal(unpacked, threads == 0 ? 0 : FILES);
    buf_free(&bytes);
    diag_free(&diag);
    arena_free(&arena);
    source_close(source);
}

/* Each object of the repository is found in one of our packs and read whole, type and size too. */
static void check_packs(const struct fixture *fixture)
{
    struct fault fault = {.text = ""};
    struct packs *packs;
    char folder[128], path[128];
    struct buf list = BUF_EMPTY;
    snprintf(folder, sizeof folder, "%s/objects/pack", fixture->path);
    run_git(fixture, "cat-file --batch-check --batch-all-objects >list");
    snprintf(path, sizeof path, "%s/list", fixture->path);
    assert_int_equal(file_read(&list, AT_FDCWD, path, 1 << 20, &fault), 0);
    assert_int_equal(packs_open(&packs, folder, &fault), 0);
    struct str rest = buf_str(&list), line;
    size_t count = 0;
    for (; str_cut(&line, &rest, '\n'); count++) {
        git_oid oid;
        struct source_id id;
        struct pack_place place;
        struct pack_header header;
        char want[64], got[64];
        assert_int_equal(git_oid_fromstrn(&oid, line.p, 40), 0);
        memcpy(id.bytes, oid.id, sizeof id.bytes);
        assert_true(packs_find(&place, packs, &id));
        assert_true(packs_header(&header, &place));
        snprintf(want, sizeof want, "%.*s", STR_ARG(str_from(line, 41)));
        snprintf(got, sizeof got, "%s %llu", git_object_type2string(header.type),
                 (unsigned long long)header.size);
        assert_string_equal(got, want);
        struct object *object = packs_read(packs, &place, TEXT * FILES);
        assert_non_null(object);
        assert_int_equal(object->size, header.size);
        assert_int_equal(object->type, header.type);
        object_release(object);
        assert_null(packs_read(packs, &place, header.size - 1));
    }
    assert_true(count >= FILES + 2);
    packs_close(packs);
    buf_free(&list);
}

static void test_chains(const char *repack)
{
    struct fixture fixture;
    fixture_open(&fixture);
    fill(&fixture);
    run_git(&fixture, repack);
    run_git(&fixture, "prune-packed -q");
    check_packs(&fixture);
    read_all(&fixture, 0);
    read_all(&fixture, 1);
    read_all(&fixture, 4);
    fixture_close(&fixture);
}

static void test_chains_by_offset(void **state)
{
    (void)state;
    test_chains("repack -a -d -q -f --depth=250 --window=20");
}

static void test_chains_by_name(void **state)
{
    (void)state;
    test_chains("-c repack.useDeltaBaseOffset=false repack -a -d -q -f --depth=50");
}

static void test_several_packs(void **state)
{
    (void)state;
    test_chains(
        "-c pack.packSizeLimit=1m -c pack.threads=1 repack -a -d -q -f --window=2 --depth=3");
}

/* Where a pack is not one that we read, libgit2 does. */
static void test_old_index(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture);
    fill(&fixture);
    run_git(&fixture, "-c pack.indexVersion=1 repack -a -d -q -f");
    read_all(&fixture, 0);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chains_by_offset),
        cmocka_unit_test(test_chains_by_name),
        cmocka_unit_test(test_several_packs),
        cmocka_unit_test(test_old_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
