/* The site's files against the same, built anew from the repository. */
#include "commands/verify.h"

#include "base/file.h"
#include "source/source.h"

#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rebuilt {
    struct verify *verify;
    struct arena arena;
    struct buf path; /* of the new site */
    struct buf new, old;
};

static struct str meta(struct database *db, struct arena *arena, const char *key)
{
    struct query *query = database_query(db, "SELECT value FROM meta WHERE key = ?1");
    query_bind_str(query, 1, str_of(key));
    struct str value = query_next(query) ? arena_copy(arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return value;
}

/* A database that grew by changes has other bytes than one that was made at once. */
static bool states_database(struct str file)
{
    static const char *const names[] = {"data/search.db", "data/SHA256SUMS", "data/index.html",
                                        "data/datapackage.json", "data/catalog.jsonld"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(file, str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static int compare_file(struct rebuilt *rebuilt, const char *new_path, const char *file,
                        struct fault *fault)
{
    struct verify *verify = rebuilt->verify;
    struct fault missing;
    buf_clear(&rebuilt->new);
    buf_clear(&rebuilt->old);
    verify->checked++;
    if (states_database(str_of(file))) {
        return 0;
    }
    if (file_read(&rebuilt->new, AT_FDCWD, new_path, SOURCE_FILE_MAX, fault) != 0) {
        return -1;
    }
    if (file_read(&rebuilt->old, verify->folder, file, SOURCE_FILE_MAX, &missing) == 0 &&
        !str_equal(buf_str(&rebuilt->old), buf_str(&rebuilt->new))) {
        verify_say_bad(verify, file, "被改过，和照仓库生成的不一样",
                       "was changed: it is not what the repository gives");
    }
    return 0;
}

static int compare_files(struct rebuilt *rebuilt, struct fault *fault)
{
    char *roots[] = {rebuilt->path.p, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int rc = walk == NULL ? fault_errno(fault, "cannot read %s", rebuilt->path.p) : 0;
    for (FTSENT *entry; rc == 0 && (entry = fts_read(walk)) != NULL;) {
        if (entry->fts_info == FTS_F) {
            rc = compare_file(rebuilt, entry->fts_path, entry->fts_path + rebuilt->path.n + 1,
                              fault);
        }
    }
    if (walk != NULL) {
        fts_close(walk);
    }
    return rc;
}

/* Rewrites of the history are told in the published database alone. */
static int compare_rows(struct rebuilt *rebuilt, struct fault *fault)
{
    struct verify *verify = rebuilt->verify;
    struct database *db;
    struct fault ignored;
    struct query *query = database_query(verify->db, "SELECT 1 FROM rewrites LIMIT 1");
    bool has_rewrites = query_next(query);
    query_reset(query);
    struct str path = arena_printf(&rebuilt->arena, "%s/data/search.db", rebuilt->path.p);
    if (has_rewrites) {
        return 0;
    }
    if (database_open(&db, path.p, DATABASE_READ, fault) != 0) {
        return -1;
    }
    if (!str_equal(meta(db, &rebuilt->arena, "rows_digest"),
                   meta(verify->db, &rebuilt->arena, "rows_digest"))) {
        verify_say_bad(verify, "data/search.db", "里面的数据和照仓库生成的不一样",
                       "has other rows than the repository gives");
    }
    return database_close(db, &ignored);
}

static int build(struct rebuilt *rebuilt, struct fault *fault)
{
    struct verify *verify = rebuilt->verify;
    struct options options = *verify->options;
    struct str commit = meta(verify->db, &rebuilt->arena, "commit");
    struct str as_of = meta(verify->db, &rebuilt->arena, "as_of");
    struct str program = meta(verify->db, &rebuilt->arena, "program");
    if (!str_equal(program, STR("gongkai " GONGKAI_VERSION))) {
        return fault_tell(fault,
                          "网站是 %s 生成的，这里是 gongkai " GONGKAI_VERSION
                          "，逐字节核对不了：用同一个版本，或者不写 -C",
                          "the site was made by %s, and this is gongkai " GONGKAI_VERSION
                          ": bytes cannot be compared. Use the same version, or leave out -C",
                          program.p);
    }
    options.revision = commit.p;
    options.output = rebuilt->path.p;
    options.is_full = true;
    if (!date_parse(&options.as_of, as_of) ||
        file_make_parents(AT_FDCWD, rebuilt->path.p, fault) != 0) {
        return -1;
    }
    return command_build(&options) == COMMAND_DONE
               ? 0
               : fault_tell(fault,
                            "仓库里的提交 %s 生成不了网站，见上面；主题和内容文件夹不是自带的，"
                            "加上发布时写的 --theme、--content",
                            "the commit %s does not build, see above; add --theme and --content "
                            "as the site was published with",
                            commit.p);
}

int verify_rebuilt(struct verify *verify, struct fault *fault)
{
    char folder[] = "/tmp/gongkai-verify.XXXXXX";
    struct rebuilt rebuilt = {
        .verify = verify, .path = BUF_EMPTY, .new = BUF_EMPTY, .old = BUF_EMPTY};
    if (mkdtemp(folder) == NULL) {
        return fault_tell_errno(fault, "建不了临时文件夹", "no temporary folder");
    }
    buf_printf(&rebuilt.path, "%s/site", folder);
    int rc = build(&rebuilt, fault);
    if (rc == 0) {
        rc = compare_files(&rebuilt, fault);
    }
    if (rc == 0) {
        rc = compare_rows(&rebuilt, fault);
    }
    struct fault ignored;
    file_remove_tree(AT_FDCWD, folder, &ignored);
    arena_free(&rebuilt.arena);
    buf_free(&rebuilt.path);
    buf_free(&rebuilt.new);
    buf_free(&rebuilt.old);
    return rc;
}
