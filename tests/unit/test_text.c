/* Text looked through many bytes at a time: what stands in its midst is found as it is alone. */
#include "base/utf8.h"
#include "record/clean.h"
#include "record/lines.h"
#include "record/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LONGEST = 37, LAST = 0x10ffff };

/* Every character of the planes that have some, of the others a few. */
static uint32_t next_character(uint32_t c)
{
    c += c < 0x20000 || (c >= 0xdff00 && c < 0xe1000) ? 1 : 0xff;
    return c >= 0xd800 && c <= 0xdfff ? 0xe000 : c;
}

/* `c` behind `before` Latin letters and in front of others. */
static struct str within(struct buf *out, size_t before, uint32_t c)
{
    buf_clear(out);
    for (size_t i = 0; i < LONGEST; i++) {
        if (i == before) {
            utf8_add(out, c);
        }
        buf_add_char(out, 'x');
    }
    return buf_str(out);
}

static void test_dropped_wherever_it_stands(void **state)
{
    struct arena arena = {0};
    struct buf text = BUF_EMPTY, alone = BUF_EMPTY;
    (void)state;
    for (uint32_t c = 0; c <= LAST; c = next_character(c)) {
        buf_clear(&alone);
        utf8_add(&alone, c);
        struct str whole = within(&text, c % LONGEST, c);
        size_t kept = clean_text(&arena, buf_str(&alone)).n;
        assert_int_equal(clean_text(&arena, whole).n, LONGEST + kept);
        size_t kept_in_html = clean_html(&arena, buf_str(&alone), NULL).n;
        assert_int_equal(clean_html(&arena, whole, NULL).n, LONGEST + kept_in_html);
        bool is_private = (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
        bool is_none = (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
        bool is_kept = !utf8_is_control(c) && !utf8_is_bidi(c) && !is_none;
        assert_int_equal(kept_in_html, is_kept ? alone.n : 0);
        assert_int_equal(kept, is_kept && !is_private ? alone.n : 0);
        arena_reset(&arena);
    }
    buf_free(&text);
    buf_free(&alone);
    arena_free(&arena);
}

static void test_strange_wherever_it_stands(void **state)
{
    struct arena arena = {0};
    struct buf text = BUF_EMPTY;
    (void)state;
    for (uint32_t c = 1; c <= LAST; c = next_character(c)) {
        struct diag diag = {0};
        struct str whole = within(&text, c % LONGEST, c);
        bool is_strange = utf8_is_control(c) || !utf8_is_xml(c) || utf8_is_bidi(c) ||
                          (utf8_is_invisible(c) && (c != 0xfeff || c % LONGEST > 0));
        text_read(&arena, STR("a.md"), whole, &diag);
        assert_int_equal(diag.count, is_strange);
        if (is_strange) {
            assert_int_equal(diag.entries[0].place.column, c % LONGEST + 1);
        }
        diag_free(&diag);
        arena_reset(&arena);
    }
    buf_free(&text);
    arena_free(&arena);
}

static ptrdiff_t invalid_by_the_decoder(struct str s)
{
    struct str rest = s;
    for (uint32_t c; utf8_next(&c, &rest);) {
    }
    return rest.n == 0 ? -1 : (ptrdiff_t)(s.n - rest.n);
}

/* Chinese and some of everything else, with one byte changed or none, cut anywhere. */
static void test_invalid_among_chinese(void **state)
{
    static const char *const pieces[] = {"公开", "村务", "，",           "a", "2026",
                                         "é",    "😀",    "\xed\x9f\xbf", "—"};
    struct buf text = BUF_EMPTY;
    uint32_t random = 7;
    (void)state;
    for (int round = 0; round < 60000; round++) {
        buf_clear(&text);
        while (text.n < 60) {
            random = random * 1664525 + 1013904223;
            size_t piece = random >> 20 & 15; /* mostly the first */
            buf_add_text(&text, pieces[piece < sizeof pieces / sizeof pieces[0] ? piece : 0]);
        }
        random = random * 1664525 + 1013904223;
        text.p[(random >> 8) % 60] ^= round % 3 == 0 ? (char)(random >> 24) : 0;
        struct str cut = str_slice(buf_str(&text), random >> 14 & 3, 40 + (random >> 17 & 15));
        assert_int_equal(utf8_find_invalid(cut), invalid_by_the_decoder(cut));
    }
    buf_free(&text);
}

static void test_characters_are_counted(void **state)
{
    struct buf text = BUF_EMPTY;
    size_t count = 0;
    (void)state;
    for (uint32_t c = 0; c <= LAST; c = next_character(c | 63)) {
        utf8_add(&text, c);
        count++;
        assert_int_equal(utf8_count(buf_str(&text)), count);
    }
    assert_int_equal(utf8_length(buf_str(&text)), count);
    buf_free(&text);
}

static void test_lines_end_in_any_way(void **state)
{
    static const struct row {
        const char *text;
        size_t count;
        const char *second;
    } rows[] = {{"", 0, ""},       {"a", 1, ""},           {"a\n", 1, ""},
                {"a\nb", 2, "b"},  {"a\r\nb\r\n", 2, "b"}, {"a\rb\n\nc", 4, "b"},
                {"\n\n\n", 3, ""}, {"a\n\r\nb", 3, ""},    {"a\n公开\n", 2, "公开"}};
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lines lines;
        lines_split(&lines, &arena, str_of(rows[i].text));
        assert_int_equal(lines.count, rows[i].count);
        assert_true(str_equal(lines_get(&lines, 2), str_of(rows[i].second)));
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dropped_wherever_it_stands),
        cmocka_unit_test(test_strange_wherever_it_stands),
        cmocka_unit_test(test_invalid_among_chinese),
        cmocka_unit_test(test_characters_are_counted),
        cmocka_unit_test(test_lines_end_in_any_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
