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
    TABLE_BITS = 12,      /* the first table has so many slots, as a power of two */
    DIGIT_BITS = 11       /* of a pass of sorting */
};

/* A place of the table. */
struct slot {
    uint64_t key;    /* of a short word all of it; LONG_KEY and a hash of a long one; 0: free */
    uint32_t number; /* of the word */
    uint32_t count;  /* its items so far */
};

/* No text begins with that byte. */
static const uint64_t LONG_KEY = (uint64_t)0xff << 56;

struct entry {
    uint64_t key;     /* segment_key */
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
    struct entry *entries; /* by number; then in order */
    size_t count, capacity;
    uint64_t *items, *spare;
    size_t item_count, item_capacity, spare_capacity;
    int64_t *ids; /* of records */
    size_t record_count;
    uint64_t place; /* record and column of the next item */
    size_t places;
    uint32_t *ends;   /* by number, of each word's items, once they are sorted */
    size_t next;      /* word */
    size_t next_item; /* its first */
    struct buf list;
    char text[SEGMENT_KEY_BYTES];
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
    free(words->ends);
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
        if (old[i].key == 0) {
            continue;
        }
        size_t at = first_slot(words, old[i].key);
        while (words->table[at].key != 0) {
            at = (at + 1) & (words->table_size - 1);
        }
        words->table[at] = old[i];
    }
    free(old);
}

static void new_word(struct fts_words *words, struct slot *slot, uint64_t key,
                     const struct segment_token *token)
{
    if (words->count == words->capacity) {
        words->capacity = words->capacity == 0 ? 1 << TABLE_BITS : words->capacity * 2;
        words->entries =
            allocated(reallocarray(words->entries, words->capacity, sizeof *words->entries));
    }
    const char *copy = NULL;
    if (token->n > SEGMENT_KEY_BYTES) {
        copy = arena_copy(&words->arena, (struct str){token->text, token->n}).p;
        words->arena_size += token->n;
    }
    uint32_t number = (uint32_t)words->count++;
    words->entries[number] = (struct entry){token->key, copy, token->n, number};
    *slot = (struct slot){.key = key, .number = number};
}

/* The word's slot, or a free one. */
static struct slot *find_slot(struct fts_words *words, uint64_t key,
                              const struct segment_token *token)
{
    struct str text = {token->text, token->n};
    for (size_t at = first_slot(words, key);; at = (at + 1) & (words->table_size - 1)) {
        struct slot *slot = &words->table[at];
        if (slot->key == 0) {
            return slot;
        }
        if (slot->key == key) {
            const struct entry *entry = &words->entries[slot->number];
            if (key < LONG_KEY || str_equal((struct str){entry->text, entry->n}, text)) {
                return slot;
            }
        }
    }
}

static uint64_t key_of(const struct segment_token *token)
{
    if (token->n <= SEGMENT_KEY_BYTES) {
        return token->key;
    }
    uint64_t hash = token->key;
    for (size_t i = SEGMENT_KEY_BYTES; i < token->n; i++) {
        hash = (hash ^ (unsigned char)token->text[i]) * 0x100000001b3u;
    }
    return LONG_KEY | hash;
}

/* The number of the token's word, which gets one item more. */
static uint32_t count_word(struct fts_words *words, const struct segment_token *token)
{
    uint64_t key = key_of(token);
    struct slot *slot = find_slot(words, key, token);
    if (slot->key == 0) {
        if (words->count * 3 > words->table_size * 2) {
            grow_table(words);
            slot = find_slot(words, key, token);
        }
        new_word(words, slot, key, token);
    }
    slot->count++;
    return slot->number;
}

static void grow_items(struct fts_words *words)
{
    words->item_capacity = words->item_capacity == 0 ? 1 << TABLE_BITS : words->item_capacity * 2;
    words->items = allocated(reallocarray(words->items, words->item_capacity, sizeof(uint64_t)));
}

static int take_tokens(void *context, const struct segment_token *tokens, size_t count)
{
    struct fts_words *words = context;
    if ((words->places + count) >> PLACE_BITS != 0 || (words->count + count) >> WORD_BITS != 0) {
        return -1;
    }
    while (words->item_count + count > words->item_capacity) {
        grow_items(words);
    }
    for (size_t i = 0; i < count; i++) { /* the table is larger than the processor's cache */
        __builtin_prefetch(&words->table[first_slot(words, tokens[i].key)]);
    }
    for (size_t i = 0; i < count; i++) {
        words->places += !tokens[i].is_same_place;
        words->items[words->item_count++] = (uint64_t)count_word(words, &tokens[i]) << WORD_SHIFT |
                                            words->place | (words->places - 1);
    }
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
    bool is_whole = segment_index(text, take_tokens, words) == 0;
    *places = (int64_t)words->places;
    return is_whole;
}

/* It is known how many items every word has: each goes to its place at once, and as they came. */
static void sort_items(struct fts_words *words)
{
    if (words->spare_capacity != words->item_capacity) {
        free(words->spare);
        words->spare_capacity = words->item_capacity;
        words->spare = allocated(calloc(words->spare_capacity + 1, sizeof *words->spare));
    }
    uint32_t *next = words->ends; /* for now, where the word's next item goes */
    for (size_t i = 0; i < words->item_count; i++) {
        uint64_t item = words->items[i];
        words->spare[next[item >> WORD_SHIFT]++] = item;
    }
    uint64_t *sorted = words->spare;
    words->spare = words->items;
    words->items = sorted;
}

/* Items come to stand in the order of their words, so that memory is read from end to end. */
static void find_places(struct fts_words *words)
{
    free(words->ends);
    words->ends = allocated(calloc(words->count + 1, sizeof *words->ends));
    for (size_t i = 0; i < words->table_size; i++) {
        if (words->table[i].key != 0) {
            words->ends[words->table[i].number] = words->table[i].count;
        }
    }
    uint32_t sum = 0;
    for (size_t i = 0; i < words->count; i++) {
        uint32_t *place = &words->ends[words->entries[i].number], count = *place;
        *place = sum;
        sum += count;
    }
}

static struct str text_of(const struct entry *entry, char short_text[SEGMENT_KEY_BYTES])
{
    const struct segment_token token = {.key = entry->key, .text = entry->text, .n = entry->n};
    return segment_token_text(&token, short_text);
}

/* One pass of sorting words by the digit of their keys at `shift`; false: it told none apart. */
static bool sort_pass(struct entry *to, const struct entry *from, size_t count, int shift)
{
    size_t starts[1 << DIGIT_BITS] = {0}, sum = 0;
    const size_t mask = (1 << DIGIT_BITS) - 1;
    for (size_t i = 0; i < count; i++) {
        starts[from[i].key >> shift & mask]++;
    }
    if (starts[from[0].key >> shift & mask] == count) {
        return false;
    }
    for (size_t i = 0; i <= mask; i++) {
        size_t digit_count = starts[i];
        starts[i] = sum;
        sum += digit_count;
    }
    for (size_t i = 0; i < count; i++) {
        to[starts[from[i].key >> shift & mask]++] = from[i];
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    char short_a[SEGMENT_KEY_BYTES], short_b[SEGMENT_KEY_BYTES];
    return str_compare(text_of(a, short_a), text_of(b, short_b));
}

/* Long words whose keys are the same stand side by side by now. */
static void sort_same_keys(struct entry *entries, size_t count)
{
    for (size_t i = 0, n; i < count; i += n) {
        for (n = 1; i + n < count && entries[i + n].key == entries[i].key; n++) {
        }
        if (n > 1) {
            qsort(entries + i, n, sizeof *entries, compare);
        }
    }
}

static void sort_entries(struct fts_words *words)
{
    struct entry *spare = allocated(reallocarray(NULL, words->capacity + 1, sizeof *spare));
    for (int shift = 0; shift < 64 && words->count > 0; shift += DIGIT_BITS) {
        if (sort_pass(spare, words->entries, words->count, shift)) {
            struct entry *sorted = spare;
            spare = words->entries;
            words->entries = sorted;
        }
    }
    free(spare);
    sort_same_keys(words->entries, words->count);
}

void fts_words_sort(struct fts_words *words)
{
    sort_entries(words);
    find_places(words);
    sort_items(words);
    words->next = words->next_item = 0;
}

/* A small number without a branch on its size, which is not to be guessed; room for two bytes. */
static unsigned char *put(unsigned char *out, uint64_t value)
{
    if (value >= 0x4000) {
        return out + fts_varint_put(out, value);
    }
    bool is_long = value >= 0x80;
    out[0] = (unsigned char)(is_long ? value >> 7 | 0x80 : value);
    out[1] = (unsigned char)(value & 0x7f);
    return out + 1 + is_long;
}

/* The size of what was put behind `at`, where one byte was left for it; the end of all. */
static unsigned char *put_size(unsigned char *at, unsigned char *end)
{
    unsigned char size[FTS_VARINT_SIZE];
    size_t n = (size_t)(end - at) - 1;
    if (n < 0x40) {
        *at = (unsigned char)(2 * n);
        return end;
    }
    size_t size_n = fts_varint_put(size, 2 * (uint64_t)n);
    memmove(at + size_n, at + 1, n);
    memcpy(at, size, size_n);
    return at + size_n + n;
}

/* The places of one record, behind its size; where the record's items end. */
static const uint64_t *put_posting(unsigned char **out, const uint64_t *item, const uint64_t *end)
{
    const uint64_t place_mask = ((uint64_t)1 << PLACE_BITS) - 1;
    unsigned char *at = *out, *to = at + 1;
    uint64_t record = *item >> RECORD_SHIFT, column = 0, last = 0;
    for (; item < end && *item >> RECORD_SHIFT == record; item++) {
        uint64_t its_column = *item >> PLACE_BITS & ((1 << COLUMN_BITS) - 1);
        if (its_column != column) {
            column = its_column;
            last = 0;
            *to++ = 1;
            to = put(to, column);
        }
        to = put(to, (*item & place_mask) - last + 2);
        last = *item & place_mask;
    }
    *out = put_size(at, to);
    return item;
}

static void put_list(struct fts_words *words, uint32_t number)
{
    enum { ITEM_BYTES_MAX = 2 + 2 * FTS_VARINT_SIZE + 4 }; /* id, size, column, place */
    const uint64_t *item = words->items + words->next_item;
    const uint64_t *end = words->items + words->ends[number];
    int64_t last = 0;
    buf_clear(&words->list);
    unsigned char *to = (unsigned char *)buf_reserve(
        &words->list, (size_t)(end - item) * ITEM_BYTES_MAX + FTS_VARINT_SIZE);
    while (item < end) {
        int64_t id = words->ids[*item >> RECORD_SHIFT & (RECORDS_MAX - 1)];
        to = put(to, (uint64_t)(id - last));
        last = id;
        item = put_posting(&to, item, end);
    }
    words->list.n = (size_t)(to - (unsigned char *)words->list.p);
    words->next_item = words->ends[number];
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
