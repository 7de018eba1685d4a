/*
 * The full-text index. A whole build writes it as one segment of FTS5's format (fts_segment.h);
 * memory is bounded, since words that are too many go to a file beside the database (fts_runs.h).
 */
#include "store/internal.h"

#include "base/utf8.h"
#include "store/fts_runs.h"
#include "store/fts_structure.h"

#include <sqlite3.h>

#define SEARCHED "id, title, text, body_length, table_length"

/* A segment that is being gathered. */
struct gathering {
    struct database *db;
    struct fts_words *words;
    struct fts_runs *runs; /* NULL while all is in memory */
    struct fts_totals totals;
};

static int spill(struct gathering *gathering, struct fault *fault)
{
    const char *path = sqlite3_db_filename(database_handle(gathering->db), "main");
    if (gathering->runs == NULL && fts_runs_open(&gathering->runs, path, fault) != 0) {
        return -1;
    }
    return fts_runs_add(gathering->runs, gathering->words, fault);
}

/* The row of a query for SEARCHED, in the order of the columns of `search`. */
static int gather_row(struct gathering *gathering, struct query *row, struct fault *fault)
{
    int64_t id = query_int(row, 0), places[FTS_COLUMNS];
    struct str text = query_str(row, 2);
    struct str body = utf8_first(text, (size_t)query_int(row, 3));
    struct str rest = str_from(text, body.n);
    struct str tables = utf8_first(rest, (size_t)query_int(row, 4));
    const struct str columns[FTS_COLUMNS] = {body, query_str(row, 1), tables,
                                             str_from(rest, tables.n)};
    fts_words_begin(gathering->words, id);
    for (int i = 0; i < FTS_COLUMNS; i++) {
        if (!fts_words_add(gathering->words, i, columns[i], &places[i])) {
            return fault_set(fault, "a record is too long for the index: %.*s",
                             STR_ARG(query_str(row, 1)));
        }
        gathering->totals.places[i] += places[i];
    }
    gathering->totals.records++;
    fts_sizes_write(gathering->db, id, places);
    return fts_words_is_full(gathering->words) ? spill(gathering, fault) : 0;
}

static int write_words(struct gathering *gathering, struct fts_segment *segment,
                       struct fault *fault)
{
    if (gathering->runs != NULL) {
        return spill(gathering, fault) == 0 ? fts_runs_write(gathering->runs, segment, fault) : -1;
    }
    struct fts_word word;
    fts_words_sort(gathering->words);
    while (fts_words_next(gathering->words, &word)) {
        fts_segment_put_word(segment, word.text);
        fts_segment_put_list(segment, word.list);
    }
    return 0;
}

/*
 * Segments are merged by fours. One written by a whole build belongs to the level that it would
 * stand on, had its leaves come one by one.
 */
static int level_of(int64_t leaves)
{
    int level = 0;
    for (int64_t size = 1; size < leaves; size *= 4) {
        level++;
    }
    return level;
}

static int write_segment(struct gathering *gathering, struct fault *fault)
{
    struct fts_structure structure;
    struct fts_segment *segment;
    if (fts_structure_read(&structure, gathering->db, fault) != 0) {
        fts_structure_free(&structure);
        return -1;
    }
    struct fts_part part = {.id = fts_structure_new_id(&structure), .first = 1};
    int rc = part.id > 0 ? 0 : fault_set(fault, "the full-text index has too many segments");
    if (rc == 0) {
        fts_segment_open(&segment, gathering->db, part.id, FTS_PAGE_SIZE);
        rc = write_words(gathering, segment, fault);
        part.last = fts_segment_close(segment);
    }
    if (rc == 0 && part.last > 0) {
        part.level = level_of(part.last);
        fts_structure_add(&structure, &part);
        fts_structure_write(&structure, gathering->db);
    }
    fts_structure_free(&structure);
    return rc;
}

static int gather_all(struct gathering *gathering, struct fault *fault)
{
    struct query *query =
        database_query(gathering->db, "SELECT " SEARCHED " FROM records ORDER BY id");
    int rc = 0;
    while (rc == 0 && query_next(query)) {
        rc = gather_row(gathering, query, fault);
    }
    query_reset(query);
    return rc;
}

static int write_index(struct database *db, struct fault *fault)
{
    struct gathering gathering = {.db = db, .words = fts_words_new()};
    int rc = gather_all(&gathering, fault);
    rc = rc == 0 ? write_segment(&gathering, fault) : rc;
    if (rc == 0) {
        fts_totals_write(&gathering.totals, db);
    }
    fts_words_free(gathering.words);
    fts_runs_close(gathering.runs);
    return rc;
}

int store_index(struct store *store, struct fault *fault)
{
    struct database *db = store->db;
    if (store->is_update) {
        return database_check(db, fault);
    }
    database_run(db, "BEGIN");
    if (write_index(db, fault) != 0) {
        return -1;
    }
    database_run(db, "COMMIT");
    return database_check(db, fault);
}

#define SEARCHED_APART                                                                             \
    "id, title, substr(text, 1, body_length), substr(text, body_length + 1, table_length),"        \
    " substr(text, body_length + table_length + 1)"

void index_add_record(struct store *store, int64_t id)
{
    struct query *query =
        database_query(store->db, "INSERT INTO search (rowid, title, body, tables, names)"
                                  " SELECT " SEARCHED_APART " FROM records WHERE id = ?1");
    query_bind_int(query, 1, id);
    query_run(query);
}

/* A contentless table is told the very words that were put in. */
void index_remove_record(struct store *store, int64_t id)
{
    struct query *query = database_query(
        store->db, "INSERT INTO search (search, rowid, title, body, tables, names)"
                   " SELECT 'delete', " SEARCHED_APART " FROM records WHERE id = ?1");
    query_bind_int(query, 1, id);
    query_run(query);
    store->has_removed = true;
}

/*
 * Deleted words stay in the index's old segments until these are merged: one merge of all of them
 * leaves no trace. What was only added needs none.
 */
int store_purge(struct store *store, struct fault *fault)
{
    if (store->has_removed) {
        database_run(store->db, "INSERT INTO search (search) VALUES ('optimize')");
        store->has_removed = false;
    }
    return database_check(store->db, fault);
}
