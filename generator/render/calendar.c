/*
 * Calendars (iCalendar, RFC 5545): of the site, and of each organisation with all below it. They
 * hold what is coming or runs on the as-of date, the next first, and what is past but not for long.
 */
#include "render/archive.h"

#include "format/ical.h"

#include <inttypes.h>

struct str calendar_url(struct render *render, struct str org)
{
    if (org.n == 0) {
        return page_url(render, "calendar.ics");
    }
    return arena_printf(&render->arena, "%.*scalendar.ics",
                        STR_ARG(archive_url(render, "org", org, STR(""))));
}

static void add_calendar(struct render *render, struct output_list *list,
                         const struct output_kind *kind, struct str org)
{
    output_add_url(render, list, kind, org, calendar_url(render, org));
}

static void list_touched(struct render *render, struct output_list *list,
                         const struct output_kind *kind, const struct touch *touch)
{
    struct set orgs = {0};
    touch_orgs(&orgs, touch);
    for (size_t i = 0; i < orgs.count; i++) {
        add_calendar(render, list, kind, orgs.items[i]);
    }
    set_free(&orgs);
}

int calendar_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                  const struct touch *touch)
{
    if (touch == NULL || touch->is_other_day || touch->nodes.count > 0) {
        add_calendar(render, list, kind, STR(""));
    }
    if (touch != NULL && !touch->is_other_day) {
        list_touched(render, list, kind, touch);
        return 0;
    }
    struct query *query = database_query(render->db, "SELECT key FROM organisations ORDER BY id");
    while (query_next(query)) {
        add_calendar(render, list, kind, query_str(query, 0));
    }
    return 0;
}

/* By the index of an organisation's events: SQLite would walk all of them by their days. */
#define EVENTS(index)                                                                              \
    "SELECT events.kind, number, starts, ends, place, about, path, records.url, title,"            \
    " own_summary, updated FROM events INDEXED BY " index                                          \
    " CROSS JOIN records ON records.id = record WHERE "
#define OF_SITE EVENTS("events_by_end")
#define OF_ORG                                                                                     \
    EVENTS("events_by_org")                                                                        \
    "events.org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0) "    \
    "AND "
#define COMING "ends >= ?2 ORDER BY ends, path, events.kind, number LIMIT ?3"
#define PAST "ends < ?2 AND ends >= ?4 ORDER BY ends DESC, path, events.kind, number LIMIT ?3"

enum { DAY_SIZE = 8, MOMENT_SIZE = 16, SECONDS_A_DAY = 86400 };

static void write_digits(char *out, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* "20260905". */
static void write_day(char out[DAY_SIZE], struct date date)
{
    write_digits(out, date.year, 4);
    write_digits(out + 4, date.month, 2);
    write_digits(out + 6, date.day, 2);
}

/* The day of "2026-09-05", or that behind it. */
static void line_of_day(struct buf *out, const char *name, struct str iso, int days_later)
{
    char text[DAY_SIZE];
    struct date date = {1970, 1, 1};
    date_parse(&date, str_slice(iso, 0, 10));
    write_day(text, days_later == 0 ? date : date_from_days(date_to_days(date) + days_later));
    ical_line(out, name, (struct str){text, sizeof text});
}

/* UTC, whatever the site's time zone: "20260905T063000Z". */
static void line_of_moment(struct buf *out, const char *name, int64_t moment)
{
    char text[MOMENT_SIZE] = "00000000T000000Z";
    struct date date = date_from_moment(moment, 0);
    int second = (int)(moment - date_to_days(date) * SECONDS_A_DAY);
    write_day(text, date);
    write_digits(text + 9, second / 3600, 2);
    write_digits(text + 11, second / 60 % 60, 2);
    write_digits(text + 13, second % 60, 2);
    ical_line(out, name, (struct str){text, sizeof text});
}

/* "2026-09-05T14:30" in the site's time. */
static int64_t moment_of(const struct render *render, struct str text)
{
    struct date date = {1970, 1, 1};
    date_parse(&date, str_slice(text, 0, 10));
    long hour = str_number(str_slice(text, 11, 13), 23);
    long minute = str_number(str_slice(text, 14, 16), 59);
    return date_to_days(date) * SECONDS_A_DAY + hour * 3600 + minute * 60 -
           render->site->config->utc_offset;
}

static void write_time(struct render *render, struct buf *out, struct str starts, struct str ends)
{
    if (starts.n > 10) {
        line_of_moment(out, "DTSTART", moment_of(render, starts));
        if (!str_equal(starts, ends)) {
            line_of_moment(out, "DTEND", moment_of(render, ends));
        }
        return;
    }
    line_of_day(out, "DTSTART;VALUE=DATE", starts, 0);
    line_of_day(out, "DTEND;VALUE=DATE", ends, 1); /* the day behind the last */
    ical_line(out, "TRANSP", STR("TRANSPARENT"));
}

/* 公示：2026年9月财务收支 */
static struct str event_title(struct render *render, struct str kind, struct str about,
                              struct str title)
{
    struct str key = arena_printf(&render->arena, "event_%.*s", STR_ARG(kind));
    const struct page_part parts[] = {{"title", title}, {"about", about.n > 0 ? about : title}};
    return page_compose(render, key.p, parts, 2);
}

/*
 * The same for the same event for ever: of its record's path, not of its place among others. The
 * path's hash is in letters: sixteen digits might be taken for somebody's card.
 */
static struct str event_uid(struct render *render, struct str path, struct str kind, int64_t number)
{
    char name[17];
    uint64_t hash = str_hash(path);
    for (size_t i = 0; i < 16; i++) {
        name[i] = (char)('a' + (hash >> (4 * i) & 15));
    }
    name[16] = '\0';
    struct str url = render->site->config->url;
    ptrdiff_t start = str_find(url, STR("://"));
    struct str rest = str_from(url, start < 0 ? 0 : (size_t)start + 3), host = rest;
    str_cut(&host, &rest, '/');
    return arena_printf(&render->arena, "%s-%.*s-%" PRId64 "@%.*s", name, STR_ARG(kind), number,
                        STR_ARG(host));
}

/* What a person wrote of it, and where it stands: not every program shows a URL. */
static struct str event_text(struct render *render, struct str summary, struct str url)
{
    struct str line = summary.n == 0 ? summary : arena_join(&render->arena, summary, STR("\n"));
    return arena_join(&render->arena, line, url);
}

static void write_event(struct render *render, struct buf *out, struct query *query)
{
    struct str kind = query_str(query, 0), title = query_str(query, 8);
    struct str url = page_absolute(render, query_str(query, 7));
    ical_line(out, "BEGIN", STR("VEVENT"));
    ical_line(out, "UID", event_uid(render, query_str(query, 6), kind, query_int(query, 1)));
    line_of_moment(out, "DTSTAMP", query_int(query, 10));
    write_time(render, out, query_str(query, 2), query_str(query, 3));
    ical_text(out, "SUMMARY", event_title(render, kind, query_str(query, 5), title));
    ical_text(out, "DESCRIPTION", event_text(render, query_str(query, 9), url));
    if (query_str(query, 4).n > 0) {
        ical_text(out, "LOCATION", query_str(query, 4));
    }
    ical_line(out, "URL", url);
    ical_line(out, "END", STR("VEVENT"));
}

static void write_events(struct render *render, struct buf *out, struct str org, bool is_past)
{
    char today[DATE_TEXT_SIZE], oldest[DATE_TEXT_SIZE];
    struct date first = date_from_days(date_to_days(render->site->as_of) - RENDER_CALENDAR_DAYS);
    static const char *const queries[2][2] = {{OF_SITE COMING, OF_SITE PAST},
                                              {OF_ORG COMING, OF_ORG PAST}};
    struct query *query = database_query(render->db, queries[org.n > 0][is_past]);
    query_bind_str(query, 1, org);
    query_bind_str(query, 2, str_of(date_format(today, render->site->as_of)));
    query_bind_int(query, 3, is_past ? RENDER_CALENDAR_PAST : RENDER_CALENDAR_COMING);
    if (is_past) {
        query_bind_str(query, 4, str_of(date_format(oldest, first)));
    }
    struct arena kept = render->arena;
    render->arena = (struct arena){0};
    while (query_next(query)) {
        write_event(render, out, query);
        arena_reset(&render->arena);
    }
    arena_free(&render->arena);
    render->arena = kept;
}

/* No event refers to it, all being in UTC; but a calendar must have something in it, always. */
static void write_time_zone(struct render *render, struct buf *out)
{
    int offset = render->site->config->utc_offset, size = offset < 0 ? -offset : offset;
    struct str text = arena_printf(&render->arena, "%c%02d%02d", offset < 0 ? '-' : '+',
                                   size / 3600, size / 60 % 60);
    ical_line(out, "BEGIN", STR("VTIMEZONE"));
    ical_line(out, "TZID", offset == 8 * 3600 ? STR("Asia/Shanghai") : text);
    ical_line(out, "BEGIN", STR("STANDARD"));
    ical_line(out, "DTSTART", STR("19700101T000000"));
    ical_line(out, "TZOFFSETFROM", text);
    ical_line(out, "TZOFFSETTO", text);
    ical_line(out, "END", STR("STANDARD"));
    ical_line(out, "END", STR("VTIMEZONE"));
}

static struct str calendar_title(struct render *render, struct str org)
{
    struct str site = render->site->title;
    return org.n == 0
               ? site
               : arena_printf(&render->arena, "%.*s - %.*s",
                              STR_ARG(archive_title(render, STR("org"), org)), STR_ARG(site));
}

int calendar_draw(struct render *render, struct str key, struct buf *out)
{
    struct str title = calendar_title(render, key);
    ical_line(out, "BEGIN", STR("VCALENDAR"));
    ical_line(out, "VERSION", STR("2.0"));
    ical_line(out, "PRODID", STR("-//gongkai//gongkai//ZH"));
    ical_line(out, "CALSCALE", STR("GREGORIAN"));
    ical_text(out, "NAME", title);
    ical_text(out, "X-WR-CALNAME", title);
    ical_line(out, "URL", page_absolute(render, calendar_url(render, key)));
    ical_line(out, "REFRESH-INTERVAL;VALUE=DURATION", STR("P1D"));
    write_time_zone(render, out);
    write_events(render, out, key, false);
    write_events(render, out, key, true);
    ical_line(out, "END", STR("VCALENDAR"));
    return 0;
}
