/*
 * tokenizer: gives FTS5, on the connection that writes the index, our own cutting of text. For
 * store/ and tests.
 *
 * It is registered under the name unicode61: FTS5 lets a later registration of a name win. So the
 * table is declared with a tokenizer that every SQLite has, and since unicode61 leaves our tokens
 * alone (search/segment.h), any stock client can ask the finished table for them. Only cutting text
 * into them needs us.
 *
 * In a query on such a connection, tokens are what stands between blanks, as segment_query writes
 * them.
 */
#ifndef STORE_TOKENIZER_H
#define STORE_TOKENIZER_H

#include "base/fault.h"

#include <sqlite3.h>

/* Call it before the first statement that names the table. */
int tokenizer_register(sqlite3 *db, struct fault *fault);

#endif
