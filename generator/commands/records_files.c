/* What stands beside the records: files that they offer, tables nobody reads, former addresses. */
#include "commands/records.h"

#include "base/path.h"
#include "check/attachment.h"
#include "record/board.h"

/* a/b.csv and a/b.NAME.csv belong to a/b.md. */
static bool has_record(const struct site *site, struct arena *arena, struct str path)
{
    static const char *const extensions[] = {".md", ".markdown"};
    struct str stem = path;
    while (str_find_last_char(path_name(stem), '.') > 0) {
        stem = path_stem(stem);
        for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
            struct str record = arena_printf(arena, "%.*s%s", STR_ARG(stem), extensions[i]);
            if (address_index(&site->addresses, record) >= 0) {
                return true;
            }
        }
    }
    return false;
}

void records_tell_unread(const struct site *site, const struct set *linked, struct diag *diag)
{
    struct arena arena = {0};
    for (size_t i = 0; site->config.is_given && i < site->files.count; i++) {
        struct str path = site->paths[i];
        if (str_ends_nocase(path, STR(".csv")) && !set_has(linked, path) &&
            !has_record(site, &arena, path)) {
            diag_add(diag, DIAG_CSV_UNREAD, (struct place){.path = path}, DIAG_PLAIN);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void put_attachment(const struct site *site, struct store *store,
                           const struct source_file *file)
{
    char blob[41];
    struct buf url = BUF_EMPTY;
    source_id_format(blob, &file->blob);
    address_url(&url, &site->addresses, file->path);
    store_put_attachment(store, file->path, buf_str(&url), (int64_t)file->size, str_of(blob));
    buf_free(&url);
}

int records_put_attachments(const struct site *site, struct store *store, struct fault *fault)
{
    struct database *db = store_database(store);
    struct query *query = database_query(db, "SELECT DISTINCT target FROM links ORDER BY target");
    while (query_next(query)) {
        const struct source_file *file = source_find(&site->files, query_str(query, 0));
        if (file != NULL && !address_is_markdown(file->path) &&
            attachment_is_listed(file->path, !site->config.is_given) &&
            !board_is_file(file->path)) {
            put_attachment(site, store, file);
        }
    }
    return database_check(db, fault);
}

/* Where the file that left `path` is now: it may have gone on several times. */
static struct str follow(struct arena *arena, const struct site *site, struct memory *memory,
                         struct str path)
{
    enum { MOVES_MAX = 1000 };
    struct memory_history history;
    for (int i = 0; i < MOVES_MAX; i++) {
        if (source_find(&site->files, path) != NULL) {
            return path;
        }
        if (!memory_find_history(memory, arena, path, &history) || history.moved_to.n == 0) {
            break;
        }
        path = history.moved_to;
    }
    return STR("");
}

/* A file that may be offered where a page of that key, or a folder on its way, would have to be. */
static bool is_below_file(const struct site *site, struct str key)
{
    for (; key.n > 0; key = path_folder(key)) {
        if (!address_is_markdown(key) && source_find(&site->files, key) != NULL) {
            return true;
        }
    }
    return false;
}

static void put_moved(const struct site *site, struct store *store, struct str from, struct str to)
{
    struct buf key = BUF_EMPTY, url = BUF_EMPTY;
    if (is_below_file(site, address_own_key(from))) {
        return;
    }
    address_former_key(&key, from);
    address_page_url(&url, site->config.base, buf_str(&key));
    store_put_moved(store, buf_str(&url), address_own_key(from), to);
    buf_free(&key);
    buf_free(&url);
}

/* A renamed file leaves its old address behind, unless something else stands there now. */
int records_put_moved(const struct site *site, struct store *store, struct memory *memory,
                      struct fault *fault)
{
    struct arena arena = {0};
    struct query *query =
        database_query(memory_database(memory),
                       "SELECT path, moved_to FROM history WHERE moved_to <> '' ORDER BY path");
    while (query_next(query)) {
        struct str from = query_str(query, 0);
        if (address_is_markdown(from) && source_find(&site->files, from) == NULL) {
            put_moved(site, store, from, follow(&arena, site, memory, query_str(query, 1)));
        }
    }
    arena_free(&arena);
    int rc = database_check(memory_database(memory), fault);
    return rc == 0 ? database_check(store_database(store), fault) : rc;
}
