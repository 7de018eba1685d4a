#include "store/digest.h"

#include "base/buf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* No source file holds the separators: they are control characters. */
#define FIELD_END "\x1f"
#define ROW_END "\x1e"

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void parse_lanes(uint64_t lanes[4], const char *text)
{
    for (int lane = 0; lane < 4; lane++) {
        lanes[lane] = 0;
        for (int i = 0; i < 16; i++) {
            lanes[lane] = lanes[lane] << 4 | (uint64_t)hex_value(text[lane * 16 + i]);
        }
    }
}

static void row_lanes(uint64_t lanes[4], struct row_digest *digest, const struct str *values,
                      size_t count)
{
    unsigned char bytes[DIGEST_SIZE] = {0};
    if (digest->sha == NULL) {
        digest->sha = digest_new();
    }
    buf_clear(&digest->row);
    for (size_t i = 0; i < count; i++) {
        buf_add(&digest->row, values[i]);
        buf_add(&digest->row, STR(FIELD_END));
    }
    digest_add(digest->sha, buf_str(&digest->row));
    digest->has_failed = !digest_take(bytes, digest->sha) || digest->has_failed;
    for (int i = 0; i < DIGEST_SIZE; i++) {
        lanes[i / 8] = lanes[i / 8] << 8 | bytes[i];
    }
}

void row_digest_add(struct row_digest *digest, const struct str *values, size_t count)
{
    uint64_t lanes[4] = {0};
    row_lanes(lanes, digest, values, count);
    for (int i = 0; i < 4; i++) {
        digest->lanes[i] += lanes[i];
    }
}

void row_digest_subtract(struct row_digest *digest, const struct str *values, size_t count)
{
    uint64_t lanes[4] = {0};
    row_lanes(lanes, digest, values, count);
    for (int i = 0; i < 4; i++) {
        digest->lanes[i] -= lanes[i];
    }
}

void row_digest_format(char out[DIGEST_TEXT_SIZE], const struct row_digest *digest)
{
    const uint64_t *lanes = digest->lanes;
    snprintf(out, DIGEST_TEXT_SIZE, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
             lanes[0], lanes[1], lanes[2], lanes[3]);
}

struct row_digest row_digest_parse(struct str text)
{
    struct row_digest digest = ROW_DIGEST_NONE;
    for (size_t i = 0; i < text.n; i++) {
        if (hex_value(text.p[i]) < 0) {
            return digest;
        }
    }
    if (text.n == DIGEST_TEXT_SIZE - 1) {
        parse_lanes(digest.lanes, text.p);
    }
    return digest;
}

void row_digest_free(struct row_digest *digest)
{
    digest_free(digest->sha);
    buf_free(&digest->row);
    digest->sha = NULL;
}

#define S " || char(31) || "

static const char *const small_tables[] = {
    "SELECT key" S "value FROM meta WHERE key NOT IN ('digest', 'rows_digest') ORDER BY key",
    "SELECT key" S "name" S "type" S "code" S "parent" S "folder FROM organisations ORDER BY key",
    "SELECT key" S "name" S "category" S "every" S "ifnull(due, '')" S "ifnull(notice_days, '')" S
    "issuers" S "basis" S "content FROM items ORDER BY key",
    "SELECT path" S "url" S "bytes" S "blob FROM attachments ORDER BY path",
    "SELECT moved.url" S "path FROM moved JOIN records ON records.id = moved.record"
    " ORDER BY moved.url",
    "SELECT path" S "url" S "kind" S "org" S "item" S "index_number" S "title" S "cause" S "date" S
    "reason" S "approved_by" S "by_record" S "announced" S "updated FROM withdrawals ORDER BY path",
    "SELECT url" S "path FROM withdrawn_addresses ORDER BY url",
    "SELECT word" S "same FROM synonyms ORDER BY word, same",
    "SELECT language" S "name" S "hex(page) FROM search_pages ORDER BY language, name",
};

int store_digest(char out[DIGEST_TEXT_SIZE], const struct row_digest *rows, struct database *db,
                 struct fault *fault)
{
    char text[DIGEST_TEXT_SIZE];
    if (rows->has_failed) {
        return fault_set(fault, "SHA-256 failed");
    }
    struct digest *digest = digest_new();
    row_digest_format(text, rows);
    digest_add(digest, str_of(text));
    for (size_t i = 0; i < sizeof small_tables / sizeof small_tables[0]; i++) {
        struct query *query = database_query(db, small_tables[i]);
        while (query_next(query)) {
            digest_add(digest, query_str(query, 0));
            digest_add(digest, STR(ROW_END));
        }
        digest_add(digest, STR(ROW_END));
    }
    if (digest_finish(out, digest, fault) != 0) {
        return -1;
    }
    return database_check(db, fault);
}
