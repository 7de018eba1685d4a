#include "store/digest.h"

#include "base/buf.h"

/* The rows as text, a column a field: none of them can hold U+001F, which source files may not. */
#define ROWS(columns, from) "SELECT " columns " FROM " from
#define S " || char(31) || "

static const char *const row_queries[] = {
    ROWS("path" S "url" S "kind" S "title" S "date" S "org" S "item" S "summary" S "fields" S
         "blob" S "created" S "updated" S "body_length" S "table_length" S "text",
         "records ORDER BY path"),
    ROWS("path" S "number" S "caption" S "source" S "columns" S "tables.url",
         "tables JOIN records ON records.id = record ORDER BY path, number"),
    ROWS("path" S "tables.number" S "table_rows.number" S "cells",
         "records JOIN tables ON record = records.id JOIN table_rows ON table_id = tables.id"
         " ORDER BY path, tables.number, table_rows.number"),
    ROWS("path" S "tag", "tags JOIN records ON records.id = record ORDER BY path, tag"),
    ROWS("path" S "target" S "links.text",
         "links JOIN records ON records.id = record ORDER BY path, target, links.text"),
    ROWS("path" S "url" S "bytes" S "blob", "attachments ORDER BY path"),
    ROWS("moved.url" S "path", "moved JOIN records ON records.id = record ORDER BY moved.url"),
    ROWS("key" S "name" S "type" S "code" S "parent" S "folder", "organisations ORDER BY key"),
    ROWS("key" S "name" S "category" S "every" S "ifnull(due, '')" S "ifnull(notice_days, '')" S
         "issuers" S "basis" S "content",
         "items ORDER BY key"),
    ROWS("word" S "same", "synonyms ORDER BY word, same"),
};

int store_digest(char out[DIGEST_TEXT_SIZE], struct database *db, struct fault *fault)
{
    struct digest *digest = digest_new();
    for (size_t i = 0; i < sizeof row_queries / sizeof row_queries[0]; i++) {
        struct query *query = database_query(db, row_queries[i]);
        while (query_next(query)) {
            digest_add(digest, query_str(query, 0));
            digest_add(digest, STR("\x1e"));
        }
        digest_add(digest, STR("\x1d"));
    }
    if (digest_finish(out, digest, fault) != 0) {
        return -1;
    }
    return database_check(db, fault);
}
