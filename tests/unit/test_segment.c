/* The tokens of the index, the phrases of queries, the plain text: and that stock FTS5 agrees. */
#include "base/arena.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "search/segment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

/*
 * Tokens are written with blanks between them; one at the place of the token before has a "+" in
 * front; a private-use pair is written <…>, the end of a block <end>, a part of a long word <more>.
 */
static void write_private(struct buf *out, struct str token)
{
    uint32_t c, low;
    while (utf8_next(&c, &token)) {
        if (c == 0xe000 || c == 0xe001) {
            buf_add_text(out, c == 0xe000 ? "<end>" : "<more>");
        } else if (c >= 0xe400 && c < 0xe800 && utf8_next(&low, &token)) {
            buf_add_char(out, '<');
            utf8_add(out, (c - 0xe400) << 11 | (low - 0xe800));
            buf_add_char(out, '>');
        } else {
            utf8_add(out, c);
        }
    }
}

static int write_tokens(void *context, const struct segment_token *batch, size_t count)
{
    struct buf *out = context;
    char text[SEGMENT_KEY_BYTES];
    for (size_t i = 0; i < count; i++) {
        buf_add_text(out, batch[i].is_same_place ? "+" : out->n > 0 ? " " : "");
        write_private(out, segment_token_text(&batch[i], text));
    }
    return 0;
}

struct row {
    const char *name, *input, *want;
};

static const struct row tokens[] = {
    {"empty", "", ""},
    {"a Han run gives pairs, its first and its last character", "村务公开", "村务+村 务公 公开 开"},
    {"one Han character", "村", "村"},
    {"a common character stands alone wherever it is", "本村的路", "本村+本 村的+村 的路+的 路"},
    {"Han and a number", "第12条", "第 12 条"},
    {"blanks separate nothing but words", "第 12　条 中 国", "第 12 条中+条 中国+中 国"},
    {"punctuation is a token", "第。12条", "第 <。> 12 条"},
    {"between two Han too", "村，务", "村 <,> 务"},
    {"a standard's number", "GB/T 41374", "gb </> t 41374"},
    {"a list is no decimal", "12、5", "12 <、> 5"},
    {"a decimal", "12.5", "12 <.> 5"},
    {"thousands", "1,234.56", "1234 <.> 56"},
    {"millions", "12,345,678元", "12345678 元"},
    {"full-width thousands", "１，２３４", "1234"},
    {"a list of years is no thousands", "2023,2024", "2023 <,> 2024"},
    {"a list of short numbers", "1,23,4", "1 <,> 23 <,> 4"},
    {"four digits in front of a group", "1234,567", "1234 <,> 567"},
    {"four digits behind", "1,2345", "1 <,> 2345"},
    {"a group behind a letter", "a1,234", "a1 <,> 234"},
    {"thousands with a unit", "1,234kg", "1234kg"},
    {"thousands with a blank are a list", "1, 234", "1 <,> 234"},
    {"a comma at the end", "1,234,", "1234 <,>"},
    {"width, case and accents", "ＡＢ café ÉCOLE", "ab cafe ecole"},
    {"a mark of its own", "cafe\xcc\x81", "cafe"},
    {"compatibility forms", "㎡ ① Ⅻ ㈠", "m2 1 xii <(> 一 <)>"},
    {"white circles are zeros", "二○二六◯年", "二〇+二 〇二 二六 六〇 〇年 年"},
    {"zero and repetition are Han", "二〇人人々", "二〇+二 〇人 人人+人 人々+人 々"},
    {"a cell's end", "甲\tab\n乙", "甲 <end> ab <end> 乙"},
    {"Han need nothing between blocks", "甲乙\n丙丁", "甲乙+甲 乙 丙丁+丙 丁"},
    {"words need it", "ab\ncd", "ab <end> cd"},
    {"punctuation needs it", "甲。\n12", "甲 <。> <end> 12"},
    {"several ends are one", "ab\n\t\ncd\n", "ab <end> cd"},
    {"private-use characters are removed",
     "a\xee\x80\x80"
     "b 村\xee\x84\x80务",
     "ab 村务+村 务"},
    {"controls are removed",
     "a\x01"
     "b\x7f",
     "ab"},
    {"zero-width characters are removed", "村\xe2\x80\x8b务", "村务+村 务"},
    {"Han beyond the basic plane", "𠮷野家", "𠮷野+𠮷 野家 家"},
    {"compatibility ideographs", "\xef\xa4\x80", "豈"},
    {"radicals that unicode61 drops", "\xe2\xba\x80", "<\xe2\xba\x80>"},
    {"kana and Hangul are words", "カタカナ 한국어", "カタカナ 한국어"},
    {"half-width kana with its mark", "ｶﾞ", "ガ"},
    {"Cyrillic and Greek", "Москва ΑΘΉΝΑ", "москва αθηνα"},
    {"an apostrophe", "don't", "don <'> t"},
    {"an ellipsis", "甲…", "甲 <.> <.> <.>"},
};

static void test_tokens(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        struct buf out = BUF_EMPTY;
        segment_index(str_of(tokens[i].input), write_tokens, &out);
        if (strcmp(out.p, tokens[i].want) != 0) {
            fail_msg("%s: %s, not %s", tokens[i].name, out.p, tokens[i].want);
        }
        buf_free(&out);
    }
}

static const struct row phrases[] = {
    {"blanks", " 　\n", ""},
    {"the last of a run is in its pair", "村务公开", "\"村务 务公 公开\""},
    {"two", "村务", "\"村务\""},
    {"one", "路", "\"路\"*"},
    {"one of the commonest", "村", "\"村\""},
    {"one behind a number", "第12条", "\"第 12 条\""},
    {"a run in front keeps its last", "村务12", "\"村务 务 12\""},
    {"punctuation at the end", "办法》", "\"办法 法 <》>\""},
    {"a prefix", "build*", "\"build <*>\""},
    {"a quote is punctuation", "a\"b", "\"a <\"> b\""},
};

static void test_phrases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        struct buf made = BUF_EMPTY, out = BUF_EMPTY;
        segment_query(&made, str_of(phrases[i].input), false);
        write_private(&out, buf_str(&made));
        if (strcmp(out.p, phrases[i].want) != 0) {
            fail_msg("%s: %s, not %s", phrases[i].name, out.p, phrases[i].want);
        }
        buf_free(&made);
        buf_free(&out);
    }
    struct buf made = BUF_EMPTY;
    assert_true(segment_query(&made, STR("Build"), true).has_star);
    assert_string_equal(made.p, "\"build\"*");
    buf_free(&made);
}

static const struct row plains[] = {
    {"blanks", "第 12　条 中 国 GB/T  41374 a , b", "第12条中国gb/t 41374 a,b"},
    {"words keep one", "hello   World", "hello world"},
    {"thousands", "共1,234.56元", "共1234.56元"},
    {"ends", "甲\t乙\n\n丙", "甲\n乙\n丙"},
    {"expansion", "㎡…", "m2..."},
};

static void test_plain(void **state)
{
    (void)state;
    struct segment_plain plain = {0};
    for (size_t i = 0; i < sizeof(plains) / sizeof(plains[0]); i++) {
        segment_to_plain(&plain, str_of(plains[i].input));
        if (strcmp(plain.text.p, plains[i].want) != 0) {
            fail_msg("%s: %s, not %s", plains[i].name, plain.text.p, plains[i].want);
        }
        assert_int_equal(plain.step_count, utf8_length(buf_str(&plain.text)));
    }
    segment_to_plain(&plain, STR("甲㎡e\xcc\x81"));
    assert_int_equal(plain.step_count, 4); /* 甲 m 2 e */
    assert_int_equal(plain.steps[1].raw_from, 3);
    assert_int_equal(plain.steps[2].raw_to, 6);
    assert_int_equal(plain.steps[3].raw_from, 6);
    assert_int_equal(plain.steps[3].raw_to, 9);
    segment_plain_free(&plain);
}

static int count_tokens(void *context, const struct segment_token *batch, size_t count)
{
    size_t *counts = context;
    for (size_t i = 0; i < count; i++) {
        counts[0]++;
        counts[1] = batch[i].n > counts[1] ? batch[i].n : counts[1];
    }
    return 0;
}

/* A word of any length becomes tokens of bounded length, and different words different tokens. */
static void test_long_word(void **state)
{
    (void)state;
    char word[1000];
    memset(word, 'x', sizeof(word));
    size_t counts[2] = {0, 0};
    segment_index((struct str){word, sizeof(word)}, count_tokens, counts);
    assert_true(counts[0] > 5 && counts[1] <= SEGMENT_WORD_BYTES + 8);
    struct buf a = BUF_EMPTY, b = BUF_EMPTY;
    for (size_t n = 80; n < 300; n++) {
        buf_clear(&a);
        buf_clear(&b);
        segment_query(&a, (struct str){word, n}, false);
        segment_query(&b, (struct str){word, n + 1}, false);
        assert_string_not_equal(a.p, b.p);
        assert_null(strstr(b.p, a.p)); /* nor is one phrase a part of the other */
    }
    buf_free(&a);
    buf_free(&b);
}

static int stop_at_once(void *context, const struct segment_token *batch, size_t count)
{
    (void)batch;
    (void)count;
    return ++*(int *)context;
}

static void test_stop(void **state)
{
    (void)state;
    int calls = 0;
    assert_int_equal(segment_index(STR("村务公开 abc"), stop_at_once, &calls), 1);
    assert_int_equal(calls, 1);
    struct buf text = BUF_EMPTY;
    for (int i = 0; i < SEGMENT_BATCH; i++) {
        buf_add_text(&text, "村务");
    }
    assert_int_equal(segment_index(buf_str(&text), stop_at_once, &calls), 2);
    assert_int_equal(calls, 2);
    buf_clear(&text);
    for (int i = 0; i < SEGMENT_BATCH; i++) {
        buf_add_text(&text, "abc ");
    }
    assert_int_equal(segment_index(buf_str(&text), stop_at_once, &calls), 3);
    assert_int_equal(calls, 3);
    buf_free(&text);
}

/* The tokenizer that SQLite itself has under that name, on a connection that we never touched. */
struct stock {
    fts5_tokenizer tokenizer;
    Fts5Tokenizer *instance;
    struct str token; /* the one that is being checked */
    char short_text[SEGMENT_KEY_BYTES];
    int terms;
    long count;
};

static int take_term(void *context, int flags, const char *term, int n, int from, int to)
{
    (void)flags;
    (void)from;
    (void)to;
    struct stock *stock = context;
    stock->terms += str_equal((struct str){term, (size_t)n}, stock->token) ? 1 : 100;
    return SQLITE_OK;
}

static int give_to_stock(void *context, const struct segment_token *batch, size_t count)
{
    struct stock *stock = context;
    for (size_t i = 0; i < count; i++) {
        stock->token = segment_token_text(&batch[i], stock->short_text);
        stock->terms = 0;
        stock->count++;
        stock->tokenizer.xTokenize(stock->instance, stock, FTS5_TOKENIZE_DOCUMENT, stock->token.p,
                                   (int)stock->token.n, take_term);
        if (stock->terms != 1) {
            return 1;
        }
    }
    return 0;
}

static void open_stock(struct stock *stock, sqlite3 *db, const char **options, int count)
{
    fts5_api *api = NULL;
    sqlite3_stmt *statement;
    void *context;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    assert_non_null(api);
    assert_int_equal(api->xFindTokenizer(api, "unicode61", &context, &stock->tokenizer), SQLITE_OK);
    assert_int_equal(stock->tokenizer.xCreate(context, options, count, &stock->instance),
                     SQLITE_OK);
}

/* Cuts the code point alone, between letters and between Han: stock must leave each token alone. */
static void check_code_point(struct stock *stock, struct buf *text, uint32_t c)
{
    buf_clear(text);
    utf8_add(text, c);
    buf_add_text(text, "x");
    utf8_add(text, c);
    buf_add_text(text, "村");
    utf8_add(text, c);
    if (segment_index(buf_str(text), give_to_stock, stock) != 0) {
        fail_msg("U+%04X: the token %.*s is not left alone", c, STR_ARG(stock->token));
    }
}

static void test_stock_agrees(void **state)
{
    (void)state;
    static const char *options[][2] = {
        {"remove_diacritics", "1"}, {"remove_diacritics", "0"}, {"remove_diacritics", "2"}};
    sqlite3 *db;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    struct buf text = BUF_EMPTY;
    for (int i = 0; i < 3; i++) {
        struct stock stock = {0};
        open_stock(&stock, db, options[i], i == 0 ? 0 : 2);
        for (uint32_t c = 1; c < 0x110000; c++) {
            if (c < 0xd800 || c > 0xdfff) {
                check_code_point(&stock, &text, c);
            }
        }
        assert_true(stock.count > 3000000);
        stock.tokenizer.xDelete(stock.instance);
    }
    buf_free(&text);
    sqlite3_close(db);
}

/* The short way of folding gives what unicode_fold_search gives for the whole text. */
static void test_folding_agrees(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a",
                                         "E",
                                         "\xcc\x81",
                                         "é",
                                         "村",
                                         "，",
                                         "。",
                                         "㎡",
                                         "か",
                                         "\xe3\x82\x99",
                                         "ｶ",
                                         "ﾞ",
                                         "<",
                                         "\xcc\xb8",
                                         "\xc2\xad",
                                         "한",
                                         "\xe1\x84\x92",
                                         "\xe1\x85\xa1",
                                         "\xe1\x86\xab",
                                         "я",
                                         "\xcc\x86",
                                         "ß",
                                         "ﬁ",
                                         "①",
                                         "…",
                                         "“",
                                         "\xef\xb8\x8f",
                                         "が",
                                         "Ａ",
                                         "ा",
                                         "क",
                                         "ো",
                                         "\xe0\xa7\x87",
                                         "\xe0\xa6\xbe"};
    unsigned seed = 7;
    struct segment_plain plain = {0};
    for (int round = 0; round < 20000; round++) {
        struct buf text = BUF_EMPTY, want = BUF_EMPTY;
        for (int i = 0; i < 6; i++) {
            seed = seed * 1103515245u + 12345u;
            buf_add_text(&text, pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))]);
        }
        unicode_fold_search(&want, buf_str(&text));
        segment_to_plain(&plain, buf_str(&text));
        if (strcmp(want.p, plain.text.p) != 0) {
            fail_msg("%s: %s, not %s", text.p, plain.text.p, want.p);
        }
        buf_free(&text);
        buf_free(&want);
    }
    segment_plain_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),         cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_plain),          cmocka_unit_test(test_long_word),
        cmocka_unit_test(test_stop),           cmocka_unit_test(test_stock_agrees),
        cmocka_unit_test(test_folding_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
