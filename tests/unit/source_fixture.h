/*
 * Repositories made object by object, the odd ones that no git would make among them. For the
 * tests of source/ alone; each test makes its own in a temporary folder and removes it.
 */
#ifndef TESTS_SOURCE_FIXTURE_H
#define TESTS_SOURCE_FIXTURE_H

#include "base/file.h"
#include "source/source.h"

#include <git2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    char path[64];
    git_repository *repository;
    git_odb *odb;
};

struct fixture_entry {
    unsigned mode;
    struct str name;
    git_oid id;
};

static inline void fixture_open(struct fixture *fixture)
{
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    strcpy(fixture->path, "/tmp/gongkai-source-XXXXXX");
    assert_non_null(mkdtemp(fixture->path));
    assert_int_equal(git_repository_init(&fixture->repository, fixture->path, 1), 0);
    assert_int_equal(git_repository_odb(&fixture->odb, fixture->repository), 0);
}

static inline void fixture_close(struct fixture *fixture)
{
    struct fault fault;
    git_odb_free(fixture->odb);
    git_repository_free(fixture->repository);
    git_libgit2_shutdown();
    assert_int_equal(file_remove_tree(AT_FDCWD, fixture->path, &fault), 0);
}

static inline git_oid fixture_object(struct fixture *fixture, struct str bytes, git_object_t type)
{
    git_oid id;
    assert_int_equal(git_odb_write(&id, fixture->odb, bytes.p, bytes.n, type), 0);
    return id;
}

static inline git_oid fixture_blob(struct fixture *fixture, const char *text)
{
    return fixture_object(fixture, str_of(text), GIT_OBJECT_BLOB);
}

/* In the order given, checked by nobody. */
static inline git_oid fixture_tree(struct fixture *fixture, const struct fixture_entry *entries,
                                   size_t count)
{
    struct buf bytes = BUF_EMPTY;
    for (size_t i = 0; i < count; i++) {
        buf_printf(&bytes, "%o ", entries[i].mode);
        buf_add(&bytes, entries[i].name);
        buf_add_char(&bytes, '\0');
        buf_add(&bytes, (struct str){(const char *)entries[i].id.id, 20});
    }
    git_oid id = fixture_object(fixture, buf_str(&bytes), GIT_OBJECT_TREE);
    buf_free(&bytes);
    return id;
}

static inline git_oid fixture_commit(struct fixture *fixture, const git_oid *tree,
                                     const git_oid *parents, size_t parent_count, long time)
{
    struct buf bytes = BUF_EMPTY;
    char hex[GIT_OID_HEXSZ + 1];
    buf_printf(&bytes, "tree %s\n", git_oid_tostr(hex, sizeof hex, tree));
    for (size_t i = 0; i < parent_count; i++) {
        buf_printf(&bytes, "parent %s\n", git_oid_tostr(hex, sizeof hex, &parents[i]));
    }
    buf_printf(&bytes, "author A <a@example> 5 +0000\ncommitter A <a@example> %ld +0800\n\nc\n",
               time);
    git_oid id = fixture_object(fixture, buf_str(&bytes), GIT_OBJECT_COMMIT);
    git_reference *reference;
    assert_int_equal(
        git_reference_create(&reference, fixture->repository, "refs/heads/t", &id, 1, NULL), 0);
    git_reference_free(reference);
    buf_free(&bytes);
    return id;
}

static inline struct source *fixture_source(struct fixture *fixture, const char *content)
{
    struct source *source;
    struct fault fault = {.text = ""};
    struct source_options options = {fixture->path, "refs/heads/t", content, false,
                                     SOURCE_TREE_COMMIT};
    if (source_open(&source, &options, &fault) < 0) {
        fail_msg("%s", fault.text);
    }
    return source;
}

#endif
