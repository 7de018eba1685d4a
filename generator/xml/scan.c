/* Reads XML in the form in which xml.c has it written, and no other. */
#include "xml/record.h"

#include "xml/xml.h"

enum { ATTRIBUTES_MAX = 16 };

struct scan {
    struct record *out;
    struct str rest;
    struct str open[XML_DEPTH_LIMIT]; /* the elements that are not ended */
    size_t depth;
    struct buf value; /* of an attribute */
    bool has_root;
};

static bool take(struct scan *scan, struct str what)
{
    if (!str_starts(scan->rest, what)) {
        return false;
    }
    scan->rest = str_from(scan->rest, what.n);
    return true;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/* Ours are ASCII. The empty one where there is none. */
static struct str take_name(struct scan *scan)
{
    size_t n = 0;
    while (n < scan->rest.n && is_name_char(scan->rest.p[n])) {
        n++;
    }
    char first = n > 0 ? scan->rest.p[0] : '0';
    struct str name = str_slice(scan->rest, 0, n);
    if ((first >= '0' && first <= '9') || first == '.' || first == '-') {
        return (struct str){NULL, 0};
    }
    scan->rest = str_from(scan->rest, n);
    return name;
}

/* What a reference stands for, NUL where it is none of the writer's. */
static char take_reference(struct scan *scan)
{
    switch (scan->rest.n > 1 ? scan->rest.p[1] : '\0') {
    case 'l':
        return take(scan, STR("&lt;")) ? '<' : '\0';
    case 'g':
        return take(scan, STR("&gt;")) ? '>' : '\0';
    case 'a':
        return take(scan, STR("&amp;")) ? '&' : '\0';
    case 'q':
        return take(scan, STR("&quot;")) ? '"' : '\0';
    case '#':
        return take(scan, STR("&#13;"))   ? '\r'
               : take(scan, STR("&#10;")) ? '\n'
               : take(scan, STR("&#9;"))  ? '\t'
                                          : '\0';
    default:
        return '\0';
    }
}

/* The bytes up to `end`, which stand for themselves. */
static struct str take_plain(struct scan *scan, size_t end)
{
    struct str plain = str_slice(scan->rest, 0, end);
    scan->rest = str_from(scan->rest, end);
    return plain;
}

/* Where in a value the first byte stands that must not, or not as it is. */
static size_t end_in_value(struct str rest)
{
    static const bool stops[256] = {['\0'] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true,
                                    ['"'] = true,  ['&'] = true,  ['<'] = true,  ['>'] = true};
    size_t n = 0;
    while (n < rest.n && !stops[(unsigned char)rest.p[n]]) {
        n++;
    }
    return n;
}

/* What may be escaped must be: a line feed too, in a value. */
static bool scan_value(struct scan *scan)
{
    buf_clear(&scan->value);
    while (scan->rest.n > 0) {
        buf_add(&scan->value, take_plain(scan, end_in_value(scan->rest)));
        if (take(scan, STR("\""))) {
            return true;
        }
        char c = take_reference(scan);
        if (c == '\0') {
            return false;
        }
        buf_add_char(&scan->value, c);
    }
    return false;
}

static bool scan_attributes(struct scan *scan)
{
    struct str names[ATTRIBUTES_MAX];
    for (size_t count = 0; take(scan, STR(" ")); count++) {
        struct str name = take_name(scan);
        if (name.n == 0 || count == ATTRIBUTES_MAX || !take(scan, STR("=\"")) ||
            !scan_value(scan)) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            if (str_equal(names[i], name)) {
                return false;
            }
        }
        names[count] = name;
        record_attribute(scan->out, name, buf_str(&scan->value));
    }
    return true;
}

/* From behind "<". */
static bool scan_start(struct scan *scan)
{
    struct str name = take_name(scan);
    if (name.n == 0 || scan->depth == XML_DEPTH_LIMIT || (scan->depth == 0 && scan->has_root)) {
        return false;
    }
    scan->has_root = true;
    record_start(scan->out, name);
    if (!scan_attributes(scan)) {
        return false;
    }
    if (take(scan, STR("/>"))) {
        record_end(scan->out);
        return true;
    }
    scan->open[scan->depth++] = name;
    return take(scan, STR(">"));
}

/* From behind "</". */
static bool scan_end(struct scan *scan)
{
    if (scan->depth == 0 || !take(scan, scan->open[scan->depth - 1]) || !take(scan, STR(">"))) {
        return false;
    }
    scan->depth--;
    record_end(scan->out);
    return true;
}

static bool scan_text(struct scan *scan)
{
    static const char stops[STR_STOPS] = {'\0', '\r', '&', '<', '>'};
    while (scan->rest.n > 0 && scan->rest.p[0] != '<') {
        record_text(scan->out, take_plain(scan, str_find_stop(scan->rest, 0, stops)));
        if (scan->rest.n == 0 || scan->rest.p[0] == '<') {
            break;
        }
        char c = take_reference(scan);
        if (c == '\0') {
            return false;
        }
        record_text(scan->out, (struct str){&c, 1});
    }
    return true;
}

/* One thing of those that stand within the root element, or before it. */
static bool scan_one(struct scan *scan)
{
    if (take(scan, STR("</"))) {
        return scan_end(scan);
    }
    if (take(scan, STR("<"))) {
        return scan_start(scan);
    }
    return scan->depth > 0 ? scan_text(scan) : take(scan, STR("\n"));
}

bool record_scan(struct record *out, struct str document)
{
    struct scan scan = {.out = out, .rest = document, .value = BUF_EMPTY};
    *out = RECORD_EMPTY;
    buf_reserve(&out->events, document.n); /* it needs less: nothing is moved while it grows */
    bool is_good = take(&scan, STR(XML_DECLARATION));
    while (is_good && scan.rest.n > 0) {
        is_good = scan_one(&scan);
    }
    buf_free(&scan.value);
    return is_good && scan.has_root && scan.depth == 0;
}
