/* Records, configuration and the search's pages into their tables. */
#include "store/events.h"
#include "store/internal.h"
#include "store/typed.h"

#include "base/json.h"
#include "base/path.h"
#include "base/utf8.h"

#include <stdio.h>

void store_put_meta(struct store *store, const char *key, struct str value)
{
    struct query *query =
        database_query(store->db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)");
    query_bind_str(query, 1, str_of(key));
    query_bind_str(query, 2, value);
    query_run(query);
}

/* Its own code, or that of the nearest above. */
static struct str division_of(const struct config *config, const struct config_org *org)
{
    while (org->code.n == 0 && org->parent.n > 0) {
        const struct config_org *parent = config_org(config, org->parent);
        if (parent == NULL || parent->depth >= org->depth) {
            break;
        }
        org = parent;
    }
    return org->code;
}

/* A key that the configuration has twice is an error of it: here, where nothing is published, the
 * first counts. */
static void put_org(struct store *store, const struct config *config, const struct config_org *org,
                    struct buf *url)
{
    buf_clear(url);
    buf_add(url, config->base);
    buf_add(url, STR("archive/org/"));
    buf_add(url, org->key);
    buf_add_char(url, '/');
    struct query *query = database_query(
        store->db, "INSERT INTO organisations (key, name, type, code, parent, lineage, folder, url,"
                   " division) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (key)"
                   " DO NOTHING");
    const struct str values[] = {org->key,    org->name,    org->type,
                                 org->code,   org->parent,  org->lineage,
                                 org->folder, buf_str(url), division_of(config, org)};
    for (int i = 0; i < (int)(sizeof values / sizeof values[0]); i++) {
        query_bind_str(query, i + 1, values[i]);
    }
    query_run(query);
}

static void bind_number(struct query *query, int index, int number)
{
    if (number == 0) {
        query_bind_null(query, index);
    } else {
        query_bind_int(query, index, number);
    }
}

static void put_item(struct store *store, const struct config *config,
                     const struct config_item *item, struct buf *url)
{
    buf_clear(url);
    buf_add(url, config->base);
    buf_add(url, STR("archive/item/"));
    buf_add(url, item->key);
    buf_add_char(url, '/');
    struct buf issuers = BUF_EMPTY;
    struct json json = {.buf = &issuers};
    json_open(&json, '[');
    for (size_t i = 0; i < item->issuer_count; i++) {
        json_str(&json, item->issuers[i]);
    }
    json_close(&json, ']');
    struct query *query = database_query(
        store->db,
        "INSERT INTO items (key, name, category, every, due, notice_days, issuers, basis, content,"
        " url) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (key) DO NOTHING");
    query_bind_str(query, 1, item->key);
    query_bind_str(query, 2, item->name);
    query_bind_str(query, 3, item->category);
    query_bind_str(query, 4, item->every);
    bind_number(query, 5, item->due);
    bind_number(query, 6, item->notice_days);
    query_bind_str(query, 7, buf_str(&issuers));
    query_bind_str(query, 8, item->basis);
    query_bind_str(query, 9, item->content);
    query_bind_str(query, 10, buf_str(url));
    query_run(query);
    buf_free(&issuers);
}

static void put_synonyms(struct store *store, const struct config_synonym *synonym)
{
    for (size_t i = 0; i < synonym->count; i++) {
        for (size_t k = 0; k < synonym->count; k++) {
            if (i == k) {
                continue;
            }
            struct query *query = database_query(
                store->db, "INSERT OR IGNORE INTO synonyms (word, same) VALUES (?1, ?2)");
            query_bind_str(query, 1, synonym->words[i]);
            query_bind_str(query, 2, synonym->words[k]);
            query_run(query);
        }
    }
}

void store_put_config(struct store *store, const struct config *config)
{
    struct buf url = BUF_EMPTY;
    for (size_t i = 0; i < config->org_count; i++) {
        put_org(store, config, &config->orgs[i], &url);
    }
    for (size_t i = 0; i < config->item_count; i++) {
        put_item(store, config, &config->items[i], &url);
    }
    for (size_t i = 0; i < config->synonym_count; i++) {
        put_synonyms(store, &config->synonyms[i]);
    }
    buf_free(&url);
}

void store_put_search_page(struct store *store, struct str language, struct str name,
                           struct str page)
{
    struct query *query =
        database_query(store->db, "INSERT OR REPLACE INTO search_pages (language, name, page)"
                                  " VALUES (?1, ?2, ?3)");
    query_bind_str(query, 1, language);
    query_bind_str(query, 2, name);
    query_bind_blob(query, 3, page);
    query_run(query);
}

/* All that is searched, and how many of its characters are the body and the fields. */
struct texts {
    struct str all;
    size_t body_length;
};

static int64_t put_record_row(struct store *store, const struct record *record,
                              const struct store_facts *facts, struct str fields,
                              struct texts texts)
{
    struct str text = texts.all;
    struct query *query = database_query(
        store->db,
        "INSERT INTO records (path, url, folder, kind, title, date, org, item, own_summary,"
        " text, fields, blob, index_number, corrects, body_length, table_length, created, updated,"
        " summary_length) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
        " ?16, ?17, ?18, ?19)");
    const struct record_field *index_number = record_field(record, STR("index"));
    const struct record_field *corrects = record_field(record, STR("corrects"));
    const struct str values[] = {
        record->path,
        facts->url,
        path_folder(record->path),
        record->kind,
        record->title,
        facts->date,
        record->org,
        record->item,
        record->summary,
        text,
        fields,
        facts->blob,
        index_number == NULL ? STR("") : index_number->text,
        corrects == NULL ? STR("") : corrects->text,
    };
    int count = (int)(sizeof values / sizeof values[0]);
    for (int i = 0; i < count; i++) {
        query_bind_str(query, i + 1, values[i]);
    }
    query_bind_int(query, 15, (int64_t)texts.body_length);
    query_bind_int(query, 16, (int64_t)utf8_count(record->table_text));
    query_bind_int(query, 17, facts->created);
    query_bind_int(query, 18, facts->updated);
    query_bind_int(query, 19, (int64_t)utf8_count(record->summary));
    if (str_starts(record->body_text, record->summary)) {
        query_bind_null(query, 9); /* not stored twice */
    }
    query_run(query);
    char times[64];
    snprintf(times, sizeof times, "%lld %lld", (long long)facts->created,
             (long long)facts->updated);
    const struct str row[] = {STR("record"),   record->path, facts->url,  record->kind,
                              record->title,   facts->date,  record->org, record->item,
                              record->summary, text,         fields,      facts->blob,
                              str_of(times)};
    row_digest_add(&store->rows, row, sizeof row / sizeof row[0]);
    return database_last_id(store->db);
}

static void add_cells_json(struct buf *out, const struct table_cell *cells, size_t count)
{
    struct json json = {.buf = out};
    json_open(&json, '[');
    for (size_t i = 0; i < count; i++) {
        json_str(&json, cells[i].text);
    }
    json_close(&json, ']');
}

/* Eight rows take hardly more steps than two; what is not bound is no row. */
enum { ROWS_AT_ONCE = 8 };

static const char insert_rows[] =
    "INSERT INTO table_rows (table_id, number, cells) SELECT ?1, column1, column2 FROM (VALUES"
    " (?2, ?3), (?4, ?5), (?6, ?7), (?8, ?9), (?10, ?11), (?12, ?13), (?14, ?15), (?16, ?17))"
    " WHERE column2 IS NOT NULL";

/* The rows of the table from `from` on, at most so many, behind what stands in `all`. */
static size_t put_rows(struct store *store, int64_t table_id, const struct table *table,
                       size_t from, struct buf *all)
{
    size_t starts[ROWS_AT_ONCE + 1], count = 0;
    for (; count < ROWS_AT_ONCE && from + count < table->row_count; count++) {
        starts[count] = all->n;
        add_cells_json(all, &table->cells[(from + count) * table->column_count],
                       table->column_count);
    }
    starts[count] = all->n;
    struct query *query = database_query(store->db, insert_rows);
    query_bind_int(query, 1, table_id);
    for (size_t i = 0; i < count; i++) {
        query_bind_int(query, 2 * (int)i + 2, (int64_t)(from + i) + 1);
        query_bind_str(query, 2 * (int)i + 3, str_slice(buf_str(all), starts[i], starts[i + 1]));
    }
    query_run(query);
    return count;
}

static void put_table(struct store *store, int64_t record, struct str path,
                      const struct table *table, size_t number, struct str url)
{
    struct buf *all = &store->scratch.cells;
    struct str source = str_equal(table->source, path) ? STR("") : table->source;
    buf_clear(all);
    add_cells_json(all, table->names, table->column_count);
    struct query *query = database_query(
        store->db, "INSERT INTO tables (record, number, caption, source, columns, url, kind)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_int(query, 1, record);
    query_bind_int(query, 2, (int64_t)number);
    query_bind_str(query, 3, table->caption);
    query_bind_str(query, 4, source);
    query_bind_str(query, 5, buf_str(all));
    query_bind_str(query, 6, url);
    query_bind_str(query, 7, table->kind == NULL ? STR("") : table->kind->key);
    query_run(query);
    int64_t table_id = database_last_id(store->db);
    for (size_t row = 0; row < table->row_count;) {
        row += put_rows(store, table_id, table, row, all);
    }
    typed_put(store->db, table_id, table);
    const struct str values[] = {STR("table"), path, table->caption, source, url, buf_str(all)};
    row_digest_add(&store->rows, values, sizeof values / sizeof values[0]);
}

/* Of a table on the notice board only what it adds up to. */
static void put_board_table(struct store *store, int64_t record, struct str path,
                            const struct table *table, size_t number)
{
    char numbers[64];
    struct buf sums = BUF_EMPTY;
    struct json json = {.buf = &sums};
    json_open(&json, '{');
    for (size_t i = 0; i < table->sum_count; i++) {
        json_key_str(&json, table->sums[i].name);
        json_str(&json, table->sums[i].sum);
    }
    json_close(&json, '}');
    struct query *query = database_query(
        store->db,
        "INSERT INTO board_tables (record, number, row_count, sums) VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(query, 1, record);
    query_bind_int(query, 2, (int64_t)number);
    query_bind_int(query, 3, (int64_t)table->board_rows);
    query_bind_str(query, 4, buf_str(&sums));
    query_run(query);
    snprintf(numbers, sizeof numbers, "%zu %zu", number, table->board_rows);
    const struct str row[] = {STR("board"), path, str_of(numbers), buf_str(&sums)};
    row_digest_add(&store->rows, row, sizeof row / sizeof row[0]);
    buf_free(&sums);
}

static void put_tables(struct store *store, int64_t id, const struct record *record,
                       struct str record_url)
{
    struct buf *url = &store->scratch.url;
    for (size_t i = 0; i < record->table_count; i++) {
        if (record->tables[i].is_board) {
            put_board_table(store, id, record->path, &record->tables[i], i + 1);
            continue;
        }
        buf_clear(url);
        buf_add(url, record_url);
        buf_printf(url, "table-%zu.csv", i + 1);
        put_table(store, id, record->path, &record->tables[i], i + 1, buf_str(url));
    }
}

static void put_tags(struct store *store, int64_t id, const struct record *record, struct str date)
{
    for (size_t i = 0; i < record->tag_count; i++) {
        struct query *query =
            database_query(store->db, "INSERT OR IGNORE INTO tags (tag, date, record) VALUES"
                                      " (?1, ?2, ?3)");
        query_bind_str(query, 1, record->tags[i]);
        query_bind_str(query, 2, date);
        query_bind_int(query, 3, id);
        if (query_run_changes(query)) {
            const struct str row[] = {STR("tag"), record->path, record->tags[i]};
            row_digest_add(&store->rows, row, sizeof row / sizeof row[0]);
        }
    }
}

void put_links(struct store *store, int64_t id, const struct record *record)
{
    for (size_t i = 0; i < record->link_count; i++) {
        struct query *query = database_query(
            store->db, "INSERT OR IGNORE INTO links (record, target, text) VALUES (?1, ?2, ?3)");
        query_bind_int(query, 1, id);
        query_bind_str(query, 2, record->links[i].target);
        query_bind_str(query, 3, record->links[i].text);
        if (query_run_changes(query)) {
            const struct str row[] = {STR("link"), record->path, record->links[i].target,
                                      record->links[i].text};
            row_digest_add(&store->rows, row, sizeof row / sizeof row[0]);
        }
    }
}

static void put_exceptions(struct store *store, int64_t id, const struct record *record,
                           const struct store_facts *facts)
{
    for (size_t i = 0; i < facts->exception_count; i++) {
        char count[32];
        struct query *query = database_query(
            store->db, "INSERT INTO exceptions (record, rule, count) VALUES (?1, ?2, ?3)");
        query_bind_int(query, 1, id);
        query_bind_str(query, 2, facts->exceptions[i].rule);
        query_bind_int(query, 3, (int64_t)facts->exceptions[i].count);
        query_run(query);
        snprintf(count, sizeof count, "%zu", facts->exceptions[i].count);
        const struct str row[] = {STR("exception"), record->path, facts->exceptions[i].rule,
                                  str_of(count)};
        row_digest_add(&store->rows, row, sizeof row / sizeof row[0]);
    }
}

int64_t store_put_record(struct store *store, const struct record *record,
                         const struct store_facts *facts)
{
    struct buf *text = &store->scratch.text, *fields = &store->scratch.fields;
    buf_clear(text);
    buf_add(text, record->body_text);
    record_fields_text(text, record);
    size_t body_n = text->n, body_length = utf8_count(buf_str(text));
    buf_add(text, record->table_text);
    buf_add(text, record->names_text);
    buf_clear(fields);
    record_add_fields_json(fields, record);
    int64_t id = put_record_row(store, record, facts, buf_str(fields),
                                (struct texts){buf_str(text), body_length});
    put_tables(store, id, record, facts->url);
    put_tags(store, id, record, facts->date);
    put_links(store, id, record);
    put_exceptions(store, id, record, facts);
    events_put(store->db, id, record);
    if (store->is_update) {
        index_add_record(store, id);
    } else if (store->gather != NULL) {
        const struct str columns[FTS_COLUMNS] = {str_slice(buf_str(text), 0, body_n), record->title,
                                                 record->table_text, record->names_text};
        gather_put(store->gather, id, columns);
    }
    return id;
}

void store_put_attachment(struct store *store, struct str path, struct str url, int64_t bytes,
                          struct str blob)
{
    struct query *query = database_query(
        store->db,
        "INSERT OR IGNORE INTO attachments (path, url, bytes, blob) VALUES (?1, ?2, ?3, ?4)");
    query_bind_str(query, 1, path);
    query_bind_str(query, 2, url);
    query_bind_int(query, 3, bytes);
    query_bind_str(query, 4, blob);
    query_run(query);
}

#define PLACE_IS_FREE                                                                              \
    " AND NOT EXISTS (SELECT 1 FROM records WHERE url = ?1)"                                       \
    " AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE url = ?1)"                                   \
    " AND NOT EXISTS (SELECT 1 FROM records WHERE path >= ?3 || '/' AND path < ?3 || '0')"

static void bind_moved(struct query *query, struct str url, struct str folder,
                       struct str record_path)
{
    query_bind_str(query, 1, url);
    query_bind_str(query, 2, record_path);
    query_bind_str(query, 3, folder);
    query_run(query);
}

void store_put_moved(struct store *store, struct str url, struct str folder, struct str record_path)
{
    struct query *query = database_query(
        store->db, "INSERT OR IGNORE INTO moved (url, record)"
                   " SELECT ?1, id FROM records WHERE path = ?2 AND ?3 <> ''" PLACE_IS_FREE);
    bind_moved(query, url, folder, record_path);
    query = database_query(store->db, "INSERT OR IGNORE INTO withdrawn_addresses (url, path)"
                                      " SELECT ?1, path FROM withdrawals WHERE path = ?2 AND"
                                      " ?3 <> ''" PLACE_IS_FREE);
    bind_moved(query, url, folder, record_path);
}

void store_put_rewrite(struct store *store, struct str old_commit, struct str new_commit,
                       struct str date, struct str reason)
{
    struct query *query = database_query(
        store->db,
        "INSERT INTO rewrites (old_commit, new_commit, date, reason) VALUES (?1, ?2, ?3, ?4)");
    const struct str values[] = {old_commit, new_commit, date, reason};
    for (int i = 0; i < 4; i++) {
        query_bind_str(query, i + 1, values[i]);
    }
    query_run(query);
}
