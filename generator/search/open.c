#include "search/internal.h"
#include "search/schema_page.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Fields of the header of an SQLite file, and their places: its format, section 1.3. */
enum {
    HEADER_BYTES = 100,
    HEADER_PAGE_SIZE = 16,
    HEADER_PAGE_COUNT = 28,
    HEADER_USER_VERSION = 60,
    HEADER_APPLICATION_ID = 68
};

/*
 * A search reads nearly every page once; the few that it comes back to stay. What the cache holds
 * beyond these is memory that costs more to touch than to read again.
 */
enum { CACHE_KB = 272, PAGE_BYTES = 16384, PROGRESS_STEPS = 2000, LENGTH_MAX = 8 << 20 };

void search_settle(void *memory)
{
    int header = 0;
    (void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &header);
    int slot = PAGE_BYTES + header;
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, memory, slot, SEARCH_MEMORY_BYTES / slot);
}

int64_t search_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum search_status search_status_of(const struct search *search, int code)
{
    switch (code & 0xff) {
    case SQLITE_INTERRUPT:
        return search->is_late ? SEARCH_STATUS_OUT_OF_TIME : SEARCH_STATUS_FAULT;
    case SQLITE_NOMEM:
        return SEARCH_STATUS_OUT_OF_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_IOERR:
        return SEARCH_STATUS_CORRUPT;
    default:
        return SEARCH_STATUS_FAULT;
    }
}

/* Is the header that of a whole database of ours? Looked at before SQLite parses anything. */
static enum search_status tell_not_ours(struct fault *fault, const char *path)
{
    fault_tell(fault, "%s 不是 gongkai 的数据库；要的是网站文件夹里的 data/search.db",
               "%s is not a database of gongkai, which is data/search.db in a site's folder", path);
    return SEARCH_STATUS_NOT_OURS;
}

static enum search_status check_header(const unsigned char *header, off_t size, const char *path,
                                       struct fault *fault)
{
    if (memcmp(header, "SQLite format 3", 16) != 0 ||
        schema_page_number(header + HEADER_APPLICATION_ID, 4) != SEARCH_APPLICATION_ID) {
        return tell_not_ours(fault, path);
    }
    if (schema_page_number(header + HEADER_USER_VERSION, 4) != SEARCH_SCHEMA_VERSION) {
        fault_tell(
            fault, "%s 是另一个版本的 gongkai 生成的；用这个版本重新生成网站（gongkai build）",
            "%s was made by another version of gongkai; build the site anew with this one", path);
        return SEARCH_STATUS_NOT_OURS;
    }
    uint32_t page_size = schema_page_number(header + HEADER_PAGE_SIZE, 2);
    page_size = page_size == 1 ? 65536 : page_size;
    if ((off_t)page_size * schema_page_number(header + HEADER_PAGE_COUNT, 4) != size) {
        fault_tell(fault, "%s 不完整，可能没有下载完；重新下载，或重新生成网站",
                   "%s is cut short; download it again, or build the site anew", path);
        return SEARCH_STATUS_CORRUPT;
    }
    return SEARCH_STATUS_OK;
}

static enum search_status check_open_file(int fd, const char *path, struct fault *fault)
{
    struct stat about;
    if (fstat(fd, &about) != 0) {
        fault_tell_errno(fault, "读不了数据库 %s", "the database %s cannot be examined", path);
        return SEARCH_STATUS_NOT_OURS;
    }
    if (!S_ISREG(about.st_mode) || (about.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        fault_tell(fault, "数据库 %s 必须是普通文件，而且只有主人能写：chmod go-w '%s'",
                   "the database %s must be a regular file that only its owner may write: chmod "
                   "go-w '%s'",
                   path, path);
        return SEARCH_STATUS_NOT_OURS;
    }
    unsigned char header[HEADER_BYTES];
    if (pread(fd, header, sizeof(header), 0) != (ssize_t)sizeof(header)) {
        return tell_not_ours(fault, path);
    }
    return check_header(header, about.st_size, path, fault);
}

/* Opens the file and looks at it; -1 with a status where it is not to be used. */
static int open_file(const char *path, enum search_status *status, struct fault *fault)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *status = SEARCH_STATUS_NOT_OURS;
    if (fd < 0) {
        fault_tell_errno(fault, "打不开数据库 %s", "cannot open the database %s", path);
        return -1;
    }
    *status = check_open_file(fd, path, fault);
    if (*status != SEARCH_STATUS_OK) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool is_readable(struct str table)
{
    return schema_page_keeps(table) || str_equal(table, STR("sqlite_master"));
}

static bool is_callable(const char *function)
{
    return function != NULL && (strcmp(function, "visit") == 0 || strcmp(function, "match") == 0 ||
                                strcmp(function, "count") == 0);
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    (void)context;
    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        return is_readable(str_of(first)) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return is_callable(second) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA: /* FTS5 asks whether the database has changed */
        return first != NULL && strcmp(first, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

/* Handlers of signals get no argument: this is the one thing that they can reach. */
static volatile sig_atomic_t is_stopped;

void search_stop(void)
{
    is_stopped = 1;
}

bool search_is_over(struct search *search)
{
    if (search->is_running && !search->is_late) {
        search->is_late = is_stopped != 0 || search_now() > search->deadline;
    }
    return search->is_running && search->is_late;
}

static int is_time_over(void *search)
{
    return search_is_over(search);
}

static bool is_reading_over(void *search)
{
    return search_is_over(search);
}

static void set_limits(sqlite3 *db)
{
    static const struct {
        int limit, value;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, LENGTH_MAX},  {SQLITE_LIMIT_SQL_LENGTH, 10000},
        {SQLITE_LIMIT_COLUMN, 100},         {SQLITE_LIMIT_EXPR_DEPTH, 20},
        {SQLITE_LIMIT_COMPOUND_SELECT, 3},  {SQLITE_LIMIT_VDBE_OP, 25000},
        {SQLITE_LIMIT_FUNCTION_ARG, 8},     {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 10}, {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        sqlite3_limit(db, limits[i].limit, limits[i].value);
    }
}

/* Takes from the connection all that reading does not need; nothing is prepared before. */
static int harden(struct search *search)
{
    sqlite3 *db = search->db;
    sqlite3_hard_heap_limit64((sqlite3_int64)SEARCH_HEAP_MB << 20);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    set_limits(db);
    char pragmas[200];
    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
             "PRAGMA mmap_size = 0; PRAGMA cache_size = -%d",
             CACHE_KB);
    sqlite3_progress_handler(db, PROGRESS_STEPS, is_time_over, search);
    return sqlite3_exec(db, pragmas, NULL, NULL, NULL);
}

/*
 * From here on nothing but our statements is prepared. The one that names the table `search` is so
 * before: FTS5 declares its columns then, which takes rights that no search needs.
 */
static int lock(struct search *search)
{
    int code = visit_add(search);
    if (code == SQLITE_OK && statement_start(search, STATEMENT_VISIT) == NULL) {
        code = sqlite3_errcode(search->db);
    }
    sqlite3_set_authorizer(search->db, authorize, NULL);
    return code;
}

static int open_database(struct search *search, int fd)
{
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    search->filter.is_over = is_reading_over;
    search->filter.context = search;
    int code = schema_filter_register(&search->filter, fd);
    return code != SQLITE_OK ? code
                             : sqlite3_open_v2("search.db", &search->db, flags, SCHEMA_FILTER_NAME);
}

enum search_status search_open(struct search **out, const char *path, struct fault *fault)
{
    enum search_status status;
    int fd = open_file(path, &status, fault);
    *out = NULL;
    if (fd < 0) {
        return status;
    }
    struct search *search = calloc(1, sizeof(*search));
    if (search == NULL) {
        arena_out_of_memory();
    }
    int code = open_database(search, fd);
    code = code == SQLITE_OK ? harden(search) : code;
    code = code == SQLITE_OK ? lock(search) : code;
    if (code != SQLITE_OK) {
        fault_tell(fault, "数据库 %s 不能用（%s）；重新生成网站",
                   "the database %s is of no use (%s); build the site anew", path,
                   sqlite3_errmsg(search->db));
        status = search_status_of(search, code);
        search_close(search);
        return status == SEARCH_STATUS_FAULT ? SEARCH_STATUS_NOT_OURS : status;
    }
    *out = search;
    return SEARCH_STATUS_OK;
}

const char *search_last_error(const struct search *search)
{
    return sqlite3_errmsg(search->db);
}

void search_close(struct search *search)
{
    if (search != NULL) {
        statement_finalize_all(search);
        sqlite3_close(search->db);
        schema_filter_unregister(&search->filter);
        arena_free(&search->meta.arena);
        free(search);
    }
}

/* All of `meta`, which is small: an answer asks for many of its rows. */
static void load_meta(struct search *search)
{
    enum search_status status;
    struct meta *meta = &search->meta;
    struct str lines = statement_facts_row(search, &meta->arena, FACTS_META, &status), line;
    while (str_cut(&line, &lines, '\n')) {
        meta->v = arena_grow(&meta->arena, meta->v, meta->count, sizeof *meta->v);
        struct meta_row *row = &meta->v[meta->count++];
        (void)str_cut(&row->key, &line, '\t');
        row->value = line;
    }
}

struct str search_meta(struct search *search, struct str key)
{
    struct meta *meta = &search->meta;
    if (meta->count == 0) {
        load_meta(search);
    }
    for (size_t i = 0; i < meta->count; i++) {
        if (str_equal(meta->v[i].key, key)) {
            return meta->v[i].value;
        }
    }
    return (struct str){"", 0};
}

struct str search_page_bytes(struct search *search, struct arena *arena, struct str language,
                             struct str name)
{
    enum search_status status;
    sqlite3_stmt *statement = statement_start(search, STATEMENT_PAGE);
    statement_bind(statement, 1, language);
    statement_bind(statement, 2, name);
    struct str page = {"", 0};
    if (statement_step(search, statement, &status)) {
        page = arena_copy(arena, statement_blob(statement, 0));
    }
    sqlite3_reset(statement);
    return page;
}
