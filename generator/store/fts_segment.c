#include "store/fts_segment.h"

#include "base/arena.h"
#include "store/fts_tree.h"
#include "store/fts_varint.h"

#include <stdlib.h>
#include <string.h>

enum {
    TREE_LEAVES_MIN = 4, /* leaves without a word behind one, for a tree to be worth its rows */
    SPARE = FTS_WORD_MAX + 8 * FTS_VARINT_SIZE /* what may stand on a leaf over its size */
};

struct fts_segment {
    struct database *db;
    int id;
    size_t page_size;
    int64_t leaf; /* number of the one that is being written */
    unsigned char *page, *footer;
    size_t n, footer_n;
    size_t last_word_at;   /* on this leaf */
    bool has_word;         /* this leaf does */
    bool needs_first_id;   /* the next id is the first on its leaf, and no word stands before */
    bool is_first_of_word; /* no list of the word was put yet */
    int64_t last_id;       /* of the word's list */
    int64_t word_leaf;     /* the last leaf on which a word began; 0: its row was put */
    int64_t leaves_behind; /* without a word, behind that */
    struct buf word;       /* the last, with its first byte */
    struct buf divider;    /* for the row of word_leaf */
    struct fts_tree tree;
    const int64_t *left_out; /* ids */
    size_t left_out_count;
    struct buf
        waiting;     /* a word of which nothing was kept so far; empty where nothing is left out */
    struct buf kept; /* of a list */
};

/* A number of search_data: segment (16 bits), is it a tree's, height (5), leaf (31). */
int64_t fts_leaf_id(int segment, int64_t leaf)
{
    return ((int64_t)segment << 37) + leaf;
}

int64_t fts_tree_id(int segment, int height, int64_t leaf)
{
    return ((int64_t)segment << 37) + ((int64_t)1 << 36) + ((int64_t)height << 31) + leaf;
}

static void *allocated(size_t size)
{
    void *p = calloc(1, size);
    if (p == NULL) {
        arena_out_of_memory();
    }
    return p;
}

void fts_segment_open(struct fts_segment **out, struct database *db, int id, size_t page_size)
{
    struct fts_segment *segment = allocated(sizeof *segment);
    segment->db = db;
    segment->id = id;
    segment->page_size = page_size;
    segment->leaf = 1;
    segment->word_leaf = 1;
    segment->page = allocated(page_size + SPARE);
    segment->footer = allocated(page_size + SPARE);
    segment->n = FTS_HEADER_SIZE;
    segment->word = segment->divider = segment->waiting = segment->kept = BUF_EMPTY;
    segment->tree = (struct fts_tree){.segment = id, .page_size = page_size, .rows = BUF_EMPTY};
    *out = segment;
}

static void put_u16(unsigned char *at, size_t value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void put_bytes(struct fts_segment *segment, const void *bytes, size_t n)
{
    memcpy(segment->page + segment->n, bytes, n);
    segment->n += n;
}

static void put(struct fts_segment *segment, uint64_t value)
{
    segment->n += fts_varint_put(segment->page + segment->n, value);
}

static size_t used(const struct fts_segment *segment)
{
    return segment->n + segment->footer_n;
}

static void end_leaf(struct fts_segment *segment)
{
    put_u16(segment->page + 2, segment->n);
    if (segment->has_word) {
        put_bytes(segment, segment->footer, segment->footer_n);
    } else {
        segment->leaves_behind++;
        if (segment->needs_first_id) {
            fts_tree_skip(&segment->tree);
        }
    }
    struct query *query =
        database_query(segment->db, "REPLACE INTO search_data (id, block) VALUES (?1, ?2)");
    query_bind_int(query, 1, fts_leaf_id(segment->id, segment->leaf));
    query_bind_blob(query, 2, (struct str){(const char *)segment->page, segment->n});
    query_run(query);
    memset(segment->page, 0, FTS_HEADER_SIZE);
    segment->n = FTS_HEADER_SIZE;
    segment->footer_n = 0;
    segment->last_word_at = 0;
    segment->leaf++;
    segment->has_word = false;
    segment->needs_first_id = true;
}

/* The row of the last leaf on which a word began: now it is known how far the last one's list goes.
 */
static void put_divider(struct fts_segment *segment)
{
    if (segment->word_leaf == 0) {
        return;
    }
    bool has_tree = segment->leaves_behind >= TREE_LEAVES_MIN && segment->tree.nodes[0].bytes.n > 0;
    fts_tree_end(&segment->tree, has_tree);
    segment->leaves_behind = 0;
    struct query *query = database_query(
        segment->db, "INSERT INTO search_idx (segid, term, pgno) VALUES (?1, ?2, ?3)");
    query_bind_int(query, 1, segment->id);
    query_bind_blob(query, 2, buf_str(&segment->divider));
    query_bind_int(query, 3, segment->word_leaf * 2 + has_tree);
    query_run(query);
    segment->word_leaf = 0;
}

static size_t common(struct str a, const char *b, size_t n)
{
    size_t i = 0;
    while (i < a.n && i < n && a.p[i] == b[i]) {
        i++;
    }
    return i;
}

static void begin_word_on_new_leaf(struct fts_segment *segment, const char *word, size_t shared)
{
    put_divider(segment);
    buf_clear(&segment->divider);
    buf_add(&segment->divider, (struct str){word, shared + 1});
    segment->word_leaf = segment->leaf;
}

void fts_segment_leave_out(struct fts_segment *segment, const int64_t *ids, size_t count)
{
    segment->left_out = ids;
    segment->left_out_count = count;
}

static void put_word(struct fts_segment *segment, struct str text)
{
    char word[FTS_WORD_MAX] = "0";
    size_t n = 1 + (text.n < FTS_WORD_MAX ? text.n : FTS_WORD_MAX - 1);
    memcpy(word + 1, text.p, n - 1);
    if (used(segment) + n + 2 >= segment->page_size && segment->n > FTS_HEADER_SIZE) {
        end_leaf(segment);
    }
    segment->footer_n +=
        fts_varint_put(segment->footer + segment->footer_n, segment->n - segment->last_word_at);
    segment->last_word_at = segment->n;
    size_t shared = common(buf_str(&segment->word), word, n);
    if (segment->has_word) {
        put(segment, shared);
    } else {
        if (segment->leaf != 1) {
            begin_word_on_new_leaf(segment, word, shared);
        }
        shared = 0;
    }
    put(segment, n - shared);
    put_bytes(segment, word + shared, n - shared);
    buf_clear(&segment->word);
    buf_add(&segment->word, (struct str){word, n});
    segment->has_word = true;
    segment->needs_first_id = false;
    segment->is_first_of_word = true;
    fts_tree_begin(&segment->tree, segment->leaf);
}

/* The whole numbers at the front of `p` that fill no more than `room` bytes, but at least one. */
static size_t cut_numbers(const unsigned char *p, const unsigned char *end, size_t room)
{
    uint64_t ignored;
    size_t n = fts_varint_get(p, end, &ignored);
    for (;;) {
        size_t more = fts_varint_get(p + n, end, &ignored);
        if (more == 0 || n + more > room) {
            return n;
        }
        n += more;
    }
}

static size_t room_on_leaf(const struct fts_segment *segment)
{
    return used(segment) < segment->page_size ? segment->page_size - used(segment) : 0;
}

/* A posting's size and places that do not fit on the leaf go on on the next ones. */
static void put_cut(struct fts_segment *segment, const unsigned char *p, const unsigned char *end)
{
    while (p < end) {
        size_t room = room_on_leaf(segment);
        size_t n = (size_t)(end - p) <= room ? (size_t)(end - p) : cut_numbers(p, end, room);
        if (n == 0) {
            return; /* no number: such a list is not ours */
        }
        put_bytes(segment, p, n);
        p += n;
        if (room_on_leaf(segment) == 0) {
            end_leaf(segment);
        }
    }
}

/* One posting: its id, `difference` behind the one before it, and what stands behind the id. */
static void put_posting(struct fts_segment *segment, uint64_t difference, const unsigned char *p,
                        const unsigned char *end)
{
    segment->last_id += (int64_t)difference;
    if (segment->needs_first_id) {
        put_u16(segment->page, segment->n);
        put(segment, (uint64_t)segment->last_id);
        fts_tree_add(&segment->tree, segment->leaf, segment->last_id);
        segment->needs_first_id = false;
    } else {
        put(segment, difference);
    }
    if ((size_t)(end - p) <= room_on_leaf(segment)) {
        put_bytes(segment, p, (size_t)(end - p));
    } else {
        put_cut(segment, p, end);
    }
}

struct posting {
    uint64_t difference;
    const unsigned char *body, *end;
};

static bool next_posting(struct posting *out, const unsigned char *p, const unsigned char *end)
{
    uint64_t size;
    size_t id_n = fts_varint_get(p, end, &out->difference);
    size_t size_n = id_n > 0 ? fts_varint_get(p + id_n, end, &size) : 0;
    if (size_n == 0 || size / 2 > (uint64_t)(end - p) - id_n - size_n) {
        return false;
    }
    out->body = p + id_n;
    out->end = out->body + size_n + size / 2;
    return true;
}

/* Postings that fit on the leaf are copied as they are, all at once. */
static const unsigned char *put_many(struct fts_segment *segment, const unsigned char *p,
                                     const unsigned char *end)
{
    struct posting posting;
    size_t room = segment->needs_first_id ? 0 : room_on_leaf(segment);
    const unsigned char *to = p;
    while (next_posting(&posting, to, end) && (size_t)(posting.end - p) <= room) {
        segment->last_id += (int64_t)posting.difference;
        to = posting.end;
    }
    put_bytes(segment, p, (size_t)(to - p));
    return to;
}

static void put_list(struct fts_segment *segment, struct str list)
{
    const unsigned char *p = (const unsigned char *)list.p, *end = p + list.n;
    struct posting posting;
    if (segment->is_first_of_word) {
        segment->last_id = 0;
    } else if (next_posting(&posting, p, end)) {
        put_posting(segment, posting.difference - (uint64_t)segment->last_id, posting.body,
                    posting.end);
        p = posting.end;
    }
    segment->is_first_of_word = false;
    while (p < end) {
        p = put_many(segment, p, end);
        if (p == end || !next_posting(&posting, p, end)) {
            return;
        }
        put_posting(segment, posting.difference, posting.body, posting.end);
        p = posting.end;
    }
}

static bool is_left_out(const struct fts_segment *segment, int64_t id)
{
    size_t low = 0, high = segment->left_out_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        bool is_before = segment->left_out[middle] < id;
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low < segment->left_out_count && segment->left_out[low] == id;
}

/* The list without the ids that are left out; the first that stays is whole again. */
static struct str keep_others(struct fts_segment *segment, struct str list)
{
    const unsigned char *p = (const unsigned char *)list.p, *end = p + list.n;
    struct posting posting;
    int64_t id = 0, last = 0;
    buf_clear(&segment->kept);
    for (; next_posting(&posting, p, end); p = posting.end) {
        id += (int64_t)posting.difference;
        if (!is_left_out(segment, id)) {
            unsigned char *to = (unsigned char *)buf_reserve(&segment->kept, FTS_VARINT_SIZE);
            segment->kept.n += fts_varint_put(to, (uint64_t)(id - last));
            buf_add(&segment->kept,
                    (struct str){(const char *)posting.body, (size_t)(posting.end - posting.body)});
            last = id;
        }
    }
    return buf_str(&segment->kept);
}

void fts_segment_put_word(struct fts_segment *segment, struct str text)
{
    if (segment->left_out_count == 0) {
        put_word(segment, text);
        return;
    }
    buf_clear(&segment->waiting);
    buf_add(&segment->waiting, text);
}

void fts_segment_put_list(struct fts_segment *segment, struct str list)
{
    struct str kept = segment->left_out_count == 0 ? list : keep_others(segment, list);
    if (kept.n > 0 && segment->waiting.n > 0) {
        put_word(segment, buf_str(&segment->waiting));
        buf_clear(&segment->waiting);
    }
    if (kept.n > 0) {
        put_list(segment, kept);
    }
}

int64_t fts_segment_close(struct fts_segment *segment)
{
    if (segment->n > FTS_HEADER_SIZE) {
        end_leaf(segment);
    }
    int64_t last = segment->leaf - 1;
    if (last > 0) {
        put_divider(segment);
        fts_tree_write(&segment->tree, segment->db);
    }
    fts_tree_free(&segment->tree);
    buf_free(&segment->word);
    buf_free(&segment->divider);
    buf_free(&segment->waiting);
    buf_free(&segment->kept);
    free(segment->page);
    free(segment->footer);
    free(segment);
    return last;
}
