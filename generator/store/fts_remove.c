#include "store/fts_remove.h"

#include "base/arena.h"
#include "store/fts_leaf.h"
#include "store/fts_segment.h"
#include "store/fts_structure.h"
#include "store/fts_tree.h"
#include "store/fts_varint.h"

#include <stdlib.h>
#include <string.h>

enum { LEAVES_KEPT = 8 };

struct remover {
    struct database *db;
    size_t page_size;
    struct fts_structure structure;
    bool has_structure_changed;
    size_t part; /* of the structure: the one that is being changed; the next word begins with it */
    struct fts_leaf leaves[LEAVES_KEPT];
    size_t next_leaf;
    struct fault *fault;
};

/* The leaf on which a word stands, and its row of search_idx. */
struct home {
    struct str word; /* with its first byte */
    int64_t leaf;
    bool has_tree;
    bool has_row;
    struct buf divider;
};

/* Where a posting stands. */
struct found {
    int64_t leaf;
    size_t at, end; /* up to `end` the leaf belongs to the list */
    size_t body_n;  /* bytes behind id and size, on this leaf and others */
    size_t head_n;  /* of id and size */
    bool is_first;  /* of the list on this leaf */
};

static struct fts_part *part_of(struct remover *remover)
{
    return &remover->structure.parts[remover->part];
}

static int damaged(struct remover *remover)
{
    return fault_damage(remover->fault, "the full-text index is damaged");
}

/* The leaf in memory: good until LEAVES_KEPT others were asked for. NULL after a fault. */
static struct fts_leaf *get_leaf(struct remover *remover, int64_t number)
{
    int segment = part_of(remover)->id;
    for (size_t i = 0; i < LEAVES_KEPT; i++) {
        struct fts_leaf *leaf = &remover->leaves[i];
        if (leaf->segment == segment && leaf->number == number) {
            return leaf;
        }
    }
    struct fts_leaf *leaf = &remover->leaves[remover->next_leaf++ % LEAVES_KEPT];
    fts_leaf_save(leaf, remover->db);
    return fts_leaf_load(leaf, remover->db, segment, number, remover->fault) == 0 ? leaf : NULL;
}

static void save_leaves(struct remover *remover)
{
    for (size_t i = 0; i < LEAVES_KEPT; i++) {
        fts_leaf_save(&remover->leaves[i], remover->db);
    }
}

static void forget_leaves(struct remover *remover)
{
    for (size_t i = 0; i < LEAVES_KEPT; i++) {
        fts_leaf_free(&remover->leaves[i]);
    }
}

static void find_home(struct remover *remover, struct home *home)
{
    const struct fts_part *part = part_of(remover);
    struct query *query =
        database_query(remover->db, "SELECT term, pgno FROM search_idx WHERE segid = ?1"
                                    " AND term <= ?2 ORDER BY term DESC LIMIT 1");
    query_bind_int(query, 1, part->id);
    query_bind_blob(query, 2, home->word);
    home->has_row = query_next(query) && query_int(query, 1) / 2 >= part->first;
    home->leaf = home->has_row ? query_int(query, 1) / 2 : part->first;
    home->has_tree = home->has_row && query_int(query, 1) % 2 != 0;
    buf_clear(&home->divider);
    if (home->has_row) {
        buf_add(&home->divider, query_blob(query, 0));
    }
    query_reset(query);
}

/* The posting of `id` between `at` and `end` of the leaf, where ids begin anew. */
static bool find_in(struct found *out, const struct fts_leaf *leaf, size_t at, size_t end,
                    int64_t id)
{
    const unsigned char *begin = (const unsigned char *)leaf->bytes.p;
    int64_t last = 0;
    for (bool is_first = true; at < end; is_first = false) {
        uint64_t difference, size;
        size_t id_n = fts_varint_get(begin + at, begin + end, &difference);
        size_t size_n = fts_varint_get(begin + at + id_n, begin + end, &size);
        last += (int64_t)difference;
        if (id_n == 0 || size_n == 0 || last > id) {
            return false;
        }
        if (last == id) {
            *out =
                (struct found){leaf->number, at, end, (size_t)(size / 2), id_n + size_n, is_first};
            return true;
        }
        if (size / 2 >= end - at - id_n - size_n) {
            return false;
        }
        at += id_n + size_n + (size_t)(size / 2);
    }
    return false;
}

/* First ids of the leaves that a list goes on over. */
struct first {
    int64_t leaf, id;
};

struct firsts {
    struct first *items;
    size_t count, capacity;
};

static void add_first(struct firsts *firsts, int64_t leaf, int64_t id)
{
    if (firsts->count == firsts->capacity) {
        firsts->capacity = firsts->capacity == 0 ? 256 : firsts->capacity * 2;
        firsts->items = reallocarray(firsts->items, firsts->capacity, sizeof *firsts->items);
        if (firsts->items == NULL) {
            arena_out_of_memory();
        }
    }
    firsts->items[firsts->count++] = (struct first){leaf, id};
}

static struct query *query_node(struct remover *remover, int height, int64_t number)
{
    struct query *query =
        database_query(remover->db, "SELECT block FROM search_data WHERE id = ?1");
    query_bind_int(query, 1, fts_tree_id(part_of(remover)->id, height, number));
    return query;
}

static bool read_node(struct firsts *out, struct str node)
{
    const unsigned char *p = (const unsigned char *)node.p, *end = p + node.n;
    uint64_t leaf, id, step;
    if (node.n < 3) {
        return false;
    }
    p++;
    size_t n = fts_varint_get(p, end, &leaf);
    p += n;
    size_t id_n = fts_varint_get(p, end, &id);
    p += id_n;
    if (n == 0 || id_n == 0) {
        return false;
    }
    add_first(out, (int64_t)leaf, (int64_t)id);
    while (p < end) {
        n = fts_varint_get(p, end, &step);
        if (n == 0) {
            return false;
        }
        p += n;
        leaf++;
        id += step;
        if (step > 0) {
            add_first(out, (int64_t)leaf, (int64_t)id);
        }
    }
    return true;
}

/* The nodes of a tree's height follow each other from the number of its word's leaf. */
static int read_tree(struct remover *remover, const struct home *home, struct firsts *out)
{
    bool has_more = true, is_whole = false;
    for (int64_t number = home->leaf; has_more; number++) {
        struct query *query = query_node(remover, 0, number);
        has_more = query_next(query);
        if (has_more) {
            struct str node = query_blob(query, 0);
            is_whole = read_node(out, node);
            has_more = is_whole && node.p[0] != 0;
        }
        query_reset(query);
    }
    return is_whole ? 0 : damaged(remover);
}

static void remove_tree(struct remover *remover, const struct home *home)
{
    bool is_there = true;
    for (int height = 0; height < FTS_TREE_HEIGHT && is_there; height++) {
        is_there = false;
        for (int64_t number = home->leaf;; number++) {
            struct query *query =
                database_query(remover->db, "DELETE FROM search_data WHERE id = ?1");
            query_bind_int(query, 1, fts_tree_id(part_of(remover)->id, height, number));
            if (!query_run_changes(query)) {
                break;
            }
            is_there = true;
        }
    }
}

static void write_tree(struct remover *remover, const struct home *home,
                       const struct firsts *firsts)
{
    struct fts_tree tree = {
        .segment = part_of(remover)->id, .page_size = remover->page_size, .rows = BUF_EMPTY};
    int64_t leaf = 0;
    fts_tree_begin(&tree, home->leaf);
    for (size_t i = 0; i < firsts->count; i++) {
        for (leaf++; i > 0 && leaf < firsts->items[i].leaf; leaf++) {
            fts_tree_skip(&tree);
        }
        leaf = firsts->items[i].leaf;
        fts_tree_add(&tree, leaf, firsts->items[i].id);
    }
    fts_tree_end(&tree, true);
    fts_tree_write(&tree, remover->db);
    fts_tree_free(&tree);
}

/* The row of search_idx of the word's leaf, as it is to be now; no divider: no row. */
static void replace_row(struct remover *remover, struct home *home, const struct buf *divider)
{
    struct query *query =
        database_query(remover->db, "DELETE FROM search_idx WHERE segid = ?1 AND term = ?2");
    query_bind_int(query, 1, part_of(remover)->id);
    query_bind_blob(query, 2, buf_str(&home->divider));
    query_run(query);
    if (divider == NULL) {
        return;
    }
    query = database_query(remover->db,
                           "INSERT INTO search_idx (segid, term, pgno) VALUES (?1, ?2, ?3)");
    query_bind_int(query, 1, part_of(remover)->id);
    query_bind_blob(query, 2, buf_str(divider));
    query_bind_int(query, 3, home->leaf * 2 + home->has_tree);
    query_run(query);
}

/* The first id of a leaf that the list goes on over is another now, or there is none (0). */
static int change_first(struct remover *remover, struct home *home, int64_t leaf, int64_t id)
{
    struct firsts firsts = {0};
    if (!home->has_tree || leaf == home->leaf) {
        return 0;
    }
    int rc = read_tree(remover, home, &firsts);
    size_t kept = 0;
    for (size_t i = 0; i < firsts.count; i++) {
        struct first *first = &firsts.items[i];
        first->id = first->leaf == leaf ? id : first->id;
        if (first->id != 0) {
            firsts.items[kept++] = *first;
        }
    }
    firsts.count = kept;
    if (rc == 0) {
        remove_tree(remover, home);
        if (kept > 0) {
            write_tree(remover, home, &firsts);
        } else {
            home->has_tree = false;
            replace_row(remover, home, &home->divider);
        }
    }
    free(firsts.items);
    return rc;
}

/* The leaf to begin with where the word's own does not have the id. */
static int first_candidate(struct remover *remover, const struct home *home, int64_t id,
                           int64_t *out)
{
    struct firsts firsts = {0};
    *out = home->leaf + 1;
    if (!home->has_tree) {
        return 0;
    }
    int rc = read_tree(remover, home, &firsts);
    for (size_t i = 0; i < firsts.count && firsts.items[i].id <= id; i++) {
        *out = firsts.items[i].leaf;
    }
    free(firsts.items);
    return rc;
}

/* Of a list that began on an earlier leaf; 0 where the leaf has none. */
static int64_t first_id(const struct fts_leaf *leaf)
{
    const unsigned char *begin = (const unsigned char *)leaf->bytes.p;
    uint64_t id = 0;
    if (leaf->first_id_at > 0) {
        fts_varint_get(begin + leaf->first_id_at, begin + leaf->bytes.n, &id);
    }
    return (int64_t)id;
}

/* In the leaves behind the word's own. 1: found, 0: not there, -1: fault. */
static int find_behind(struct remover *remover, const struct home *home, int64_t id,
                       struct found *out)
{
    int64_t number;
    if (first_candidate(remover, home, id, &number) != 0) {
        return -1;
    }
    for (; number <= part_of(remover)->last; number++) {
        const struct fts_leaf *leaf = get_leaf(remover, number);
        if (leaf == NULL) {
            return -1;
        }
        if (leaf->first_id_at > 0 &&
            find_in(out, leaf, leaf->first_id_at, fts_leaf_head_end(leaf), id)) {
            return 1;
        }
        if (leaf->word_count > 0 || first_id(leaf) > id) {
            return 0;
        }
    }
    return 0;
}

/* 1: the segment has it, 0: it has not, -1: fault. */
static int find(struct remover *remover, struct home *home, int64_t id, struct found *out)
{
    struct fts_leaf_word word;
    find_home(remover, home);
    const struct fts_leaf *leaf = get_leaf(remover, home->leaf);
    if (leaf == NULL) {
        return -1;
    }
    if (!fts_leaf_find(&word, leaf, home->word)) {
        return 0;
    }
    if (find_in(out, leaf, word.list_at, word.list_end, id)) {
        return 1;
    }
    return word.index + 1 < leaf->word_count ? 0 : find_behind(remover, home, id, out);
}

/* What of the posting stands on the leaves behind. */
static int cut_rest(struct remover *remover, int64_t number, size_t rest)
{
    while (rest > 0) {
        struct fts_leaf *leaf = number <= part_of(remover)->last ? get_leaf(remover, number) : NULL;
        if (leaf == NULL) {
            return damaged(remover);
        }
        size_t end = leaf->first_id_at > 0 ? leaf->first_id_at : fts_leaf_head_end(leaf);
        size_t n = end - FTS_HEADER_SIZE < rest ? end - FTS_HEADER_SIZE : rest;
        if (n < rest && (leaf->first_id_at > 0 || leaf->word_count > 0)) {
            return damaged(remover); /* something else begins here */
        }
        fts_leaf_splice(leaf, FTS_HEADER_SIZE, n, STR(""));
        rest -= n;
        number++;
    }
    return 0;
}

/*
 * Cuts the posting out of its leaf. The one behind it gets its id whole where it is the first now,
 * and otherwise the sum of both differences.
 */
static int cut(struct remover *remover, struct home *home, const struct found *found, int64_t id)
{
    struct fts_leaf *leaf = get_leaf(remover, found->leaf);
    if (leaf == NULL) {
        return -1;
    }
    const unsigned char *begin = (const unsigned char *)leaf->bytes.p;
    const unsigned char *end = begin + found->end;
    size_t here = found->end - found->at - found->head_n;
    size_t n = found->head_n + (here < found->body_n ? here : found->body_n);
    bool is_first_of_leaf = leaf->first_id_at == found->at;
    uint64_t own, step;
    unsigned char next[FTS_VARINT_SIZE];
    size_t next_n = 0;
    fts_varint_get(begin + found->at, end, &own);
    size_t step_n = fts_varint_get(begin + found->at + n, end, &step);
    if (step_n > 0) {
        next_n = fts_varint_put(next, step + (found->is_first ? (uint64_t)id : own));
    }
    fts_leaf_splice(leaf, found->at, n + step_n, (struct str){(const char *)next, next_n});
    if (is_first_of_leaf) {
        leaf->first_id_at = step_n > 0 ? found->at : 0;
        int64_t first = step_n > 0 ? id + (int64_t)step : 0;
        if (change_first(remover, home, found->leaf, first) != 0) {
            return -1;
        }
    }
    return here < found->body_n ? cut_rest(remover, found->leaf + 1, found->body_n - here) : 0;
}

/* Does the list of the last word of leaf `number` go on behind it? 1, 0, or -1 after a fault. */
static int goes_on(struct remover *remover, int64_t number)
{
    for (number++; number <= part_of(remover)->last; number++) {
        const struct fts_leaf *leaf = get_leaf(remover, number);
        if (leaf == NULL) {
            return -1;
        }
        if (leaf->first_id_at > 0 || leaf->word_count > 0) {
            return leaf->first_id_at > 0;
        }
    }
    return 0;
}

/* The first leaf behind `leaf` on which a word begins; 0 where there is none. */
static int64_t next_home(struct remover *remover, int64_t leaf)
{
    struct query *query = database_query(
        remover->db, "SELECT min(pgno) / 2 FROM search_idx WHERE segid = ?1 AND pgno >= ?2");
    query_bind_int(query, 1, part_of(remover)->id);
    query_bind_int(query, 2, (leaf + 1) * 2);
    int64_t next = query_next(query) ? query_int(query, 0) : 0;
    query_reset(query);
    return next;
}

/* The segment begins with a word: leaves before its first one go, and an empty segment does. */
static void trim(struct remover *remover)
{
    struct fts_part *part = part_of(remover);
    int64_t next = next_home(remover, part->first);
    save_leaves(remover);
    forget_leaves(remover);
    remover->has_structure_changed = true;
    if (next == 0) {
        fts_structure_remove(&remover->structure, remover->part, remover->db);
        remover->part = 0;
        return;
    }
    struct query *query =
        database_query(remover->db, "DELETE FROM search_data WHERE id BETWEEN ?1 AND ?2");
    query_bind_int(query, 1, fts_leaf_id(part->id, part->first));
    query_bind_int(query, 2, fts_leaf_id(part->id, next - 1));
    query_run(query);
    part->first = next;
}

/* A word that no record has: it goes, and with it what led to it. */
static void remove_word(struct remover *remover, struct home *home, struct fts_leaf *leaf,
                        size_t index)
{
    bool is_last = index + 1 == leaf->word_count;
    fts_leaf_remove_word(leaf, index);
    if (is_last && home->has_tree) {
        remove_tree(remover, home);
        home->has_tree = false;
        replace_row(remover, home, &home->divider);
    }
    if (leaf->word_count == 0) {
        if (home->has_row) {
            replace_row(remover, home, NULL);
        }
        if (home->leaf == part_of(remover)->first) {
            trim(remover);
        }
    } else if (index == 0 && home->divider.n > 0) {
        struct buf first = BUF_EMPTY; /* the divider was a piece of the word that is gone */
        fts_leaf_word_text(leaf, 0, &first);
        replace_row(remover, home, &first);
        buf_free(&first);
    }
}

static int remove_empty_word(struct remover *remover, struct home *home)
{
    struct fts_leaf_word word;
    struct fts_leaf *leaf = get_leaf(remover, home->leaf);
    if (leaf == NULL) {
        return -1;
    }
    if (!fts_leaf_find(&word, leaf, home->word)) {
        return damaged(remover);
    }
    if (word.list_at < word.list_end) {
        return 0;
    }
    int more = word.index + 1 == leaf->word_count ? goes_on(remover, home->leaf) : 0;
    leaf = more == 0 ? get_leaf(remover, home->leaf) : NULL;
    if (leaf != NULL) {
        remove_word(remover, home, leaf, word.index);
    }
    return more < 0 || (more == 0 && leaf == NULL) ? -1 : 0;
}

/* Takes the record's posting out of the word's list, in whichever segment that has it. */
static int remove_posting(struct remover *remover, struct home *home, int64_t id)
{
    struct found found;
    for (size_t tried = 0; tried < remover->structure.count; tried++) {
        int rc = find(remover, home, id, &found);
        if (rc < 0) {
            return -1;
        }
        if (rc > 0) {
            return cut(remover, home, &found, id) == 0 ? remove_empty_word(remover, home) : -1;
        }
        remover->part = (remover->part + 1) % remover->structure.count;
    }
    return fault_damage(remover->fault, "the full-text index does not have a word of record %lld",
                        (long long)id);
}

static int remove_list(struct remover *remover, struct home *home, struct str list)
{
    const unsigned char *p = (const unsigned char *)list.p, *end = p + list.n;
    int64_t id = 0;
    while (p < end) {
        uint64_t step, size;
        p += fts_varint_get(p, end, &step);
        p += fts_varint_get(p, end, &size);
        p += size / 2;
        id += (int64_t)step;
        if (remove_posting(remover, home, id) != 0) {
            return -1;
        }
    }
    return 0;
}

static int remove_words(struct remover *remover, struct fts_words *words)
{
    struct home home = {.divider = BUF_EMPTY};
    struct buf text = BUF_EMPTY;
    struct fts_word word;
    int rc = 0;
    while (rc == 0 && fts_words_next(words, &word)) {
        buf_clear(&text);
        buf_add_char(&text, '0');
        buf_add(&text, word.text);
        home.word = buf_str(&text);
        rc = remove_list(remover, &home, word.list);
    }
    buf_free(&home.divider);
    buf_free(&text);
    return rc;
}

int fts_remove(struct database *db, struct fts_words *words, size_t page_size, struct fault *fault)
{
    struct remover remover = {.db = db, .page_size = page_size, .fault = fault};
    int rc = fts_structure_read(&remover.structure, db, fault);
    if (rc == 0) {
        fts_words_sort(words);
        rc = remove_words(&remover, words);
        fts_words_clear(words);
    }
    if (rc == 0) {
        save_leaves(&remover);
    }
    if (rc == 0 && remover.has_structure_changed) {
        fts_structure_write(&remover.structure, db);
    }
    forget_leaves(&remover);
    fts_structure_free(&remover.structure);
    return rc == 0 ? database_check(db, fault) : rc;
}
