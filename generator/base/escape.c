#include "base/escape.h"

#include "base/unicode.h"
#include "base/utf8.h"

#include <string.h>

static struct str html_reference(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    default:
        return STR("&#39;");
    }
}

void escape_html(struct buf *buf, struct str s)
{
    for (;;) {
        size_t end = str_find_stop(s, 0, "&<>\"'");
        buf_add(buf, str_slice(s, 0, end));
        if (end == s.n) {
            return;
        }
        buf_add(buf, html_reference(s.p[end]));
        s = str_from(s, end + 1);
    }
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static char *put_percent(char *end, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char byte = (unsigned char)c;
    *end++ = '%';
    *end++ = digits[byte >> 4];
    *end++ = digits[byte & 15];
    return end;
}

static void escape_uri(struct buf *buf, struct str s, char kept)
{
    enum { SLICE = 4096, ENCODED = 3 /* bytes for one */ };
    for (; s.n > 0; s = str_from(s, SLICE)) {
        struct str slice = str_slice(s, 0, SLICE);
        char *begin = buf_reserve(buf, slice.n * ENCODED), *end = begin;
        for (size_t i = 0; i < slice.n; i++) {
            char c = slice.p[i];
            if (is_unreserved(c) || (kept != '\0' && c == kept)) {
                *end++ = c;
            } else {
                end = put_percent(end, c);
            }
        }
        *end = '\0';
        buf->n += (size_t)(end - begin);
    }
}

void escape_path(struct buf *buf, struct str s)
{
    escape_uri(buf, s, '/');
}

void escape_query(struct buf *buf, struct str s)
{
    escape_uri(buf, s, '\0');
}

static void escape_json_char(struct buf *buf, char c)
{
    switch (c) {
    case '"':
        buf_add(buf, STR("\\\""));
        break;
    case '\\':
        buf_add(buf, STR("\\\\"));
        break;
    case '\n':
        buf_add(buf, STR("\\n"));
        break;
    case '\r':
        buf_add(buf, STR("\\r"));
        break;
    case '\t':
        buf_add(buf, STR("\\t"));
        break;
    default:
        buf_printf(buf, "\\u%04x", (unsigned)(unsigned char)c);
    }
}

/* What may not stand in a string as it is; `<` may not in a page's script. */
static const bool is_json_special[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,         1,          1,         1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, [0x7f] = 1};

void escape_json(struct buf *buf, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (is_json_special[(unsigned char)s.p[i]]) {
            buf_add(buf, str_slice(s, from, i));
            escape_json_char(buf, s.p[i]);
            from = i + 1;
        }
    }
    buf_add(buf, str_from(s, from));
}

/* -1,234.50 and +3% are numbers that people write, not formulas. */
static bool is_number(struct str s)
{
    bool has_digit = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9') {
            has_digit = true;
        } else if (c != '.' && c != ',' && !(i == 0 && (c == '-' || c == '+')) &&
                   !(i + 1 == s.n && c == '%')) {
            return false;
        }
    }
    return has_digit;
}

static bool is_formula(struct str s)
{
    static const struct str wide[] = {{"＝", 3}, {"＋", 3}, {"－", 3}, {"＠", 3}};
    if (s.n == 0 || is_number(s)) {
        return false;
    }
    if (memchr("=+-@\t\r", s.p[0], 6) != NULL) {
        return true;
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (str_starts(s, wide[i])) {
            return true;
        }
    }
    return false;
}

static bool needs_quotes(struct str s)
{
    return str_find_stop(s, 0, ",\"\r\n\n") < s.n ||
           (s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' '));
}

void escape_csv(struct buf *buf, struct str s)
{
    bool quoted = needs_quotes(s);
    if (quoted) {
        buf_add_char(buf, '"');
    }
    if (is_formula(s)) {
        buf_add_char(buf, '\'');
    }
    for (ptrdiff_t quote; quoted && (quote = str_find_char(s, '"')) >= 0;) {
        buf_add(buf, str_slice(s, 0, (size_t)quote + 1));
        buf_add_char(buf, '"');
        s = str_from(s, (size_t)quote + 1);
    }
    buf_add(buf, s);
    if (quoted) {
        buf_add_char(buf, '"');
    }
}

bool escape_decode_percent(struct buf *buf, struct str s)
{
    size_t start = buf->n;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%') {
            buf_add_char(buf, s.p[i]);
            continue;
        }
        int high = i + 2 < s.n ? str_hex_value(s.p[i + 1]) : -1;
        int low = i + 2 < s.n ? str_hex_value(s.p[i + 2]) : -1;
        if (high < 0 || low < 0 || (high == 0 && low == 0)) {
            buf_truncate(buf, start);
            return false;
        }
        buf_add_char(buf, (char)(high * 16 + low));
        i += 2;
    }
    return true;
}

/* The bytes that stand percent-encoded at the front, at most one character; how many. */
static size_t take_encoded(char out[4], struct str s)
{
    size_t n = 0;
    while (n < 4 && s.n >= 3 * (n + 1) && s.p[3 * n] == '%') {
        int high = str_hex_value(s.p[3 * n + 1]), low = str_hex_value(s.p[3 * n + 2]);
        if (high < 0 || low < 0) {
            break;
        }
        out[n++] = (char)(high * 16 + low);
    }
    return n;
}

static bool is_typed(uint32_t c)
{
    bool is_blank = c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200d) || c == 0x2028 ||
                    c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
    return c >= 0x80 && !is_blank && !utf8_is_control(c) && !utf8_is_bidi(c) &&
           !utf8_is_invisible(c);
}

void escape_readable(struct buf *buf, struct str url)
{
    struct buf readable = BUF_EMPTY, composed = BUF_EMPTY;
    for (struct str rest = url; rest.n > 0;) {
        char bytes[4];
        uint32_t c = 0;
        size_t n = utf8_decode(&c, (struct str){bytes, take_encoded(bytes, rest)});
        if (n > 0 && is_typed(c)) {
            utf8_add(&readable, c);
            rest = str_from(rest, 3 * n);
        } else {
            buf_add_char(&readable, rest.p[0]);
            rest = str_from(rest, 1);
        }
    }
    unicode_nfc(&composed, buf_str(&readable));
    buf_add(buf, str_equal(buf_str(&composed), buf_str(&readable)) ? buf_str(&readable) : url);
    buf_free(&composed);
    buf_free(&readable);
}
