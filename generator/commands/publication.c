#include "commands/publication.h"

#include <string.h>

static bool has_come(struct date day, struct date as_of)
{
    return day.year > 0 && date_to_days(day) <= date_to_days(as_of);
}

enum publication publication_of(const struct record *record, struct date as_of)
{
    bool is_embargoed = record->publish_at.year > 0 && !has_come(record->publish_at, as_of);
    if (record->is_draft || is_embargoed) {
        return PUBLICATION_HIDDEN;
    }
    if (record->withdrawal != NULL) {
        return PUBLICATION_WITHDRAWN;
    }
    return has_come(record->depublish_at, as_of) ? PUBLICATION_EXPIRED : PUBLICATION_PUBLIC;
}

static struct str date_text(struct arena *arena, struct date date)
{
    char text[DATE_TEXT_SIZE];
    return arena_copy(arena, str_of(date_format(text, date)));
}

static struct str later(struct str a, struct str b)
{
    return str_compare(a, b) < 0 ? b : a;
}

static void tell_withdrawn(struct store_withdrawal *out, struct arena *arena,
                           const struct record_withdrawal *withdrawal, struct str changed)
{
    out->cause = STR("withdrawn");
    out->date = withdrawal->date.year > 0 ? date_text(arena, withdrawal->date) : changed;
    out->reason = withdrawal->reason;
    out->approved_by = withdrawal->approved_by;
    out->title = withdrawal->title;
    out->announced = changed;
}

/* The feeds tell it on the day when it came about, or when it was written down, if later. */
static void tell_expired(struct store_withdrawal *out, struct arena *arena, struct date day,
                         struct str changed, bool is_zh)
{
    out->cause = STR("expired");
    out->date = date_text(arena, day);
    out->reason = is_zh ? STR("公示期满") : STR("The notice period is over");
    out->announced = later(out->date, changed);
}

void publication_tell(struct store_withdrawal *out, struct arena *arena,
                      const struct record *record, enum publication publication, int64_t updated,
                      const struct config *config)
{
    const struct record_field *index_number = record_field(record, STR("index"));
    struct str changed = date_text(arena, date_from_moment(updated, config->utc_offset));
    out->path = record->path;
    out->kind = record->kind;
    out->org = record->org;
    out->item = record->item;
    out->index_number = index_number == NULL ? STR("") : index_number->text;
    out->updated = updated;
    if (publication == PUBLICATION_EXPIRED) {
        bool is_zh = config_is_chinese(config);
        tell_expired(out, arena, record->depublish_at, changed, is_zh);
    } else {
        tell_withdrawn(out, arena, record->withdrawal, changed);
    }
}

static struct date day_of(const struct record *record, const char *key)
{
    const struct record_field *field = record_field(record, str_of(key));
    bool is_date = field != NULL && field->row != NULL && field->row->type == SCHEMA_TYPE_DATE;
    return is_date ? date_from_days(field->number) : (struct date){0};
}

static struct date day_after(struct date day)
{
    return date_from_days(date_to_days(day) + 1);
}

/* Deadlines of motions and the like, however deep: once over, they are told to be. */
static void remember_deadlines(struct memory *memory, struct str path,
                               const struct record_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct date day;
        if (str_equal(fields[i].key, STR("deadline")) && date_parse(&day, fields[i].text)) {
            memory_put_due(memory, path, day_after(day), day_after(day));
        }
        if (fields[i].value != NULL) {
            remember_deadlines(memory, path, fields[i].value->items, fields[i].value->count);
        }
    }
}

void publication_remember_days(struct memory *memory, const struct record *record)
{
    struct date start = day_of(record, "notice_start"), end = day_of(record, "notice_end");
    if (start.year > 0 && end.year > 0 && date_to_days(start) <= date_to_days(end)) {
        memory_put_due(memory, record->path, start, day_after(end));
    }
    if (record->depublish_at.year > 0) {
        memory_put_due(memory, record->path, record->depublish_at, record->depublish_at);
    }
    remember_deadlines(memory, record->path, record->fields, record->field_count);
}

/* One record's word against the records of an index number. */
struct order {
    struct store *store;
    struct memory *memory;
    struct arena arena;
    struct set *changed;
    struct str index_number, by; /* by: path of the record that withdraws */
    struct str date, announced;  /* of the withdrawal */
};

/* A link that comes to lead nowhere is told of, published or not: it must be known who links. */
static void hide_links(struct order *order, int64_t id, struct str path)
{
    struct query *query = database_query(store_database(order->store),
                                         "SELECT DISTINCT target FROM links WHERE record = ?1");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        memory_put_hidden_link(order->memory, query_str(query, 0), path);
    }
}

/* The record's own tables are withheld from whoever links to them. */
static void withhold_tables(struct order *order, int64_t id, struct str path)
{
    struct query *query =
        database_query(store_database(order->store), "SELECT source FROM tables WHERE record = ?1"
                                                     " AND source <> ''");
    query_bind_int(query, 1, id);
    while (query_next(query)) {
        memory_put_withheld(order->memory, query_str(query, 0), path);
    }
}

static void put_order(struct order *order, struct store_withdrawal *withdrawal)
{
    withdrawal->cause = STR("by");
    withdrawal->index_number = order->index_number;
    withdrawal->by_record = order->by;
    withdrawal->date = order->date;
    withdrawal->announced = order->announced;
    store_put_withdrawal(order->store, withdrawal);
    set_add(order->changed, withdrawal->path);
}

/* The first record of that index number that is not withdrawn yet; false where there is none. */
static bool find_standing(struct order *order, struct store_withdrawal *out, int64_t *id)
{
    struct query *query = database_query(store_database(order->store),
                                         "SELECT path, url, kind, org, item, updated, id FROM"
                                         " records WHERE index_number = ?1 ORDER BY path LIMIT 1");
    query_bind_str(query, 1, order->index_number);
    bool is_found = query_next(query);
    struct str *const columns[] = {&out->path, &out->url, &out->kind, &out->org, &out->item};
    for (int i = 0; is_found && i < (int)(sizeof columns / sizeof columns[0]); i++) {
        *columns[i] = arena_copy(&order->arena, query_str(query, i));
    }
    if (is_found) {
        out->updated = query_int(query, 5);
        *id = query_int(query, 6);
    }
    query_reset(query);
    return is_found;
}

static void withdraw_standing(struct order *order)
{
    int64_t id;
    struct store_withdrawal withdrawal = {.path = STR("")};
    while (find_standing(order, &withdrawal, &id)) {
        withhold_tables(order, id, withdrawal.path);
        hide_links(order, id, withdrawal.path);
        store_remove_record(order->store, withdrawal.path);
        put_order(order, &withdrawal);
        withdrawal = (struct store_withdrawal){.path = STR("")};
    }
}

/* Those that were withdrawn before, by a record that changed or came after this one's path. */
static void tell_again(struct order *order)
{
    struct query *query = database_query(
        store_database(order->store),
        "UPDATE withdrawals SET by_record = ?2, date = ?3, announced = ?4 WHERE cause = 'by' AND"
        " index_number = ?1 AND (by_record, date, announced) <> (?2, ?3, ?4) RETURNING path");
    query_bind_str(query, 1, order->index_number);
    query_bind_str(query, 2, order->by);
    query_bind_str(query, 3, order->date);
    query_bind_str(query, 4, order->announced);
    while (query_next(query)) {
        set_add(order->changed, query_str(query, 0));
    }
}

int publication_withdraw_others(struct store *store, struct memory *memory, struct set *changed,
                                struct fault *fault)
{
    struct order order = {.store = store, .memory = memory, .changed = changed};
    struct query *query = database_query(
        memory_database(memory), "SELECT index_number, min(path), date, announced FROM withdraws"
                                 " GROUP BY index_number ORDER BY index_number");
    while (query_next(query)) {
        arena_reset(&order.arena);
        order.index_number = arena_copy(&order.arena, query_str(query, 0));
        order.by = arena_copy(&order.arena, query_str(query, 1));
        order.date = arena_copy(&order.arena, query_str(query, 2));
        order.announced = arena_copy(&order.arena, query_str(query, 3));
        withdraw_standing(&order);
        tell_again(&order);
    }
    arena_free(&order.arena);
    int rc = database_check(memory_database(memory), fault);
    return rc == 0 ? database_check(store_database(store), fault) : rc;
}
