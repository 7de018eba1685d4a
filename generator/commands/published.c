#include "commands/published.h"

#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct str meta(struct published *published, const char *key)
{
    struct query *query = database_query(published->db, "SELECT value FROM meta WHERE key = ?1");
    query_bind_str(query, 1, str_of(key));
    struct str value =
        query_next(query) ? arena_copy(&published->arena, query_str(query, 0)) : STR("");
    query_reset(query);
    return value;
}

static bool is_ours(struct database *db)
{
    struct query *query = database_query(db, "PRAGMA application_id");
    bool is_so = query_next(query) && query_int(query, 0) == STORE_APPLICATION_ID;
    query_reset(query);
    query = database_query(db, "PRAGMA user_version");
    is_so = is_so && query_next(query) && query_int(query, 0) == STORE_SCHEMA_VERSION;
    query_reset(query);
    return is_so;
}

/* A disk that cannot answer is not an empty OUT: what is published must not be passed over. */
static int open_database(struct published *out, const struct publish *publish, struct fault *fault)
{
    if (faccessat(publish_target(publish), "data/search.db", F_OK, 0) != 0) {
        return errno == ENOENT ? 0 : fault_errno(fault, "cannot look for data/search.db");
    }
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "/proc/self/fd/%d/data/search.db", publish_target(publish));
    int rc = database_open(&out->db, path.p, DATABASE_READ, fault);
    buf_free(&path);
    if (rc != 0) {
        return -1;
    }
    bool is_so = is_ours(out->db);
    if (database_check(out->db, fault) != 0) {
        return -1;
    }
    if (!is_so) {
        struct fault ignored;
        database_close(out->db, &ignored);
        out->db = NULL;
        return 0;
    }
    out->exists = true;
    out->commit = meta(out, "commit");
    date_parse(&out->as_of, meta(out, "as_of"));
    out->committed = str_number(meta(out, "modified"), INT64_MAX);
    return database_check(out->db, fault);
}

static int open_memory(struct published *out, const struct publish *publish)
{
    struct fault ignored;
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "/proc/self/fd/%d/" PUBLISHED_MEMORY, publish_memory(publish));
    int rc =
        access(path.p, R_OK) == 0 ? memory_open(&out->memory, path.p, DATABASE_READ, &ignored) : -1;
    buf_free(&path);
    return rc;
}

/* Values of the memory that must be as they were, and what it means where one is not. */
static const char *find_difference(struct published *out, const struct site *site,
                                   const struct options *options)
{
    const struct {
        const char *key;
        struct str wanted;
        const char *meaning;
    } rows[] = {
        {"digest", meta(out, "digest"), "the memory beside it belongs to another database"},
        {"commit", out->commit, "the memory beside it belongs to another database"},
        {"program", STR(GONGKAI_VERSION), "another version of the program built it"},
        {"theme", str_of(site->theme_digest), "the theme is another"},
        {"content", str_of(options->content), "the content's folder is another"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str value = memory_meta(out->memory, &out->arena, rows[i].key);
        if (!str_equal(value, rows[i].wanted)) {
            return rows[i].meaning;
        }
    }
    return NULL;
}

int published_open(struct published *out, const struct publish *publish, const struct site *site,
                   const struct options *options, struct fault *fault)
{
    *out = (struct published){0};
    if (open_database(out, publish, fault) != 0) {
        return -1;
    }
    if (!out->exists) {
        out->whole = "nothing is published there yet";
    } else if (open_memory(out, publish) != 0) {
        out->whole = "the memory beside it is missing";
    } else {
        out->whole = find_difference(out, site, options);
        out->config = memory_meta(out->memory, &out->arena, "config");
        out->corrected = str_number(memory_meta(out->memory, &out->arena, "corrected"), INT64_MAX);
    }
    if (out->whole == NULL && options->is_full) {
        out->whole = "it was asked for";
    }
    if (out->memory != NULL && database_check(memory_database(out->memory), fault) != 0) {
        out->whole = "the memory beside it cannot be read";
    }
    return out->db == NULL ? 0 : database_check(out->db, fault);
}

static bool known_size(void *context, struct str path, const struct source_id *blob, uint64_t *out)
{
    struct published_files *cursor = context;
    while (cursor->has_file && str_compare(cursor->file.path, path) < 0) {
        cursor->has_file = memory_next_file(cursor->query, &cursor->file);
    }
    bool is_known = cursor->has_file && str_equal(cursor->file.path, path) &&
                    memcmp(cursor->file.blob.p, blob->bytes, MEMORY_ID_SIZE) == 0;
    if (is_known) {
        *out = (uint64_t)cursor->file.size;
    }
    return is_known;
}

struct source_known published_known(struct published_files *cursor,
                                    const struct published *published)
{
    cursor->query = memory_files(published->memory);
    cursor->has_file = memory_next_file(cursor->query, &cursor->file);
    return (struct source_known){cursor, known_size};
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
    if (published->whole != NULL ||
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
    arena_free(&published->arena);
    *published = (struct published){0};
}
