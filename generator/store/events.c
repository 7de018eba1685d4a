#include "store/events.h"

#include <stdio.h>

/*
 * Which fields tell of an event. The first day and the last; the times of day of a day that is
 * both; where it is, what it is about. A row whose `over` is given tells of none: what was to be
 * done by then is done.
 */
static const struct event_row {
    const char *kind; /* of records; NULL: of any */
    const char *list; /* the days stand in each map of that list; NULL: in the record itself */
    const char *event;
    const char *starts, *ends;
    const char *start_time, *end_time;
    const char *place, *about;
    const char *over[3];
} event_rows[] = {
    {NULL, NULL, "notice", "notice_start", "notice_end", NULL, NULL, "board_place", NULL, {NULL}},
    {NULL, "schedule", "schedule", "date", "date", "start", "end", "place", "what", {NULL}},
    {"meeting", NULL, "meeting", "held", "held", "start", "end", "place", NULL, {NULL}},
    {"meeting",
     "motions",
     "deadline",
     "deadline",
     "deadline",
     NULL,
     NULL,
     NULL,
     "text",
     {"done_by", "done_date"}},
    {"consultation", NULL, "consultation", "held", "held", NULL, NULL, "place", "topic", {NULL}},
    {"consultation", NULL, "collection", "opens", "closes", NULL, NULL, NULL, "topic", {NULL}},
    {"consultation",
     NULL,
     "deadline",
     "deadline",
     "deadline",
     NULL,
     NULL,
     NULL,
     "outcome",
     {"done_by"}},
    {"case", NULL, "deadline", "deadline", "deadline", NULL, NULL, "place", NULL, {"closed"}},
    {"letter", NULL, "deadline", "reply_due", "reply_due", NULL, NULL, NULL, "topic", {"replies"}},
    {"points",
     NULL,
     "objection",
     "objection_until",
     "objection_until",
     NULL,
     NULL,
     NULL,
     NULL,
     {NULL}},
    {"term", NULL, "election", "elected", "elected", NULL, NULL, NULL, NULL, {NULL}},
};

/* Of consultations and cases: nothing is waited for any more. */
static const struct str last_states[] = {
    {"done", 4}, {"dropped", 7}, {"closed", 6}, {"referred", 8}, {"refused", 7}};

struct source {
    const struct record_field *fields;
    size_t count;
};

static const struct record_field *find(const struct source *source, const char *key)
{
    for (size_t i = 0; key != NULL && i < source->count; i++) {
        if (str_equal(source->fields[i].key, str_of(key))) {
            return &source->fields[i];
        }
    }
    return NULL;
}

/* The text of a field of that type; a free site may have anything under its key. */
static struct str text_of(const struct source *source, const char *key, enum schema_type type)
{
    const struct record_field *field = find(source, key);
    bool is_typed = field != NULL && field->row != NULL && field->row->type == type;
    return is_typed ? field->text : (struct str){"", 0};
}

static struct str day_of(const struct source *source, const char *key)
{
    struct date date;
    struct str day = text_of(source, key, SCHEMA_TYPE_DATE);
    return date_parse(&date, day) ? day : (struct str){"", 0};
}

static bool is_over(const struct source *source, const struct event_row *row)
{
    for (size_t i = 0; i < sizeof row->over / sizeof row->over[0]; i++) {
        if (find(source, row->over[i]) != NULL) {
            return true;
        }
    }
    struct str status = text_of(source, "status", SCHEMA_TYPE_CHOICE);
    for (size_t i = 0; i < sizeof last_states / sizeof last_states[0]; i++) {
        if (str_equal(status, last_states[i])) {
            return true;
        }
    }
    return false;
}

/* "2026-09-05", or "2026-09-05T14:30" where the time of day is known. */
static void write_moment(struct buf *out, struct str day, struct str time)
{
    buf_clear(out);
    buf_add(out, day);
    if (time.n == 5) {
        buf_add_char(out, 'T');
        buf_add(out, time);
    }
}

struct putting {
    struct database *db;
    const struct record *record;
    int64_t id;
    struct buf starts, ends;
};

static void put(struct putting *putting, const struct event_row *row, const struct source *source,
                size_t number)
{
    struct str first = day_of(source, row->starts), last = day_of(source, row->ends);
    first = first.n == 0 ? last : first;
    last = last.n == 0 || str_compare(last, first) < 0 ? first : last;
    if (first.n == 0 || (row->over[0] != NULL && is_over(source, row))) {
        return;
    }
    struct str from = text_of(source, row->start_time, SCHEMA_TYPE_TIME),
               to = text_of(source, row->end_time, SCHEMA_TYPE_TIME);
    write_moment(&putting->starts, first, from);
    write_moment(&putting->ends, last, from.n > 0 && str_compare(to, from) > 0 ? to : from);
    struct query *query = database_query(
        putting->db, "INSERT INTO events (record, kind, number, org, starts, ends, place, about)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(query, 1, putting->id);
    query_bind_str(query, 2, str_of(row->event));
    query_bind_int(query, 3, (int64_t)number);
    query_bind_str(query, 4, putting->record->org);
    query_bind_str(query, 5, buf_str(&putting->starts));
    query_bind_str(query, 6, buf_str(&putting->ends));
    query_bind_str(query, 7, text_of(source, row->place, SCHEMA_TYPE_TEXT));
    query_bind_str(query, 8, text_of(source, row->about, SCHEMA_TYPE_TEXT));
    query_run(query);
}

static void put_list(struct putting *putting, const struct event_row *row,
                     const struct source *source)
{
    const struct record_field *list = find(source, row->list);
    for (size_t i = 0; list != NULL && list->value != NULL && i < list->value->count; i++) {
        const struct record_value *map = list->value->items[i].value;
        if (map != NULL) {
            put(putting, row, &(struct source){map->items, map->count}, i + 1);
        }
    }
}

void events_put(struct database *db, int64_t id, const struct record *record)
{
    const struct source source = {record->fields, record->field_count};
    struct putting putting = {
        .db = db, .record = record, .id = id, .starts = BUF_EMPTY, .ends = BUF_EMPTY};
    for (size_t i = 0; !record->is_board && i < sizeof event_rows / sizeof event_rows[0]; i++) {
        const struct event_row *row = &event_rows[i];
        if (row->kind != NULL && !str_equal(str_of(row->kind), record->kind)) {
            continue;
        }
        if (row->list == NULL) {
            put(&putting, row, &source, 1);
        } else {
            put_list(&putting, row, &source);
        }
    }
    buf_free(&putting.starts);
    buf_free(&putting.ends);
}

void events_remove(struct database *db, int64_t id)
{
    struct query *query = database_query(db, "DELETE FROM events WHERE record = ?1");
    query_bind_int(query, 1, id);
    query_run(query);
}
