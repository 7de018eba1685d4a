#include "record/text.h"

#include "base/utf8.h"

#include <iconv.h>
#include <string.h>

/*
 * Bytes that may begin something strange: controls of ASCII, and the lead bytes of controls, bidi
 * and invisible characters. In valid text no byte within a character is one of them.
 */
static const bool may_be_strange[256] = {
    [0 ... 8] = true, ['\n' ... 0x1f] = true, [0x7f] = true, [0xc0 ... 0xc2] = true,
    [0xd8] = true,    [0xe0 ... 0xe2] = true, [0xed] = true, [0xef ... 0xff] = true};

/* Full-width forms are not, which Chinese is full of; behind EF valid text goes on. */
static bool is_wide(const unsigned char *p)
{
    return p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd);
}

enum { BLOCK = 16 };

/* The same of sixteen bytes at once, and one more is read: none of them may be strange. */
static bool is_plain_block(const char *p)
{
    typedef unsigned char bytes_type __attribute__((vector_size(BLOCK)));
    typedef signed char truth_type __attribute__((vector_size(BLOCK)));
    bytes_type here, next;
    memcpy(&here, p, BLOCK);
    memcpy(&next, p + 1, BLOCK);
    truth_type is_strange = ((here < 0x20) & (here != '\t')) | (here == 0x7f) |
                            ((here - 0xc0) < 3) | (here == 0xd8) | ((here - 0xe0) < 3) |
                            (here == 0xed) | (here >= 0xf0) |
                            ((here == 0xef) & (next != 0xbc) & (next != 0xbd));
    uint64_t found[2];
    memcpy(found, &is_strange, sizeof found);
    return (found[0] | found[1]) == 0;
}

/* From `at` on, where the first character stands that may be strange; the text is valid. */
static size_t skip_plain(struct str text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.p;
    while (text.n - at > BLOCK && is_plain_block(text.p + at)) {
        at += BLOCK;
    }
    while (at < text.n && (!may_be_strange[p[at]] || is_wide(p + at))) {
        at++;
    }
    return at;
}

static bool strange_code(enum diag_code *out, uint32_t c)
{
    if (utf8_is_control(c) || !utf8_is_xml(c)) {
        *out = DIAG_TEXT_CONTROL;
    } else if (utf8_is_bidi(c)) {
        *out = DIAG_TEXT_BIDI;
    } else if (utf8_is_invisible(c)) {
        *out = DIAG_TEXT_INVISIBLE;
    } else {
        return false;
    }
    return true;
}

struct scan {
    struct arena *arena;
    struct str path, text;
    struct diag *diag;
    int line;
    size_t line_start;
    size_t fault_count;
};

static void add_strange(struct scan *scan, size_t at, enum diag_code code, uint32_t c)
{
    if (scan->fault_count++ >= TEXT_FAULTS_MAX) {
        return;
    }
    struct str before = str_slice(scan->text, scan->line_start, at);
    struct place place = {scan->path, scan->line, (int)utf8_length(before) + 1};
    diag_add(scan->diag, code, place, DIAG_WITH(arena_printf(scan->arena, "U+%04X", (unsigned)c)));
}

/* Tells of strange characters; true where one of them is a control. */
static bool scan_strange(struct scan *scan)
{
    bool has_control = false;
    struct str text = scan->text;
    for (size_t at = 0; (at = skip_plain(text, at)) < text.n;) {
        if (text.p[at] == '\n') {
            scan->line++;
            scan->line_start = ++at;
            continue;
        }
        uint32_t c = 0;
        enum diag_code code;
        size_t n = utf8_decode(&c, str_from(text, at));
        if (n > 0 && strange_code(&code, c)) {
            add_strange(scan, at, code, c);
            has_control = has_control || code == DIAG_TEXT_CONTROL;
        }
        at += n > 0 ? n : 1;
    }
    return has_control;
}

/* A copy in which invalid bytes and controls are U+FFFD. */
static struct str copy_replaced(struct arena *arena, struct str s)
{
    struct buf buf = BUF_EMPTY;
    while (s.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(&c, s);
        if (n == 0 || utf8_is_control(c) || !utf8_is_xml(c)) {
            utf8_add(&buf, 0xfffd);
        } else {
            buf_add(&buf, str_slice(s, 0, n));
        }
        s = str_from(s, n == 0 ? 1 : n);
    }
    struct str copy = arena_copy(arena, buf_str(&buf));
    buf_free(&buf);
    return copy;
}

/* The whole of `bytes` from the encoding `from`; false where it is not that. */
static bool convert(struct str *out, struct arena *arena, const char *from, struct str bytes)
{
    iconv_t converter = iconv_open("UTF-8", from);
    if (converter == (iconv_t)-1) {
        return false;
    }
    size_t room = bytes.n * 3 + 4;
    char *start = arena_alloc(arena, room);
    char *to = start, *input = (char *)(uintptr_t)bytes.p;
    size_t left = bytes.n;
    bool is_whole = iconv(converter, &input, &left, &to, &room) == 0 && left == 0;
    iconv_close(converter);
    *out = (struct str){start, (size_t)(to - start)};
    return is_whole && utf8_find_invalid(*out) < 0;
}

/*
 * Does it look like Chinese in GB18030? Single accented letters of Latin-1 decode as well, into
 * rare characters whose second byte is ASCII; real text has few of those.
 */
static bool looks_like_gb18030(struct str bytes)
{
    size_t both_high = 0, second_low = 0;
    for (size_t at = 0; at + 1 < bytes.n; at++) {
        if ((unsigned char)bytes.p[at] < 0x80) {
            continue;
        }
        at++;
        *((unsigned char)bytes.p[at] >= 0xa1 ? &both_high : &second_low) += 1;
    }
    return both_high > second_low * 2;
}

/*
 * Without a byte-order mark: ASCII has its zero bytes on one side, and there are no others. Line
 * ends, commas and digits alone make more of them than stray ones in another text.
 */
static const char *guess_utf16(struct str bytes)
{
    enum { SELDOM = 24 };
    size_t zeros[2] = {0, 0};
    if (bytes.n == 0 || bytes.n % 2 != 0 || memchr(bytes.p, '\0', bytes.n) == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < bytes.n; i++) {
        zeros[i % 2] += bytes.p[i] == '\0';
    }
    bool is_mixed = zeros[0] > 0 && zeros[1] > 0;
    if (is_mixed || (zeros[0] + zeros[1]) * SELDOM * 2 < bytes.n) {
        return NULL;
    }
    return zeros[0] > 0 ? "UTF-16BE" : "UTF-16LE";
}

static const char *utf16_name(struct str bytes)
{
    if (str_starts(bytes, STR("\xff\xfe"))) {
        return "UTF-16LE";
    }
    return str_starts(bytes, STR("\xfe\xff")) ? "UTF-16BE" : guess_utf16(bytes);
}

static struct str without_mark(struct str bytes)
{
    bool has_mark = str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff"));
    return has_mark ? str_from(bytes, 2) : bytes;
}

/*
 * UTF-8 with some damaged bytes: read as anything else, all of it would be nonsense. In GB18030
 * three bytes seldom look like a character of UTF-8, and most characters are invalid.
 */
static bool is_damaged_utf8(struct str bytes)
{
    size_t whole = 0, invalid = 0;
    while (bytes.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(&c, bytes);
        whole += n >= 3;
        invalid += n == 0;
        bytes = str_from(bytes, n == 0 ? 1 : n);
    }
    return whole > invalid;
}

/* What is not UTF-8, as well as it can be read. */
static struct str decode_foreign(struct arena *arena, struct str path, struct str bytes,
                                 size_t invalid_at, struct diag *diag)
{
    struct place whole = {path, 0, 0};
    struct str text;
    const char *utf16 = utf16_name(bytes);
    if (utf16 != NULL && convert(&text, arena, utf16, without_mark(bytes))) {
        diag_add(diag, DIAG_TEXT_RECODED, whole, DIAG_WITH(STR("UTF-16")));
        return text;
    }
    if (!is_damaged_utf8(bytes) && looks_like_gb18030(bytes) &&
        convert(&text, arena, "GB18030", bytes)) {
        diag_add(diag, DIAG_TEXT_RECODED, whole, DIAG_WITH(STR("GB18030")));
        return text;
    }
    if (diag->is_lenient) {
        diag_add(diag, DIAG_TEXT_REPLACED, whole, DIAG_PLAIN);
    } else if (utf16 != NULL) {
        diag_add(diag, DIAG_TEXT_UTF16, whole, DIAG_PLAIN);
    } else {
        diag_set_source(diag, path, bytes);
        diag_add(diag, DIAG_TEXT_NOT_UTF8, diag_place_of(path, bytes, invalid_at), DIAG_PLAIN);
    }
    return copy_replaced(arena, bytes);
}

/* CR LF and CR alone become LF. */
static struct str copy_line_ends(struct arena *arena, struct str s)
{
    if (s.n == 0 || memchr(s.p, '\r', s.n) == NULL) {
        return s;
    }
    char *copy = arena_alloc(arena, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') {
            continue;
        }
        copy[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
    }
    return (struct str){copy, n};
}

struct str text_read(struct arena *arena, struct str path, struct str bytes, struct diag *diag)
{
    struct str text = bytes;
    ptrdiff_t invalid_at = utf8_find_invalid(text);
    if (invalid_at >= 0 || guess_utf16(text) != NULL) {
        text = decode_foreign(arena, path, text, invalid_at < 0 ? 0 : (size_t)invalid_at, diag);
    }
    if (str_starts(text, STR("\xef\xbb\xbf"))) {
        text = str_from(text, 3);
    }
    text = copy_line_ends(arena, text);
    diag_set_source(diag, path, text);
    struct scan scan = {.arena = arena, .path = path, .text = text, .diag = diag, .line = 1};
    if (scan_strange(&scan)) {
        text = copy_replaced(arena, text);
        diag_set_source(diag, path, text);
    }
    return text;
}

struct str text_read_escaped(struct arena *arena, struct place place, struct str value,
                             struct diag *diag)
{
    struct str rest = value;
    enum diag_code code;
    for (uint32_t c; utf8_next(&c, &rest);) {
        if (strange_code(&code, c)) { /* the first tells where to look: the value has one place */
            diag_add(diag, code, place, DIAG_WITH(arena_printf(arena, "U+%04X", (unsigned)c)));
            return copy_replaced(arena, value);
        }
    }
    return value;
}

static bool ends_sentence(uint32_t c)
{
    return c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff1b || c == '!' || c == '?';
}

struct str text_shorten(struct arena *arena, struct str s, size_t limit)
{
    struct str cut = utf8_first(s, limit);
    if (cut.n == s.n) {
        return s;
    }
    size_t sentence = 0, word = 0, count = 0;
    bool was_stop = false;
    struct str rest = cut;
    for (uint32_t c; utf8_next(&c, &rest); count++) {
        size_t end = cut.n - rest.n;
        if (c == ' ' && was_stop) {
            sentence = end - 1;
        } else if (ends_sentence(c)) {
            sentence = end;
        }
        if (c == ' ') {
            word = end - 1;
        } else if (utf8_is_han(c)) {
            word = end;
        }
        was_stop = c == '.';
    }
    if (sentence > cut.n / 2) {
        return arena_copy(arena, str_slice(cut, 0, sentence));
    }
    cut = str_slice(cut, 0, word > 0 ? word : cut.n);
    return arena_printf(arena, "%.*s…", STR_ARG(cut));
}
