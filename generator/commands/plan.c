#include "commands/plan.h"

#include "base/json.h"

int plan_find_due(struct date *out, struct memory *memory, struct date as_of, struct fault *fault)
{
    char tomorrow[DATE_TEXT_SIZE];
    *out = (struct date){0};
    struct query *query = database_query(
        memory_database(memory),
        "SELECT min(day) FROM (SELECT max(first, ?1) AS day FROM due WHERE last >= ?1"
        " UNION ALL SELECT until FROM hidden WHERE until >= ?1)");
    query_bind_str(query, 1,
                   str_of(date_format(tomorrow, date_from_days(date_to_days(as_of) + 1))));
    if (query_next(query)) {
        date_parse(out, query_str(query, 0));
    }
    query_reset(query);
    return database_check(memory_database(memory), fault);
}

/* All that a page, a feed or a table shows of a record or of its withdrawal, column by column. */
static const char rows_sql[] =
    "SELECT path, 'record', title, url, date, org, item, fields, text, summary,"
    " (SELECT group_concat(number || ' ' || row_count || sums) FROM board_tables WHERE record ="
    " records.id) FROM records UNION ALL SELECT path, 'withdrawal', '', url, date, reason,"
    " approved_by, title, cause, by_record, '' FROM withdrawals ORDER BY 1";

enum { PATH, SORT, TITLE, COLUMN_COUNT = 11 };

struct plan {
    struct buf *text;
    struct json json;
    bool is_zh;
};

struct side {
    struct query *query; /* NULL: there is nothing on this side */
    bool has_row;
};

static void step(struct side *side)
{
    side->has_row = side->query != NULL && query_next(side->query);
}

static void add(struct plan *plan, const char *action, const char *zh, struct str path,
                struct str until)
{
    buf_printf(plan->text, "  %s %.*s%s%.*s\n", plan->is_zh ? zh : action, STR_ARG(path),
               until.n > 0 ? " " : "", STR_ARG(until));
    json_open(&plan->json, '{');
    json_key(&plan->json, "action");
    json_str(&plan->json, str_of(action));
    json_key(&plan->json, "path");
    json_str(&plan->json, path);
    if (until.n > 0) {
        json_key(&plan->json, "until");
        json_str(&plan->json, until);
    }
    json_close(&plan->json, '}');
}

static bool is_withdrawal(const struct side *side)
{
    return str_equal(query_str(side->query, SORT), STR("withdrawal"));
}

static bool is_same(const struct side *old, const struct side *new)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (!str_equal(query_str(old->query, i), query_str(new->query, i))) {
            return false;
        }
    }
    return true;
}

static void compare(struct plan *plan, const struct side *old, const struct side *new)
{
    struct str path = query_str(new->query, PATH);
    if (is_withdrawal(new) && !is_withdrawal(old)) {
        add(plan, "withdrawn", "撤回", path, STR(""));
    } else if (is_withdrawal(old) && !is_withdrawal(new)) {
        add(plan, "restored", "恢复", path, STR(""));
    } else if (!is_same(old, new)) {
        add(plan, "changed", "更新", path, STR(""));
    }
}

/* Both are in byte order of paths. */
static void merge(struct plan *plan, struct side *old, struct side *new)
{
    for (step(old), step(new); old->has_row || new->has_row;) {
        int order = !old->has_row ? 1
                    : !new->has_row
                        ? -1
                        : str_compare(query_str(old->query, PATH), query_str(new->query, PATH));
        if (order == 0) {
            compare(plan, old, new);
        } else if (order < 0) {
            add(plan, "removed", "移除", query_str(old->query, PATH), STR(""));
        } else if (is_withdrawal(new)) {
            add(plan, "withdrawn", "撤回", query_str(new->query, PATH), STR(""));
        } else {
            add(plan, "added", "新增", query_str(new->query, PATH), STR(""));
        }
        if (order <= 0) {
            step(old);
        }
        if (order >= 0) {
            step(new);
        }
    }
}

int plan_write(struct buf *text, struct buf *json, struct database *old, struct database *new,
               struct memory *memory, bool is_zh, struct fault *fault)
{
    struct plan plan = {text, {.buf = json}, is_zh};
    struct side before = {old == NULL ? NULL : database_query(old, rows_sql), false};
    struct side after = {database_query(new, rows_sql), false};
    json_open(&plan.json, '[');
    merge(&plan, &before, &after);
    struct query *query = database_query(
        memory_database(memory), "SELECT path, until FROM hidden WHERE until <> '' ORDER BY path");
    while (query_next(query)) {
        add(&plan, "embargoed", "暂不公布，到期：", query_str(query, 0), query_str(query, 1));
    }
    json_close(&plan.json, ']');
    if (old != NULL && database_check(old, fault) != 0) {
        return -1;
    }
    return database_check(new, fault) == 0 ? database_check(memory_database(memory), fault) : -1;
}
