/*
 * The full-text index. A whole build writes it as one segment of FTS5's format (fts_segment.h), and
 * an update adds one; memory is bounded, since words that are too many go to a file beside the
 * database (fts_runs.h). Words of records that went are cut out where they stand (fts_remove.h).
 */
#include "store/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "store/facts_table.h"
#include "store/fts_remove.h"
#include "store/fts_runs.h"

#include <sqlite3.h>
#include <stdlib.h>

/* The words of a record; behind them, for those that come, what goes into search_facts. */
#define SEARCHED "id, title, text, body_length, table_length"
#define GATHERED SEARCHED ", " FACTS_COLUMNS
enum { FIRST_FACT = 5 };

/* A segment that is being gathered. */
struct gathering {
    struct database *db;
    struct fts_words *words;
    struct fts_runs *runs; /* NULL while all is in memory */
    struct fts_totals totals;
    struct facts_table facts;
};

static int spill(struct gathering *gathering, struct fault *fault)
{
    const char *path = sqlite3_db_filename(database_handle(gathering->db), "main");
    if (gathering->runs == NULL && fts_runs_open(&gathering->runs, path, fault) != 0) {
        return -1;
    }
    return fts_runs_add(gathering->runs, gathering->words, fault);
}

/* The row of a query for SEARCHED: its words, and how many places they take. */
static bool add_row(struct fts_words *words, struct query *row, int64_t places[FTS_COLUMNS])
{
    struct str text = query_str(row, 2);
    struct str body = utf8_first(text, (size_t)query_int(row, 3));
    struct str rest = str_from(text, body.n);
    struct str tables = utf8_first(rest, (size_t)query_int(row, 4));
    const struct str columns[FTS_COLUMNS] = {body, query_str(row, 1), tables,
                                             str_from(rest, tables.n)};
    fts_words_begin(words, query_int(row, 0));
    for (int i = 0; i < FTS_COLUMNS; i++) {
        if (!fts_words_add(words, i, columns[i], &places[i])) {
            return false;
        }
    }
    return true;
}

static int gather_row(struct gathering *gathering, struct query *row, struct fault *fault)
{
    int64_t places[FTS_COLUMNS], all = 0;
    if (!add_row(gathering->words, row, places)) {
        return fault_set(fault, "a record is too long for the index: %.*s",
                         STR_ARG(query_str(row, 1)));
    }
    for (int i = 0; i < FTS_COLUMNS; i++) {
        gathering->totals.places[i] += places[i];
        all += places[i];
    }
    gathering->totals.records++;
    facts_table_put(&gathering->facts, row, FIRST_FACT, all);
    fts_sizes_write(gathering->db, query_int(row, 0), places);
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
        database_query(gathering->db, "SELECT " GATHERED " FROM records ORDER BY id");
    int rc = 0;
    while (rc == 0 && query_next(query)) {
        rc = gather_row(gathering, query, fault);
    }
    query_reset(query);
    return rc;
}

static int gather_added(struct gathering *gathering, const struct index_changes *changes,
                        struct fault *fault)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < changes->added_count; i++) {
        struct query *query =
            database_query(gathering->db, "SELECT " GATHERED " FROM records WHERE id = ?1");
        query_bind_int(query, 1, changes->added[i]);
        if (query_next(query)) {
            rc = gather_row(gathering, query, fault);
        }
        query_reset(query);
    }
    return rc;
}

/* A segment of all records, or of those that an update adds. */
static int write_index(struct database *db, const struct index_changes *changes,
                       struct fault *fault)
{
    struct gathering gathering = {.db = db, .words = fts_words_new()};
    int rc;
    facts_table_begin(&gathering.facts, db);
    if (changes == NULL) {
        rc = gather_all(&gathering, fault);
    } else {
        rc = fts_totals_read(&gathering.totals, db, fault);
        rc = rc == 0 ? gather_added(&gathering, changes, fault) : rc;
    }
    facts_table_finish(&gathering.facts);
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
    if (write_index(db, NULL, fault) != 0) {
        return -1;
    }
    database_run(db, "COMMIT");
    return database_check(db, fault);
}

void index_changes_free(struct index_changes *changes)
{
    fts_words_free(changes->removed);
    free(changes->added);
    *changes = (struct index_changes){0};
}

void index_add_record(struct store *store, int64_t id)
{
    struct index_changes *changes = &store->index;
    changes->added = reallocarray(changes->added, changes->added_count + 1, sizeof *changes->added);
    if (changes->added == NULL) {
        arena_out_of_memory();
    }
    changes->added[changes->added_count++] = id;
}

/* A record that came in this very update is not in the index yet. */
static bool drop_added(struct index_changes *changes, int64_t id)
{
    for (size_t i = 0; i < changes->added_count; i++) {
        if (changes->added[i] == id) {
            changes->added_count--;
            for (; i < changes->added_count; i++) {
                changes->added[i] = changes->added[i + 1];
            }
            return true;
        }
    }
    return false;
}

/* Its size goes at once, its words are gathered. */
static int gather_removed(struct store *store, int64_t id, struct fault *fault)
{
    struct index_changes *changes = &store->index;
    int64_t places[FTS_COLUMNS], sizes[FTS_COLUMNS];
    struct query *query =
        database_query(store->db, "SELECT " SEARCHED " FROM records WHERE id = ?1");
    query_bind_int(query, 1, id);
    bool is_whole = query_next(query) && add_row(changes->removed, query, places) &&
                    fts_sizes_remove(store->db, id, sizes);
    query_reset(query);
    facts_table_remove(store->db, id);
    for (int i = 0; is_whole && i < FTS_COLUMNS; i++) {
        changes->totals.places[i] += places[i];
        is_whole = places[i] == sizes[i];
    }
    changes->totals.records++;
    return is_whole
               ? 0
               : fault_damage(fault, "the index does not have record %lld as it is", (long long)id);
}

static int remove_gathered(struct store *store, struct fault *fault)
{
    return fts_remove(store->db, store->index.removed, FTS_PAGE_SIZE, fault);
}

/* Places that go before it is asked whether all is to be written anew. */
enum { MUCH = 100 * 1000 };

/*
 * Does an eighth of the index go? Then it is written anew: cutting out a word takes about eight
 * times as long as writing one.
 */
static bool is_much(struct store *store)
{
    struct fts_totals totals;
    struct fault ignored;
    int64_t all = 0, gone = 0;
    if (fts_totals_read(&totals, store->db, &ignored) != 0) {
        return false;
    }
    for (int i = 0; i < FTS_COLUMNS; i++) {
        all += totals.places[i];
        gone += store->index.totals.places[i];
    }
    return gone > MUCH && gone > all / 8;
}

void index_remove_record(struct store *store, int64_t id)
{
    struct index_changes *changes = &store->index;
    if (changes->is_whole || changes->result != 0 || drop_added(changes, id)) {
        return;
    }
    if (changes->removed == NULL) {
        changes->removed = fts_words_new();
    }
    changes->result = gather_removed(store, id, &changes->fault);
    if (changes->result == 0 && fts_words_is_full(changes->removed)) {
        changes->is_whole = is_much(store);
        changes->result = changes->is_whole ? 0 : remove_gathered(store, &changes->fault);
    }
}

static int subtract_totals(struct store *store, struct fault *fault)
{
    struct fts_totals totals;
    const struct fts_totals *gone = &store->index.totals;
    if (fts_totals_read(&totals, store->db, fault) != 0) {
        return -1;
    }
    totals.records -= gone->records;
    for (int i = 0; i < FTS_COLUMNS; i++) {
        totals.places[i] -= gone->places[i];
    }
    fts_totals_write(&totals, store->db);
    return 0;
}

/*
 * FTS5 merges segments by fours, as it does for its own updates: few of them stay, and each word is
 * merged but a few times. It has read nothing before this.
 */
static const char merge[] = "INSERT INTO search (search, rank) VALUES ('merge', 1000000)";

static int write_anew(struct store *store, struct fault *fault)
{
    struct fts_structure structure;
    int rc = fts_structure_read(&structure, store->db, fault);
    if (rc == 0) {
        while (structure.count > 0) {
            fts_structure_remove(&structure, structure.count - 1, store->db);
        }
        fts_structure_write(&structure, store->db);
        database_run(store->db, "DELETE FROM search_docsize");
        facts_table_clear(store->db);
        rc = write_index(store->db, NULL, fault);
    }
    fts_structure_free(&structure);
    return rc;
}

static int change_index(struct store *store, struct fault *fault)
{
    struct index_changes *changes = &store->index;
    if (changes->is_whole || (changes->removed != NULL && is_much(store))) {
        return write_anew(store, fault);
    }
    if (changes->removed != NULL &&
        (remove_gathered(store, fault) != 0 || subtract_totals(store, fault) != 0)) {
        return -1;
    }
    if (changes->added_count == 0) {
        return 0;
    }
    int rc = write_index(store->db, changes, fault);
    database_run(store->db, merge);
    return rc;
}

int store_purge(struct store *store, struct fault *fault)
{
    struct index_changes *changes = &store->index;
    int rc = changes->result;
    *fault = changes->fault;
    rc = rc == 0 ? change_index(store, fault) : rc;
    index_changes_free(changes);
    return rc == 0 ? database_check(store->db, fault) : rc;
}
