#include "source/name.h"

#include "base/utf8.h"
#include "source/source.h"

/* Characters that HFS+ ignores in names, so that ".g<U+200C>it" is its ".git". */
static bool is_ignored_by_hfs(uint32_t c)
{
    return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x206a && c <= 0x206f) || c == 0xfeff;
}

static bool is_ascii_equal_nocase(uint32_t c, char want)
{
    return c == (uint32_t)want || (want >= 'a' && want <= 'z' && c == (uint32_t)(want - 32));
}

/*
 * `name` is `want`, as git, NTFS or HFS+ would see it: letters' case ignored, invisible characters
 * ignored, and what NTFS drops or takes for a stream (blanks and dots at the end, ":...") dropped.
 */
static bool is_alias_of(struct str name, const char *want)
{
    uint32_t c;
    while (utf8_next(&c, &name)) {
        if (is_ignored_by_hfs(c)) {
            continue;
        }
        if (*want == '\0') {
            if (c == ':') {
                return true;
            }
            if (c != ' ' && c != '.') {
                return false;
            }
        } else if (is_ascii_equal_nocase(c, *want)) {
            want++;
        } else {
            return false;
        }
    }
    return *want == '\0' && name.n == 0;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || !utf8_is_xml(c);
}

/* One row per rule about single characters, the first that is broken is told. */
static bool has_fit_characters(enum diag_code *why, struct str name)
{
    static const struct {
        bool (*is_bad)(uint32_t);
        enum diag_code why;
    } rules[] = {
        {is_control, DIAG_NAME_CONTROL},
        {utf8_is_bidi, DIAG_NAME_BIDI},
        {utf8_is_invisible, DIAG_NAME_INVISIBLE},
    };
    for (uint32_t c; utf8_next(&c, &name);) {
        for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
            if (rules[i].is_bad(c)) {
                *why = rules[i].why;
                return false;
            }
        }
    }
    return true;
}

/* Names that nearly all files have: lower-case letters, digits, "-", "_" and dots inside. */
static bool is_plain(struct str name)
{
    bool is_before_plain = false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_letter && (c != '.' || !is_before_plain)) {
            return false;
        }
        is_before_plain = is_letter;
    }
    return is_before_plain && name.n <= SOURCE_NAME_MAX;
}

bool name_is_fit(enum diag_code *why, struct str name)
{
    if (is_plain(name)) {
        return true;
    }
    if (name.n == 0) {
        *why = DIAG_NAME_EMPTY;
    } else if (name.n > SOURCE_NAME_MAX) {
        *why = DIAG_NAME_LONG;
    } else if (str_equal(name, STR(".")) || str_equal(name, STR(".."))) {
        *why = DIAG_NAME_DOTS;
    } else if (str_find_char(name, '/') >= 0) {
        *why = DIAG_NAME_SLASH;
    } else if (utf8_find_invalid(name) >= 0) {
        *why = DIAG_NAME_UTF8;
    } else if (is_alias_of(name, ".git") || is_alias_of(name, "git~1")) {
        *why = DIAG_NAME_GIT;
    } else if (str_find_char(name, '\\') >= 0) {
        *why = DIAG_NAME_BACKSLASH;
    } else if (!has_fit_characters(why, name)) {
        return false;
    } else if (str_ends(name, STR(".")) || str_ends(name, STR(" "))) {
        *why = DIAG_NAME_END;
    } else {
        return true;
    }
    return false;
}
