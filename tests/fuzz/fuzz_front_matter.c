/*
 * Any bytes as the head of a file, in a configured site and in a free one: no fault of the
 * machine, and what comes out is valid UTF-8 that XML can hold.
 */
#include "base/utf8.h"
#include "record/front_matter.h"
#include "record/text.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str s)
{
    for (uint32_t c; s.n > 0;) {
        if (!utf8_next(&c, &s) || !utf8_is_xml(c)) {
            abort();
        }
    }
}

static void read_as(struct arena *arena, const struct schema *schema, struct str bytes,
                    bool is_free)
{
    struct diag diag = {.is_lenient = is_free};
    struct config config = {.is_given = !is_free};
    struct front_matter head;
    struct str text = text_read(arena, STR("a/b.md"), bytes, &diag);
    struct field_reader reader = {
        .arena = arena, .path = STR("a/b.md"), .schema = schema, .config = &config, .diag = &diag};
    front_matter_read(&head, &reader, text);
    check_text(text);
    struct record record = {.fields = head.fields, .field_count = head.field_count};
    check_text(record_fields_json(arena, &record));
    struct buf told = BUF_EMPTY;
    diag_write_text(&told, &diag, LANGUAGE_ZH);
    bool is_told = utf8_find_invalid(buf_str(&told)) < 0;
    if (!is_told || head.body > text.n || (is_free && diag.error_count > 0)) {
        abort();
    }
    buf_free(&told);
    diag_free(&diag);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct schema schema;
    struct fault fault;
    struct str bytes = {(const char *)data, size};
    if (schema_load(&schema, &arena, &fault) != 0) {
        abort();
    }
    read_as(&arena, &schema, bytes, true);
    read_as(&arena, &schema, bytes, false);
    arena_free(&arena);
    return 0;
}
