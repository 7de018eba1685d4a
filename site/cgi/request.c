#include "cgi/request.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "cgi/limits.h"

#include <string.h>

static const struct {
    int http;
    const char *text[2]; /* by enum language */
} status_rows[] = {
#define ROW(name, http, zh, en) {http, {zh, en}},
    REQUEST_STATUS_ROWS(ROW)
#undef ROW
};

static const char *const parameter_names[REQUEST_PARAMETER_COUNT] = {
    [REQUEST_Q] = "q",       [REQUEST_ORG] = "org",       [REQUEST_KIND] = "kind",
    [REQUEST_ITEM] = "item", [REQUEST_YEAR] = "year",     [REQUEST_FROM] = "from",
    [REQUEST_TO] = "to",     [REQUEST_STATE] = "status",  [REQUEST_SORT] = "sort",
    [REQUEST_LANG] = "lang", [REQUEST_FORMAT] = "format", [REQUEST_PAGE] = "page",
};

/* A value that stands for a constant. */
struct word {
    const char *text;
    int value;
};

static const struct word format_words[] = {
    {"html", REQUEST_FORMAT_HTML}, {"json", REQUEST_FORMAT_JSON}, {"csv", REQUEST_FORMAT_CSV}};
static const struct word sort_words[] = {{"relevance", SEARCH_SORT_RELEVANCE},
                                         {"date", SEARCH_SORT_DATE}};
enum { LANGUAGE_WORD_ZH, LANGUAGE_WORD_EN };
static const struct word language_words[] = {{"zh", LANGUAGE_WORD_ZH}, {"en", LANGUAGE_WORD_EN}};

const char *request_parameter_name(enum request_parameter parameter)
{
    return parameter_names[parameter];
}

int request_status_http(enum request_status status)
{
    return status_rows[status].http;
}

struct str request_status_text(enum request_status status, enum language language)
{
    return str_of(status_rows[status].text[language]);
}

/* Undoes the encoding alone: `out` has room for as many bytes as `raw`. -1 where it is wrong. */
static int decode_bytes(char *out, size_t *length, struct str raw)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i] == '+' ? ' ' : raw.p[i];
        if (c == '%') {
            int high = i + 2 < raw.n ? str_hex_value(raw.p[i + 1]) : -1;
            int low = i + 2 < raw.n ? str_hex_value(raw.p[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return -1;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[n++] = c;
    }
    *length = n;
    return 0;
}

static bool has_control(struct str text)
{
    uint32_t c;
    while (utf8_next(&c, &text)) {
        if (c < 0x20 || utf8_is_control(c)) {
            return true;
        }
    }
    return false;
}

enum request_status request_decode(struct str *out, struct arena *arena, struct str raw)
{
    char *bytes = arena_alloc(arena, raw.n + 1);
    size_t n = 0;
    if (decode_bytes(bytes, &n, raw) != 0) {
        return REQUEST_STATUS_ENCODING;
    }
    struct str text = {bytes, n};
    if (utf8_find_invalid(text) >= 0) {
        return REQUEST_STATUS_NOT_UTF8;
    }
    for (char *tab = bytes; (tab = memchr(tab, '\t', n - (size_t)(tab - bytes))) != NULL;) {
        *tab = ' ';
    }
    if (has_control(text)) {
        return REQUEST_STATUS_CHARACTER;
    }
    *out = text;
    return REQUEST_STATUS_OK;
}

static int find_parameter(struct str name)
{
    for (int i = 0; i < REQUEST_PARAMETER_COUNT; i++) {
        if (str_equal(name, str_of(parameter_names[i]))) {
            return i;
        }
    }
    return -1;
}

/* One pair. `seen` has a bit for each parameter that stood already. */
static enum request_status read_pair(struct request *out, struct arena *arena, struct str pair,
                                     unsigned *seen)
{
    ptrdiff_t equals = str_find_char(pair, '=');
    struct str raw_name = equals < 0 ? pair : str_slice(pair, 0, (size_t)equals);
    struct str raw_value = equals < 0 ? (struct str){"", 0} : str_from(pair, (size_t)equals + 1);
    struct str name, value;
    enum request_status status = request_decode(&name, arena, raw_name);
    if (status == REQUEST_STATUS_OK) {
        status = request_decode(&value, arena, raw_value);
    }
    if (status != REQUEST_STATUS_OK) {
        return status;
    }
    int parameter = find_parameter(name);
    if (parameter < 0) {
        return REQUEST_STATUS_OK;
    }
    if ((*seen & 1u << parameter) != 0) {
        return REQUEST_STATUS_TWICE;
    }
    *seen |= 1u << parameter;
    out->values[parameter] = value;
    return REQUEST_STATUS_OK;
}

/* Keeps the first thing that was wrong. */
static void note_status(struct request *out, enum request_status status)
{
    if (out->status == REQUEST_STATUS_OK) {
        out->status = status;
    }
}

static int read_word(struct request *out, enum request_parameter parameter,
                     const struct word *words, size_t count, int otherwise)
{
    struct str value = out->values[parameter];
    if (value.n == 0) {
        return otherwise;
    }
    for (size_t i = 0; i < count; i++) {
        if (str_equal(value, str_of(words[i].text))) {
            return words[i].value;
        }
    }
    note_status(out, REQUEST_STATUS_VALUE);
    return otherwise;
}

#define READ_WORD(out, parameter, words, otherwise)                                                \
    read_word(out, parameter, words, sizeof(words) / sizeof(words)[0], otherwise)

static void read_page(struct request *out)
{
    struct str value = out->values[REQUEST_PAGE];
    if (value.n == 0) {
        return;
    }
    long page = str_number(value, SEARCH_PAGE_MAX);
    if (page < 1) {
        note_status(out, REQUEST_STATUS_PAGE);
        return;
    }
    out->search.page = page;
}

/* What the values mean. */
static void read_values(struct request *out)
{
    const int unset = -1;
    out->format =
        (enum request_format)READ_WORD(out, REQUEST_FORMAT, format_words, REQUEST_FORMAT_HTML);
    int language = READ_WORD(out, REQUEST_LANG, language_words, unset);
    if (language != unset) {
        out->language = language == LANGUAGE_WORD_ZH ? STR("zh-CN") : STR("en");
    }
    out->search.sort =
        (enum search_sort)READ_WORD(out, REQUEST_SORT, sort_words, SEARCH_SORT_RELEVANCE);
    read_page(out);
    out->search.query = out->values[REQUEST_Q];
    out->search.org = out->values[REQUEST_ORG];
    out->search.kind = out->values[REQUEST_KIND];
    out->search.item = out->values[REQUEST_ITEM];
    out->search.year = out->values[REQUEST_YEAR];
    out->search.from = out->values[REQUEST_FROM];
    out->search.to = out->values[REQUEST_TO];
    out->search.status = out->values[REQUEST_STATE];
    out->search.wants_facets = out->format != REQUEST_FORMAT_CSV;
}

void request_read(struct request *out, struct arena *arena, struct str method,
                  struct str query_string)
{
    *out = (struct request){.status = REQUEST_STATUS_OK, .search = SEARCH_REQUEST_EMPTY};
    out->is_head = str_equal(method, STR("HEAD"));
    if (!out->is_head && !str_equal(method, STR("GET"))) {
        note_status(out, REQUEST_STATUS_METHOD);
    }
    if (query_string.n > LIMIT_QUERY_STRING_BYTES) {
        note_status(out, REQUEST_STATUS_TOO_LONG);
        return;
    }
    unsigned seen = 0;
    struct str pair;
    while (str_cut(&pair, &query_string, '&')) {
        note_status(out, pair.n == 0 ? REQUEST_STATUS_OK : read_pair(out, arena, pair, &seen));
    }
    read_values(out);
}

void request_write_url(struct buf *out, const struct request *request, struct str program,
                       enum request_parameter changed, struct str value)
{
    buf_add(out, program);
    char separator = '?';
    for (int i = 0; i < REQUEST_PARAMETER_COUNT; i++) {
        bool is_dropped = i == REQUEST_PAGE && changed != REQUEST_PAGE;
        struct str text = i == (int)changed ? value : request->values[i];
        if (text.n == 0 || is_dropped) {
            continue;
        }
        buf_add_char(out, separator);
        buf_add_text(out, parameter_names[i]);
        buf_add_char(out, '=');
        escape_query(out, text);
        separator = '&';
    }
}
