#include "commands/delta.h"

#include "base/path.h"

#include <string.h>

/* A CSV file belongs to every Markdown file beside it whose stem its name begins with. */
static void add_owners(struct delta *delta, const struct site *site, struct str csv)
{
    size_t name = (size_t)(str_find_last_char(csv, '/') + 1);
    for (size_t i = name; i < csv.n; i++) {
        if (csv.p[i] != '.') {
            continue;
        }
        struct str prefix = str_slice(csv, 0, i + 1);
        for (size_t at = address_first_from(&site->addresses, prefix);
             at < site->files.count && str_starts(site->paths[at], prefix); at++) {
            if (address_is_markdown(site->paths[at]) &&
                str_equal(path_stem(site->paths[at]), str_slice(csv, 0, i))) {
                set_add(&delta->records, site->paths[at]);
            }
        }
    }
}

static void add_records_of(struct delta *delta, const struct site *site, struct str path)
{
    if (address_is_markdown(path)) {
        set_add(&delta->records, path);
    } else if (str_ends_nocase(path, STR(".csv"))) {
        add_owners(delta, site, path);
    }
}

static void add_changed(struct delta *delta, const struct site *site, struct str path)
{
    set_add(&delta->stored, path);
    add_records_of(delta, site, path);
}

static void add_file(struct delta *delta, const struct site *site, struct str path)
{
    add_changed(delta, site, path);
    set_add(&delta->files, path);
}

/* What the commit or the memory alone has came or went. */
static void compare_file(struct delta *delta, struct memory *memory, const struct site *site,
                         struct str path)
{
    struct arena arena = {0};
    struct memory_file old;
    bool had = memory_find_file(memory, &arena, path, &old);
    ptrdiff_t index = address_index(&site->addresses, path);
    if (had != (index >= 0)) {
        add_file(delta, site, path);
    } else if (had && !str_equal(old.moved, site->addresses.moved[index])) {
        add_file(delta, site, path);
    } else if (had &&
               memcmp(old.blob.p, site->files.items[index].blob.bytes, MEMORY_ID_SIZE) != 0) {
        add_changed(delta, site, path);
    }
    arena_free(&arena);
}

/* Those that the listing found to be others, and those whose key moved aside since. */
static int compare_files(struct delta *delta, const struct published *published,
                         const struct site *site, struct fault *fault)
{
    for (size_t i = 0; i < published->other.count; i++) {
        compare_file(delta, published->memory, site, published->other.items[i]);
    }
    for (size_t i = 0; i < site->files.count; i++) {
        if (site->addresses.moved[i].n > 0 && !set_has(&published->other, site->paths[i])) {
            compare_file(delta, published->memory, site, site->paths[i]);
        }
    }
    return database_check(memory_database(published->memory), fault);
}

/* A change that was taken back leaves the same bytes, but not the same dates. */
static void add_touched_by_history(struct delta *delta, const struct site *site,
                                   const struct history *history)
{
    const struct history_state *states;
    size_t count = history_states(history, &states);
    for (size_t i = 0; i < count; i++) {
        if (source_find(&site->files, states[i].path) != NULL) {
            add_records_of(delta, site, states[i].path);
        }
    }
}

static void add_all(struct set *set, struct query *query)
{
    while (query_next(query)) {
        set_add(set, query_str(query, 0));
    }
}

/* Today is the later of the as-of day and the commit's: a record of a day behind it is refused. */
static int64_t today_of(const struct published *published, const struct site *site)
{
    int64_t as_of = date_to_days(published->as_of);
    int64_t commit = date_to_days(date_from_moment(published->committed, site->config.utc_offset));
    return as_of > commit ? as_of : commit;
}

static void add_future(struct delta *delta, const struct published *published,
                       const struct site *site)
{
    char today[DATE_TEXT_SIZE];
    if (site->rules.today >= today_of(published, site)) {
        return;
    }
    date_format(today, date_from_days(site->rules.today));
    struct query *query =
        database_query(published->db, "SELECT path FROM records WHERE date > ?1 UNION ALL"
                                      " SELECT path FROM withdrawals WHERE cause = 'by'");
    query_bind_str(query, 1, str_of(today));
    add_all(&delta->records, query);
    add_all(&delta->records, database_query(memory_database(published->memory),
                                            "SELECT path FROM hidden WHERE until <> ''"));
}

/*
 * Records that the as-of date makes public or takes down, and where it goes back, the other way
 * round. Withdrawals are few: what the other day makes of them is asked of the records themselves.
 */
static int add_due(struct delta *delta, const struct published *published, const struct site *site,
                   struct fault *fault)
{
    char as_of[DATE_TEXT_SIZE];
    date_format(as_of, site->as_of);
    struct database *memory = memory_database(published->memory);
    struct query *query =
        database_query(memory, "SELECT path FROM hidden WHERE until <> '' AND until <= ?1");
    query_bind_str(query, 1, str_of(as_of));
    add_all(&delta->records, query);
    if (date_to_days(site->as_of) > date_to_days(published->as_of)) {
        query = database_query(published->db,
                               "SELECT path FROM records WHERE instr(fields, '\"depublish_at\"') >"
                               " 0 AND json_extract(fields, '$.depublish_at') <= ?1 UNION ALL"
                               " SELECT path FROM withdrawals WHERE cause = 'by'");
        query_bind_str(query, 1, str_of(as_of));
        add_all(&delta->records, query);
    }
    if (date_to_days(site->as_of) < date_to_days(published->as_of)) {
        add_all(&delta->records, database_query(published->db, "SELECT path FROM withdrawals"));
        query = database_query(published->db,
                               "SELECT path FROM records WHERE instr(fields, '\"publish_at\"') > 0"
                               " AND json_extract(fields, '$.publish_at') > ?1");
        query_bind_str(query, 1, str_of(as_of));
        add_all(&delta->records, query);
    }
    return database_check(memory, fault) == 0 ? database_check(published->db, fault) : -1;
}

/* What is not public and is not read again stays so. */
static void add_hidden(struct delta *delta, const struct published *published)
{
    struct query *query =
        database_query(memory_database(published->memory), "SELECT path FROM hidden");
    while (query_next(query)) {
        if (!set_has(&delta->records, query_str(query, 0))) {
            set_add(&delta->hidden, query_str(query, 0));
        }
    }
    query = database_query(memory_database(published->memory), "SELECT path, record FROM withheld");
    while (query_next(query)) {
        if (!set_has(&delta->records, query_str(query, 1))) {
            set_add(&delta->hidden, query_str(query, 0));
        }
    }
}

/* What a changed record withdrew, it may withdraw no more. */
static void add_withdrawn(struct delta *delta, const struct published *published)
{
    size_t count = delta->records.count;
    for (size_t i = 0; i < count; i++) {
        struct query *query = database_query(memory_database(published->memory),
                                             "SELECT index_number FROM withdraws WHERE path = ?1");
        query_bind_str(query, 1, delta->records.items[i]);
        if (query_next(query)) {
            struct query *found = database_query(
                published->db,
                "SELECT path FROM withdrawals WHERE cause = 'by' AND index_number = ?1");
            query_bind_str(found, 1, query_str(query, 0));
            add_all(&delta->records, found);
        }
        query_reset(query);
    }
}

/* The published records that link to `target` and have `word`, which may be empty, in a field. */
static void add_linked(struct set *out, const struct published *published, struct str target,
                       struct str word)
{
    struct query *query = database_query(
        published->db, "SELECT DISTINCT path FROM links JOIN records ON records.id = links.record"
                       " WHERE target = ?1 AND instr(fields, ?2) > 0");
    query_bind_str(query, 1, target);
    query_bind_str(query, 2, word);
    add_all(out, query);
}

static void add_linking(struct delta *delta, const struct published *published, struct str target)
{
    add_linked(&delta->relink, published, target, STR(""));
    /* A link that is not published: its record has no row to be mended, or keeps the file back. */
    struct query *query = database_query(memory_database(published->memory),
                                         "SELECT path FROM hidden_links WHERE target = ?1");
    query_bind_str(query, 1, target);
    add_all(&delta->records, query);
}

/* Whoever links there is read again as a whole. */
static void add_linking_records(struct delta *delta, const struct published *published,
                                struct str target)
{
    add_linked(&delta->records, published, target, STR(""));
}

/* Links to files that a changed record kept from being published. */
static void add_linking_to_withheld(struct delta *delta, const struct published *published,
                                    struct str record)
{
    struct query *query = database_query(memory_database(published->memory),
                                         "SELECT path FROM withheld WHERE record = ?1");
    struct set paths = {0};
    query_bind_str(query, 1, record);
    add_all(&paths, query);
    for (size_t i = 0; i < paths.count; i++) {
        add_linking(delta, published, paths.items[i]);
    }
    set_free(&paths);
}

/* A link to a table that is not published leads to its record, where that can be read. */
static void add_linking_to_tables(struct delta *delta, const struct published *published,
                                  const struct site *site, struct str record)
{
    struct buf prefix = BUF_EMPTY;
    buf_add(&prefix, path_stem(record));
    buf_add_char(&prefix, '.');
    size_t at = address_first_from(&site->addresses, buf_str(&prefix));
    for (; at < site->files.count && str_starts(site->paths[at], buf_str(&prefix)); at++) {
        if (str_ends_nocase(site->paths[at], STR(".csv"))) {
            add_linking(delta, published, site->paths[at]);
        }
    }
    buf_free(&prefix);
}

/* The same where something comes or goes: a field that names nothing is text, which is searched, so
 * its record is read again. */
static void add_naming(struct delta *delta, const struct published *published, struct str target)
{
    add_linking(delta, published, target);
    add_linked(&delta->records, published, target, path_name(path_stem(target)));
}

/* Who wrote "v1.2" and meant v1.2.md as long as there was nothing else of that name. */
static void add_linking_to_longer(struct delta *delta, const struct published *published,
                                  struct str path)
{
    struct buf longer = BUF_EMPTY;
    buf_add(&longer, path);
    buf_add_text(&longer, ".md");
    add_linking_records(delta, published, buf_str(&longer));
    buf_free(&longer);
}

/*
 * A link may name the file, the file without its ending, or a folder that it makes or ends. What a
 * link to "v1.2" means, an attachment or v1.2.md, changes the text of its record.
 */
static void add_linking_to_file(struct delta *delta, const struct published *published,
                                struct str path)
{
    struct str stem = path_stem(path);
    add_naming(delta, published, path);
    add_naming(delta, published, stem);
    if (address_is_markdown(path) && str_find_char(path_name(stem), '.') >= 0) {
        add_linking_records(delta, published, path);
        add_linking_records(delta, published, stem);
    }
    add_linking_to_longer(delta, published, path);
    for (struct str folder = path_folder(path); folder.n > 0; folder = path_folder(folder)) {
        add_naming(delta, published, folder);
        if (address_is_markdown(folder)) { /* "v1.2" may mean the folder v1.2.md too */
            add_linking_records(delta, published, path_stem(folder));
        }
        add_linking_to_longer(delta, published, folder);
    }
}

/* Whoever offers a file that is another now vouches for it anew. */
static void add_offering(struct delta *delta, const struct published *published, struct str path)
{
    if (!address_is_markdown(path)) {
        add_linking_records(delta, published, path);
    }
}

int delta_find(struct delta *out, const struct published *published, const struct site *site,
               const struct history *history, struct fault *fault)
{
    *out = (struct delta){0};
    if (compare_files(out, published, site, fault) != 0) {
        return -1;
    }
    add_touched_by_history(out, site, history);
    add_future(out, published, site);
    if (add_due(out, published, site, fault) != 0) {
        return -1;
    }
    add_withdrawn(out, published);
    for (size_t i = 0; i < out->files.count; i++) {
        add_linking_to_file(out, published, out->files.items[i]);
    }
    for (size_t i = 0; i < out->records.count; i++) {
        add_linking(out, published, out->records.items[i]);
        add_linking_to_withheld(out, published, out->records.items[i]);
        add_linking_to_tables(out, published, site, out->records.items[i]);
    }
    for (size_t i = 0; i < out->stored.count; i++) {
        add_offering(out, published, out->stored.items[i]);
    }
    add_hidden(out, published);
    set_sort(&out->records);
    set_sort(&out->relink);
    return database_check(published->db, fault);
}

void delta_free(struct delta *delta)
{
    struct set *const sets[] = {&delta->records, &delta->files, &delta->relink, &delta->hidden,
                                &delta->stored};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        set_free(sets[i]);
    }
}
