#include "theme/frozen.h"

#include <string.h>

struct frozen_string {
    struct str key, text;
};

struct theme_page {
    struct program program;
    const struct frozen_string *strings;
    size_t string_count;
};

/* The bytes, and how many of each they hold. */
struct reader {
    const unsigned char *p;
    size_t op_count, part_count, string_count;
    struct str pool;
    struct key *parts;
    bool is_wrong;
};

static size_t read_number(const unsigned char *p)
{
    return p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

static size_t next_number(struct reader *reader)
{
    size_t number = read_number(reader->p);
    reader->p += FROZEN_NUMBER;
    return number;
}

/* A piece of the pool, by its offset and length. */
static struct str next_text(struct reader *reader)
{
    size_t offset = next_number(reader), n = next_number(reader);
    if (offset > reader->pool.n || n > reader->pool.n - offset) {
        reader->is_wrong = true;
        return STR("");
    }
    return str_slice(reader->pool, offset, offset + n);
}

/* Is there room for all that the head speaks of? */
static bool read_head(struct reader *reader, struct str bytes)
{
    size_t head = FROZEN_HEAD * FROZEN_NUMBER;
    reader->p = (const unsigned char *)bytes.p;
    if (bytes.n < head || next_number(reader) != FROZEN_MARK) {
        return false;
    }
    reader->op_count = next_number(reader);
    reader->part_count = next_number(reader);
    reader->string_count = next_number(reader);
    size_t numbers = reader->op_count * FROZEN_OP + reader->part_count * FROZEN_PART +
                     reader->string_count * FROZEN_STRING;
    if (numbers > (bytes.n - head) / FROZEN_NUMBER) {
        return false;
    }
    reader->pool = str_from(bytes, head + numbers * FROZEN_NUMBER);
    return true;
}

static bool is_frozen_kind(size_t kind)
{
    return kind == OP_TEXT || kind == OP_ESCAPED || kind == OP_RAW || kind == OP_SECTION ||
           kind == OP_INVERTED;
}

static void read_op(struct reader *reader, struct op *op, size_t at)
{
    size_t first = next_number(reader);
    size_t kind = first & ((1u << FROZEN_KIND_BITS) - 1), parts = first >> FROZEN_KIND_BITS;
    size_t end = next_number(reader);
    if (!is_frozen_kind(kind) || end <= at || end > reader->op_count) {
        reader->is_wrong = true;
        return;
    }
    op->kind = (enum op_kind)kind;
    op->end = (uint32_t)end;
    if (kind == OP_TEXT) {
        op->text = next_text(reader);
        return;
    }
    size_t part = next_number(reader);
    (void)next_number(reader);
    if (part > reader->part_count || parts > reader->part_count - part || parts > UINT16_MAX) {
        reader->is_wrong = true;
        return;
    }
    op->name = reader->parts + part;
    op->name_count = (uint16_t)parts;
}

int theme_thaw(struct theme_page **out, struct arena *arena, struct str bytes)
{
    struct reader reader = {.is_wrong = false};
    if (!read_head(&reader, bytes)) {
        return -1;
    }
    struct theme_page *page = arena_alloc(arena, sizeof *page);
    struct op *ops = arena_array(arena, reader.op_count + 1, sizeof *ops);
    reader.parts = arena_array(arena, reader.part_count + 1, sizeof *reader.parts);
    for (size_t i = 0; i < reader.op_count && !reader.is_wrong; i++) {
        read_op(&reader, &ops[i], i);
    }
    for (size_t i = 0; i < reader.part_count && !reader.is_wrong; i++) {
        reader.parts[i] = key_of(next_text(&reader));
    }
    struct frozen_string *strings = arena_array(arena, reader.string_count + 1, sizeof *strings);
    for (size_t i = 0; i < reader.string_count && !reader.is_wrong; i++) {
        strings[i].key = next_text(&reader);
        strings[i].text = next_text(&reader);
    }
    *page = (struct theme_page){{ops, (uint32_t)reader.op_count}, strings, reader.string_count};
    *out = page;
    return reader.is_wrong ? -1 : 0;
}

struct str theme_page_string(const struct theme_page *page, const char *key)
{
    struct str wanted = str_of(key);
    size_t low = 0, high = page->string_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(page->strings[middle].key, wanted);
        if (order == 0) {
            return page->strings[middle].text;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return wanted;
}

int theme_page_render(const struct theme_page *page, struct buf *out, const struct value *values,
                      struct fault *fault)
{
    struct render render = {.out = out,
                            .start = out->n,
                            .indent = BUF_EMPTY,
                            .stack = {values},
                            .stack_count = 1,
                            .fault = fault};
    int rc = render_run(&render, page->program);
    if (rc < 0) {
        buf_truncate(out, render.start);
    }
    return rc;
}
