/* The site's files against its database. */
#include "commands/verify.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/set.h"
#include "format/format.h"
#include "render/render.h"
#include "source/source.h"
#include "xml/check.h"
#include "xml/xml.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = SOURCE_FILE_MAX };

struct files {
    struct verify *verify;
    struct config config; /* as much of it as lists of outputs ask for */
    struct schema schema;
    struct render_site site;
    struct render render;
    struct output_list outputs;
    struct set wanted;
    struct arena arena;
    struct buf bytes, drawn;
};

static struct str meta(struct files *files, const char *key)
{
    struct query *query =
        database_query(files->verify->db, "SELECT value FROM meta WHERE key = ?1");
    query_bind_str(query, 1, str_of(key));
    struct str value = query_next(query) ? arena_copy(&files->arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return value;
}

/* The lists ask for addresses, and whether there are organisations and a catalogue at all. */
static int prepare(struct files *files, struct fault *fault)
{
    struct str base = meta(files, "base"), as_of = meta(files, "as_of");
    files->config.base = base.n > 0 ? base : STR("/");
    files->config.url = meta(files, "url");
    files->config.is_given = meta(files, "has_configuration").n > 0;
    files->config.language = meta(files, "language");
    files->config.licence_url = meta(files, "licence_url");
    files->config.org_count = meta(files, "has_orgs").n;
    files->config.item_count = meta(files, "has_catalogue").n;
    files->site = (struct render_site){.config = &files->config,
                                       .schema = &files->schema,
                                       .has_tags = meta(files, "has_tags").n > 0};
    files->render = (struct render){.site = &files->site, .db = files->verify->db};
    if (!date_parse(&files->site.as_of, as_of)) {
        verify_say_bad(files->verify, "data/search.db", "没有写明是哪一天的",
                       "does not say of which day it is");
    }
    return schema_load(&files->schema, &files->arena, fault);
}

static int list(struct files *files, struct fault *fault)
{
    if (output_list_all(&files->outputs, &files->render, false, fault) != 0 ||
        output_list_all(&files->outputs, &files->render, true, fault) != 0) {
        return -1;
    }
    for (size_t i = 0; i < files->outputs.count; i++) {
        set_add(&files->wanted, files->outputs.items[i].file);
    }
    set_add(&files->wanted, STR("data/search.db"));
    return 0;
}

/* A table's CSV holds nothing but what the database has. */
static int check_table(struct files *files, const struct output *output, struct fault *fault)
{
    buf_clear(&files->drawn);
    if (output_draw(&files->drawn, &files->render, output, fault) != 0) {
        return -1;
    }
    if (!str_equal(buf_str(&files->bytes), buf_str(&files->drawn))) {
        verify_say_bad(files->verify, output->file.p, "和数据库里的表不一样",
                       "is not the table that the database has");
    }
    return 0;
}

/* The database has git's name of its bytes. */
static int check_attachment(struct files *files, const struct output *output, struct fault *fault)
{
    struct query *query =
        database_query(files->verify->db, "SELECT blob FROM attachments WHERE path = ?1");
    struct source_id id;
    char head[40], text[41];
    snprintf(head, sizeof head, "blob %zu", files->bytes.n);
    const struct str pieces[] = {{head, strlen(head) + 1}, buf_str(&files->bytes)};
    if (digest_sha1_of(id.bytes, pieces, 2, fault) != 0) {
        return -1;
    }
    source_id_format(text, &id);
    query_bind_str(query, 1, output->key);
    if (query_next(query) && !str_equal(query_str(query, 0), str_of(text))) {
        verify_say_bad(files->verify, output->file.p, "被改过，不是仓库里的那个文件",
                       "was changed: it is not the file that the repository has");
    }
    query_reset(query);
    return 0;
}

static void check_xml(struct files *files, const struct output *output)
{
    const char *wrong = xml_check(buf_str(&files->bytes));
    if (wrong != NULL) {
        struct str zh = arena_printf(&files->arena, "不合格式：%s", wrong);
        verify_say_bad(files->verify, output->file.p, zh.p, wrong);
    }
}

static void check_format(struct files *files, const struct output *output)
{
    struct format_fault found;
    struct arena *arena = &files->arena;
    if (format_check(&found, output->file, buf_str(&files->bytes)) == 0) {
        return;
    }
    struct str zh, en;
    if (found.wrong == FORMAT_WRONG_CALENDAR) {
        zh = arena_printf(arena, "第 %zu 行不合日历的格式（%s）", found.line, found.what);
        en = arena_printf(arena, "line %zu is not as calendars are (%s)", found.line, found.what);
    } else if (found.wrong == FORMAT_WRONG_JSON) {
        zh = arena_printf(arena, "不是 JSON（第 %zu 个字节起）", found.line);
        en = arena_printf(arena, "is not JSON (from byte %zu on)", found.line);
    } else {
        zh = arena_printf(arena, "不合格式：%s", found.what);
        en = arena_printf(arena, "is not as its format asks: %s", found.what);
    }
    verify_say_bad(files->verify, output->file.p, zh.p, en.p);
}

static void check_page(struct files *files, const struct output *output)
{
    if (!str_ends(str_trim(buf_str(&files->bytes)), STR("</html>"))) {
        verify_say_bad(files->verify, output->file.p, "不完整，页面没有结尾",
                       "is cut short: the page has no end");
    }
}

static int check_bytes(struct files *files, const struct output *output, struct fault *fault)
{
    struct str kind = str_of(output_kind_name(output)), file = output->file;
    buf_clear(&files->bytes);
    if (file_read(&files->bytes, files->verify->folder, file.p, FILE_MAX, fault) != 0) {
        return -1;
    }
    if (str_equal(kind, STR("table_csv"))) {
        return check_table(files, output, fault);
    }
    if (str_equal(kind, STR("attachment"))) {
        return check_attachment(files, output, fault);
    }
    if (str_ends(file, STR(".html"))) {
        check_page(files, output);
    } else if (str_ends(file, STR(".xml"))) {
        check_xml(files, output);
    } else {
        check_format(files, output);
    }
    return 0;
}

static int check_all(struct files *files, struct fault *fault)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < files->outputs.count; i++) {
        const struct output *output = &files->outputs.items[i];
        struct stat status;
        files->verify->checked++;
        if (fstatat(files->verify->folder, output->file.p, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode)) {
            verify_say_bad(files->verify, output->file.p, "不见了", "is missing");
        } else {
            rc = check_bytes(files, output, fault);
        }
        arena_reset(&files->render.arena);
    }
    return rc;
}

/* What stands in the web root is served, whoever put it there. */
static int find_foreign(struct files *files, struct fault *fault)
{
    struct buf root = BUF_EMPTY;
    buf_add(&root, files->verify->path);
    char *roots[] = {root.p, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int rc = walk == NULL ? fault_tell_errno(fault, "读不了 %s", "cannot read %s", root.p) : 0;
    for (FTSENT *entry; rc == 0 && (entry = fts_read(walk)) != NULL;) {
        const char *below = entry->fts_path + root.n;
        below += strspn(below, "/");
        if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR) {
            errno = entry->fts_errno;
            rc = fault_tell_errno(fault, "读不了 %s", "cannot read %s", entry->fts_path);
        } else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP &&
                   !set_has(&files->wanted, str_of(below))) {
            verify_say_bad(files->verify, below, "不是这个网站的文件", "is no file of this site");
        }
    }
    if (walk != NULL) {
        fts_close(walk);
    }
    buf_free(&root);
    return rc;
}

int verify_files(struct verify *verify, struct fault *fault)
{
    struct files files = {.verify = verify, .bytes = BUF_EMPTY, .drawn = BUF_EMPTY};
    int rc = prepare(&files, fault);
    if (rc == 0) {
        rc = list(&files, fault);
    }
    if (rc == 0) {
        rc = check_all(&files, fault);
    }
    if (rc == 0) {
        rc = find_foreign(&files, fault);
    }
    output_list_free(&files.outputs);
    set_free(&files.wanted);
    render_free(&files.render);
    arena_free(&files.arena);
    buf_free(&files.bytes);
    buf_free(&files.drawn);
    return rc;
}
