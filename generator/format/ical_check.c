#include "format/ical_check.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/set.h"
#include "base/utf8.h"
#include "format/ical.h"

#include <stdio.h>

enum value { ANY, TEXT, TEXTS, WORD, DATE, MOMENT, URI, OFFSET };

enum { COMPONENT_DEPTH = 3 };

/* A property that a component may have, once; any may have X- ones. */
struct property {
    const char *component, *name;
    enum value value;
    bool is_needed;
    const char *fixed; /* the only value that it may have */
};

/* RFC 5545, 3.6 and 3.7; NAME, URL and REFRESH-INTERVAL of a calendar are of RFC 7986. */
static const struct property properties[] = {
    {"VCALENDAR", "VERSION", TEXT, true, "2.0"},
    {"VCALENDAR", "PRODID", TEXT, true, NULL},
    {"VCALENDAR", "CALSCALE", TEXT, false, "GREGORIAN"},
    {"VCALENDAR", "NAME", TEXT, false, NULL},
    {"VCALENDAR", "URL", URI, false, NULL},
    {"VCALENDAR", "REFRESH-INTERVAL", WORD, false, NULL},
    {"VTIMEZONE", "TZID", TEXT, true, NULL},
    {"STANDARD", "DTSTART", DATE, true, NULL},
    {"STANDARD", "TZOFFSETFROM", OFFSET, true, NULL},
    {"STANDARD", "TZOFFSETTO", OFFSET, true, NULL},
    {"VEVENT", "UID", TEXT, true, NULL},
    {"VEVENT", "DTSTAMP", MOMENT, true, NULL},
    {"VEVENT", "DTSTART", DATE, true, NULL},
    {"VEVENT", "DTEND", DATE, false, NULL},
    {"VEVENT", "CREATED", MOMENT, false, NULL},
    {"VEVENT", "LAST-MODIFIED", MOMENT, false, NULL},
    {"VEVENT", "SUMMARY", TEXT, true, NULL},
    {"VEVENT", "DESCRIPTION", TEXT, false, NULL},
    {"VEVENT", "LOCATION", TEXT, false, NULL},
    {"VEVENT", "CONTACT", TEXT, false, NULL},
    {"VEVENT", "CATEGORIES", TEXTS, false, NULL},
    {"VEVENT", "URL", URI, false, NULL},
    {"VEVENT", "TRANSP", WORD, false, NULL},
};

enum { PROPERTY_COUNT = sizeof properties / sizeof properties[0] };

/* Which component may stand in which. */
static const struct {
    const char *outer, *name;
} components[] = {{"", "VCALENDAR"},
                  {"VCALENDAR", "VTIMEZONE"},
                  {"VTIMEZONE", "STANDARD"},
                  {"VCALENDAR", "VEVENT"}};

struct component {
    const char *name;
    bool has[PROPERTY_COUNT];
    size_t inner;              /* components that stand in it */
    char begins[20], ends[20]; /* of an event: DTSTART and DTEND */
};

struct reader {
    struct format_fault *fault;
    struct str rest;
    size_t line;     /* of the lines read so far */
    struct buf text; /* the line without folds */
    struct component open[COMPONENT_DEPTH];
    size_t depth;
    size_t calendars;
    struct set uids;
};

static int fail(struct reader *reader, const char *what)
{
    reader->fault->wrong = FORMAT_WRONG_CALENDAR;
    reader->fault->line = reader->line;
    snprintf(reader->fault->what, sizeof reader->fault->what, "%s", what);
    return -1;
}

static int fail_at(struct reader *reader, const char *component, struct str name)
{
    char what[80];
    snprintf(what, sizeof what, "%s %.*s", component, name.n > 40 ? 40 : (int)name.n, name.p);
    return fail(reader, what);
}

/* One line as it stands in the file. */
static int take_line(struct reader *reader, struct str *out)
{
    reader->line++;
    ptrdiff_t end = str_find_char(reader->rest, '\n');
    if (end < 1 || reader->rest.p[end - 1] != '\r') {
        return fail(reader, "CRLF");
    }
    *out = str_slice(reader->rest, 0, (size_t)end - 1);
    reader->rest = str_from(reader->rest, (size_t)end + 1);
    if (out->n > ICAL_LINE_MAX) {
        return fail(reader, "75 octets");
    }
    if (utf8_find_invalid(*out) >= 0) {
        return fail(reader, "UTF-8");
    }
    for (size_t i = 0; i < out->n; i++) {
        unsigned char c = (unsigned char)out->p[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return fail(reader, "CONTROL");
        }
    }
    return 0;
}

static bool is_folded(struct str rest)
{
    return rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t');
}

static int take_unfolded(struct reader *reader)
{
    struct str line;
    buf_clear(&reader->text);
    if (is_folded(reader->rest)) {
        reader->line++;
        return fail(reader, "name");
    }
    if (take_line(reader, &line) != 0) {
        return -1;
    }
    buf_add(&reader->text, line);
    while (is_folded(reader->rest)) {
        if (take_line(reader, &line) != 0) {
            return -1;
        }
        buf_add(&reader->text, str_from(line, 1));
    }
    return 0;
}

static bool is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static struct str take_name(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && is_name_char(rest->p[n])) {
        n++;
    }
    struct str name = str_slice(*rest, 0, n);
    *rest = str_from(*rest, n);
    return name;
}

/* ";NAME=value", the value quoted or without marks that mean something. */
static bool take_parameter(struct str *rest)
{
    *rest = str_from(*rest, 1);
    if (take_name(rest).n == 0 || !str_starts(*rest, STR("="))) {
        return false;
    }
    *rest = str_from(*rest, 1);
    if (str_starts(*rest, STR("\""))) {
        ptrdiff_t end = str_find_char(str_from(*rest, 1), '"');
        *rest = str_from(*rest, end < 0 ? rest->n : (size_t)end + 2);
        return end >= 0;
    }
    size_t n = 0;
    while (n < rest->n && str_find_char(STR("\";:,"), rest->p[n]) < 0) {
        n++;
    }
    *rest = str_from(*rest, n);
    return true;
}

/* A backslash stands before what it escapes alone, a comma and a semicolon behind one alone. */
static bool is_text(struct str s, bool is_list)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\') {
            i++;
            if (i == s.n || str_find_char(STR("\\;,nN"), s.p[i]) < 0) {
                return false;
            }
        } else if (s.p[i] == ';' || (s.p[i] == ',' && !is_list)) {
            return false;
        }
    }
    return s.n > 0;
}

static bool is_digits(struct str s, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
    }
    return true;
}

static bool is_day(struct str s)
{
    char iso[16];
    struct date date;
    if (s.n != 8 || !is_digits(s, 0, 8)) {
        return false;
    }
    snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
    return date_parse(&date, str_of(iso));
}

/* 20260905T063000, with a Z behind it where it is UTC. */
static bool is_moment(struct str s, bool is_utc)
{
    if (s.n != (is_utc ? 16u : 15u) || s.p[8] != 'T' || (is_utc && s.p[15] != 'Z') ||
        !is_day(str_slice(s, 0, 8)) || !is_digits(s, 9, 15)) {
        return false;
    }
    return str_number(str_slice(s, 9, 11), 23) >= 0 && str_number(str_slice(s, 11, 13), 59) >= 0 &&
           str_number(str_slice(s, 13, 15), 60) >= 0;
}

static bool is_offset(struct str s)
{
    return s.n == 5 && (s.p[0] == '+' || s.p[0] == '-') && is_digits(s, 1, 5) &&
           str_number(str_slice(s, 1, 3), 23) >= 0 && str_number(str_slice(s, 3, 5), 59) >= 0;
}

/* RFC 3986: ASCII without blanks and the marks that it leaves out, behind a scheme. */
static bool is_uri(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] <= ' ' || s.p[i] > '~' || str_find_char(STR("\"<>\\^`{|}"), s.p[i]) >= 0) {
            return false;
        }
    }
    return str_find(s, STR("://")) > 0;
}

static bool is_word(struct str s)
{
    struct str rest = s;
    return take_name(&rest).n > 0 && rest.n == 0;
}

/* A time zone's begins in its own time, an event's is a day or UTC. */
static bool is_date(struct str s, struct str parameters, const char *component)
{
    if (str_equal(parameters, STR(";VALUE=DATE"))) {
        return is_day(s);
    }
    return parameters.n == 0 && is_moment(s, strcmp(component, "VEVENT") == 0);
}

static bool is_value(const struct property *property, struct str parameters, struct str s)
{
    if (property->fixed != NULL) {
        return str_equal(s, str_of(property->fixed));
    }
    switch (property->value) {
    case TEXT:
        return is_text(s, false);
    case TEXTS:
        return is_text(s, true);
    case DATE:
        return is_date(s, parameters, property->component);
    case MOMENT:
        return is_moment(s, true);
    case URI:
        return is_uri(s);
    case OFFSET:
        return is_offset(s);
    case WORD:
        return is_word(s);
    default:
        return true;
    }
}

static const struct property *find_property(const char *component, struct str name)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (strcmp(properties[i].component, component) == 0 &&
            str_equal(str_of(properties[i].name), name)) {
            return &properties[i];
        }
    }
    return NULL;
}

static struct component *innermost(struct reader *reader)
{
    return reader->depth == 0 ? NULL : &reader->open[reader->depth - 1];
}

static int begin_component(struct reader *reader, struct str name)
{
    struct component *outer = innermost(reader);
    for (size_t i = 0; i < sizeof components / sizeof components[0]; i++) {
        bool is_here = strcmp(components[i].outer, outer == NULL ? "" : outer->name) == 0;
        if (is_here && str_equal(str_of(components[i].name), name)) {
            reader->calendars += outer == NULL;
            if (outer != NULL) {
                outer->inner++;
            }
            reader->open[reader->depth++] = (struct component){.name = components[i].name};
            return reader->calendars > 1 ? fail(reader, "BEGIN:VCALENDAR") : 0;
        }
    }
    return fail_at(reader, "BEGIN", name);
}

/* Days and moments compare as text where both are of one form. */
static bool ends_wrongly(const struct component *event)
{
    return event->ends[0] != '\0' && (strlen(event->begins) != strlen(event->ends) ||
                                      strcmp(event->begins, event->ends) >= 0);
}

static int end_component(struct reader *reader, struct str name)
{
    struct component *component = innermost(reader);
    if (component == NULL || !str_equal(str_of(component->name), name)) {
        return fail_at(reader, "END", name);
    }
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (properties[i].is_needed && !component->has[i] &&
            strcmp(properties[i].component, component->name) == 0) {
            return fail_at(reader, component->name, str_of(properties[i].name));
        }
    }
    bool is_outer = !str_equal(name, STR("VEVENT")) && !str_equal(name, STR("STANDARD"));
    if (is_outer && component->inner == 0) {
        return fail_at(reader, component->name, STR("BEGIN"));
    }
    if (ends_wrongly(component)) {
        return fail_at(reader, component->name, STR("DTEND"));
    }
    reader->depth--;
    return 0;
}

static int take_property(struct reader *reader, struct str name, struct str parameters,
                         struct str value)
{
    struct component *component = innermost(reader);
    if (component == NULL) {
        return fail_at(reader, "BEGIN", name);
    }
    if (str_starts(name, STR("X-"))) {
        return 0;
    }
    const struct property *property = find_property(component->name, name);
    if (property == NULL || component->has[property - properties] ||
        !is_value(property, parameters, value)) {
        return fail_at(reader, component->name, name);
    }
    component->has[property - properties] = true;
    bool is_event = strcmp(component->name, "VEVENT") == 0;
    if (is_event && str_equal(name, STR("UID")) && !set_add(&reader->uids, value)) {
        return fail_at(reader, component->name, name);
    }
    if (property->value == DATE) {
        char *kept = str_equal(name, STR("DTSTART")) ? component->begins : component->ends;
        snprintf(kept, sizeof component->begins, "%.*s", STR_ARG(value));
    }
    return 0;
}

static int take_content(struct reader *reader)
{
    struct str rest = buf_str(&reader->text), name = take_name(&rest), parameters = rest;
    while (str_starts(rest, STR(";"))) {
        if (!take_parameter(&rest)) {
            return fail_at(reader, "parameter", name);
        }
    }
    if (name.n == 0 || !str_starts(rest, STR(":"))) {
        return fail(reader, "name");
    }
    parameters = str_slice(parameters, 0, (size_t)(rest.p - parameters.p));
    struct str value = str_from(rest, 1);
    if (str_equal(name, STR("BEGIN"))) {
        return begin_component(reader, value);
    }
    if (str_equal(name, STR("END"))) {
        return end_component(reader, value);
    }
    return take_property(reader, name, parameters, value);
}

int ical_check(struct format_fault *out, struct str bytes)
{
    struct reader reader = {.fault = out, .rest = bytes, .text = BUF_EMPTY};
    int rc = 0;
    while (rc == 0 && reader.rest.n > 0) {
        rc = take_unfolded(&reader);
        rc = rc == 0 ? take_content(&reader) : rc;
    }
    if (rc == 0 && (reader.depth > 0 || reader.calendars == 0)) {
        rc = fail(&reader, "END:VCALENDAR");
    }
    buf_free(&reader.text);
    set_free(&reader.uids);
    return rc;
}
