/* R02, R04, R06, R11, R13, R15, R25: queries over the candidate database. */
#include "check/rule.h"

#include <string.h>

static bool is_new(const struct rule_whole *whole, bool is_touched)
{
    return whole->is_whole || is_touched;
}

static struct str keep(const struct rule_whole *whole, struct query *query, int column)
{
    return arena_copy(whole->arena, query_str(query, column));
}

/* ---- periods ---- */

enum grain { GRAIN_NONE, GRAIN_YEAR, GRAIN_HALF, GRAIN_QUARTER, GRAIN_MONTH };

struct period {
    enum grain grain;
    int64_t number; /* periods of that grain since the year 0 */
};

static struct period parse_period(struct str s)
{
    long year = s.n >= 4 ? str_number(str_slice(s, 0, 4), 9999) : -1;
    if (year < 0 || (s.n != 4 && s.n != 7)) {
        return (struct period){GRAIN_NONE, 0};
    }
    if (s.n == 4) {
        return (struct period){GRAIN_YEAR, year};
    }
    bool is_half = s.p[5] == 'H', is_quarter = s.p[5] == 'Q';
    long part = str_number(str_from(s, is_half || is_quarter ? 6 : 5), 12);
    if (part < 1) {
        return (struct period){GRAIN_NONE, 0};
    }
    if (is_half) {
        return (struct period){GRAIN_HALF, year * 2 + part - 1};
    }
    return is_quarter ? (struct period){GRAIN_QUARTER, year * 4 + part - 1}
                      : (struct period){GRAIN_MONTH, year * 12 + part - 1};
}

static const int parts_of_year[] = {
    [GRAIN_NONE] = 1, [GRAIN_YEAR] = 1, [GRAIN_HALF] = 2, [GRAIN_QUARTER] = 4, [GRAIN_MONTH] = 12};

static struct str format_period(struct arena *arena, struct period period)
{
    int parts = parts_of_year[period.grain];
    int year = (int)(period.number / parts), part = (int)(period.number % parts) + 1;
    switch (period.grain) {
    case GRAIN_HALF:
        return arena_printf(arena, "%04d-H%d", year, part);
    case GRAIN_QUARTER:
        return arena_printf(arena, "%04d-Q%d", year, part);
    case GRAIN_MONTH:
        return arena_printf(arena, "%04d-%02d", year, part);
    default:
        return arena_printf(arena, "%04d", year);
    }
}

/* The first day behind the period. */
static int64_t period_end(struct period period)
{
    int parts = parts_of_year[period.grain];
    int64_t next = period.number + 1;
    return date_to_days(
        (struct date){(int)(next / parts), (int)(next % parts) * (12 / parts) + 1, 1});
}

static enum grain grain_of(struct str every)
{
    static const struct row {
        const char *every;
        enum grain grain;
    } rows[] = {{"month", GRAIN_MONTH},
                {"quarter", GRAIN_QUARTER},
                {"half-year", GRAIN_HALF},
                {"year", GRAIN_YEAR}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_equal(every, str_of(rows[i].every))) {
            return rows[i].grain;
        }
    }
    return GRAIN_NONE;
}

/* ---- R06: an opening balance is the closing one before it ---- */

enum { LEDGERS_MAX = 16, NAME_MAX = 256 };

struct closing {
    struct str text, path;
    int64_t number;
    bool is_touched;
};

/* Ledgers of one organisation and item, in the period before and in this one. */
struct ledgers {
    struct arena arena[2]; /* by turns */
    struct closing before[LEDGERS_MAX], now[LEDGERS_MAX];
    size_t before_count, now_count;
    struct str org;
    struct period period;
};

static void turn_ledgers(struct ledgers *ledgers, bool is_next)
{
    struct arena spare = ledgers->arena[0];
    ledgers->arena[0] = ledgers->arena[1];
    ledgers->arena[1] = spare;
    arena_reset(&ledgers->arena[1]);
    memcpy(ledgers->before, ledgers->now, sizeof ledgers->now);
    ledgers->before_count = is_next ? ledgers->now_count : 0;
    ledgers->now_count = 0;
}

/* Two ledgers of one period can't be told apart: any that fits will do. */
static void check_opening(struct rule_whole *whole, const struct ledgers *ledgers, struct str path,
                          struct str opening, struct period period, bool is_touched)
{
    int64_t number;
    if (ledgers->before_count == 0 || !rule_number(&number, opening)) {
        return;
    }
    for (size_t i = 0; i < ledgers->before_count; i++) {
        is_touched = is_touched || ledgers->before[i].is_touched;
        if (ledgers->before[i].number == number) {
            return;
        }
    }
    if (is_new(whole, is_touched)) {
        const struct config_org *org = config_org(whole->rules->config, ledgers->org);
        bool is_collective = org != NULL && str_equal(org->type, STR("collective"));
        struct rule_law law = rule_law(
            whole->rules, is_collective ? "collective-finance" : "finance", period_end(period));
        rule_find(whole, DIAG_RULE_OPENING, path, "opening", &law,
                  DIAG_WITH(opening, ledgers->before[0].text, ledgers->before[0].path));
    }
}

static const char balances_sql[] =
    "SELECT r.path, r.org || char(31) || r.item, json_extract(r.fields, '$.period') AS period,"
    " json_extract(r.fields, '$.opening') AS opening, json_extract(r.fields, '$.closing'),"
    " t.is_touched OR (r.org, r.item) IN (SELECT org, item FROM temp.rule_lost), CASE WHEN "
    "length(json_extract(r.fields, '$.period')) = 4 THEN 'Y' ELSE"
    " substr('MHQ', 1 + (instr(json_extract(r.fields, '$.period'), 'H') > 0)"
    " + 2 * (instr(json_extract(r.fields, '$.period'), 'Q') > 0), 1) END AS grain"
    " FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " WHERE r.kind = 'disclosure' AND r.item <> ''"
    " AND json_extract(r.fields, '$.closing') IS NOT NULL"
    " AND json_extract(r.fields, '$.period') IS NOT NULL"
    " ORDER BY 2, grain, period, r.path";

void rule_balances(struct rule_whole *whole)
{
    struct ledgers ledgers = {.now_count = 0};
    struct query *query = database_query(whole->db, balances_sql);
    char group[NAME_MAX] = "";
    while (query_next(query)) {
        struct str name = str_slice(query_str(query, 1), 0, NAME_MAX - 1);
        struct period period = parse_period(query_str(query, 2));
        bool is_same = str_equal(name, str_of(group));
        if (!is_same || period.grain != ledgers.period.grain ||
            period.number != ledgers.period.number) {
            turn_ledgers(&ledgers, is_same && period.grain == ledgers.period.grain &&
                                       period.number == ledgers.period.number + 1);
        }
        memcpy(group, name.p, name.n);
        group[name.n] = '\0';
        ledgers.period = period;
        ledgers.org = str_slice(str_of(group), 0, (size_t)str_find_char(str_of(group), '\x1f'));
        check_opening(whole, &ledgers, query_str(query, 0), query_str(query, 3), period,
                      query_int(query, 5) != 0);
        if (ledgers.now_count < LEDGERS_MAX) {
            struct closing *now = &ledgers.now[ledgers.now_count];
            now->text = arena_copy(&ledgers.arena[1], query_str(query, 4));
            now->path = arena_copy(&ledgers.arena[1], query_str(query, 0));
            now->is_touched = query_int(query, 5) != 0;
            ledgers.now_count += rule_number(&now->number, now->text);
        }
    }
    arena_free(&ledgers.arena[0]);
    arena_free(&ledgers.arena[1]);
}

/* ---- R02: what is overdue, and what was left out in between ---- */

struct series {
    struct period period; /* of the last record */
    char group[NAME_MAX];
    struct str path;
    struct arena arena; /* of the path */
    const struct config_item *item;
    bool is_touched;
};

static int64_t due_after(const struct rule_whole *whole, const struct series *series,
                         struct period period, struct rule_law *law)
{
    int64_t end = period_end(period);
    const char *key = period.grain == GRAIN_MONTH ? "month-due" : "quarter-due";
    *law = rule_law(whole->rules, key, end);
    bool has_profile = law->is_known && period.grain >= GRAIN_QUARTER;
    int due = series->item->due;
    if (!has_profile || (due > 0 && due < law->figure)) {
        *law = rule_law(whole->rules, "publication", end);
        law->figure = due;
    }
    return law->figure > 0 ? end + law->figure - 1 : LAW_TO_THIS_DAY;
}

/* At the last one of a series: is the next one late? */
static void end_series(struct rule_whole *whole, const struct series *series)
{
    struct rule_law law;
    if (series->item == NULL || !is_new(whole, series->is_touched)) {
        return;
    }
    struct period next = {series->period.grain, series->period.number + 1};
    int64_t due = due_after(whole, series, next, &law);
    if (due < whole->rules->as_of) {
        rule_find(whole, DIAG_RULE_OVERDUE, series->path, "period", &law,
                  DIAG_WITH(series->item->name, format_period(whole->arena, next),
                            rule_day(whole->arena, due)));
    }
}

static void go_on(struct rule_whole *whole, struct series *series, struct period period,
                  struct str path, bool is_touched)
{
    if (period.number > series->period.number + 1 &&
        is_new(whole, is_touched || series->is_touched)) {
        struct rule_law law = rule_law(whole->rules, "publication", period_end(series->period));
        struct period missing = {period.grain, series->period.number + 1};
        struct period last = {period.grain, period.number - 1};
        struct str until = STR("");
        if (last.number > missing.number) {
            struct str text = format_period(whole->arena, last);
            until = arena_printf(whole->arena, "～%.*s", STR_ARG(text));
        }
        rule_find(whole, DIAG_RULE_MISSING, path, "period", &law,
                  DIAG_WITH(series->item->name, format_period(whole->arena, missing), until));
    }
}

static const char series_sql[] =
    "SELECT r.org || char(31) || r.item, r.item, json_extract(r.fields, '$.period') AS period,"
    " r.path, t.is_touched FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " WHERE r.item <> '' AND json_extract(r.fields, '$.period') IS NOT NULL"
    " ORDER BY 1, period, r.path";

void rule_overdue(struct rule_whole *whole)
{
    struct series series = {.item = NULL};
    struct query *query = database_query(whole->db, series_sql);
    while (query_next(query)) {
        const struct config_item *item = config_item(whole->rules->config, query_str(query, 1));
        struct period period = parse_period(query_str(query, 2));
        struct str group = str_slice(query_str(query, 0), 0, NAME_MAX - 1);
        if (item == NULL || period.grain == GRAIN_NONE || grain_of(item->every) != period.grain) {
            continue;
        }
        if (!str_equal(group, str_of(series.group))) {
            end_series(whole, &series);
            series.is_touched = false;
            memcpy(series.group, group.p, group.n);
            series.group[group.n] = '\0';
        } else {
            go_on(whole, &series, period, query_str(query, 3), query_int(query, 4) != 0);
        }
        series.item = item;
        series.period = period;
        series.is_touched = series.is_touched || query_int(query, 4) != 0;
        arena_reset(&series.arena);
        series.path = arena_copy(&series.arena, query_str(query, 3));
    }
    end_series(whole, &series);
    arena_free(&series.arena);
}

/* ---- R04, R25: the catalogue against what there is ---- */

static bool is_issued_by(const struct config_item *item, struct str type)
{
    for (size_t i = 0; i < item->issuer_count; i++) {
        if (str_equal(item->issuers[i], type)) {
            return true;
        }
    }
    return false;
}

/* Does an organisation at or below `top` owe the item? */
static bool is_owed(const struct config *config, const struct config_org *top,
                    const struct config_item *item)
{
    for (size_t i = 0; i < config->org_count; i++) {
        if (str_starts(config->orgs[i].lineage, top->lineage) &&
            is_issued_by(item, config->orgs[i].type)) {
            return true;
        }
    }
    return false;
}

/* The villages, and the organisations above them, each for itself. */
static bool is_counted(const struct config_org *org)
{
    return rule_is_word(org->type, "village");
}

/* Items that have one fault in common, told together: the first of them by name. */
struct named {
    struct str names;
    int64_t count;
    int line; /* of the first */
};

enum { NAMED_MAX = 6 };

static void name_item(struct rule_whole *whole, struct named *named, const struct config_item *item)
{
    named->line = named->count == 0 ? item->line : named->line;
    named->count++;
    if (named->count <= NAMED_MAX) {
        named->names = arena_printf(whole->arena, "%.*s%s%.*s", STR_ARG(named->names),
                                    named->count > 1 ? "、" : "", STR_ARG(item->name));
    }
}

static struct str and_others(const struct named *named)
{
    return named->count > NAMED_MAX ? STR("等") : STR("");
}

static void check_village(struct rule_whole *whole, const struct config_org *org,
                          const struct set *covered)
{
    const struct config *config = whole->rules->config;
    struct named missing = {.count = 0};
    for (size_t i = 0; i < config->item_count; i++) {
        const struct config_item *item = &config->items[i];
        struct str key =
            arena_printf(whole->arena, "%.*s\x1f%.*s", STR_ARG(org->key), STR_ARG(item->key));
        if (!set_has(covered, key) && is_owed(config, org, item)) {
            name_item(whole, &missing, item);
        }
    }
    if (missing.count > 0) {
        struct rule_law law = rule_law(whole->rules, "publication", whole->rules->as_of);
        rule_find_config(whole, DIAG_RULE_COVERAGE, org->line, &law,
                         DIAG_WITH(org->name, rule_int(whole->arena, missing.count), missing.names,
                                   and_others(&missing)));
    }
}

/* Only a whole check asks this: what lacks is nowhere that a change could touch. */
void rule_coverage(struct rule_whole *whole)
{
    const struct config *config = whole->rules->config;
    struct set covered = {0};
    struct query *query =
        database_query(whole->db, "SELECT DISTINCT v.key || char(31) || r.item FROM records AS r"
                                  " JOIN organisations AS o ON o.key = r.org"
                                  " JOIN organisations AS v ON v.type = 'village'"
                                  " AND substr(o.lineage, 1, length(v.lineage)) = v.lineage"
                                  " WHERE r.item <> ''");
    while (whole->is_whole && query_next(query)) {
        set_add(&covered, query_str(query, 0));
    }
    query_reset(query);
    for (size_t i = 0; whole->is_whole && i < config->org_count; i++) {
        if (is_counted(&config->orgs[i])) {
            check_village(whole, &config->orgs[i], &covered);
        }
    }
    set_free(&covered);
}

/* After how many days without a record an item has stopped. */
static int64_t rest_of(const struct rule_whole *whole, const struct config_item *item)
{
    static const int64_t days[] = {[GRAIN_NONE] = 183,
                                   [GRAIN_YEAR] = 550,
                                   [GRAIN_HALF] = 365,
                                   [GRAIN_QUARTER] = 183,
                                   [GRAIN_MONTH] = 92};
    enum grain grain = grain_of(item->every);
    /* Events come when they come; only the inspection of government sites counts their days. */
    bool is_event = grain == GRAIN_NONE && !whole->rules->config->rules.is_government;
    return is_event ? LAW_TO_THIS_DAY : days[grain];
}

void rule_stale(struct rule_whole *whole)
{
    const struct config *config = whole->rules->config;
    struct rule_law law = rule_law(whole->rules, "upkeep", whole->rules->as_of);
    struct named empty = {.count = 0};
    for (size_t i = 0; whole->is_whole && i < config->item_count; i++) {
        const struct config_item *item = &config->items[i];
        struct date last;
        struct query *query =
            database_query(whole->db, "SELECT max(date) FROM records WHERE item = ?1");
        query_bind_str(query, 1, item->key);
        bool has_any = query_next(query) && date_parse(&last, query_str(query, 0));
        query_reset(query);
        if (!has_any) {
            name_item(whole, &empty, item);
        } else if (whole->rules->as_of - date_to_days(last) > rest_of(whole, item)) {
            rule_find_config(
                whole, DIAG_RULE_STALE_COLUMN, item->line, &law,
                DIAG_WITH(item->name, rule_day(whole->arena, date_to_days(last)),
                          rule_int(whole->arena, whole->rules->as_of - date_to_days(last))));
        }
    }
    if (empty.count > 0) {
        rule_find_config(
            whole, DIAG_RULE_EMPTY_COLUMN, empty.line, &law,
            DIAG_WITH(empty.names, rule_int(whole->arena, empty.count), and_others(&empty)));
    }
}

/* ---- R11: one step behind the other ---- */

static int rank_of(struct str step)
{
    static const char *const steps[] = {"propose", "discuss",          "review",
                                        "decide",  "publish_decision", "publish_result"};
    for (int i = 0; i < 6; i++) {
        if (str_equal(step, str_of(steps[i]))) {
            return i + 1;
        }
    }
    return 0;
}

static const char chain_sql[] =
    "SELECT r.path, json_extract(r.fields, '$.step'),"
    " coalesce(json_extract(r.fields, '$.held'), r.date), p.path, json_extract(p.fields, '$.step'),"
    " coalesce(json_extract(p.fields, '$.held'), p.date), p.title"
    " FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " CROSS JOIN links AS l ON l.record = r.id AND l.text = json_extract(r.fields, '$.previous')"
    " CROSS JOIN records AS p ON p.path = l.target"
    " LEFT JOIN temp.rule_record AS q ON q.id = p.id"
    " WHERE json_extract(r.fields, '$.previous') IS NOT NULL"
    " AND (t.is_touched OR coalesce(q.is_touched, 0)) ORDER BY r.path";

void rule_chain(struct rule_whole *whole)
{
    struct query *query = database_query(whole->db, chain_sql);
    while (query_next(query)) {
        struct str path = keep(whole, query, 0), day = keep(whole, query, 2),
                   before = keep(whole, query, 5), title = keep(whole, query, 6);
        int rank = rank_of(query_str(query, 1)), last = rank_of(query_str(query, 4));
        struct rule_law law = rule_law(whole->rules, "archive", whole->rules->as_of);
        if (rank > 0 && last > rank) {
            rule_find(whole, DIAG_RULE_STEP_ORDER, path, "previous", &law, DIAG_WITH(title));
        } else if (rank > 0 && last > 0 && rank > last + 1 && !(last == 1 && rank == 3)) {
            rule_find(whole, DIAG_RULE_STEP_LEFT_OUT, path, "previous", &law, DIAG_WITH(title));
        }
        if (day.n > 0 && before.n > 0 && str_compare(day, before) < 0) {
            rule_find(whole, DIAG_RULE_STEP_EARLIER, path, "previous", &law,
                      DIAG_WITH(day, title, before));
        }
    }
}

/* ---- R13: what was decided is carried out, and somebody does it ---- */

static const char decisions_sql[] =
    "SELECT r.path, m.key, json_extract(m.value, '$.text'), json_extract(m.value, '$.deadline'),"
    " json_extract(m.value, '$.executor') IS NULL,"
    " json_extract(m.value, '$.done_by') IS NULL AND json_extract(m.value, '$.done_date') IS NULL,"
    " json_extract(r.fields, '$.held')"
    " FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " CROSS JOIN json_each(r.fields, '$.motions') AS m"
    " WHERE t.is_touched AND r.kind = 'meeting'"
    " AND CASE WHEN m.type = 'object' THEN json_extract(m.value, '$.result') = 'passed'"
    " AND json_extract(m.value, '$.decision') IS NOT NULL END ORDER BY r.path, m.key";

void rule_decisions(struct rule_whole *whole)
{
    struct query *query = database_query(whole->db, decisions_sql);
    while (query_next(query)) {
        struct date deadline, held;
        struct str path = keep(whole, query, 0), text = keep(whole, query, 2);
        int64_t index = query_int(query, 1);
        bool has_deadline = date_parse(&deadline, query_str(query, 3));
        bool has_nobody = query_int(query, 4) != 0, is_undone = query_int(query, 5) != 0;
        int64_t day =
            date_parse(&held, query_str(query, 6)) ? date_to_days(held) : whole->rules->as_of;
        struct rule_law law = rule_law(whole->rules, "publication", day);
        char field[64];
        struct str name = arena_printf(whole->arena, "motions.%lld%s", (long long)index,
                                       has_deadline ? ".deadline" : ".text");
        memcpy(field, name.p, name.n);
        field[name.n] = '\0';
        if (has_deadline && is_undone && date_to_days(deadline) < whole->rules->as_of) {
            rule_find(
                whole, DIAG_RULE_UNDONE, path, field, &law,
                DIAG_WITH(text, rule_day(whole->arena, date_to_days(deadline)),
                          rule_int(whole->arena, whole->rules->as_of - date_to_days(deadline))));
        } else if (is_undone && (has_nobody || !has_deadline)) {
            rule_find(whole, DIAG_RULE_NOBODY, path, field, &law, DIAG_WITH(text));
        }
    }
}

/* ---- R15: nobody watches over himself ---- */

/*
 * Who holds what, by village: records of one person, and rows of tables with 姓名 and 职务.
 * Restricted, only where such a record was touched.
 */
static const char make_holders[] =
    "CREATE TEMP TABLE rule_holder AS"
    " SELECT r.path AS path, v.key AS village, json_extract(r.fields, '$.person') AS person,"
    " o.name || coalesce(json_extract(r.fields, '$.post'), '') AS post"
    " FROM records AS r JOIN organisations AS o ON o.key = r.org"
    " JOIN organisations AS v ON v.type = 'village'"
    " AND substr(o.lineage, 1, length(v.lineage)) = v.lineage"
    " WHERE r.kind = 'assignment' AND json_extract(r.fields, '$.person') IS NOT NULL"
    " AND coalesce(json_extract(r.fields, '$.ends'), '9999') >="
    " (SELECT day FROM temp.rule_day)"
    " UNION ALL SELECT r.path, v.key, json_extract(w.cells, '$[' || n.key || ']'),"
    " coalesce(json_extract(w.cells, '$[' || b.key || ']'), o.name) ||"
    " coalesce(json_extract(w.cells, '$[' || p.key || ']'), '')"
    " FROM tables AS t JOIN records AS r ON r.id = t.record"
    " AND r.kind IN ('org', 'term', 'assignment')"
    " JOIN organisations AS o ON o.key = r.org"
    " JOIN organisations AS v ON v.type = 'village'"
    " AND substr(o.lineage, 1, length(v.lineage)) = v.lineage"
    " JOIN json_each(t.columns) AS n ON n.value = '姓名'"
    " JOIN json_each(t.columns) AS p ON p.value IN ('职务', '岗位')"
    " LEFT JOIN json_each(t.columns) AS b ON b.value IN ('组织', '所属组织')"
    " LEFT JOIN json_each(t.columns) AS e ON e.value IN ('任职结束', '任期止')"
    " JOIN table_rows AS w ON w.table_id = t.id"
    " WHERE coalesce(nullif(json_extract(w.cells, '$[' || e.key || ']'), ''), '9999') >="
    " (SELECT day FROM temp.rule_day)";

static const char holders_sql[] =
    "SELECT a.path, a.person, a.post, b.post FROM temp.rule_holder AS a"
    " JOIN temp.rule_holder AS b ON b.village = a.village AND b.person = a.person"
    " WHERE (a.post LIKE '%监督委员会%' OR a.post LIKE '%监委会%')"
    " AND (b.post LIKE '%村民委员会%' OR b.post LIKE '%村委会%') AND a.post <> b.post"
    " AND b.post NOT LIKE '%监%' GROUP BY a.path, a.person ORDER BY a.path, a.person";

static bool has_holders(struct rule_whole *whole)
{
    struct query *query = database_query(
        whole->db, "SELECT 1 FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
                   " WHERE t.is_touched AND r.kind IN ('org', 'term', 'assignment') LIMIT 1");
    bool has = query_next(query);
    query_reset(query);
    return has;
}

void rule_posts(struct rule_whole *whole)
{
    if (!has_holders(whole)) {
        return;
    }
    database_run(whole->db, "CREATE TEMP TABLE rule_day (day TEXT)");
    struct query *day = database_query(whole->db, "INSERT INTO temp.rule_day VALUES (?1)");
    query_bind_str(day, 1, rule_day(whole->arena, whole->rules->as_of));
    query_run(day);
    database_run(whole->db, make_holders);
    struct rule_law law = rule_law(whole->rules, "supervision", whole->rules->as_of);
    struct query *query = database_query(whole->db, holders_sql);
    while (query_next(query)) {
        rule_find(whole, DIAG_RULE_POSTS, query_str(query, 0), "", &law,
                  DIAG_WITH(query_str(query, 1), query_str(query, 2), query_str(query, 3)));
    }
    query_reset(query);
    database_run(whole->db, "DROP TABLE temp.rule_holder; DROP TABLE temp.rule_day");
}
