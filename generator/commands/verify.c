/* verify: is a published site whole and what it says it is? */
#include "commands/verify.h"

#include "base/digest.h"
#include "base/file.h"
#include "publish/publish.h"
#include "store/store.h"
#include "xml/xml.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUMS_MAX = 1024 * 1024, PACKAGE_MAX = 16 * 1024 * 1024 };

void verify_say_bad(struct verify *verify, const char *file, const char *zh, const char *en)
{
    fprintf(stderr, "%.*s/%s: %s\n", STR_ARG(verify->path), file,
            verify->options->language == LANGUAGE_ZH ? zh : en);
    verify->bad++;
}

/* verify_files tells of what is not there. */
static bool is_missing(const struct verify *verify, const char *path)
{
    return faccessat(verify->folder, path, F_OK, 0) != 0;
}

/* data/SHA256SUMS against the bytes of the files that it names. */
static int check_sum(struct verify *verify, struct str line, struct fault *fault)
{
    char digest[DIGEST_TEXT_SIZE];
    struct buf file = BUF_EMPTY;
    buf_printf(&file, "data/%.*s", STR_ARG(str_from(line, 66)));
    int rc = is_missing(verify, file.p)
                 ? 1
                 : digest_of_file(digest, NULL, verify->folder, file.p, true, fault);
    if (rc == 0 && !str_starts(line, str_of(digest))) {
        verify_say_bad(verify, file.p, "被改过，和 SHA256SUMS 里的校验和不符",
                       "is not the file that SHA256SUMS names");
    }
    verify->checked++;
    buf_free(&file);
    return rc < 0 ? -1 : 0;
}

static int check_sums(struct verify *verify, struct fault *fault)
{
    struct buf sums = BUF_EMPTY;
    if (is_missing(verify, "data/SHA256SUMS")) {
        return 0;
    }
    int rc = file_read(&sums, verify->folder, "data/SHA256SUMS", SUMS_MAX, fault);
    struct str rest = buf_str(&sums), line;
    bool has_database = false;
    while (rc == 0 && str_cut(&line, &rest, '\n')) {
        has_database |= str_equal(str_from(line, 66), STR("search.db"));
        rc = check_sum(verify, line, fault);
    }
    if (rc == 0 && !has_database) {
        verify_say_bad(verify, "data/SHA256SUMS", "没有写 search.db 的校验和",
                       "does not name search.db");
    }
    buf_free(&sums);
    return rc;
}

static int check_database(struct verify *verify, struct fault *fault)
{
    struct query *query = database_query(verify->db, "PRAGMA integrity_check(1)");
    bool is_sound = query_next(query) && str_equal(query_str(query, 0), STR("ok"));
    query_reset(query);
    if (!is_sound) {
        verify_say_bad(verify, "data/search.db", "损坏了", "is damaged");
    }
    query = database_query(verify->db, "PRAGMA application_id");
    bool is_ours = query_next(query) && query_int(query, 0) == STORE_APPLICATION_ID;
    query_reset(query);
    if (!is_ours) {
        verify_say_bad(verify, "data/search.db", "不是 gongkai 的数据库",
                       "is not a database of gongkai");
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
        verify_say_bad(verify, file.p, "不见了，datapackage.json 里写着它",
                       "is described in datapackage.json and missing");
    } else if (query_int(query, 1) > 0 && status.st_size != query_int(query, 1)) {
        verify_say_bad(verify, file.p, "大小和 datapackage.json 里写的不一样",
                       "has another size than datapackage.json says");
    }
    verify->checked++;
    buf_free(&file);
}

static int check_package(struct verify *verify, struct fault *fault)
{
    struct buf package = BUF_EMPTY;
    if (is_missing(verify, "data/datapackage.json")) {
        return 0;
    }
    if (file_read(&package, verify->folder, "data/datapackage.json", PACKAGE_MAX, fault) != 0) {
        buf_free(&package);
        return -1;
    }
    struct query *query = database_query(verify->db, "SELECT json_valid(?1)");
    query_bind_str(query, 1, buf_str(&package));
    bool is_valid = query_next(query) && query_int(query, 0) == 1;
    query_reset(query);
    verify->checked++;
    if (is_valid) { /* else verify_files tells it */
        query = database_query(verify->db, "SELECT json_extract(value, '$.path'),"
                                           " json_extract(value, '$.bytes') FROM json_each(?1,"
                                           " '$.resources')"
                                           " WHERE json_extract(value, '$.path') IS NOT NULL");
        query_bind_str(query, 1, buf_str(&package));
        while (query_next(query)) {
            check_resource(verify, query);
        }
    }
    buf_free(&package);
    return database_check(verify->db, fault);
}

static int open_database(struct verify *verify, struct fault *fault)
{
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%.*s/data/search.db", STR_ARG(verify->path));
    int rc = faccessat(verify->folder, "data/search.db", F_OK, 0) == 0
                 ? database_open(&verify->db, path.p, DATABASE_READ, fault)
                 : fault_tell(fault,
                              "没有 %s：这不是 gongkai 发布的网站，或者数据库被删了。写 gongkai "
                              "build -o 后面的文件夹",
                              "no %s: that is no site of gongkai, or its database was removed. "
                              "Name the folder that stands behind -o of gongkai build",
                              path.p);
    buf_free(&path);
    return rc;
}

static int run(struct verify *verify, struct fault *fault)
{
    if (open_database(verify, fault) != 0 || check_sums(verify, fault) != 0 ||
        check_database(verify, fault) != 0 || check_package(verify, fault) != 0 ||
        verify_files(verify, fault) != 0) {
        return -1;
    }
    return verify->options->has_repository ? verify_rebuilt(verify, fault) : 0;
}

static void tell(const struct verify *verify)
{
    bool is_zh = verify->options->language == LANGUAGE_ZH;
    printf(is_zh ? "检查 %zu 项，%zu 处不符\n" : "%zu checked, %zu bad\n", verify->checked,
           verify->bad);
    if (verify->bad > 0) {
        printf(is_zh ? "在仓库里运行 gongkai build --full -o '%.*s'，网站就恢复原样；"
                       "再查清是谁、怎么改的\n"
                     : "gongkai build --full -o '%.*s' in the repository restores the site; then "
                       "find out who changed it, and how\n",
               STR_ARG(verify->path));
    } else if (!verify->options->has_repository) {
        printf("%s",
               is_zh ? "页面里的字没有逐个核对；加上 -C 仓库，就照仓库重新生成一遍，逐字节核对\n"
                     : "not every byte of the pages was compared; with -C REPO the site is "
                       "built anew, and every byte is\n");
    }
}

static void say_waiting(void)
{
    fprintf(stderr, "gongkai: a build is publishing here; waiting for it\n");
}

static void say_waiting_zh(void)
{
    fprintf(stderr, "gongkai: 正在这里发布，等它完成再核对\n");
}

int command_verify(const struct options *options)
{
    if (options->argument_count != 1) {
        command_say(options, "写网站的文件夹，如 gongkai verify public",
                    "name a site's folder, as in gongkai verify public");
        return COMMAND_USAGE;
    }
    struct fault fault = {.text = ""}, ignored;
    struct verify verify = {.options = options, .path = str_of(options->arguments[0])};
    while (verify.path.n > 1 && str_ends(verify.path, STR("/"))) {
        verify.path.n--;
    }
    verify.folder = open(options->arguments[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (verify.folder < 0) {
        fault_tell_errno(&fault, "打不开网站的文件夹 %s", "cannot open the site's folder %s",
                         options->arguments[0]);
        return command_fail(&fault, options);
    }
    xml_init();
    int held = publish_hold(options->arguments[0],
                            options->language == LANGUAGE_ZH ? say_waiting_zh : say_waiting);
    int rc = run(&verify, &fault);
    database_close(verify.db, &ignored);
    close(verify.folder);
    if (held >= 0) {
        close(held);
    }
    if (rc != 0) {
        return command_fail(&fault, options);
    }
    tell(&verify);
    return verify.bad > 0 ? COMMAND_REFUSED : COMMAND_DONE;
}
