/* R01, R17, R26, R29: what is public for some time already; queries over the candidate database. */
#include "check/rule.h"

/* ---- R17: the notice is over, the names are still there ---- */

static const char expired_sql[] =
    "SELECT r.path, json_extract(r.fields, '$.notice_end') AS ends, count(*)"
    " FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " CROSS JOIN tables AS s ON s.record = r.id"
    " WHERE t.is_touched AND json_extract(r.fields, '$.notice_end') < ?1"
    " AND json_extract(r.fields, '$.depublish_at') IS NULL"
    " AND EXISTS (SELECT 1 FROM json_each(s.columns) AS name CROSS JOIN table_rows AS w"
    " ON w.table_id = s.id AND json_extract(w.cells, '$[' || name.key || ']') <> ''"
    " AND json_extract(w.cells, '$[' || name.key || ']') NOT LIKE '%*%'"
    " AND json_extract(w.cells, '$[' || name.key || ']') NOT LIKE '%＊%'"
    " AND json_extract(w.cells, '$[' || name.key || ']') NOT LIKE '%某%'"
    " AND json_extract(w.cells, '$[' || name.key || ']') NOT LIKE '%计'"
    " WHERE replace(name.value, ' ', '') IN"
    " ('姓名', '户主', '户主姓名', '申请人', '申请人姓名', '领取人', '受益人', '持卡人', '农户',"
    " '农户姓名', '对象', '救助对象', '保障对象', '享受对象', '补贴对象', '老人姓名', '村民姓名'))"
    " AND NOT EXISTS (SELECT 1 FROM json_each(s.columns) WHERE replace(value, ' ', '') IN"
    " ('职务', '岗位', '任职', '分工', '得票', '得票数', '候选人', '推选票数', '称职', '不称职',"
    " '同意票', '办公电话', '岗位电话')) GROUP BY r.id ORDER BY r.path";

void rule_expired(struct rule_whole *whole)
{
    struct query *query = database_query(whole->db, expired_sql);
    struct rule_law law = rule_law(whole->rules, "retention", whole->rules->as_of);
    query_bind_str(query, 1, rule_day(whole->arena, whole->rules->as_of));
    while (query_next(query)) {
        rule_find(whole, DIAG_RULE_NAMES_EXPIRED, query_str(query, 0), "notice_end", &law,
                  DIAG_WITH(query_str(query, 1)));
    }
}

/* ---- R01: a notice that came into the repository when its days had begun ---- */

static const char late_sql[] =
    "SELECT r.path, r.org, json_extract(r.fields, '$.notice_start') AS starts,"
    " json_extract(r.fields, '$.notice_end') AS ends, date(r.created + ?1, 'unixepoch') AS came"
    " FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " WHERE t.is_touched AND starts < came AND ends >= came AND r.date < came ORDER BY r.path";

/* One that hung on the board in time is well: only who brings it is told. */
void rule_posted_late(struct rule_whole *whole)
{
    const struct rules_ages *ages = whole->ages;
    struct query *query = database_query(whole->db, late_sql);
    query_bind_int(query, 1, whole->rules->config->utc_offset);
    while (query_next(query)) {
        struct date start, end, came;
        const struct config_org *org = config_org(whole->rules->config, query_str(query, 1));
        if (!date_parse(&start, query_str(query, 2)) || !date_parse(&end, query_str(query, 3)) ||
            !date_parse(&came, query_str(query, 4)) || !rule_is_village_org(org) ||
            (ages != NULL && !ages->is_new(ages->context, query_str(query, 0)))) {
            continue;
        }
        struct rule_law law = rule_law(whole->rules, "posting-days", date_to_days(start));
        int64_t claimed = date_to_days(end) - date_to_days(start);
        int64_t days = date_to_days(end) - date_to_days(came);
        if (law.is_known && claimed >= law.figure && days < law.figure) {
            rule_find(whole, DIAG_RULE_POSTING_CAME_LATE, query_str(query, 0), "notice_end", &law,
                      DIAG_WITH(query_str(query, 4), query_str(query, 2),
                                rule_int(whole->arena, days), rule_int(whole->arena, law.figure),
                                rule_day(whole->arena, date_to_days(came) + law.figure)));
        }
    }
}

/* ---- R26: changed after it was published, and nobody says so ---- */

static const char edited_sql[] =
    "SELECT r.path, r.date, date(r.updated + ?1, 'unixepoch') AS edited"
    " FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " WHERE t.is_touched AND r.kind IN ('disclosure', 'meeting') AND r.updated > r.created"
    " AND date(r.updated + ?1, 'unixepoch') > r.date"
    " AND date(r.updated + ?1, 'unixepoch') > coalesce(json_extract(r.fields, '$.publish_at'), '')"
    " AND date(r.updated + ?1, 'unixepoch') > date(r.created + ?1, 'unixepoch')"
    " AND coalesce(json_extract(r.fields, '$.corrections[#-1].date'), '') <"
    " date(r.updated + ?1, 'unixepoch')"
    " AND json_extract(r.fields, '$.withdrawn') IS NULL"
    " AND r.index_number NOT IN (SELECT corrects FROM records WHERE corrects <> '')"
    " ORDER BY r.path";

void rule_edited(struct rule_whole *whole)
{
    struct query *query = database_query(whole->db, edited_sql);
    struct rule_law law = rule_law(whole->rules, "correction", whole->rules->as_of);
    query_bind_int(query, 1, whole->rules->config->utc_offset);
    while (query_next(query)) {
        rule_find(whole, DIAG_RULE_EDITED, query_str(query, 0), "", &law,
                  DIAG_WITH(query_str(query, 1), query_str(query, 2)));
    }
}

/* ---- R29: an index number is one record's, for life ---- */

/* Whatever became of a record, its number stays its own: rows of `withdrawals`, and what the
 * database does not have at all. */
static const char duplicates_sql[] =
    "WITH holder (path, index_number, created, is_touched) AS (SELECT r.path, r.index_number,"
    " r.created, t.is_touched FROM temp.rule_record AS t CROSS JOIN records AS r ON r.id = t.id"
    " WHERE r.index_number <> '' UNION ALL SELECT path, index_number, updated,"
    " ?1 OR path IN (SELECT path FROM temp.rule_touched) FROM withdrawals"
    " WHERE index_number <> '' UNION ALL SELECT path, index_number, created, 1"
    " FROM temp.rule_number)"
    " SELECT path, index_number, created FROM (SELECT path, index_number, created,"
    " max(is_touched) OVER same AS is_touched, count(*) OVER same AS holders"
    " FROM holder WINDOW same AS (PARTITION BY index_number))"
    " WHERE holders > 1 AND is_touched ORDER BY index_number, created, path";

/* Records of one number, in order of creation. */
struct holders {
    struct str number, *paths;
    size_t count, first; /* first: who has had it longest */
    int64_t age;         /* of that one */
};

/* Whose number it is, is told to all the others. */
static void end_holders(struct rule_whole *whole, struct holders *holders)
{
    struct rule_law law = rule_law(whole->rules, "index-number", whole->rules->as_of);
    for (size_t i = 0; i < holders->count; i++) {
        if (i != holders->first) {
            rule_find(whole, DIAG_RULE_INDEX_TWICE, holders->paths[i], "index", &law,
                      DIAG_WITH(holders->number, holders->paths[holders->first]));
        }
    }
    *holders = (struct holders){.count = 0};
}

static void add_holder(struct rule_whole *whole, struct holders *holders, struct str path,
                       int64_t age)
{
    const struct rules_ages *ages = whole->ages;
    if (ages != NULL && !whole->has_failed) {
        whole->has_failed =
            ages->find(ages->context, path, holders->number, &age, whole->fault) != 0;
    }
    if (holders->count == 0 || age < holders->age) {
        holders->first = holders->count;
        holders->age = age;
    }
    holders->paths = arena_grow(whole->arena, holders->paths, holders->count, sizeof path);
    holders->paths[holders->count++] = path;
}

void rule_duplicates(struct rule_whole *whole)
{
    struct holders holders = {.count = 0};
    struct query *query = database_query(whole->db, duplicates_sql);
    query_bind_int(query, 1, whole->is_whole);
    while (query_next(query)) {
        struct str number = query_str(query, 1);
        if (!str_equal(number, holders.number)) {
            end_holders(whole, &holders);
            holders.number = arena_copy(whole->arena, number);
        }
        add_holder(whole, &holders, arena_copy(whole->arena, query_str(query, 0)),
                   query_int(query, 2));
    }
    end_holders(whole, &holders);
}
