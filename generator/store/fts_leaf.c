#include "store/fts_leaf.h"

#include "base/arena.h"
#include "store/fts_segment.h"
#include "store/fts_varint.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char *bytes_of(const struct fts_leaf *leaf)
{
    return (const unsigned char *)leaf->bytes.p;
}

static size_t get_u16(const unsigned char *p)
{
    return (size_t)p[0] << 8 | p[1];
}

static void put_u16(unsigned char *p, size_t value)
{
    p[0] = (unsigned char)(value >> 8);
    p[1] = (unsigned char)value;
}

static void add_word_at(struct fts_leaf *leaf, size_t at)
{
    if (leaf->word_count == leaf->word_capacity) {
        leaf->word_capacity = leaf->word_capacity == 0 ? 256 : leaf->word_capacity * 2;
        leaf->words = reallocarray(leaf->words, leaf->word_capacity, sizeof *leaf->words);
        if (leaf->words == NULL) {
            arena_out_of_memory();
        }
    }
    leaf->words[leaf->word_count++] = (uint32_t)at;
}

/* A word's beginning as the leaf has it. */
struct head {
    size_t shared; /* bytes that it has from the word before */
    struct str rest;
    size_t end;
};

static bool read_head(struct head *out, const struct fts_leaf *leaf, size_t index)
{
    const unsigned char *begin = bytes_of(leaf), *p = begin + leaf->words[index];
    const unsigned char *end = begin + leaf->bytes.n;
    uint64_t shared = 0, n = 0;
    size_t size = index == 0 ? 0 : fts_varint_get(p, end, &shared);
    p += size;
    size_t n_size = fts_varint_get(p, end, &n);
    p += n_size;
    if ((index > 0 && size == 0) || n_size == 0 || n > (uint64_t)(end - p) ||
        shared > FTS_WORD_MAX) {
        return false;
    }
    out->shared = (size_t)shared;
    out->rest = (struct str){(const char *)p, (size_t)n};
    out->end = (size_t)(p - begin) + (size_t)n;
    return true;
}

/* Every number that later steps rely on is looked at here. */
static bool parse(struct fts_leaf *leaf, struct str block)
{
    if (block.n < FTS_HEADER_SIZE) {
        return false;
    }
    const unsigned char *p = (const unsigned char *)block.p, *end = p + block.n;
    size_t footer = get_u16(p + 2), at = 0, before = 0;
    leaf->first_id_at = get_u16(p);
    bool has_first_id = leaf->first_id_at != 0;
    if (footer < FTS_HEADER_SIZE || footer > block.n ||
        (has_first_id && (leaf->first_id_at < FTS_HEADER_SIZE || leaf->first_id_at >= footer))) {
        return false;
    }
    buf_add(&leaf->bytes, str_slice(block, 0, footer));
    for (p += footer; p < end;) {
        uint64_t step;
        size_t n = fts_varint_get(p, end, &step);
        at += n == 0 || step > footer ? footer : (size_t)step;
        if (at < FTS_HEADER_SIZE || at >= footer) {
            return false;
        }
        add_word_at(leaf, at);
        p += n;
    }
    for (size_t i = 0; i < leaf->word_count; i++) {
        struct head head;
        if (leaf->words[i] < before || !read_head(&head, leaf, i)) {
            return false;
        }
        before = head.end;
    }
    return !has_first_id || leaf->first_id_at < fts_leaf_head_end(leaf);
}

int fts_leaf_load(struct fts_leaf *leaf, struct database *db, int segment, int64_t number,
                  struct fault *fault)
{
    if (leaf->bytes.capacity == 0) {
        leaf->bytes = BUF_EMPTY;
    }
    buf_clear(&leaf->bytes);
    leaf->segment = segment;
    leaf->number = number;
    leaf->word_count = 0;
    leaf->is_changed = false;
    struct query *query = database_query(db, "SELECT block FROM search_data WHERE id = ?1");
    query_bind_int(query, 1, fts_leaf_id(segment, number));
    bool is_whole = query_next(query) && parse(leaf, query_blob(query, 0));
    query_reset(query);
    if (is_whole) {
        return 0;
    }
    leaf->segment = 0;
    return database_check(db, fault) != 0
               ? -1
               : fault_damage(fault, "the full-text index is damaged (leaf %lld of %d)",
                              (long long)number, segment);
}

void fts_leaf_save(struct fts_leaf *leaf, struct database *db)
{
    if (leaf->segment == 0 || !leaf->is_changed) {
        return;
    }
    size_t n = leaf->bytes.n, before = 0;
    unsigned char *header = (unsigned char *)leaf->bytes.p;
    put_u16(header, leaf->first_id_at);
    put_u16(header + 2, n);
    for (size_t i = 0; i < leaf->word_count; i++) {
        unsigned char *at = (unsigned char *)buf_reserve(&leaf->bytes, FTS_VARINT_SIZE);
        leaf->bytes.n += fts_varint_put(at, leaf->words[i] - before);
        before = leaf->words[i];
    }
    struct query *query = database_query(db, "UPDATE search_data SET block = ?2 WHERE id = ?1");
    query_bind_int(query, 1, fts_leaf_id(leaf->segment, leaf->number));
    query_bind_blob(query, 2, buf_str(&leaf->bytes));
    query_run(query);
    buf_truncate(&leaf->bytes, n);
    leaf->is_changed = false;
}

void fts_leaf_free(struct fts_leaf *leaf)
{
    buf_free(&leaf->bytes);
    free(leaf->words);
    *leaf = (struct fts_leaf){0};
}

size_t fts_leaf_head_end(const struct fts_leaf *leaf)
{
    return leaf->word_count > 0 ? leaf->words[0] : leaf->bytes.n;
}

static size_t list_end(const struct fts_leaf *leaf, size_t index)
{
    return index + 1 < leaf->word_count ? leaf->words[index + 1] : leaf->bytes.n;
}

/* The word before, in `text`, becomes the word that the head is of. */
static void apply_head(struct buf *text, const struct head *head)
{
    buf_truncate(text, head->shared < text->n ? head->shared : text->n);
    buf_add(text, head->rest);
}

bool fts_leaf_find(struct fts_leaf_word *out, const struct fts_leaf *leaf, struct str word)
{
    struct buf text = BUF_EMPTY;
    bool is_found = false;
    for (size_t i = 0; i < leaf->word_count && !is_found; i++) {
        struct head head;
        if (!read_head(&head, leaf, i)) {
            break;
        }
        apply_head(&text, &head);
        is_found = str_equal(buf_str(&text), word);
        *out = (struct fts_leaf_word){i, head.end, list_end(leaf, i)};
    }
    buf_free(&text);
    return is_found;
}

void fts_leaf_word_text(const struct fts_leaf *leaf, size_t index, struct buf *out)
{
    struct buf text = BUF_EMPTY;
    struct head head;
    for (size_t i = 0; i <= index && read_head(&head, leaf, i); i++) {
        apply_head(&text, &head);
    }
    buf_add(out, buf_str(&text));
    buf_free(&text);
}

static void replace(struct fts_leaf *leaf, size_t at, size_t n, struct str bytes)
{
    size_t rest = leaf->bytes.n - at - n;
    buf_reserve(&leaf->bytes, bytes.n);
    memmove(leaf->bytes.p + at + bytes.n, leaf->bytes.p + at + n, rest);
    memcpy(leaf->bytes.p + at, bytes.n > 0 ? bytes.p : "", bytes.n);
    leaf->bytes.n = at + bytes.n + rest;
    leaf->is_changed = true;
}

static void move_words(struct fts_leaf *leaf, size_t first, size_t n, size_t bytes_n)
{
    for (size_t i = first; i < leaf->word_count; i++) {
        leaf->words[i] = (uint32_t)(leaf->words[i] + bytes_n - n);
    }
}

void fts_leaf_splice(struct fts_leaf *leaf, size_t at, size_t n, struct str bytes)
{
    size_t first = 0;
    while (first < leaf->word_count && leaf->words[first] < at + n) {
        first++;
    }
    if (n == 0) {
        return;
    }
    replace(leaf, at, n, bytes);
    move_words(leaf, first, n, bytes.n);
    if (leaf->first_id_at > at) {
        leaf->first_id_at += bytes.n - n;
    }
}

static size_t common(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n]) {
        n++;
    }
    return n;
}

static void put(struct buf *out, size_t value)
{
    unsigned char *at = (unsigned char *)buf_reserve(out, FTS_VARINT_SIZE);
    out->n += fts_varint_put(at, value);
}

/* How the word begins where it stands behind the word before `index`. */
static void make_head(struct buf *out, const struct fts_leaf *leaf, size_t index, struct str word)
{
    struct buf before = BUF_EMPTY;
    size_t shared = 0;
    if (index > 0) {
        fts_leaf_word_text(leaf, index - 1, &before);
        shared = common(buf_str(&before), word);
        put(out, shared);
    }
    put(out, word.n - shared);
    buf_add(out, str_from(word, shared));
    buf_free(&before);
}

void fts_leaf_remove_word(struct fts_leaf *leaf, size_t index)
{
    struct buf next = BUF_EMPTY, head_bytes = BUF_EMPTY;
    size_t at = leaf->words[index];
    struct head head = {.end = leaf->bytes.n};
    bool has_next = index + 1 < leaf->word_count;
    if (has_next) {
        fts_leaf_word_text(leaf, index + 1, &next);
        make_head(&head_bytes, leaf, index, buf_str(&next));
    }
    read_head(&head, leaf, has_next ? index + 1 : index);
    size_t n = head.end - at;
    replace(leaf, at, n, buf_str(&head_bytes));
    leaf->word_count--;
    memmove(&leaf->words[index], &leaf->words[index + 1],
            (leaf->word_count - index) * sizeof *leaf->words);
    move_words(leaf, index, n, head_bytes.n);
    if (has_next) {
        leaf->words[index] = (uint32_t)at;
    }
    buf_free(&next);
    buf_free(&head_bytes);
}
