#include "check/normalise.h"

#include "base/utf8.h"

#include <string.h>

enum { GAP_BYTES_MAX = 96, TAG_BYTES_MAX = 200, TAG_DIGITS_MAX = 10, OVERLAP = 24, SOFT_MAX = 3 };

enum token_kind { TOKEN_OTHER, TOKEN_DIGIT, TOKEN_X, TOKEN_SILENT, TOKEN_SOFT, TOKEN_STRONG };

struct token {
    enum token_kind kind;
    unsigned char value, script;
    size_t n;
};

/* Where each script's zero stands: ten digits follow one another (General_Category Nd). */
static const uint32_t zeros[] = {
    0x0660,  0x06f0,  0x07c0,  0x0966,  0x09e6,  0x0a66,  0x0ae6,  0x0b66,  0x0be6,  0x0c66,
    0x0ce6,  0x0d66,  0x0de6,  0x0e50,  0x0ed0,  0x0f20,  0x1040,  0x1090,  0x17e0,  0x1810,
    0x1946,  0x19d0,  0x1a80,  0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0x2080,  0xa620,
    0xa8d0,  0xa900,  0xa9d0,  0xa9f0,  0xaa50,  0xabf0,  0xff10,  0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0,
    0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130,
    0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e4d0, 0x1e5f1, 0x1e950, 0x1fbf0};

/* Where ones stand whose zero is elsewhere: circled, in brackets, with a full stop. */
static const uint32_t ones[] = {0x2460, 0x2474, 0x2488, 0x24f5, 0x2776, 0x2780, 0x278a};

static const struct {
    uint32_t c;
    unsigned char value;
} singles[] = {{0xb9, 1},   {0xb2, 2},   {0xb3, 3},   {0x2070, 0}, {0x2074, 4}, {0x2075, 5},
               {0x2076, 6}, {0x2077, 7}, {0x2078, 8}, {0x2079, 9}, {0x24ea, 0}, {0x24ff, 0}};

static const struct {
    uint32_t c;
    unsigned char value;
} numerals[] = {{0x3007, 0}, {0x96f6, 0}, {0x25cb, 0}, {0x25ef, 0}, {0x4e00, 1}, {0x58f9, 1},
                {0x5e7a, 1}, {0x4e8c, 2}, {0x8d30, 2}, {0x4e09, 3}, {0x53c1, 3}, {0x56db, 4},
                {0x8086, 4}, {0x4e94, 5}, {0x4f0d, 5}, {0x516d, 6}, {0x9646, 6}, {0x4e03, 7},
                {0x67d2, 7}, {0x516b, 8}, {0x634c, 8}, {0x4e5d, 9}, {0x7396, 9}};

/* Letters that are or look like X. */
static const uint32_t crosses[] = {'x', 'X', 0xff38, 0xff58, 0x2169, 0x2179, 0x425, 0x445, 0xd7};

static const struct {
    uint32_t first, last;
    enum token_kind kind;
} joiners[] = {{0xa0, 0xa0, TOKEN_SOFT},       {0xad, 0xad, TOKEN_SILENT},
               {0xb7, 0xb7, TOKEN_SOFT},       {0x300, 0x36f, TOKEN_SILENT},
               {0x61c, 0x61c, TOKEN_SILENT},   {0x115f, 0x1160, TOKEN_SILENT},
               {0x1680, 0x1680, TOKEN_SOFT},   {0x180b, 0x180e, TOKEN_SILENT},
               {0x2000, 0x200a, TOKEN_SOFT},   {0x200b, 0x200f, TOKEN_SILENT},
               {0x2010, 0x2015, TOKEN_SOFT},   {0x2022, 0x2022, TOKEN_SOFT},
               {0x2024, 0x2027, TOKEN_SOFT},   {0x2028, 0x2029, TOKEN_STRONG},
               {0x202a, 0x202e, TOKEN_SILENT}, {0x202f, 0x202f, TOKEN_SOFT},
               {0x205f, 0x205f, TOKEN_SOFT},   {0x2060, 0x206f, TOKEN_SILENT},
               {0x20d0, 0x20f0, TOKEN_SILENT}, {0x2212, 0x2212, TOKEN_SOFT},
               {0x3000, 0x3000, TOKEN_SOFT},   {0x3001, 0x3001, TOKEN_STRONG},
               {0x30fb, 0x30fb, TOKEN_SOFT},   {0x3164, 0x3164, TOKEN_SILENT},
               {0xfe00, 0xfe0f, TOKEN_SILENT}, {0xfe20, 0xfe2f, TOKEN_SILENT},
               {0xfeff, 0xfeff, TOKEN_SILENT}, {0xfffd, 0xfffd, TOKEN_SILENT},
               {0xff08, 0xff09, TOKEN_SOFT},   {0xff0c, 0xff0c, TOKEN_STRONG},
               {0xff0d, 0xff0e, TOKEN_SOFT},   {0xff0f, 0xff0f, TOKEN_STRONG},
               {0xff1b, 0xff1b, TOKEN_STRONG}, {0xff5c, 0xff5c, TOKEN_STRONG},
               {0xffa0, 0xffa0, TOKEN_SILENT}, {0xe0000, 0xe0fff, TOKEN_SILENT}};

/* The joiners of ASCII. */
static const unsigned char ascii[128] = {
    [0] = TOKEN_SILENT, /* between the digits of UTF-16 and UTF-32 */
    ['\t'] = TOKEN_STRONG, ['\n'] = TOKEN_STRONG, [0x0b] = TOKEN_STRONG, [0x0c] = TOKEN_STRONG,
    ['\r'] = TOKEN_STRONG, [' '] = TOKEN_SOFT,    ['('] = TOKEN_SOFT,    [')'] = TOKEN_SOFT,
    ['*'] = TOKEN_SILENT,  ['+'] = TOKEN_STRONG,  [','] = TOKEN_STRONG,  ['-'] = TOKEN_SOFT,
    ['.'] = TOKEN_SOFT,    ['/'] = TOKEN_STRONG,  ['"'] = TOKEN_STRONG,  ['\''] = TOKEN_STRONG,
    [';'] = TOKEN_STRONG,  ['>'] = TOKEN_STRONG,  ['\\'] = TOKEN_SILENT, ['_'] = TOKEN_SILENT,
    ['`'] = TOKEN_SILENT,  ['|'] = TOKEN_STRONG,  ['~'] = TOKEN_SILENT};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static struct token digit(unsigned value, unsigned script)
{
    return (struct token){TOKEN_DIGIT, (unsigned char)value, (unsigned char)script, 0};
}

static struct token classify_digit(uint32_t c)
{
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        if (c >= zeros[i] && c < zeros[i] + 10) {
            return digit(c - zeros[i], (unsigned)i + 3);
        }
    }
    for (size_t i = 0; i < sizeof ones / sizeof ones[0]; i++) {
        if (c >= ones[i] && c < ones[i] + 9) {
            return digit(c - ones[i] + 1, 2);
        }
    }
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++) {
        if (c == singles[i].c) {
            return digit(singles[i].value, 2);
        }
    }
    for (size_t i = 0; i < sizeof numerals / sizeof numerals[0]; i++) {
        if (c == numerals[i].c) {
            return digit(numerals[i].value, NORMALISE_SCRIPT_CHINESE);
        }
    }
    return (struct token){TOKEN_OTHER, 0, 0, 0};
}

static struct token classify(uint32_t c)
{
    if (c >= '0' && c <= '9') {
        return digit(c - '0', 0);
    }
    for (size_t i = c < 0x80 && (c | 0x20) != 'x' ? COUNT(crosses) : 0; i < COUNT(crosses); i++) {
        if (c == crosses[i]) {
            return (struct token){TOKEN_X, NORMALISE_X, 0, 0};
        }
    }
    if (c < 0x80) {
        return (struct token){(enum token_kind)ascii[c], 0, 0, 0};
    }
    for (size_t i = 0; i < sizeof joiners / sizeof joiners[0]; i++) {
        if (c >= joiners[i].first && c <= joiners[i].last) {
            return (struct token){joiners[i].kind, 0, 0, 0};
        }
    }
    return classify_digit(c);
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The number at the front of `s` in `base`, in up to `max` places; how many were read. */
static size_t read_number(uint32_t *out, struct str s, int base, size_t max)
{
    size_t n = 0;
    for (*out = 0; n < s.n && n < max; n++) {
        int value = hex(s.p[n]);
        if (value < 0 || value >= base) {
            break;
        }
        *out = *out * (uint32_t)base + (uint32_t)value;
    }
    return n;
}

/* "&#49;", "&#x31;", and the same escaped once or twice more ("&amp;#49;"). */
static size_t read_reference(uint32_t *out, struct str s)
{
    static const struct {
        struct str name;
        uint32_t c;
    } named[] = {{{"nbsp", 4}, 0xa0},     {{"ensp", 4}, 0x2002},   {{"emsp", 4}, 0x2003},
                 {{"shy", 3}, 0xad},      {{"zwnj", 4}, 0x200c},   {{"zwj", 3}, 0x200d},
                 {{"Tab", 3}, '\t'},      {{"middot", 6}, 0xb7},   {{"period", 6}, '.'},
                 {{"thinsp", 6}, 0x2009}, {{"hyphen", 6}, 0x2010}, {{"ndash", 5}, 0x2013},
                 {{"mdash", 5}, 0x2014},  {{"NewLine", 7}, '\n'},  {{"ast", 3}, '*'}};
    size_t at = 1;
    while (str_starts(str_from(s, at), STR("amp;"))) {
        at += 4;
    }
    struct str rest = str_from(s, at);
    char first = rest.n > 0 ? rest.p[0] : '\0'; /* of "lt;" and "gt;", mostly, which are none */
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (first == named[i].name.p[0] && str_starts(rest, named[i].name)) {
            *out = named[i].c;
            at += named[i].name.n;
            return at + (at < s.n && s.p[at] == ';');
        }
    }
    if (!str_starts(rest, STR("#"))) {
        return 0;
    }
    bool is_hex = rest.n > 1 && (rest.p[1] == 'x' || rest.p[1] == 'X');
    at += is_hex ? 2 : 1;
    size_t n = read_number(out, str_from(s, at), is_hex ? 16 : 10, 8);
    at += n;
    return n == 0 ? 0 : at + (at < s.n && s.p[at] == ';');
}

/* A character in percent-encoding, but for controls: "50%13" is no such thing. */
static size_t read_percent(uint32_t *out, struct str s)
{
    char bytes[4];
    uint32_t byte;
    for (size_t count = 0; count < sizeof bytes; count++) {
        struct str rest = str_from(s, count * 3);
        if (!str_starts(rest, STR("%")) || read_number(&byte, str_from(rest, 1), 16, 2) != 2) {
            return 0;
        }
        bytes[count] = (char)byte;
        if (utf8_decode(out, (struct str){bytes, count + 1}) > 0) {
            return *out < 0x20 ? 0 : (count + 1) * 3;
        }
    }
    return 0;
}

static size_t read_backslash(uint32_t *out, struct str s)
{
    static const struct {
        struct str mark;
        size_t places;
    } forms[] = {{{"\\u", 2}, 4}, {{"\\x", 2}, 2}, {{"\\U", 2}, 8}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (str_starts(s, forms[i].mark) &&
            read_number(out, str_from(s, 2), 16, forms[i].places) == forms[i].places) {
            return 2 + forms[i].places;
        }
    }
    return 0;
}

static size_t read_encoded(uint32_t *out, struct str s)
{
    return s.p[0] == '&'    ? read_reference(out, s)
           : s.p[0] == '%'  ? read_percent(out, s)
           : s.p[0] == '\\' ? read_backslash(out, s)
                            : 0;
}

static bool is_name(struct str s, const char *name)
{
    struct str wanted = str_of(name);
    return s.n >= wanted.n && str_equal_nocase(str_slice(s, 0, wanted.n), wanted) &&
           (s.n == wanted.n || strchr(" />\t\n", s.p[wanted.n]) != NULL);
}

/* A tag or comment that has no number of its own. Blocks part more than phrases do. */
static struct token read_tag(struct str s)
{
    static const char *const phrases[] = {"a",    "b",      "i",   "em",  "strong", "span", "font",
                                          "u",    "s",      "del", "ins", "code",   "sub",  "sup",
                                          "mark", "small",  "wbr", "bdo", "bdi",    "kbd",  "var",
                                          "big",  "strike", "tt",  "q",   "abbr",   "!--"};
    struct token none = {TOKEN_OTHER, 0, 0, 1};
    bool is_comment = str_starts(s, STR("<!--"));
    struct str part = str_slice(s, 0, TAG_BYTES_MAX);
    ptrdiff_t end = is_comment ? str_find(part, STR("-->")) : str_find_char(part, '>');
    if (end < 2) {
        return none;
    }
    size_t digits = 0;
    for (ptrdiff_t i = 0; i < end; i++) {
        digits += (part.p[i] >= '0' && part.p[i] <= '9') || (unsigned char)part.p[i] >= 0x80;
    }
    if (digits > TAG_DIGITS_MAX) {
        return none;
    }
    struct str name = str_from(part, part.p[1] == '/' ? 2 : 1);
    none = (struct token){TOKEN_STRONG, 0, 0, (size_t)end + (is_comment ? 3 : 1)};
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        if (is_comment || is_name(name, phrases[i])) {
            none.kind = TOKEN_SILENT;
        }
    }
    return none;
}

static struct token read_token(struct str s)
{
    uint32_t c;
    size_t n = read_encoded(&c, s);
    if (n == 0 && s.p[0] == '<') {
        return read_tag(s);
    }
    if (n == 0) {
        n = utf8_decode(&c, s);
    }
    struct token token = n == 0 ? (struct token){TOKEN_OTHER, 0, 0, 0} : classify(c);
    token.n = n == 0 ? 1 : n;
    return token;
}

/* Four stars and more hide digits; up to three are emphasis. */
static bool is_mask(struct str s)
{
    return str_starts(s, STR("****"));
}

/* Reads joiners from `at`; the place behind them, and what they are together. */
static size_t read_gap(unsigned char *gap, struct str s, size_t at)
{
    size_t from = at, soft = 0;
    enum token_kind most = TOKEN_OTHER;
    while (at < s.n && at - from < GAP_BYTES_MAX && !is_mask(str_from(s, at))) {
        struct token token = read_token(str_from(s, at));
        if (token.kind < TOKEN_SILENT) {
            break;
        }
        soft += token.kind == TOKEN_SOFT;
        most = token.kind > most ? token.kind : most;
        at += token.n;
    }
    *gap = most == TOKEN_OTHER                      ? NORMALISE_GAP_NONE
           : most == TOKEN_SILENT                   ? NORMALISE_GAP_SILENT
           : most == TOKEN_SOFT && soft <= SOFT_MAX ? NORMALISE_GAP_SOFT
                                                    : NORMALISE_GAP_STRONG;
    return at;
}

static bool add_digit(struct normalise_run *run, struct token token, size_t at, unsigned char gap,
                      char joiner)
{
    if (token.kind != TOKEN_DIGIT && (token.kind != TOKEN_X || run->count < 17)) {
        return false;
    }
    bool is_turn = run->count > 0 && token.kind == TOKEN_DIGIT && gap == NORMALISE_GAP_NONE &&
                   run->digits[run->count - 1].script != token.script;
    run->digits[run->count++] =
        (struct normalise_digit){.start = at,
                                 .end = at + token.n,
                                 .value = token.value,
                                 .script = token.script,
                                 .gap = is_turn ? NORMALISE_GAP_SILENT : gap,
                                 .joiner = (unsigned char)joiner};
    return true;
}

size_t normalise_read(struct normalise_run *out, struct str s, size_t from)
{
    out->count = 0;
    struct token token = read_token(str_from(s, from));
    if (!add_digit(out, token, from, NORMALISE_GAP_NONE, 0)) {
        return from + token.n;
    }
    size_t end = from + token.n;
    while (out->count < NORMALISE_RUN_MAX) {
        unsigned char gap;
        if (end < s.n && s.p[end] >= '0' && s.p[end] <= '9') { /* mostly */
            token = digit((unsigned)(s.p[end] - '0'), 0);
            token.n = 1;
            add_digit(out, token, end, NORMALISE_GAP_NONE, s.p[end]);
            end++;
            continue;
        }
        size_t at = read_gap(&gap, s, end);
        if (at >= s.n) {
            return end;
        }
        token = read_token(str_from(s, at));
        if (!add_digit(out, token, at, gap, s.p[end])) {
            return end;
        }
        end = at + token.n;
        if (token.kind == TOKEN_X) {
            return end;
        }
    }
    return out->digits[out->count - OVERLAP].start;
}
