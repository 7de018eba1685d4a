/*
 * Calendars (iCalendar, RFC 5545): of the site, and of each organisation with all below it. They
 * hold what is coming or runs on the as-of date, and the last of what is past.
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

#define EVENT_COLUMNS                                                                              \
    "SELECT events.kind, number, starts, ends, place, about, path, records.url, title, summary,"   \
    " created, updated FROM events JOIN records ON records.id = record WHERE "
#define OF_ORG                                                                                     \
    "events.org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0) "    \
    "AND "
#define COMING "ends >= ?2 ORDER BY ends, path, events.kind, number LIMIT ?3"
#define PAST "ends < ?2 ORDER BY ends DESC, path, events.kind, number LIMIT ?3"

/* The bytes "20260905" of "2026-09-05", or of the day after it. */
static struct str compact_day(struct render *render, struct str iso, int days_later)
{
    struct date date;
    if (!date_parse(&date, str_slice(iso, 0, 10))) {
        return STR("");
    }
    date = date_from_days(date_to_days(date) + days_later);
    return arena_printf(&render->arena, "%04d%02d%02d", date.year, date.month, date.day);
}

/* UTC, whatever the site's time zone: "20260905T063000Z". */
static struct str compact_moment(struct render *render, int64_t moment)
{
    enum { DAY = 86400 };
    struct date date = date_from_moment(moment, 0);
    int second = (int)(moment - date_to_days(date) * DAY);
    return arena_printf(&render->arena, "%04d%02d%02dT%02d%02d%02dZ", date.year, date.month,
                        date.day, second / 3600, second / 60 % 60, second % 60);
}

/* "2026-09-05T14:30" in the site's time. */
static int64_t moment_of(const struct render *render, struct str text)
{
    struct date date = {1970, 1, 1};
    date_parse(&date, str_slice(text, 0, 10));
    long hour = str_number(str_slice(text, 11, 13), 23);
    long minute = str_number(str_slice(text, 14, 16), 59);
    return date_to_days(date) * 86400 + hour * 3600 + minute * 60 -
           render->site->config->utc_offset;
}

static void write_time(struct render *render, struct buf *out, struct str starts, struct str ends)
{
    if (starts.n > 10) {
        ical_line(out, "DTSTART", compact_moment(render, moment_of(render, starts)));
        if (!str_equal(starts, ends)) {
            ical_line(out, "DTEND", compact_moment(render, moment_of(render, ends)));
        }
        return;
    }
    ical_line(out, "DTSTART;VALUE=DATE", compact_day(render, starts, 0));
    ical_line(out, "DTEND;VALUE=DATE", compact_day(render, ends, 1)); /* the day behind the last */
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

static void write_event(struct render *render, struct buf *out, struct query *query)
{
    struct str kind = query_str(query, 0), title = query_str(query, 8);
    struct str summary = query_str(query, 9);
    struct str url = page_absolute(render, query_str(query, 7));
    ical_line(out, "BEGIN", STR("VEVENT"));
    ical_line(out, "UID", event_uid(render, query_str(query, 6), kind, query_int(query, 1)));
    ical_line(out, "DTSTAMP", compact_moment(render, query_int(query, 11)));
    ical_line(out, "CREATED", compact_moment(render, query_int(query, 10)));
    ical_line(out, "LAST-MODIFIED", compact_moment(render, query_int(query, 11)));
    write_time(render, out, query_str(query, 2), query_str(query, 3));
    ical_text(out, "SUMMARY", event_title(render, kind, query_str(query, 5), title));
    ical_text(out, "DESCRIPTION",
              arena_printf(&render->arena, "%.*s%s%.*s", STR_ARG(summary.n > 0 ? summary : title),
                           "\n", STR_ARG(url)));
    if (query_str(query, 4).n > 0) {
        ical_text(out, "LOCATION", query_str(query, 4));
    }
    ical_line(out, "URL", url);
    ical_line(out, "END", STR("VEVENT"));
}

static void write_events(struct render *render, struct buf *out, struct str org, const char *sql,
                         int64_t limit)
{
    char today[DATE_TEXT_SIZE];
    struct query *query = database_query(render->db, sql);
    query_bind_str(query, 1, org);
    query_bind_str(query, 2, str_of(date_format(today, render->site->as_of)));
    query_bind_int(query, 3, limit);
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
    write_events(render, out, key, key.n > 0 ? EVENT_COLUMNS OF_ORG COMING : EVENT_COLUMNS COMING,
                 RENDER_CALENDAR_COMING);
    write_events(render, out, key, key.n > 0 ? EVENT_COLUMNS OF_ORG PAST : EVENT_COLUMNS PAST,
                 RENDER_CALENDAR_PAST);
    ical_line(out, "END", STR("VCALENDAR"));
    return 0;
}
