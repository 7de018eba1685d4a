/* R29: numbers that the database does not have, and those that a record names and nobody has; R06:
 * ledgers that it does not have any more. */
#include "check/rule.h"
#include "record/suggest.h"

static const char make_numbers[] =
    "CREATE TEMP TABLE IF NOT EXISTS rule_number (path TEXT PRIMARY KEY, index_number TEXT,"
    " created INTEGER) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS rule_known (index_number TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS rule_named (path TEXT, field TEXT, index_number TEXT,"
    " PRIMARY KEY (path, field)) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS rule_lost (org TEXT, item TEXT, PRIMARY KEY (org, item))"
    " WITHOUT ROWID;";

void rule_numbers_begin(struct database *db)
{
    database_run(db, make_numbers);
}

void rule_numbers_end(struct database *db)
{
    database_run(db, "DROP TABLE temp.rule_number; DROP TABLE temp.rule_known;"
                     " DROP TABLE temp.rule_named; DROP TABLE temp.rule_lost;");
}

void rules_lose_ledger(struct database *db, struct str org, struct str item)
{
    rule_numbers_begin(db);
    struct query *query =
        database_query(db, "INSERT OR IGNORE INTO temp.rule_lost VALUES (?1, ?2)");
    query_bind_str(query, 1, org);
    query_bind_str(query, 2, item);
    query_run(query);
}

void rules_hold_number(struct database *db, struct str path, struct str number, int64_t created)
{
    rule_numbers_begin(db);
    struct query *query =
        database_query(db, "INSERT OR IGNORE INTO temp.rule_number VALUES (?1, ?2, ?3)");
    query_bind_str(query, 1, path);
    query_bind_str(query, 2, number);
    query_bind_int(query, 3, created);
    query_run(query);
}

void rules_know_number(struct database *db, struct str number)
{
    rule_numbers_begin(db);
    struct query *query = database_query(db, "INSERT OR IGNORE INTO temp.rule_known VALUES (?1)");
    query_bind_str(query, 1, number);
    query_run(query);
}

void rules_hold_named(struct database *db, struct str path, const char *field, struct str number)
{
    rule_numbers_begin(db);
    struct query *query =
        database_query(db, "INSERT OR IGNORE INTO temp.rule_named VALUES (?1, ?2, ?3)");
    query_bind_str(query, 1, path);
    query_bind_str(query, 2, str_of(field));
    query_bind_str(query, 3, number);
    query_run(query);
}

#define IS_KNOWN(number)                                                                           \
    " (EXISTS (SELECT 1 FROM records WHERE index_number = " number " AND index_number <> '')"      \
    " OR " number " IN (SELECT index_number FROM withdrawals)"                                     \
    " OR " number " IN (SELECT index_number FROM temp.rule_number)"                                \
    " OR " number " IN (SELECT index_number FROM temp.rule_known))"

/* All of them, restricted or not: they are few, and whose number is gone was not touched itself. */
static const char unknown_sql[] =
    "WITH named (path, field, number) AS"
    " (SELECT path, 'corrects', corrects FROM records WHERE corrects <> ''"
    " UNION ALL SELECT path, 'withdraws', json_extract(fields, '$.withdraws') FROM records"
    " WHERE instr(fields, '\"withdraws\"') > 0"
    " UNION ALL SELECT path, field, index_number FROM temp.rule_named)"
    " SELECT path, field, number FROM named WHERE number <> ''"
    " AND NOT" IS_KNOWN("number");

static bool is_known(struct rule_whole *whole, struct str number)
{
    struct query *query = database_query(whole->db, "SELECT" IS_KNOWN("?1"));
    query_bind_str(query, 1, number);
    bool is_there = query_next(query) && query_int(query, 0) != 0;
    query_reset(query);
    return is_there;
}

/* The nearest number of another public record than `own`, and whose it is; what is hidden is told
 * to nobody. */
static struct str find_near(struct rule_whole *whole, struct str own, struct str number,
                            struct str *path)
{
    struct suggest suggest = {.wanted = number};
    struct str best = STR("");
    struct query *query = database_query(whole->db, "SELECT index_number, path FROM records WHERE"
                                                    " index_number <> '' AND path <> ?1"
                                                    " ORDER BY 1, 2");
    query_bind_str(query, 1, own);
    while (query_next(query)) {
        suggest_offer(&suggest, query_str(query, 0));
        if (!str_equal(suggest.best, best)) {
            suggest.best = best = arena_copy(whole->arena, query_str(query, 0));
            *path = arena_copy(whole->arena, query_str(query, 1));
        }
    }
    return best;
}

static void tell_unknown(struct rule_whole *whole, struct str path, const char *field,
                         struct str number)
{
    struct rule_law law = rule_law(whole->rules, "index-number", whole->rules->as_of);
    struct str narrow = rule_narrow(whole->arena, number), whose = STR("");
    if (is_known(whole, narrow)) {
        rule_find(whole, DIAG_RULE_NAMED_WIDE, path, field, &law, DIAG_WITH(number, narrow));
        return;
    }
    struct str near = find_near(whole, path, narrow, &whose);
    rule_find(whole, near.n > 0 ? DIAG_RULE_NAMED_NEAR : DIAG_RULE_NAMED_UNKNOWN, path, field, &law,
              DIAG_WITH(number, near, whose));
}

/* Who names a number that nobody has believes that a record is withdrawn, and it stays public. */
static void check_named(struct rule_whole *whole)
{
    struct query *query = database_query(whole->db, unknown_sql);
    while (query_next(query)) {
        bool is_correction = str_equal(query_str(query, 1), STR("corrects"));
        struct str path = arena_copy(whole->arena, query_str(query, 0)),
                   number = arena_copy(whole->arena, query_str(query, 2));
        tell_unknown(whole, path, is_correction ? "corrects" : "withdraws", number);
    }
}

void rule_numbers(struct rule_whole *whole)
{
    rule_duplicates(whole);
    check_named(whole);
}
