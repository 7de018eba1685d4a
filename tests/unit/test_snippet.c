/* Where a text matches, and what of it is shown: marks as [ ], pieces side by side. */
#include "base/utf8.h"
#include "search/fold.h"
#include "search/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void write_pieces(struct buf *out, const struct search_pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++) {
        buf_add_text(out, pieces->v[i].is_match ? "[" : "");
        buf_add(out, pieces->v[i].text);
        buf_add_text(out, pieces->v[i].is_match ? "]" : "");
    }
}

static const struct {
    const char *name, *text, *needles[3], *want;
    bool is_prefix;
} rows[] = {
    {"Han", "村务公开", {"务公"}, "村[务公]开", false},
    {"every one", "甲乙甲乙", {"甲"}, "[甲]乙[甲]乙", false},
    {"side by side", "甲乙", {"甲", "乙"}, "[甲][乙]", false},
    {"overlapping ones are one", "甲乙丙", {"甲乙", "乙丙"}, "[甲乙丙]", false},
    {"whole words", "cat catch", {"cat"}, "[cat] catch", false},
    {"a prefix", "cat catch", {"cat"}, "[cat] [cat]ch", true},
    {"case and width", "ＣＡＴ Cat", {"cat"}, "[ＣＡＴ] [Cat]", false},
    {"a mark stays with its letter", "cafe\xcc\x81!", {"cafe"}, "[cafe\xcc\x81]!", false},
    {"half of an expansion marks its whole", "10㎡地", {"10m2"}, "[10㎡]地", false},
    {"over a blank", "第 12　条", {"第12条"}, "[第 12　条]", false},
    {"thousands", "共1,234.56元", {"1234.56"}, "共[1,234.56]元", false},
    {"no match over a cell's end", "甲\t乙", {"甲乙"}, "甲 乙", false},
    {"punctuation", "a.b a,b", {"a.b"}, "[a.b] a,b", false},
    {"markup is text", "<b>", {"b"}, "<[b]>", false},
    {"nothing", "村务", {"xyz"}, "村务", false},
    {"blanks are no needle", "a b", {" "}, "a b", false},
};

static void test_mark(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = {0};
        struct snippet snippet = {0};
        struct buf out = BUF_EMPTY;
        for (size_t k = 0; k < 3 && rows[i].needles[k] != NULL; k++) {
            snippet_add_needle(&snippet, &arena, str_of(rows[i].needles[k]), rows[i].is_prefix);
        }
        struct search_pieces pieces = snippet_mark(&snippet, &arena, str_of(rows[i].text));
        write_pieces(&out, &pieces);
        if (strcmp(out.p, rows[i].want) != 0) {
            fail_msg("%s: %s, not %s", rows[i].name, out.p, rows[i].want);
        }
        buf_free(&out);
        snippet_free(&snippet);
        arena_free(&arena);
    }
}

static void cut(struct buf *out, struct str text, const char *first, const char *second)
{
    struct arena arena = {0};
    struct snippet snippet = {0};
    snippet_add_needle(&snippet, &arena, str_of(first), false);
    snippet_add_needle(&snippet, &arena, str_of(second), false);
    snippet_find(&snippet, text);
    struct search_pieces pieces = snippet_cut(&snippet, &arena, text, true, true);
    buf_clear(out);
    write_pieces(out, &pieces);
    snippet_free(&snippet);
    arena_free(&arena);
}

static void add_filling(struct buf *text, int count)
{
    for (int i = 0; i < count; i++) {
        buf_add_text(text, "填充");
    }
}

/* The window with both words wins over an earlier one with one; it begins with a sentence. */
static void test_best_window(void **state)
{
    (void)state;
    struct buf text = BUF_EMPTY, out = BUF_EMPTY;
    buf_add_text(&text, "低保在前。");
    add_filling(&text, 300);
    buf_add_text(&text, "。这里说低保和医保。");
    add_filling(&text, 300);
    cut(&out, buf_str(&text), "低保", "医保");
    assert_true(str_starts(buf_str(&out), STR("…这里说[低保]和[医保]。填充")));
    assert_true(str_ends(buf_str(&out), STR("填…")) || str_ends(buf_str(&out), STR("充…")));
    assert_int_equal(utf8_find_invalid(buf_str(&out)), -1);
    cut(&out, buf_str(&text), "无此词", "");
    assert_true(str_starts(buf_str(&out), STR("低保在前。填充")));
    buf_free(&text);
    buf_free(&out);
}

/* Of matches that run on behind the snippet, what it shows is marked: a form's line to write on. */
static void test_long_match(void **state)
{
    (void)state;
    struct buf text = BUF_EMPTY, out = BUF_EMPTY;
    buf_add_text(&text, "签字：");
    for (int i = 0; i < SNIPPET_BYTES / 2; i++) {
        buf_add_text(&text, "—");
    }
    cut(&out, buf_str(&text), "——", "");
    assert_true(str_starts(buf_str(&out), STR("签字：[————")));
    assert_true(str_ends(buf_str(&out), STR("————]…")));
    buf_free(&text);
    buf_free(&out);
}

/* The snippet, found in the whole text or in what snippet_narrow leaves of it. */
static void cut_narrow(struct buf *out, struct str text, const char *const words[2], bool is_narrow)
{
    struct arena arena = {0};
    struct snippet snippet = {0};
    for (int i = 0; i < 2; i++) {
        snippet_add_needle(&snippet, &arena, str_of(words[i]), false);
    }
    struct str part = is_narrow ? snippet_narrow(&snippet, text) : text;
    struct str behind = str_from(text, (size_t)(part.p - text.p) + part.n);
    snippet_find(&snippet, part);
    struct search_pieces pieces =
        snippet_cut(&snippet, &arena, part, part.p == text.p, str_trim(behind).n == 0);
    buf_clear(out);
    write_pieces(out, &pieces);
    snippet_free(&snippet);
    arena_free(&arena);
}

static const char *random_piece(unsigned *seed)
{
    static const char *const pieces[] = {"村",   "民",  "村民", "会议", "。", "\n", "，",
                                         "12,3", "GB ", "填充", "\t",   "路", "（", "ａ"};
    *seed = *seed * 1103515245u + 12345u;
    return pieces[(*seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))];
}

/* Looking at the text's own characters first gives the snippet that folding all of it gives. */
static void test_narrow(void **state)
{
    (void)state;
    static const char *const words[][2] = {
        {"村民", ""}, {"民会", "路"}, {"会议", "村民会议"}, {"gb", "路"}, {"不在", ""}};
    struct buf text = BUF_EMPTY, want = BUF_EMPTY, got = BUF_EMPTY;
    unsigned seed = 7;
    for (int round = 0; round < 2000; round++) {
        buf_clear(&text);
        for (int i = 0; i < 1 + round % 300; i++) {
            buf_add_text(&text, random_piece(&seed));
        }
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            cut_narrow(&want, buf_str(&text), words[i], false);
            cut_narrow(&got, buf_str(&text), words[i], true);
            assert_string_equal(got.p, want.p);
        }
    }
    /* What is written otherwise is marked beside what is not; and found where it is alone. */
    cut_narrow(&got, STR("一\n村 民与村民\n村　民\n"), words[0], true);
    assert_string_equal(got.p, "…[村 民]与[村民] [村　民]");
    cut_narrow(&got, STR("一\n村 民\n"), words[0], true);
    assert_string_equal(got.p, "…[村 民]");
    buf_free(&text);
    buf_free(&want);
    buf_free(&got);
}

static void test_whole_text(void **state)
{
    (void)state;
    struct buf out = BUF_EMPTY;
    cut(&out, STR("甲\t乙\n丙\n"), "乙", "丙");
    assert_string_equal(out.p, "甲 [乙] [丙]");
    cut(&out, STR(""), "乙", "丙");
    assert_string_equal(out.p, "");
    buf_free(&out);
}

/* What a text may be made of, blanks and what joins or goes among it. */
static const char *const pieces_of_text[] = {
    "甲",
    "乙",
    "丙",
    "甲乙",
    "乙甲",
    "a",
    "7",
    "1,234",
    ",",
    "，",
    "。",
    "、",
    "（",
    "Ａ",
    "１",
    "の",
    "ゲ",
    " ",
    "  ",
    "　",
    "\n",
    "\t",
    "\r",
    "\x01",
    "\x7f",
    "\xc2\xa0",
    "\xe2\x80\x8b",
    "\xe3\x82\x99",
    "\xcc\x81",
    "⼀",
    "㈱",
    "豈",
    "○",
    "〇",
    "㐀",
    "𠀀",
    "\xee\x80\x80",
    "—",
    "“",
    "é",
    "\xef\xb8\x8f",
};

/* A word that all texts have as it is written is found so, or by folding: at the same places. */
static void test_both_ways_find_the_same(void **state)
{
    (void)state;
    static const char *const words[] = {"甲", "甲乙", "乙甲乙", "乙丙", "一", "株"};
    struct arena arena = {0};
    struct snippet quick = {0}, folded = {0};
    struct buf text = BUF_EMPTY;
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        snippet_add_needle(&quick, &arena, str_of(words[i]), false);
        snippet_add_needle(&folded, &arena, str_of(words[i]), false);
        folded.needles[i].is_han = false;
    }
    size_t found = 0, as_written = 0, count = sizeof(pieces_of_text) / sizeof(pieces_of_text[0]);
    for (int round = 0; round < 60000; round++) {
        buf_clear(&text);
        for (int k = 0; k < 1 + round % 9; k++) {
            seed = seed * 1664525 + 1013904223;
            size_t of = round % 3 == 0 ? 18 : count;
            buf_add_text(&text, pieces_of_text[(seed >> 8) % of]);
        }
        size_t n = snippet_find(&quick, buf_str(&text));
        if (n != snippet_find(&folded, buf_str(&text)) ||
            memcmp(quick.matches, folded.matches, n * sizeof(quick.matches[0])) != 0) {
            fail_msg("“%s”", text.p);
        }
        found += n;
        as_written += fold_leaves_han(buf_str(&text));
    }
    assert_true(found > 20000 && as_written > 10000);
    buf_free(&text);
    snippet_free(&quick);
    snippet_free(&folded);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mark),        cmocka_unit_test(test_both_ways_find_the_same),
        cmocka_unit_test(test_best_window), cmocka_unit_test(test_long_match),
        cmocka_unit_test(test_narrow),      cmocka_unit_test(test_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
