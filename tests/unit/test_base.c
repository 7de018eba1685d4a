/* base/: strings, dates, UTF-8, escaping. */
#include "base/arena.h"
#include "base/beside.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/file_copy.h"
#include "base/parallel.h"
#include "base/utf8.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_str(struct str got, const char *want)
{
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.p, want, got.n);
}

static void test_cut_gives_every_piece(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), piece;
    assert_true(str_cut(&piece, &rest, ','));
    assert_str(piece, "a");
    assert_true(str_cut(&piece, &rest, ','));
    assert_str(piece, "");
    assert_true(str_cut(&piece, &rest, ','));
    assert_str(piece, "b");
    assert_false(str_cut(&piece, &rest, ','));
}

/* The quick ways past ASCII and Han find what the decoder finds, wherever it stands. */
static void test_invalid_bytes_are_found_anywhere(void **state)
{
    (void)state;
    for (int lead = 0x80; lead < 0x100; lead++) {
        for (int second = 0; second < 0x100; second++) {
            static const unsigned char thirds[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0};
            for (size_t i = 0; i < sizeof thirds; i++) {
                char text[] = {(char)lead, (char)second, (char)thirds[i]};
                struct str rest = {text, sizeof text};
                uint32_t c;
                while (utf8_next(&c, &rest)) {
                }
                ptrdiff_t want = rest.n == 0 ? -1 : (ptrdiff_t)(sizeof text - rest.n);
                assert_int_equal(utf8_find_invalid((struct str){text, sizeof text}), want);
            }
        }
    }
    for (int at = 0; at < 40; at++) {
        char text[44];
        memset(text, 'a', sizeof text);
        text[at] = (char)0xe8;
        assert_int_equal(utf8_find_invalid((struct str){text, sizeof text}), at);
        assert_int_equal(utf8_find_invalid((struct str){text, (size_t)at + 1}), at);
    }
}

static void test_dates_in_names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *want;
    } rows[] = {
        {"上海市会展业条例(2020-03-19).md", "2020-03-19"},
        {"20260905-财务.md", "2026-09-05"},
        {"2026年9月5日公告.md", "2026-09-05"},
        {"2026-09-finance.md", "2026-09-01"},
        {"2026_09_05.md", "2026-09-05"},
        {"320260905.md", NULL},
        {"2026-13-05.md", NULL},
        {"2025-02-29.md", NULL},
        {"notes-12.md", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct date date;
        char text[DATE_TEXT_SIZE];
        bool is_found = date_find(&date, str_of(rows[i].name));
        assert_int_equal(is_found, rows[i].want != NULL);
        if (is_found) {
            assert_string_equal(date_format(text, date), rows[i].want);
        }
    }
}

static void test_days_go_both_ways(void **state)
{
    (void)state;
    for (int64_t day = -719162; day < 2932896; day += 97) {
        struct date date = date_from_days(day);
        assert_true(date_is_valid(date));
        assert_int_equal(date_to_days(date), day);
    }
}

static void test_moments(void **state)
{
    (void)state;
    char text[DATE_TEXT_SIZE];
    assert_string_equal(date_format_rfc822(text, 0, 28800), "Thu, 01 Jan 1970 08:00:00 +0800");
    assert_string_equal(date_format_rfc3339(text, 951782400, 0), "2000-02-29T00:00:00Z");
    assert_string_equal(date_format_http(text, -1), "Wed, 31 Dec 1969 23:59:59 GMT");
    assert_string_equal(date_format_rfc822(text, 0, -12600), "Wed, 31 Dec 1969 20:30:00 -0330");
    assert_string_equal(date_format_rfc3339(text, 0, -12600), "1969-12-31T20:30:00-03:30");
    assert_string_equal(date_format_http(text, 253402300800), "Sat, 01 Jan 10000 00:00:00 GMT");
    assert_string_equal(date_format_rfc3339(text, -62198755200, 0), "-001-01-01T00:00:00Z");
}

/* Whatever stands beside it, and wherever in the blocks that are looked at together. */
static void test_stops_are_found_anywhere(void **state)
{
    enum { LENGTH = 50 };
    static const char stops[STR_STOPS] = {'&', '<', '>', '"', '\0'};
    (void)state;
    char text[LENGTH];
    for (size_t at = 0; at <= LENGTH; at++) {
        for (size_t from = 0; from <= at; from++) {
            memset(text, '=', sizeof text);
            memset(text, '<', from);
            if (at < LENGTH) {
                text[at] = stops[(at + from) % STR_STOPS];
            }
            assert_int_equal(str_find_stop((struct str){text, LENGTH}, from, stops), at);
        }
    }
    assert_int_equal(str_find_stop(STR(""), 0, stops), 0);
}

static void test_html_and_addresses_are_escaped(void **state)
{
    struct buf buf = BUF_EMPTY;
    (void)state;
    escape_html(&buf, STR("<a href=\"x\">甲乙丙丁戊己庚辛 & 'b'</a>&"));
    assert_str(buf_str(&buf), "&lt;a href=&quot;x&quot;&gt;甲乙丙丁戊己庚辛 &amp; "
                              "&#39;b&#39;&lt;/a&gt;&amp;");
    buf_clear(&buf);
    escape_path(&buf, STR("村/a-Z_0.9~ +&'%"));
    assert_str(buf_str(&buf), "%E6%9D%91/a-Z_0.9~%20%2B%26%27%25");
    buf_clear(&buf);
    escape_query(&buf, (struct str){"/\0", 2});
    assert_str(buf_str(&buf), "%2F%00");
    buf_free(&buf);
}

static void test_utf8_refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",     "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xe4\xb8", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(utf8_find_invalid(str_of(bad[i])), 0);
    }
    assert_int_equal(utf8_find_invalid(STR("公开\xff")), 6);
    assert_int_equal(utf8_find_invalid(STR("公开😀é")), -1);
    assert_int_equal(utf8_width(STR("公a开")), 5);
}

static bool is_common(uint32_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n' || (c >= 0x1000 && c < 0xd000) ||
           (c >= 0xff00 && c < 0xff40);
}

/* As a reader of one character after the other does it, in whatever company. */
static void test_common_text_is_skipped(void **state)
{
    static const char *const pieces[] = {"村",
                                         "务",
                                         "，",
                                         "。",
                                         "a",
                                         "<",
                                         "\n",
                                         "公开 open",
                                         "\t",
                                         "é",
                                         "\x7f",
                                         "😀",
                                         "\xed\x9f\xbf",
                                         "\xe1\x80\x80",
                                         "\xe0\xbf\xbf",
                                         "\xec\xbf\xbf",
                                         "\xef\xbc\xbf",
                                         "\xef\xbd\x80",
                                         "\xef\xbf\xbd",
                                         "\xe6",
                                         "\xe6\x9d",
                                         "\x80",
                                         "\xef",
                                         "\xef\xbc",
                                         "\xff",
                                         "\xe6"
                                         "a",
                                         "\xef\xbb\xbf"};
    enum { COMMON = 8, COUNT = sizeof pieces / sizeof pieces[0] };
    unsigned random = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct buf text = BUF_EMPTY;
        for (int i = 0; i < 30; i++) {
            random = random * 1103515245 + 12345;
            bool is_rare = (random >> 16) % 20 == 0;
            buf_add_text(&text, pieces[(random >> 20) % (is_rare ? (unsigned)COUNT : COMMON)]);
        }
        size_t at = 0;
        uint32_t c;
        while (at < text.n) {
            size_t n = utf8_decode(&c, str_from(buf_str(&text), at));
            if (n == 0 || !is_common(c)) {
                break;
            }
            at += n;
        }
        assert_int_equal(utf8_skip_common(buf_str(&text), 0), at);
        buf_free(&text);
    }
}

static void test_csv_defuses_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *input, *want;
    } rows[] = {
        {"plain", "plain"},   {"a,b", "\"a,b\""},   {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"=1+1", "'=1+1"},    {"-12.50", "-12.50"}, {"-1+2", "'-1+2"},
        {"＝1", "'＝1"},      {"@x", "'@x"},        {"+3%", "+3%"},
        {"a\rb", "\"a\rb\""}, {"a\nb", "\"a\nb\""}, {" a", "\" a\""},
        {"a ", "\"a \""},     {"\"", "\"\"\"\""},   {"=\"\"", "\"'=\"\"\"\"\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf buf = BUF_EMPTY;
        escape_csv(&buf, str_of(rows[i].input));
        assert_str(buf_str(&buf), rows[i].want);
        buf_free(&buf);
    }
}

static void test_percent_is_strict(void **state)
{
    (void)state;
    struct buf buf = BUF_EMPTY;
    assert_true(escape_decode_percent(&buf, STR("%E5%85%ac+")));
    assert_str(buf_str(&buf), "公+");
    static const char *const bad[] = {"%", "%4", "%4g", "%00", "a%", "% 9"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(escape_decode_percent(&buf, str_of(bad[i])));
        assert_str(buf_str(&buf), "公+");
    }
    buf_free(&buf);
}

/* What a person types from it leads to the same place. */
static void test_addresses_are_readable(void **state)
{
    static const struct {
        const char *url, *want;
    } rows[] = {
        {"https://a.example/%E6%9D%91/2026%E5%B9%B4/", "https://a.example/村/2026年/"},
        {"/a%20b%25/%E6%9D%91", "/a%20b%25/村"},
        {"/%E3%80%80%E2%80%AE%EF%BB%BF%C2%A0", "/%E3%80%80%E2%80%AE%EF%BB%BF%C2%A0"},
        {"/%E6%9D", "/%E6%9D"},
        {"/%E6%9D%G1%FF%80", "/%E6%9D%G1%FF%80"},
        {"/%", "/%"},
        {"/%F0%A0%80%80", "/𠀀"},
        {"/e%CC%81%E6%9D%91", "/e%CC%81%E6%9D%91"}, /* typed, it would be one character */
        {"/%EF%A4%80", "/%EF%A4%80"},               /* likewise: NFC has another ideograph */
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = BUF_EMPTY;
        escape_readable(&out, str_of(rows[i].url));
        assert_str(buf_str(&out), rows[i].want);
        buf_free(&out);
    }
}

static void test_faults_speak_two_languages(void **state)
{
    struct fault fault, wrapped;
    (void)state;
    assert_int_equal(fault_tell(&fault, "没有 %s", "no %s", "a"), -1);
    assert_string_equal(fault.zh, "没有 a");
    assert_string_equal(fault.text, "no a");
    errno = ENOSPC;
    fault_tell_errno(&fault, "写不了 %s", "cannot create %s", "a\nb");
    assert_string_equal(fault.zh, "写不了 a?b：磁盘满了");
    assert_string_equal(fault.text, "cannot create a?b: No space left on device");
    assert_int_equal(errno, ENOSPC);
    fault_wrap(&wrapped, "c", &fault);
    assert_string_equal(wrapped.zh, "c：写不了 a?b：磁盘满了");
    fault_set(&fault, "in English alone");
    assert_string_equal(fault.zh, "");
    fault_wrap(&fault, "c", &fault);
    assert_string_equal(fault.text, "c: in English alone");
    assert_string_equal(fault.zh, "");
}

/* However much of a character is left where a message is cut, none of it is printed. */
static void test_faults_end_in_whole_characters(void **state)
{
    char name[2 * FAULT_TEXT_SIZE];
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct fault fault;
        memset(name, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof name; i += 3) {
            memcpy(name + i, "村\0", 4);
        }
        fault_tell(&fault, "%s", "%s", name);
        assert_int_equal(utf8_find_invalid(str_of(fault.zh)), -1);
        assert_true(strlen(fault.zh) > FAULT_TEXT_SIZE - 5);
        errno = EIO;
        fault_tell_errno(&fault, "%s", "%s", name);
        assert_int_equal(utf8_find_invalid(str_of(fault.zh)), -1);
    }
}

/* Short texts are searched in another way than long ones. */
static void test_find_wherever_it_stands(void **state)
{
    static const char *const needles[] = {"a", "ab", "（", "合计", "abcab"};
    (void)state;
    for (size_t i = 0; i < sizeof needles / sizeof needles[0]; i++) {
        struct str needle = str_of(needles[i]);
        for (size_t n = 0; n < 140; n++) {
            for (size_t at = 0; at <= n; at += 1 + n / 7) {
                char text[140 + 16];
                memset(text, needle.p[0] == 'a' ? 'b' : needle.p[0], sizeof text);
                bool has_room = at + needle.n <= n;
                memcpy(text + at, needle.p, needle.n); /* cut off where it does not fit */
                ptrdiff_t found = str_find((struct str){text, n}, needle);
                assert_int_equal(found, has_room ? (ptrdiff_t)at : -1);
            }
        }
    }
    assert_int_equal(str_find(STR(""), STR("")), 0);
    assert_int_equal(str_find(STR(""), STR("a")), -1);
}

/* Of two letters, where nearly every place looks like the right one. */
static void test_find_the_first_of_many(void **state)
{
    char text[300];
    uint32_t random = 1;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        for (size_t i = 0; i < sizeof text; i++) {
            random = random * 1664525 + 1013904223;
            text[i] = random >> 29 == 0 ? 'b' : 'a';
        }
        size_t n = random >> 8 & 255, from = random >> 16 & 31, length = random >> 24;
        struct str whole = {text, n}, needle = {text + from + 40, length % 80 + 1};
        const char *want = n == 0 ? NULL : memmem(text, n, needle.p, needle.n);
        assert_int_equal(str_find(whole, needle), want == NULL ? -1 : want - text);
    }
}

/* One that goes on from text to text gives what a new one gives. */
static void test_a_digest_begins_anew(void **state)
{
    static const char *const texts[] = {"", "公开", "a", "",
                                        "一段更长的文字，不止一个分组长，因为有七十多个字节呢"};
    struct digest *digest = digest_new();
    struct fault fault;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        unsigned char bytes[DIGEST_SIZE];
        char want[DIGEST_TEXT_SIZE], got[DIGEST_TEXT_SIZE];
        digest_add(digest, str_of(texts[i]));
        assert_true(digest_take(bytes, digest));
        for (size_t k = 0; k < sizeof bytes; k++) {
            snprintf(got + 2 * k, 3, "%02x", bytes[k]);
        }
        assert_int_equal(digest_of(want, str_of(texts[i]), &fault), 0);
        assert_string_equal(got, want);
    }
    digest_free(digest);
    digest_free(NULL);
}

/* Sizes about those of the parts that are read at a time, with a thread that reads ahead and
 * without. */
static void test_the_digest_of_a_file_is_that_of_its_bytes(void **state)
{
    enum { PART = 512 * 1024 };
    static const size_t sizes[] = {0, 1, PART - 1, PART, PART + 1, 4 * PART, 13 * PART + 7};
    char path[] = "/tmp/gongkai-digest-XXXXXX", got[DIGEST_TEXT_SIZE], want[DIGEST_TEXT_SIZE];
    struct fault fault;
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
        struct buf bytes = BUF_EMPTY;
        long long size = -1;
        for (size_t k = 0; k < sizes[i / 2]; k++) {
            buf_add_char(&bytes, (char)(k * k >> 9));
        }
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(file_write_at(fd, path, buf_str(&bytes), 0, &fault), 0);
        assert_int_equal(digest_of(want, buf_str(&bytes), &fault), 0);
        assert_int_equal(digest_of_file(got, &size, AT_FDCWD, path, i % 2 == 1, &fault), 0);
        assert_string_equal(got, want);
        assert_int_equal(size, bytes.n);
        buf_free(&bytes);
    }
    close(fd);
    unlink(path);
    assert_int_equal(digest_of_file(got, NULL, AT_FDCWD, path, true, &fault), -1);
    assert_non_null(strstr(fault.text, path));
    assert_int_equal(digest_of_file(got, NULL, AT_FDCWD, "/tmp", true, &fault), -1);
    assert_non_null(strstr(fault.text, "cannot read /tmp"));
}

static int double_it(void *context, struct fault *fault)
{
    int *number = context;
    *number *= 2;
    return *number < 10 ? 0 : fault_set(fault, "%d is too much", *number);
}

/* Of two failures the caller's own is told. */
static void test_work_beside_is_waited_for(void **state)
{
    struct beside beside;
    struct fault fault = {.text = "mine"};
    int number = 3;
    (void)state;
    beside_start(&beside, double_it, &number);
    assert_int_equal(beside_end(&beside, 0, &fault), 0);
    assert_int_equal(number, 6);
    beside_start(&beside, double_it, &number);
    assert_int_equal(beside_end(&beside, 1, &fault), 1);
    assert_string_equal(fault.text, "mine");
    beside_start(&beside, double_it, &number);
    assert_int_equal(beside_end(&beside, 0, &fault), -1);
    assert_string_equal(fault.text, "24 is too much");
}

struct pieces {
    atomic_int made, taken, most; /* most: that were made and not yet taken */
    atomic_bool has_lingered;
    int while_lingering; /* taken */
};

static int make_piece(void *context, int thread, size_t index, size_t slot)
{
    struct pieces *pieces = context;
    (void)thread;
    assert_int_equal(slot, index % 3);
    int ahead = atomic_fetch_add(&pieces->made, 1) + 1 - atomic_load(&pieces->taken);
    if (ahead > atomic_load(&pieces->most)) {
        atomic_store(&pieces->most, ahead);
    }
    return index == 900 ? 7 : 0;
}

static int take_piece(void *context, size_t index, size_t slot)
{
    struct pieces *pieces = context;
    assert_int_equal(slot, index % 3);
    assert_int_equal(atomic_fetch_add(&pieces->taken, 1), index);
    return 0;
}

/* Once, until the other threads have come far, or ten seconds are over. */
static void linger(void *context)
{
    struct pieces *pieces = context;
    if (!atomic_exchange(&pieces->has_lingered, true)) {
        for (int i = 0; i < 10000 && atomic_load(&pieces->taken) < 500; i++) {
            usleep(1000);
        }
        pieces->while_lingering = pieces->taken;
    }
}

/* What a thread does between two pieces holds up nobody. */
static void test_aside_holds_no_piece(void **state)
{
    struct pieces pieces = {0};
    const struct parallel parallel = {.count = 1000,
                                      .threads = 2,
                                      .slots = 3,
                                      .context = &pieces,
                                      .work = make_piece,
                                      .take = take_piece,
                                      .aside = linger};
    (void)state;
    assert_int_equal(parallel_run(&parallel), 7);
    assert_int_equal(pieces.taken, 900);
    assert_in_range(pieces.while_lingering, 500, 900);
}

/* Few slots hold few pieces, each in its turn; the first that fails ends it. */
static void test_slots_bound_what_is_made_ahead(void **state)
{
    struct pieces pieces = {0};
    const struct parallel parallel = {.count = 1000,
                                      .threads = 4,
                                      .slots = 3,
                                      .context = &pieces,
                                      .work = make_piece,
                                      .take = take_piece};
    (void)state;
    assert_int_equal(parallel_run(&parallel), 7);
    assert_int_equal(pieces.taken, 900);
    assert_in_range(pieces.most, 1, 3);
}

static void test_what_is_formatted_is_whole(void **state)
{
    char long_text[1000];
    struct arena arena = {0};
    (void)state;
    memset(long_text, 'x', sizeof long_text);
    for (int n = 0; n < (int)sizeof long_text; n += n < 250 || n > 260 ? 25 : 1) {
        struct str text = arena_printf(&arena, "%d %.*s.", n, n, long_text);
        assert_int_equal(text.n, snprintf(NULL, 0, "%d ", n) + n + 1);
        assert_int_equal(text.p[text.n - 1], '.');
        assert_int_equal(text.p[text.n], '\0');
    }
    arena_free(&arena);
}

static void *help_copy(void *argument)
{
    struct fault fault;
    return file_copy_help(argument, &fault) == 0 ? argument : NULL;
}

/* Sizes about those of the parts; one is cut short while it is copied. */
static void test_files_are_copied_together(void **state)
{
    (void)state;
    enum { THREADS = 3, PART = 4 * 1024 * 1024 };
    static const size_t sizes[] = {0, 1, PART, PART + 1, 3 * PART - 1};
    char folder[] = "/tmp/gongkai-copy-XXXXXX", from[64], to[64];
    assert_non_null(mkdtemp(folder));
    snprintf(from, sizeof from, "%s/from", folder);
    snprintf(to, sizeof to, "%s/to", folder);
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++) {
        struct buf bytes = BUF_EMPTY, got = BUF_EMPTY;
        struct fault fault;
        struct file_copy copy;
        pthread_t threads[THREADS];
        size_t size = sizes[i / 2], failed = 0;
        bool is_cut = i % 2 == 1 && size > 0;
        for (size_t k = 0; k < size; k++) {
            buf_add_char(&bytes, (char)(k * k >> 8));
        }
        assert_int_equal(file_create(AT_FDCWD, from, buf_str(&bytes), 0600, false, &fault), 0);
        assert_int_equal(file_copy_begin(&copy, AT_FDCWD, from, to, 0600, &fault), 0);
        assert_true(!is_cut || truncate(from, (off_t)size - 1) == 0);
        for (size_t t = 0; t < THREADS; t++) {
            assert_int_equal(pthread_create(&threads[t], NULL, help_copy, &copy), 0);
        }
        for (size_t t = 0; t < THREADS; t++) {
            void *result;
            pthread_join(threads[t], &result);
            failed += result == NULL;
        }
        assert_int_equal(file_copy_end(&copy, &fault), 0);
        assert_int_equal(failed, is_cut ? 1 : 0);
        assert_int_equal(file_read(&got, AT_FDCWD, to, 4 * PART, &fault), 0);
        assert_true(is_cut || str_equal(buf_str(&got), buf_str(&bytes)));
        assert_int_equal(file_copy_begin(&copy, AT_FDCWD, from, to, 0600, &fault), -1);
        assert_int_equal(file_copy_end(&copy, &fault), 0);
        unlink(from);
        unlink(to);
        buf_free(&bytes);
        buf_free(&got);
    }
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invalid_bytes_are_found_anywhere),
        cmocka_unit_test(test_cut_gives_every_piece),
        cmocka_unit_test(test_find_wherever_it_stands),
        cmocka_unit_test(test_find_the_first_of_many),
        cmocka_unit_test(test_a_digest_begins_anew),
        cmocka_unit_test(test_the_digest_of_a_file_is_that_of_its_bytes),
        cmocka_unit_test(test_work_beside_is_waited_for),
        cmocka_unit_test(test_aside_holds_no_piece),
        cmocka_unit_test(test_slots_bound_what_is_made_ahead),
        cmocka_unit_test(test_what_is_formatted_is_whole),
        cmocka_unit_test(test_dates_in_names),
        cmocka_unit_test(test_days_go_both_ways),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_stops_are_found_anywhere),
        cmocka_unit_test(test_html_and_addresses_are_escaped),
        cmocka_unit_test(test_utf8_refuses_what_is_none),
        cmocka_unit_test(test_common_text_is_skipped),
        cmocka_unit_test(test_csv_defuses_formulas),
        cmocka_unit_test(test_percent_is_strict),
        cmocka_unit_test(test_addresses_are_readable),
        cmocka_unit_test(test_faults_speak_two_languages),
        cmocka_unit_test(test_faults_end_in_whole_characters),
        cmocka_unit_test(test_files_are_copied_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
