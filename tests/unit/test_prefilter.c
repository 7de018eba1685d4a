/* The search for rows of digits, 64 bytes at a time, finds what reading byte by byte finds. */
#include "base/buf.h"
#include "check/prefilter.h"
#include "check/serial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXTS = 60 * 1000, PIECES_MAX = 40 };

/* What decides whether digits stand in a row, and what fills blocks between them. */
static const char *const pieces[] = {"1",
                                     "42",
                                     "2026",
                                     "13800138000",
                                     "110105194912310021",
                                     "/2026-10-17-001188/",
                                     "\"2026-10-17-001188\"",
                                     ">2026-10-17-0011881<",
                                     "2026-10-17",
                                     "-",
                                     ".",
                                     " ",
                                     "                                                          ",
                                     "/",
                                     "\"",
                                     ",",
                                     ";",
                                     "\n",
                                     "|",
                                     "x",
                                     "e",
                                     "ABC",
                                     "<td>",
                                     "</td>",
                                     "<b>",
                                     "</b>",
                                     "<a href=\"/7-8/\">",
                                     "<!-- 3 -->",
                                     "<",
                                     "&nbsp;",
                                     "&#49;",
                                     "&",
                                     "\\u0031",
                                     "\\",
                                     "一",
                                     "二三",
                                     "〇",
                                     "四六八",
                                     "零贰肆",
                                     "村",
                                     "公开",
                                     "丁上下",
                                     "人民",
                                     "，",
                                     "。",
                                     "①",
                                     "７",
                                     "٣",
                                     "\xc2\xa0",
                                     "\xe3\x80\x80",
                                     "\xe4",
                                     "\xf0\x9d\x9f\x98",
                                     "\x80"};

static uint32_t draw(uint64_t *state, size_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % below);
}

/* A text that ends where its memory ends. */
static struct str make_text(uint64_t *state, bool has_percents)
{
    struct buf buf = BUF_EMPTY;
    size_t count = 1 + draw(state, PIECES_MAX);
    size_t digits = draw(state, 4); /* a fourth of the texts has many, a fourth no more than any */
    for (size_t i = 0; i < count; i++) {
        size_t n = draw(state, 4) < digits ? 5 : sizeof pieces / sizeof pieces[0];
        buf_add(&buf, str_of(pieces[draw(state, n)]));
        if (has_percents && draw(state, 4) == 0) {
            buf_add(&buf, draw(state, 2) == 0 ? STR("%E6%9D%91") : STR("%31"));
        }
    }
    char *copy = malloc(buf.n);
    assert_non_null(copy);
    memcpy(copy, buf.p, buf.n);
    struct str text = {copy, buf.n};
    buf_free(&buf);
    return text;
}

static void expect_same(struct str text, enum normalise_gap most)
{
    for (size_t at = 0; at < text.n; at++) {
        size_t found = prefilter_find(text, at, most, PREFILTER_PLAIN);
        if (prefilter_find(text, at, most, PREFILTER_FAST) != found) {
            print_error("from %zu, gaps up to %d, in: %.*s\n", at, (int)most, STR_ARG(text));
        }
        assert_int_equal(prefilter_find(text, at, most, PREFILTER_FAST), found);
        at = found;
    }
}

static void test_same(void **state)
{
    uint64_t seed = 1;
    (void)state;
    if (prefilter_speed() != PREFILTER_FAST) {
        skip();
    }
    for (int i = 0; i < TEXTS; i++) {
        struct str text = make_text(&seed, false);
        expect_same(text, NORMALISE_GAP_SOFT);
        expect_same(text, NORMALISE_GAP_STRONG);
        free((char *)text.p);
        text = make_text(&seed, true);
        expect_same(text, NORMALISE_GAP_STRONG);
        free((char *)text.p);
    }
}

/* A row is found wherever it lies between blocks, and however much stands before and behind it. */
static void test_every_place(void **state)
{
    static const char *const rows[] = {"13800138000", "1 3 8 0 0 1 3 8 0 0 0",
                                       "一三八〇〇一三八〇〇〇", "138<b>0013</b>8000",
                                       "138&nbsp;0013&nbsp;8000"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t before = 0; before < 140; before++) {
            for (size_t behind = 0; behind < 140; behind += 23) {
                struct buf buf = BUF_EMPTY;
                for (size_t n = 0; n < before; n++) {
                    buf_add_char(&buf, n % 7 == 3 ? '5' : 'z');
                }
                buf_add_char(&buf, '"');
                size_t start = buf.n;
                buf_add(&buf, str_of(rows[i]));
                for (size_t n = 0; n < behind; n++) {
                    buf_add_char(&buf, 'z');
                }
                assert_int_equal(
                    prefilter_find(buf_str(&buf), 0, NORMALISE_GAP_SOFT, prefilter_speed()), start);
                buf_free(&buf);
            }
        }
    }
}

/* Dates with serial numbers are passed over in addresses; what may be a number is not. */
static void test_serials(void **state)
{
    static const struct {
        const char *text;
        size_t end;
    } cases[] = {
        {"2026-10-17-001188/", 17}, {"2026-10-17-001188", 0},   /* what follows? */
        {"2026-10-17-001188x", 0},  {"2026-10-17-0011881/", 0}, /* fifteen */
        {"2026-1-17/", 9},          {"13800138000/", 0},           {"1380-0138-000/", 0},
        {"12345678901234/", 14},    {"12345678901234567890/", 20}, {"1-2-3-4-5-6-7-8-9-0-1/", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(serial_end(str_of(cases[i].text), 0), cases[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_every_place),
        cmocka_unit_test(test_serials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
