/* verify: is a published site whole and what it says it is? */
#include "commands/command.h"

#include "base/digest.h"
#include "base/file.h"
#include "store/address.h"
#include "store/database.h"
#include "store/store.h"
#include "xml/check.h"
#include "xml/xml.h"

#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUMS_MAX = 1024 * 1024, PACKAGE_MAX = 16 * 1024 * 1024, XML_MAX = 64 * 1024 * 1024 };

struct verify {
    int folder; /* OUT, open */
    struct str path;
    struct database *db;
    size_t checked, bad;
};

static void say_bad(struct verify *verify, const char *file, const char *what)
{
    fprintf(stderr, "%.*s/%s: %s\n", STR_ARG(verify->path), file, what);
    verify->bad++;
}

/* data/SHA256SUMS against the bytes of the files that it names. */
static int check_sums(struct verify *verify, struct fault *fault)
{
    struct buf sums = BUF_EMPTY;
    int rc = file_read(&sums, verify->folder, "data/SHA256SUMS", SUMS_MAX, fault);
    struct str rest = buf_str(&sums), line;
    while (rc == 0 && str_cut(&line, &rest, '\n')) {
        char digest[DIGEST_TEXT_SIZE];
        struct buf file = BUF_EMPTY;
        buf_printf(&file, "data/%.*s", STR_ARG(str_from(line, 66)));
        rc = digest_of_file(digest, NULL, verify->folder, file.p, fault);
        if (rc == 0 && !str_starts(line, str_of(digest))) {
            say_bad(verify, file.p, "is not the file that SHA256SUMS names");
        }
        verify->checked++;
        buf_free(&file);
    }
    buf_free(&sums);
    return rc;
}

static void check_file(struct verify *verify, struct str base, struct str url)
{
    struct buf file = BUF_EMPTY;
    struct stat status;
    address_file(&file, base, url);
    if (fstatat(verify->folder, file.p, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode)) {
        say_bad(verify, file.p, "is missing");
    }
    verify->checked++;
    buf_free(&file);
}

/* Every address that the database knows has its file. */
static int check_addresses(struct verify *verify, struct fault *fault)
{
    struct arena arena = {0};
    struct query *query = database_query(verify->db, "SELECT value FROM meta WHERE key = 'base'");
    struct str base = query_next(query) ? arena_copy(&arena, query_str(query, 0)) : STR("/");
    query_reset(query);
    query = database_query(verify->db, "SELECT url FROM records UNION ALL SELECT url FROM tables"
                                       " UNION ALL SELECT url FROM attachments"
                                       " UNION ALL SELECT url FROM moved"
                                       " UNION ALL SELECT url FROM withdrawals"
                                       " UNION ALL SELECT url FROM withdrawn_addresses");
    while (query_next(query)) {
        check_file(verify, base, query_str(query, 0));
    }
    arena_free(&arena);
    return database_check(verify->db, fault);
}

static int check_database(struct verify *verify, struct fault *fault)
{
    struct query *query = database_query(verify->db, "PRAGMA integrity_check(1)");
    bool is_sound = query_next(query) && str_equal(query_str(query, 0), STR("ok"));
    query_reset(query);
    if (!is_sound) {
        say_bad(verify, "data/search.db", "is damaged");
    }
    query = database_query(verify->db, "PRAGMA application_id");
    bool is_ours = query_next(query) && query_int(query, 0) == STORE_APPLICATION_ID;
    query_reset(query);
    if (!is_ours) {
        say_bad(verify, "data/search.db", "is not a database of gongkai");
    }
    return database_check(verify->db, fault);
}

/* A file that data/datapackage.json describes, beside it, has the size that is told. */
static void check_resource(struct verify *verify, struct query *query)
{
    struct buf file = BUF_EMPTY;
    struct stat status;
    buf_printf(&file, "data/%.*s", STR_ARG(query_str(query, 0)));
    if (fstatat(verify->folder, file.p, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        say_bad(verify, file.p, "is described in datapackage.json and missing");
    } else if (query_int(query, 1) > 0 && status.st_size != query_int(query, 1)) {
        say_bad(verify, file.p, "has another size than datapackage.json says");
    }
    verify->checked++;
    buf_free(&file);
}

static int check_package(struct verify *verify, struct fault *fault)
{
    struct buf package = BUF_EMPTY;
    if (file_read(&package, verify->folder, "data/datapackage.json", PACKAGE_MAX, fault) != 0) {
        buf_free(&package);
        return -1;
    }
    struct query *query = database_query(verify->db, "SELECT json_valid(?1)");
    query_bind_str(query, 1, buf_str(&package));
    bool is_valid = query_next(query) && query_int(query, 0) == 1;
    query_reset(query);
    verify->checked++;
    if (is_valid) {
        query = database_query(verify->db, "SELECT json_extract(value, '$.path'),"
                                           " json_extract(value, '$.bytes') FROM json_each(?1,"
                                           " '$.resources')"
                                           " WHERE json_extract(value, '$.path') IS NOT NULL");
        query_bind_str(query, 1, buf_str(&package));
        while (query_next(query)) {
            check_resource(verify, query);
        }
    } else {
        say_bad(verify, "data/datapackage.json", "is not JSON");
    }
    buf_free(&package);
    return database_check(verify->db, fault);
}

static int check_xml(struct verify *verify, const char *path, struct fault *fault)
{
    struct buf document = BUF_EMPTY;
    int rc = file_read(&document, AT_FDCWD, path, XML_MAX, fault);
    const char *wrong = rc == 0 ? xml_check(buf_str(&document)) : NULL;
    const char *name = path + verify->path.n;
    if (wrong != NULL) {
        say_bad(verify, name + strspn(name, "/"), wrong);
    }
    verify->checked++;
    buf_free(&document);
    return rc;
}

/* Every feed, sitemap and description of the search is read as its readers do. */
static int check_feeds(struct verify *verify, struct fault *fault)
{
    struct buf root = BUF_EMPTY;
    buf_add(&root, verify->path);
    char *roots[] = {root.p, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int rc = walk == NULL ? fault_errno(fault, "cannot read %s", root.p) : 0;
    for (FTSENT *entry; rc == 0 && (entry = fts_read(walk)) != NULL;) {
        if (entry->fts_info == FTS_F && str_ends(str_of(entry->fts_name), STR(".xml"))) {
            rc = check_xml(verify, entry->fts_path, fault);
        }
    }
    if (walk != NULL) {
        fts_close(walk);
    }
    buf_free(&root);
    return rc;
}

static int run(struct verify *verify, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%.*s/data/search.db", STR_ARG(verify->path));
    int rc = database_open(&verify->db, path.p, DATABASE_READ, fault);
    buf_free(&path);
    if (rc != 0 || check_sums(verify, fault) != 0 || check_database(verify, fault) != 0 ||
        check_package(verify, fault) != 0 || check_addresses(verify, fault) != 0) {
        return -1;
    }
    return check_feeds(verify, fault);
}

int command_verify(const struct options *options)
{
    if (options->argument_count != 1) {
        fprintf(stderr, "usage: gongkai verify OUT\n");
        return COMMAND_USAGE;
    }
    struct fault fault = {.text = ""}, ignored;
    struct verify verify = {.path = str_of(options->arguments[0])};
    verify.folder = open(options->arguments[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (verify.folder < 0) {
        fault_errno(&fault, "cannot open %s", options->arguments[0]);
        return command_fail(&fault, options);
    }
    xml_init();
    int rc = run(&verify, &fault);
    database_close(verify.db, &ignored);
    close(verify.folder);
    if (rc != 0) {
        return command_fail(&fault, options);
    }
    printf(options->language == LANGUAGE_ZH ? "检查 %zu 项，%zu 处不符\n"
                                            : "%zu checked, %zu bad\n",
           verify.checked, verify.bad);
    return verify.bad > 0 ? COMMAND_REFUSED : COMMAND_DONE;
}
