/*
 * fts5_tokenizer: gives FTS5 our own cutting of text, so that it writes the index that the store
 * writes by itself.
 *
 * It is registered under the name unicode61: FTS5 lets a later registration of a name win.
 *
 * In a query on such a connection, tokens are what stands between blanks, as segment_query writes
 * them.
 */
#ifndef TESTS_FTS5_TOKENIZER_H
#define TESTS_FTS5_TOKENIZER_H

#include "base/fault.h"

#include <sqlite3.h>

/* Call it before the first statement that names the table. */
int tokenizer_register(sqlite3 *db, struct fault *fault);

#endif
