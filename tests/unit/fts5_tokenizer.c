#include "fts5_tokenizer.h"

#include "search/segment.h"

/* FTS5 wants an object for each table; ours has no state. */
static const char no_state;

static int create(void *context, const char **arguments, int count, Fts5Tokenizer **out)
{
    (void)context;
    (void)arguments;
    (void)count;
    *out = (Fts5Tokenizer *)(uintptr_t)&no_state;
    return SQLITE_OK;
}

static void destroy(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

typedef int add_token(void *context, int flags, const char *token, int n, int from, int to);

struct receiver {
    add_token *add;
    void *context;
};

static int pass_token(struct receiver *receiver, struct str token, bool is_same_place)
{
    int flags = is_same_place ? FTS5_TOKEN_COLOCATED : 0;
    return receiver->add(receiver->context, flags, token.p, (int)token.n, 0, 0);
}

static int pass_tokens(void *context, const struct segment_token *tokens, size_t count)
{
    char text[SEGMENT_KEY_BYTES];
    int code = SQLITE_OK;
    for (size_t i = 0; i < count && code == SQLITE_OK; i++) {
        code = pass_token(context, segment_token_text(&tokens[i], text), tokens[i].is_same_place);
    }
    return code;
}

static int split_query(struct receiver *receiver, struct str text)
{
    struct str token;
    while (str_cut(&token, &text, ' ')) {
        int code = token.n > 0 ? pass_token(receiver, token, false) : SQLITE_OK;
        if (code != SQLITE_OK) {
            return code;
        }
    }
    return SQLITE_OK;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int n,
                    add_token *add)
{
    (void)tokenizer;
    struct receiver receiver = {add, context};
    struct str all = {text, (size_t)n};
    if ((flags & FTS5_TOKENIZE_QUERY) != 0) {
        return split_query(&receiver, all);
    }
    return segment_index(all, pass_tokens, &receiver);
}

/* The door to FTS5: a pointer that only a bound parameter can bring. */
static fts5_api *find_fts5(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

int tokenizer_register(sqlite3 *db, struct fault *fault)
{
    fts5_api *api = find_fts5(db);
    if (api == NULL || api->iVersion < 2) {
        return fault_set(fault, "this SQLite has no FTS5");
    }
    fts5_tokenizer ours = {create, destroy, tokenize};
    if (api->xCreateTokenizer(api, "unicode61", NULL, &ours, NULL) != SQLITE_OK) {
        return fault_set(fault, "FTS5 does not take a tokenizer: %s", sqlite3_errmsg(db));
    }
    return 0;
}
