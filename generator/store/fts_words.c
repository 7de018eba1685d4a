#include "store/fts_words.h"

#include "base/arena.h"
#include "base/buf.h"
#include "search/segment.h"
#include "store/fts_varint.h"

#include <stdlib.h>
#include <string.h>

/* An item: the number of its word, of its record, its column and place. */
enum {
    PLACE_BITS = 26,
    COLUMN_BITS = 2,
    RECORD_BITS = 12,
    WORD_BITS = 24,
    RECORD_SHIFT = PLACE_BITS + COLUMN_BITS,
    WORD_SHIFT = RECORD_SHIFT + RECORD_BITS,
    RECORDS_MAX = 1 << RECORD_BITS,
};

enum {
    ITEMS_FULL = 1 << 20, /* two arrays of 8 MB */
    TEXT_FULL = 4 << 20,  /* bytes of long words */
    KEY_BYTES = 8,
    TABLE_BITS = 12, /* the first table has so many slots, as a power of two */
    DIGIT_BITS = 11  /* of a pass of sorting */
};

/* A place of the table: a short word whole, of a long one the beginning. */
struct slot {
    uint64_t key;
    uint32_t number; /* of the word, from 1; 0: free */
    uint32_t n;      /* bytes of it */
};

struct entry {
    uint64_t key;     /* its first bytes as a number: ordered as the bytes are */
    const char *text; /* all of it, where it is longer than the key */
    uint32_t n;
    uint32_t number;
};

struct fts_words {
    struct arena arena; /* texts of long words */
    size_t arena_size;
    struct slot *table;
    size_t table_size;
    int table_shift;       /* the highest bits of a product tell the slot */
    struct entry *entries; /* by number, from 0; then in order */
    size_t count, capacity;
    uint64_t *items, *spare;
    size_t item_count, item_capacity, spare_capacity;
    int64_t *ids; /* of records */
    size_t record_count;
    uint64_t place; /* record and column of the next item */
    size_t places;
    uint32_t *starts; /* of each word's items, once they are sorted */
    size_t next;
    struct buf list;
    char text[KEY_BYTES];
};

static void *allocated(void *p)
{
    if (p == NULL) {
        arena_out_of_memory();
    }
    return p;
}

struct fts_words *fts_words_new(void)
{
    struct fts_words *words = allocated(calloc(1, sizeof *words));
    words->table_size = (size_t)1 << TABLE_BITS;
    words->table_shift = 64 - TABLE_BITS;
    words->table = allocated(calloc(words->table_size, sizeof *words->table));
    words->ids = allocated(calloc(RECORDS_MAX, sizeof *words->ids));
    words->list = BUF_EMPTY;
    return words;
}

void fts_words_free(struct fts_words *words)
{
    if (words == NULL) {
        return;
    }
    arena_free(&words->arena);
    buf_free(&words->list);
    free(words->table);
    free(words->entries);
    free(words->items);
    free(words->spare);
    free(words->ids);
    free(words->starts);
    free(words);
}

void fts_words_clear(struct fts_words *words)
{
    arena_reset(&words->arena);
    words->arena_size = 0;
    words->count = 0;
    words->item_count = 0;
    words->record_count = 0;
    memset(words->table, 0, words->table_size * sizeof *words->table);
}

bool fts_words_is_full(const struct fts_words *words)
{
    return words->item_count >= ITEMS_FULL || words->record_count == RECORDS_MAX ||
           words->arena_size >= TEXT_FULL;
}

static uint32_t load32(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* The first eight bytes, the first the highest; zeroes behind a shorter text. */
static uint64_t key_of(struct str text)
{
    if (text.n >= KEY_BYTES) {
        return (uint64_t)load32(text.p) << 32 | load32(text.p + 4);
    }
    if (text.n >= 4) { /* the last four overlap the first */
        return (uint64_t)load32(text.p) << 32 | (uint64_t)load32(text.p + text.n - 4)
                                                    << (8 * (KEY_BYTES - text.n));
    }
    uint64_t key = 0;
    for (size_t i = 0; i < text.n; i++) {
        key |= (uint64_t)(unsigned char)text.p[i] << (56 - 8 * i);
    }
    return key;
}

static struct str text_of(const struct entry *entry, char short_text[KEY_BYTES])
{
    if (entry->n > KEY_BYTES) {
        return (struct str){entry->text, entry->n};
    }
    for (size_t i = 0; i < entry->n; i++) {
        short_text[i] = (char)(entry->key >> (56 - 8 * i));
    }
    return (struct str){short_text, entry->n};
}

static size_t first_slot(const struct fts_words *words, uint64_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> words->table_shift);
}

static void grow_table(struct fts_words *words)
{
    struct slot *old = words->table;
    size_t old_size = words->table_size;
    words->table_size *= 2;
    words->table_shift--;
    words->table = allocated(calloc(words->table_size, sizeof *words->table));
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].number == 0) {
            continue;
        }
        size_t at = first_slot(words, old[i].key);
        while (words->table[at].number != 0) {
            at = (at + 1) & (words->table_size - 1);
        }
        words->table[at] = old[i];
    }
    free(old);
}

static void new_word(struct fts_words *words, struct slot *slot, uint64_t key, struct str text)
{
    if (words->count == words->capacity) {
        words->capacity = words->capacity == 0 ? 1 << TABLE_BITS : words->capacity * 2;
        words->entries =
            allocated(reallocarray(words->entries, words->capacity, sizeof *words->entries));
    }
    const char *copy = NULL;
    if (text.n > KEY_BYTES) {
        copy = arena_copy(&words->arena, text).p;
        words->arena_size += text.n;
    }
    words->entries[words->count] =
        (struct entry){key, copy, (uint32_t)text.n, (uint32_t)words->count};
    words->count++;
    *slot = (struct slot){key, (uint32_t)words->count, (uint32_t)text.n};
}

static bool is_word(const struct fts_words *words, const struct slot *slot, uint64_t key,
                    struct str text)
{
    return slot->key == key && slot->n == text.n &&
           (text.n <= KEY_BYTES || memcmp(words->entries[slot->number - 1].text + KEY_BYTES,
                                          text.p + KEY_BYTES, text.n - KEY_BYTES) == 0);
}

/* Its number, from 0. */
static uint32_t find_word(struct fts_words *words, struct str text)
{
    uint64_t key = key_of(text);
    size_t at = first_slot(words, key);
    while (words->table[at].number != 0) {
        if (is_word(words, &words->table[at], key, text)) {
            return words->table[at].number - 1;
        }
        at = (at + 1) & (words->table_size - 1);
    }
    new_word(words, &words->table[at], key, text);
    uint32_t number = (uint32_t)words->count - 1;
    if (words->count * 3 > words->table_size * 2) {
        grow_table(words);
    }
    return number;
}

static void grow_items(struct fts_words *words)
{
    words->item_capacity = words->item_capacity == 0 ? 1 << TABLE_BITS : words->item_capacity * 2;
    words->items = allocated(reallocarray(words->items, words->item_capacity, sizeof(uint64_t)));
}

static int take_word(void *context, struct str text, bool is_same_place)
{
    struct fts_words *words = context;
    words->places += !is_same_place || words->places == 0;
    if (words->places >> PLACE_BITS != 0 || words->count >> WORD_BITS != 0) {
        return -1;
    }
    if (words->item_count == words->item_capacity) {
        grow_items(words);
    }
    words->items[words->item_count++] =
        (uint64_t)find_word(words, text) << WORD_SHIFT | words->place | (words->places - 1);
    return 0;
}

void fts_words_begin(struct fts_words *words, int64_t id)
{
    words->ids[words->record_count++] = id;
}

bool fts_words_add(struct fts_words *words, int column, struct str text, int64_t *places)
{
    words->place = (uint64_t)(words->record_count - 1) << RECORD_SHIFT | (uint64_t)column
                                                                             << PLACE_BITS;
    words->places = 0;
    bool is_whole = segment_index(text, take_word, words) == 0;
    *places = (int64_t)words->places;
    return is_whole;
}

/* One pass of sorting by the digit of the word's number at `shift`, into the other array. */
static void sort_pass(struct fts_words *words, int shift)
{
    size_t starts[1 << DIGIT_BITS] = {0}, sum = 0;
    const size_t mask = (1 << DIGIT_BITS) - 1;
    for (size_t i = 0; i < words->item_count; i++) {
        starts[words->items[i] >> shift & mask]++;
    }
    for (size_t i = 0; i <= mask; i++) {
        size_t count = starts[i];
        starts[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < words->item_count; i++) {
        uint64_t item = words->items[i];
        words->spare[starts[item >> shift & mask]++] = item;
    }
    uint64_t *sorted = words->spare;
    words->spare = words->items;
    words->items = sorted;
}

/* By words' numbers; they are in the order of records, columns and places already, and stay so. */
static void sort_items(struct fts_words *words)
{
    if (words->spare_capacity != words->item_capacity) {
        free(words->spare);
        words->spare_capacity = words->item_capacity;
        words->spare = allocated(calloc(words->spare_capacity + 1, sizeof *words->spare));
    }
    for (int shift = 0; words->count >> shift != 0; shift += DIGIT_BITS) {
        sort_pass(words, WORD_SHIFT + shift);
    }
}

static void find_starts(struct fts_words *words)
{
    free(words->starts);
    words->starts = allocated(calloc(words->count + 1, sizeof *words->starts));
    for (size_t i = 0; i < words->item_count; i++) {
        words->starts[(words->items[i] >> WORD_SHIFT) + 1]++;
    }
    for (size_t i = 0; i < words->count; i++) {
        words->starts[i + 1] += words->starts[i];
    }
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key) {
        return x->key < y->key ? -1 : 1;
    }
    char short_x[KEY_BYTES], short_y[KEY_BYTES];
    return str_compare(text_of(x, short_x), text_of(y, short_y));
}

void fts_words_sort(struct fts_words *words)
{
    sort_items(words);
    find_starts(words);
    if (words->count > 0) {
        qsort(words->entries, words->count, sizeof *words->entries, compare);
    }
    words->next = 0;
}

static void put(struct buf *out, uint64_t value)
{
    out->n += fts_varint_put((unsigned char *)out->p + out->n, value);
}

/* The places of one record, behind its size; where the record's items end. */
static const uint64_t *put_posting(struct buf *out, const uint64_t *item, const uint64_t *end)
{
    const uint64_t place_mask = ((uint64_t)1 << PLACE_BITS) - 1;
    size_t at = out->n++; /* room for a size of one byte */
    uint64_t record = *item >> RECORD_SHIFT, column = 0, last = 0;
    for (; item < end && *item >> RECORD_SHIFT == record; item++) {
        uint64_t its_column = *item >> PLACE_BITS & ((1 << COLUMN_BITS) - 1);
        if (its_column != column) {
            column = its_column;
            last = 0;
            out->p[out->n++] = 1;
            put(out, column);
        }
        put(out, (*item & place_mask) - last + 2);
        last = *item & place_mask;
    }
    unsigned char size[FTS_VARINT_SIZE];
    size_t n = out->n - at - 1, size_n = fts_varint_put(size, 2 * (uint64_t)n);
    if (size_n > 1) {
        memmove(out->p + at + size_n, out->p + at + 1, n);
        out->n += size_n - 1;
    }
    memcpy(out->p + at, size, size_n);
    return item;
}

static void put_list(struct fts_words *words, uint32_t number)
{
    enum { ITEM_BYTES_MAX = 2 + 2 * FTS_VARINT_SIZE + 4 }; /* id, size, column, place */
    const uint64_t *item = words->items + words->starts[number];
    const uint64_t *end = words->items + words->starts[number + 1];
    int64_t last = 0;
    buf_clear(&words->list);
    buf_reserve(&words->list, (size_t)(end - item) * ITEM_BYTES_MAX + FTS_VARINT_SIZE);
    while (item < end) {
        int64_t id = words->ids[*item >> RECORD_SHIFT & (RECORDS_MAX - 1)];
        put(&words->list, (uint64_t)(id - last));
        last = id;
        item = put_posting(&words->list, item, end);
    }
}

bool fts_words_next(struct fts_words *words, struct fts_word *out)
{
    if (words->next == words->count) {
        return false;
    }
    const struct entry *entry = &words->entries[words->next++];
    put_list(words, entry->number);
    *out = (struct fts_word){text_of(entry, words->text), buf_str(&words->list)};
    return true;
}
