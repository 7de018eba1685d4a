#include "commands/published.h"

#include "base/digest.h"
#include "base/file.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DATABASE "data/search.db"
#define CHECKSUMS "data/SHA256SUMS"

static struct str meta(struct published *published, const char *key)
{
    struct query *query = database_query(published->db, "SELECT value FROM meta WHERE key = ?1");
    query_bind_str(query, 1, str_of(key));
    struct str value =
        query_next(query) ? arena_copy(&published->arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return value;
}

static int64_t number_of(struct database *db, const char *sql)
{
    struct query *query = database_query(db, sql);
    int64_t number = query_next(query) ? query_int(query, 0) : 0;
    query_reset(query);
    return number;
}

static void read_rewrites(struct published *out)
{
    struct query *query = database_query(
        out->db, "SELECT old_commit, new_commit, date, reason FROM rewrites ORDER BY id");
    while (query_next(query)) {
        out->rewrites =
            arena_grow(&out->arena, out->rewrites, out->rewrite_count, sizeof *out->rewrites);
        struct published_rewrite *row = &out->rewrites[out->rewrite_count++];
        struct str *const columns[] = {&row->old_commit, &row->new_commit, &row->date,
                                       &row->reason};
        for (int i = 0; i < (int)(sizeof columns / sizeof columns[0]); i++) {
            *columns[i] = arena_copy(&out->arena, query_str(query, i));
        }
    }
}

/* What the database says of itself; where it is another version's, as far as that can be read. */
static int read_database(struct published *out, struct fault *fault)
{
    if (number_of(out->db, "PRAGMA application_id") != STORE_APPLICATION_ID) {
        return database_check(out->db, fault) != 0
                   ? -1
                   : fault_damage(fault, "data/search.db is no database of ours");
    }
    bool is_old = number_of(out->db, "PRAGMA user_version") != STORE_SCHEMA_VERSION;
    out->commit = meta(out, "commit");
    date_parse(&out->as_of, meta(out, "as_of"));
    out->committed = str_number(meta(out, "modified"), INT64_MAX);
    read_rewrites(out);
    int rc = database_check(out->db, fault);
    if (is_old && (rc == 0 || !fault->is_damage)) {
        out->whole = PUBLISHED_OLD;
        return 0;
    }
    return rc;
}

static void drop_database(struct published *out)
{
    struct fault ignored;
    database_close(out->db, &ignored);
    out->db = NULL;
}

/* Whoever wrote in it and fell left one of these: without it the file is half of a database. */
static bool has_leftover(const struct publish *publish)
{
    return faccessat(publish_target(publish), DATABASE "-journal", F_OK, 0) == 0 ||
           faccessat(publish_target(publish), DATABASE "-wal", F_OK, 0) == 0;
}

static bool is_younger(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec > b->st_mtim.tv_sec ||
           (a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec > b->st_mtim.tv_nsec);
}

/*
 * Rows that somebody took out by hand would be missing from then on. Checksums are written after
 * the database: only one that is younger than they are was touched, and its digest is worth taking.
 */
static int check_unaltered(struct published *out, const struct publish *publish,
                           const struct stat *database, struct fault *fault)
{
    enum { SUMS_MAX = 1 << 20 };
    struct stat sums;
    char digest[DIGEST_TEXT_SIZE];
    int target = publish_target(publish);
    bool has_sums = fstatat(target, CHECKSUMS, &sums, AT_SYMLINK_NOFOLLOW) == 0;
    if (!has_sums && errno != ENOENT) {
        return fault_tell_errno(fault, "读不了网站的 " CHECKSUMS,
                                "cannot read the site's " CHECKSUMS);
    }
    if (has_sums && !is_younger(database, &sums)) {
        return 0;
    }
    struct buf text = BUF_EMPTY;
    int rc = has_sums ? file_read(&text, target, CHECKSUMS, SUMS_MAX, fault) : 0;
    rc = rc == 0 ? digest_of_file(digest, NULL, target, DATABASE, true, fault) : rc;
    if (rc == 0 && str_find(buf_str(&text), str_of(digest)) < 0) {
        out->whole = PUBLISHED_ALTERED;
    }
    buf_free(&text);
    return rc;
}

static int read_published(struct published *out, const struct publish *publish,
                          const struct stat *status, struct fault *fault)
{
    if (!S_ISREG(status->st_mode) || has_leftover(publish)) {
        return fault_damage(fault, DATABASE " is no database that could be read");
    }
    if (faccessat(publish_target(publish), DATABASE, R_OK, 0) != 0) {
        return fault_tell_errno(fault, "读不了网站的 " DATABASE,
                                "cannot read the site's " DATABASE);
    }
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "/proc/self/fd/%d/" DATABASE, publish_target(publish));
    int rc = database_open(&out->db, path.p, DATABASE_READ, fault);
    buf_free(&path);
    rc = rc == 0 ? read_database(out, fault) : rc;
    return rc == 0 && out->whole == PUBLISHED_GOES_ON ? check_unaltered(out, publish, status, fault)
                                                      : rc;
}

/* A disk that cannot answer is not an empty OUT: what is published must not be passed over. */
static int open_database(struct published *out, const struct publish *publish, struct fault *fault)
{
    struct stat status;
    if (fstatat(publish_target(publish), DATABASE, &status, 0) != 0) {
        out->whole = publish_is_new(publish) ? PUBLISHED_NOTHING : PUBLISHED_LOST;
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : fault_errno(fault, "cannot look for " DATABASE);
    }
    int rc = read_published(out, publish, &status, fault);
    if (rc != 0 && fault->is_damage) {
        out->whole = PUBLISHED_DAMAGED;
        rc = 0;
    }
    if (out->whole != PUBLISHED_GOES_ON) {
        drop_database(out);
    }
    return rc;
}

static bool open_memory(struct published *out, const struct publish *publish)
{
    struct fault ignored;
    struct stat status;
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "/proc/self/fd/%d/" PUBLISH_REMEMBERED, publish_memory(publish));
    bool is_there = stat(path.p, &status) == 0;
    bool is_open = is_there && S_ISREG(status.st_mode) && access(path.p, R_OK) == 0 &&
                   memory_open(&out->memory, path.p, DATABASE_READ, &ignored) == 0;
    buf_free(&path);
    if (!is_open && out->whole == PUBLISHED_GOES_ON) {
        out->whole = is_there ? PUBLISHED_BAD_MEMORY : PUBLISHED_NO_MEMORY;
    }
    return is_open;
}

/* Values of the memory that must be as they were, and what it means where one is not. */
static enum published_whole find_difference(struct published *out, const struct site *site,
                                            const struct options *options)
{
    const struct {
        const char *key;
        struct str wanted;
        enum published_whole meaning;
    } rows[] = {
        {"digest", meta(out, "digest"), PUBLISHED_OTHER_MEMORY},
        {"commit", out->commit, PUBLISHED_OTHER_MEMORY},
        {"program", STR(GONGKAI_VERSION), PUBLISHED_PROGRAM},
        {"theme", str_of(site->theme_digest), PUBLISHED_THEME},
        {"content", str_of(options->content), PUBLISHED_CONTENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str value = memory_meta(out->memory, &out->arena, rows[i].key);
        if (!str_equal(value, rows[i].wanted)) {
            return rows[i].meaning;
        }
    }
    return PUBLISHED_GOES_ON;
}

/* The memory tells the commit where the database cannot. */
static void read_memory(struct published *out, const struct site *site,
                        const struct options *options)
{
    if (out->whole == PUBLISHED_GOES_ON) {
        out->whole = find_difference(out, site, options);
    } else if (out->whole != PUBLISHED_NOTHING && out->commit.n == 0) {
        out->commit = memory_meta(out->memory, &out->arena, "commit");
    }
    out->config = memory_meta(out->memory, &out->arena, "config");
    out->corrected = str_number(memory_meta(out->memory, &out->arena, "corrected"), INT64_MAX);
}

int published_open(struct published *out, const struct publish *publish, const struct site *site,
                   const struct options *options, struct fault *fault)
{
    struct fault unread = {.text = ""};
    *out = (struct published){0};
    if (open_database(out, publish, fault) != 0) {
        return -1;
    }
    bool has_memory = open_memory(out, publish);
    if (has_memory) {
        read_memory(out, site, options);
    } else if (out->whole == PUBLISHED_DAMAGED) {
        return publish_refuse(options->output, fault);
    }
    bool is_read = !has_memory || database_check(memory_database(out->memory), &unread) == 0;
    if (out->whole == PUBLISHED_GOES_ON || !is_read) {
        out->whole = !is_read           ? PUBLISHED_BAD_MEMORY
                     : options->is_full ? PUBLISHED_ASKED
                                        : PUBLISHED_GOES_ON;
    }
    return out->db == NULL ? 0 : database_check(out->db, fault);
}

const char *published_why(enum published_whole whole, enum language language)
{
    static const struct {
        const char *zh, *en;
    } rows[] = {
        [PUBLISHED_NOTHING] = {"那里还没有发布过", "nothing is published there yet"},
        [PUBLISHED_LOST] = {"网站的数据库不见了", "its database is missing"},
        [PUBLISHED_DAMAGED] = {"网站的数据库损坏了", "its database is damaged"},
        [PUBLISHED_ALTERED] = {"网站的数据库被别人改动过",
                               "its database was changed by another hand"},
        [PUBLISHED_SPOILT] = {"已发布的数据库或旁边的记忆文件损坏了",
                              "its database, or the memory beside it, is damaged"},
        [PUBLISHED_OLD] = {"数据库是另一个版本的程序生成的",
                           "another version of the program made its database"},
        [PUBLISHED_NO_MEMORY] = {"旁边的记忆文件不见了", "the memory beside it is missing"},
        [PUBLISHED_BAD_MEMORY] = {"旁边的记忆文件读不出来", "the memory beside it cannot be read"},
        [PUBLISHED_OTHER_MEMORY] = {"旁边的记忆文件是另一个数据库的",
                                    "the memory beside it belongs to another database"},
        [PUBLISHED_PROGRAM] = {"上次是另一个版本的程序生成的",
                               "another version of the program built it"},
        [PUBLISHED_THEME] = {"主题变了", "the theme is another"},
        [PUBLISHED_CONTENT] = {"内容所在的文件夹变了", "the content's folder is another"},
        [PUBLISHED_CONFIG] = {"gongkai.yml 变了", "the configuration is another"},
        [PUBLISHED_LAW] = {"到那天适用的规定不同了", "the law is another on that day"},
        [PUBLISHED_REWRITTEN] = {"历史被改写了", "the history was rewritten"},
        [PUBLISHED_BRANCH] = {"并入了早先开出的分支", "a branch that was begun earlier was merged"},
        [PUBLISHED_ASKED] = {"命令里要求的", "it was asked for"},
    };
    return language == LANGUAGE_ZH ? rows[whole].zh : rows[whole].en;
}

/* To the next file. A key that was moved may be another now, though its file is the same. */
static void pass_file(struct published_files *cursor, bool is_same)
{
    if (!is_same || cursor->file.moved.n > 0) {
        set_add(&cursor->published->other, cursor->file.path);
    }
    cursor->has_file = memory_next_file(cursor->query, &cursor->file);
}

static bool known_size(void *context, struct str path, const struct source_id *blob, uint64_t *out)
{
    struct published_files *cursor = context;
    int order = -1;
    while (cursor->has_file && (order = str_compare(cursor->file.path, path)) < 0) {
        pass_file(cursor, false);
    }
    bool is_known = cursor->has_file && order == 0 &&
                    memcmp(cursor->file.blob.p, blob->bytes, MEMORY_ID_SIZE) == 0;
    if (is_known) {
        *out = (uint64_t)cursor->file.size;
        pass_file(cursor, true);
    } else {
        set_add(&cursor->published->other, path);
    }
    return is_known;
}

struct source_known published_known(struct published_files *cursor, struct published *published)
{
    cursor->published = published;
    cursor->query = memory_files(published->memory);
    cursor->has_file = memory_next_file(cursor->query, &cursor->file);
    return (struct source_known){cursor, known_size};
}

void published_finish_known(struct published_files *cursor)
{
    while (cursor->has_file) {
        pass_file(cursor, false);
    }
}

void published_remember(struct memory *memory, const struct site *site,
                        const struct options *options, const struct history *history,
                        struct str digest)
{
    char blob[41], offset[16], corrected[32];
    site_config_blob(site, blob);
    snprintf(offset, sizeof offset, "%d", site->config.utc_offset);
    snprintf(corrected, sizeof corrected, "%lld", (long long)history_corrected_time(history));
    memory_put_meta(memory, "corrected", str_of(corrected));
    memory_put_meta(memory, "digest", digest);
    memory_put_meta(memory, "commit", str_of(source_commit(site->source)));
    memory_put_meta(memory, "program", STR(GONGKAI_VERSION));
    memory_put_meta(memory, "theme", str_of(site->theme_digest));
    memory_put_meta(memory, "content", str_of(options->content));
    memory_put_meta(memory, "config", str_of(blob));
    memory_put_meta(memory, "utc_offset", str_of(offset));
}

/* "28800" or "-18000". */
static int read_offset(struct str text)
{
    bool is_west = str_starts(text, STR("-"));
    long seconds = str_number(str_from(text, is_west ? 1 : 0), 86400);
    return seconds < 0 ? 0 : (int)(is_west ? -seconds : seconds);
}

bool published_is_current(const struct published *published, const struct site *site,
                          const struct options *options)
{
    if (published->whole != PUBLISHED_GOES_ON ||
        !str_equal(published->commit, str_of(source_commit(site->source)))) {
        return false;
    }
    struct date as_of = options->as_of;
    if (as_of.year == 0) {
        struct arena arena = {0};
        struct str offset = memory_meta(published->memory, &arena, "utc_offset");
        as_of = date_from_moment((int64_t)time(NULL), read_offset(offset));
        arena_free(&arena);
    }
    return date_to_days(as_of) == date_to_days(published->as_of);
}

void published_close(struct published *published)
{
    struct fault ignored;
    database_close(published->db, &ignored);
    memory_close(published->memory, &ignored);
    set_free(&published->other);
    arena_free(&published->arena);
    *published = (struct published){0};
}
