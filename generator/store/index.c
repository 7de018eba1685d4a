/*
 * The full-text index. A whole build writes it as one segment of FTS5's format (fts_segment.h), and
 * an update adds one; memory is bounded (gather.h). Words of records that went are cut out where
 * they stand (fts_remove.h).
 */
#include "store/internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "store/facts_table.h"
#include "store/fts_remove.h"

#include <sqlite3.h>
#include <stdlib.h>

/* Of a record, what its words are cut from. */
#define SEARCHED "id, title, text, body_length, table_length"

/* A segment that is being written, of the records that were gathered. */
struct writing {
    struct database *db;
    struct gather *gather;
    const struct gather_size *sizes; /* of what was gathered */
    size_t count, next;
    int64_t *gone; /* ids of records that were gathered and went again */
    size_t gone_count;
    struct fts_totals totals;
    struct facts_table facts;
};

/* The row of a query for SEARCHED, by the columns of the index. */
static void cut_columns(struct str columns[FTS_COLUMNS], struct query *row)
{
    struct str text = query_str(row, 2);
    columns[0] = utf8_first(text, (size_t)query_int(row, 3));
    struct str rest = str_from(text, columns[0].n);
    columns[1] = query_str(row, 1);
    columns[2] = utf8_first(rest, (size_t)query_int(row, 4));
    columns[3] = str_from(rest, columns[2].n);
}

static void gather_row(struct gather *gather, struct query *row)
{
    struct str columns[FTS_COLUMNS];
    cut_columns(columns, row);
    gather_put(gather, query_int(row, 0), columns);
}

static void leave_out(struct writing *writing)
{
    writing->gone[writing->gone_count++] = writing->sizes[writing->next++].id;
}

/* A row of FACTS_COLUMNS; their ids ascend, and so do those of what was gathered. */
static int put_facts(struct writing *writing, struct query *row, struct fault *fault)
{
    int64_t id = query_int(row, 0), all = 0;
    while (writing->next < writing->count && writing->sizes[writing->next].id < id) {
        leave_out(writing);
    }
    if (writing->next == writing->count || writing->sizes[writing->next].id != id) {
        return fault_set(fault, "the index was not given record %lld", (long long)id);
    }
    const struct gather_size *size = &writing->sizes[writing->next++];
    for (int i = 0; i < FTS_COLUMNS; i++) {
        writing->totals.places[i] += size->places[i];
        all += size->places[i];
    }
    writing->totals.records++;
    facts_table_put(&writing->facts, row, 0, all);
    fts_sizes_write(writing->db, id, size->places);
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

static int write_segment(struct writing *writing, struct fault *fault)
{
    struct fts_structure structure;
    struct fts_segment *segment;
    if (fts_structure_read(&structure, writing->db, fault) != 0) {
        fts_structure_free(&structure);
        return -1;
    }
    struct fts_part part = {.id = fts_structure_new_id(&structure), .first = 1};
    int rc = part.id > 0 ? 0 : fault_set(fault, "the full-text index has too many segments");
    if (rc == 0) {
        fts_segment_open(&segment, writing->db, part.id, FTS_PAGE_SIZE);
        fts_segment_leave_out(segment, writing->gone, writing->gone_count);
        rc = gather_write(writing->gather, segment, fault);
        part.last = fts_segment_close(segment);
    }
    if (rc == 0 && part.last > 0) {
        part.level = level_of(part.last);
        fts_structure_add(&structure, &part);
        fts_structure_write(&structure, writing->db);
    }
    fts_structure_free(&structure);
    return rc;
}

static struct gather *new_gather(struct database *db)
{
    return gather_new(sqlite3_db_filename(database_handle(db), "main"));
}

static void gather_all(struct gather *gather, struct database *db)
{
    struct query *query = database_query(db, "SELECT " SEARCHED " FROM records ORDER BY id");
    while (query_next(query)) {
        gather_row(gather, query);
    }
}

static void gather_added(struct gather *gather, struct database *db,
                         const struct index_changes *changes)
{
    for (size_t i = 0; i < changes->added_count; i++) {
        struct query *query = database_query(db, "SELECT " SEARCHED " FROM records WHERE id = ?1");
        query_bind_int(query, 1, changes->added[i]);
        if (query_next(query)) {
            gather_row(gather, query);
        }
        query_reset(query);
    }
}

static int put_all_facts(struct writing *writing, struct fault *fault)
{
    struct query *query =
        database_query(writing->db, "SELECT " FACTS_COLUMNS " FROM records ORDER BY id");
    int rc = 0;
    while (rc == 0 && query_next(query)) {
        rc = put_facts(writing, query, fault);
    }
    query_reset(query);
    return rc;
}

static int put_added_facts(struct writing *writing, const struct index_changes *changes,
                           struct fault *fault)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < changes->added_count; i++) {
        struct query *query =
            database_query(writing->db, "SELECT " FACTS_COLUMNS " FROM records WHERE id = ?1");
        query_bind_int(query, 1, changes->added[i]);
        if (query_next(query)) {
            rc = put_facts(writing, query, fault);
        }
        query_reset(query);
    }
    return rc;
}

static int write_gathered(struct writing *writing, const struct index_changes *changes,
                          struct fault *fault)
{
    writing->sizes = gather_sizes(writing->gather, &writing->count);
    writing->gone = calloc(writing->count + 1, sizeof *writing->gone);
    if (writing->gone == NULL) {
        arena_out_of_memory();
    }
    facts_table_begin(&writing->facts, writing->db);
    int rc =
        changes == NULL ? put_all_facts(writing, fault) : put_added_facts(writing, changes, fault);
    facts_table_finish(&writing->facts);
    while (writing->next < writing->count) {
        leave_out(writing);
    }
    rc = rc == 0 ? write_segment(writing, fault) : rc;
    if (rc == 0) {
        fts_totals_write(&writing->totals, writing->db);
    }
    free(writing->gone);
    return rc;
}

/* A segment of all records that were gathered, or of those that an update adds. */
static int write_index(struct database *db, struct gather *gather,
                       const struct index_changes *changes, struct fault *fault)
{
    struct writing writing = {.db = db, .gather = gather};
    if (gather_wait(gather, fault) != 0 ||
        (changes != NULL && fts_totals_read(&writing.totals, db, fault) != 0)) {
        return -1;
    }
    return write_gathered(&writing, changes, fault);
}

/* The same, of what is read back out of the rows. */
static int write_index_of_rows(struct database *db, const struct index_changes *changes,
                               struct fault *fault)
{
    struct gather *gather = new_gather(db);
    if (changes == NULL) {
        gather_all(gather, db);
    } else {
        gather_added(gather, db, changes);
    }
    int rc = database_check(db, fault);
    rc = rc == 0 ? write_index(db, gather, changes, fault) : rc;
    gather_free(gather);
    return rc;
}

void store_gather(struct store *store)
{
    store->gather = new_gather(store->db);
    gather_share(store->gather);
}

void store_gathered(struct store *store)
{
    gather_end(store->gather);
}

void store_help(struct store *store)
{
    if (store->gather != NULL) {
        gather_help(store->gather);
    }
}

int store_index(struct store *store, struct fault *fault)
{
    struct database *db = store->db;
    if (store->is_update) {
        return database_check(db, fault);
    }
    database_run(db, "BEGIN");
    if (write_index(db, store->gather, NULL, fault) != 0) {
        return -1;
    }
    gather_free(store->gather);
    store->gather = NULL;
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

/* The words of a query's row for SEARCHED, and how many places they take. */
static bool add_removed(struct fts_words *words, struct query *row, int64_t places[FTS_COLUMNS])
{
    struct str columns[FTS_COLUMNS];
    cut_columns(columns, row);
    fts_words_begin(words, query_int(row, 0));
    for (int i = 0; i < FTS_COLUMNS; i++) {
        if (!fts_words_add(words, i, columns[i], &places[i])) {
            return false;
        }
    }
    return true;
}

/* Its size goes at once, its words are gathered. */
static int gather_removed(struct store *store, int64_t id, struct fault *fault)
{
    struct index_changes *changes = &store->index;
    int64_t places[FTS_COLUMNS], sizes[FTS_COLUMNS];
    struct query *query =
        database_query(store->db, "SELECT " SEARCHED " FROM records WHERE id = ?1");
    query_bind_int(query, 1, id);
    bool is_whole = query_next(query) && add_removed(changes->removed, query, places) &&
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
        rc = write_index_of_rows(store->db, NULL, fault);
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
    int rc = write_index_of_rows(store->db, changes, fault);
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
