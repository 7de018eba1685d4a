/* xml/: what is written is what was meant, or it is a fault. */
#include "base/utf8.h"
#include "xml/record.h"
#include "xml/xml.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void assert_document(struct xml *xml, const char *want)
{
    struct buf out = BUF_EMPTY;
    struct fault fault;
    assert_int_equal(xml_finish(xml, &out, &fault), 0);
    assert_string_equal(out.p, want);
    buf_free(&out);
}

static void assert_fault(struct xml *xml, const char *want)
{
    struct buf out = BUF_EMPTY;
    struct fault fault;
    assert_int_equal(xml_finish(xml, &out, &fault), -1);
    assert_string_equal(fault.text, want);
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

static void write_feed(struct xml *xml)
{
    xml_instruction(xml, "xml-stylesheet", STR("type=\"text/xsl\" href=\"/feed.xsl\""));
    xml_start(xml, "rss");
    xml_attribute(xml, "version", STR("2.0"));
    xml_attribute(xml, "xmlns:atom", STR("http://www.w3.org/2005/Atom"));
    xml_start(xml, "channel");
    xml_element(xml, "title", STR("柳湾村 <村务> & \"公开\""));
    xml_start(xml, "atom:link");
    xml_attribute(xml, "href", STR("https://a.example/?a=1&b=\"<\n\t"));
    xml_end(xml);
    xml_element(xml, "empty", STR(""));
    xml_end(xml);
    xml_end(xml);
}

static const char feed[] =
    DECLARATION "<?xml-stylesheet type=\"text/xsl\" href=\"/feed.xsl\"?>\n"
                "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n"
                "<channel>\n"
                "<title>柳湾村 &lt;村务&gt; &amp; &quot;公开&quot;</title>\n"
                "<atom:link href=\"https://a.example/?a=1&amp;b=&quot;&lt;&#10;&#9;\"/>\n"
                "<empty/>\n"
                "</channel>\n"
                "</rss>\n";

static void test_document_is_exact(void **state)
{
    (void)state;
    struct xml *xml = xml_new();
    write_feed(xml);
    assert_document(xml, feed);
}

static void test_mixed_content_gets_no_line_feeds(void **state)
{
    (void)state;
    struct xml *xml = xml_new();
    xml_start(xml, "p");
    xml_text(xml, STR("一"));
    xml_text(xml, STR("二\r\n "));
    xml_element(xml, "b", STR("]]>"));
    xml_text(xml, STR("三"));
    xml_end(xml);
    assert_document(xml, DECLARATION "<p>一二&#13;\n <b>]]&gt;</b>三</p>\n");
}

static void test_illegal_text_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct str input;
        const char *want; /* NULL: it is fine */
    } rows[] = {
        {"NUL", {"\0", 1}, "XML cannot hold the character U+0000"},
        {"U+0001", {"\x01", 1}, "XML cannot hold the character U+0001"},
        {"U+000B", {"a\x0b", 2}, "XML cannot hold the character U+000B"},
        {"U+000C", {"\x0c", 1}, "XML cannot hold the character U+000C"},
        {"U+001B", {"\x1b[0m", 4}, "XML cannot hold the character U+001B"},
        {"U+FFFE", {"\xef\xbf\xbe", 3}, "XML cannot hold the character U+FFFE"},
        {"U+FFFF", {"\xef\xbf\xbf", 3}, "XML cannot hold the character U+FFFF"},
        {"surrogate", {"\xed\xa0\x80", 3}, "XML text is not valid UTF-8"},
        {"overlong", {"\xc0\xaf", 2}, "XML text is not valid UTF-8"},
        {"lone continuation", {"\x80", 1}, "XML text is not valid UTF-8"},
        {"cut", {"\xe6\x9d", 2}, "XML text is not valid UTF-8"},
        {"past the end", {"\xf4\x90\x80\x80", 4}, "XML text is not valid UTF-8"},
        {"tab, LF, CR", {"\t\n\r", 3}, NULL},
        {"DEL", {"\x7f", 1}, NULL},
        {"U+10000", {"\xf0\x90\x80\x80", 4}, NULL},
        {"U+FFFD", {"\xef\xbf\xbd", 3}, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int where = 0; where < 3; where++) {
            struct xml *xml = xml_new();
            struct buf out = BUF_EMPTY;
            struct fault fault = {.text = ""};
            if (where == 2) {
                xml_instruction(xml, "p", rows[i].input);
            }
            xml_start(xml, "a");
            if (where == 1) {
                xml_attribute(xml, "b", rows[i].input);
            }
            xml_text(xml, where == 0 ? rows[i].input : STR("x"));
            xml_end(xml);
            int rc = xml_finish(xml, &out, &fault);
            if (rows[i].want != NULL) {
                assert_int_equal(rc, -1);
                assert_string_equal(fault.text, rows[i].want);
                assert_int_equal(out.n, 0);
            } else if (where < 2) { /* an instruction loses its leading blanks: a fault is right */
                assert_int_equal(rc, 0);
            }
            buf_free(&out);
        }
    }
}

static void late_attribute(struct xml *xml)
{
    xml_start(xml, "a");
    xml_text(xml, STR("x"));
    xml_attribute(xml, "b", STR(""));
}

static void attribute_after_child(struct xml *xml)
{
    xml_start(xml, "a");
    xml_element(xml, "b", STR(""));
    xml_attribute(xml, "c", STR(""));
    xml_end(xml);
}

static void end_too_many(struct xml *xml)
{
    xml_element(xml, "a", STR("x"));
    xml_end(xml);
}

static void two_roots(struct xml *xml)
{
    xml_element(xml, "a", STR("x"));
    xml_element(xml, "b", STR("x"));
}

static void never_ended(struct xml *xml)
{
    xml_start(xml, "a");
}

static void nothing(struct xml *xml)
{
    (void)xml;
}

static void text_outside(struct xml *xml)
{
    xml_text(xml, STR("x"));
}

static void too_deep(struct xml *xml)
{
    for (int i = 0; i < 65; i++) {
        xml_start(xml, "a");
    }
}

static void late_instruction(struct xml *xml)
{
    xml_element(xml, "a", STR("x"));
    xml_instruction(xml, "p", STR("x"));
}

static void bad_name(struct xml *xml)
{
    xml_element(xml, "a b", STR("x"));
}

static void same_attribute_twice(struct xml *xml)
{
    xml_start(xml, "a");
    xml_attribute(xml, "b", STR("1"));
    xml_attribute(xml, "b", STR("2"));
    xml_end(xml);
}

static void instruction_that_ends_early(struct xml *xml)
{
    xml_instruction(xml, "p", STR("a?>b"));
    xml_element(xml, "a", STR("x"));
}

static void first_of_two_faults(struct xml *xml)
{
    xml_start(xml, "a");
    xml_text(xml, STR("\x01"));
    xml_text(xml, STR("\x02"));
    xml_end(xml);
    xml_end(xml);
}

static void test_misuse_is_a_fault(void **state)
{
    (void)state;
    static const struct {
        void (*write)(struct xml *);
        const char *want;
    } rows[] = {
        {late_attribute, "the XML attribute \"b\" comes too late"},
        {attribute_after_child, "the XML attribute \"c\" comes too late"},
        {end_too_many, "an XML element ends that was never begun"},
        {two_roots, "XML has a second root element \"b\""},
        {never_ended, "an XML element is never ended"},
        {nothing, "XML has no root element"},
        {text_outside, "XML text stands outside the root element"},
        {too_deep, "XML elements nest deeper than 64"},
        {late_instruction, "the XML instruction \"p\" comes too late"},
        {bad_name, "XML was written that cannot be read again"},
        {same_attribute_twice, "XML was written that cannot be read again"},
        {instruction_that_ends_early, "XML was written that cannot be read again"},
        {first_of_two_faults, "XML cannot hold the character U+0001"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct xml *xml = xml_new();
        rows[i].write(xml);
        assert_fault(xml, rows[i].want);
    }
}

static void test_appends_to_what_is_there(void **state)
{
    (void)state;
    struct buf out = BUF_EMPTY;
    struct fault fault;
    buf_add(&out, STR("before"));
    struct xml *xml = xml_new();
    xml_element(xml, "a", STR("x"));
    assert_int_equal(xml_finish(xml, &out, &fault), 0);
    assert_string_equal(out.p, "before" DECLARATION "<a>x</a>\n");
    buf_free(&out);
}

/* The reading must tell apart whatever the writing may have lost or changed. */
static void test_record_sees_every_difference(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool want;
    } rows[] = {
        {"<a>x</a>", "<a>x</a>", true},
        {"<a>x&amp;y</a>", "<a>x&#38;y</a>", true},
        {"<a/>", "<a></a>", true},
        {"<a>x</a>", "<a>y</a>", false},
        {"<a>x</a>", "<a/>", false},
        {"<a b='1'/>", "<a/>", false},
        {"<a b='1'/>", "<a b='2'/>", false},
        {"<a b='1' c='2'/>", "<a c='2' b='1'/>", false},
        {"<a>x<b/></a>", "<a><b/>x</a>", false},
        {"<a><b/>x</a>", "<a><b>x</b></a>", false},
        {"<a><b/></a>", "<a><b/><b/></a>", false},
        {"<x:a xmlns:x='u'/>", "<a xmlns:x='u'/>", false},
        {"<x:a xmlns:x='u'/>", "<x:a xmlns:x='v'/>", false},
        {"<?p x?><a/>", "<a/>", false},
        {"<a>x</a>", "<a>x<!-- c --></a>", false},
        {"<a>x</a>", "<a><![CDATA[x]]></a>", false},
        {"<a>x</a>", "<!DOCTYPE a><a>x</a>", false},
        {"<a> </a>", "<a></a>", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record a = RECORD_EMPTY, b = RECORD_EMPTY;
        assert_true(record_read(&a, str_of(rows[i].a)));
        assert_true(record_read(&b, str_of(rows[i].b)));
        assert_int_equal(record_equal(&a, &b), rows[i].want);
        record_free(&a);
        record_free(&b);
    }
    static const char *const broken[] = {"", "<a>", "<a>&unknown;</a>"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct record record;
        assert_false(record_read(&record, str_of(broken[i])));
        record_free(&record);
    }
}

/* 1: our own reading found what the library finds; 0: it left the document to the library. */
static int scan_as_the_library(struct str document)
{
    struct record a, b;
    bool is_scanned = record_scan(&a, document), is_read = record_read(&b, document);
    if (is_scanned && utf8_find_invalid(document) < 0) { /* characters are the writer's business */
        assert_true(is_read);
        assert_true(record_equal(&a, &b));
    }
    record_free(&a);
    record_free(&b);
    return is_scanned;
}

static void test_scan_reads_the_plain_form_alone(void **state)
{
    (void)state;
    static const struct {
        struct str document;
        bool want;
    } rows[] = {
#define ROW(text, want) {{DECLARATION text, sizeof(DECLARATION text) - 1}, want}
        ROW("<a>x</a>\n", true),
        ROW("<a/>", true),
        ROW("<a></a>", true),
        ROW("<a b=\"&lt;&amp;&quot;&#9;&#10;&#13;\" x:c=\"\">一&gt;\n二&#13;</a>\n", true),
        ROW("<a>\n<b>x</b>y<c/>\n</a>\n", true),
        ROW("", false),
        ROW("x", false),
        ROW("<a>", false),
        ROW("<a>x</b>", false),
        ROW("<a></a></a>", false),
        ROW("<a/><a/>", false),
        ROW("<a/>x", false),
        ROW("<a b=\"1\" b=\"2\"/>", false),
        ROW("<a b=\"1\"c=\"2\"/>", false),
        ROW("<a b=\"<\"/>", false),
        ROW("<a b=\"\n\"/>", false),
        ROW("<a b='1'/>", false),
        ROW("<a b=\"1/>", false),
        ROW("<a b/>", false),
        ROW("<a >x</a>", false),
        ROW("<1>x</1>", false),
        ROW("<a>]]></a>", false),
        ROW("<a>\r\n</a>", false),
        ROW("<a>&nbsp;</a>", false),
        ROW("<a>& </a>", false),
        ROW("<a><!-- c --></a>", false),
        ROW("<a><![CDATA[x]]></a>", false),
        ROW("<!DOCTYPE a><a/>", false),
        ROW("<?p x?><a/>", false),
        ROW("<a>x\0y</a>", false),
#undef ROW
        {{"<a/>", 4}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(scan_as_the_library(rows[i].document), rows[i].want);
    }
}

/* Changed anywhere, a document that our own reading still takes is one that the library takes. */
static void test_scan_is_never_laxer_than_the_library(void **state)
{
    (void)state;
    static const char document[] = DECLARATION
        "<rss version=\"2.0\" xmlns:a=\"b&amp;\">\n<c>柳 &lt;村&gt; &#13;\nx</c><d/>y</rss>\n";
    static const char others[] = "<>&\"'/=; \n\r\t?!-[]axv:1#\0";
    int taken = 0;
    for (size_t i = 0; i < sizeof document - 1; i++) {
        for (size_t k = 0; k < sizeof others - 1; k++) {
            char changed[sizeof document + 1];
            memcpy(changed, document, sizeof document);
            changed[i] = others[k];
            taken += scan_as_the_library((struct str){changed, sizeof document - 1});
            memcpy(changed + i + 1, document + i, sizeof document - i);
            taken += scan_as_the_library((struct str){changed, sizeof document});
        }
        taken += scan_as_the_library((struct str){document, i});
    }
    assert_true(taken > 500);
}

/* libxml2's memory goes through these while allocations are made to fail. */
static struct failing {
    long countdown; /* the allocation that fails; 0 for none */
    bool is_persistent, has_failed;
} failing;

static bool fails_now(void)
{
    if (failing.countdown == 0 || (failing.has_failed && !failing.is_persistent)) {
        return false;
    }
    if (!failing.has_failed && --failing.countdown > 0) {
        return false;
    }
    failing.countdown = 1;
    failing.has_failed = true;
    return true;
}

/* What is held while allocations fail: the library loses some of it, and we give it back. */
static struct ledger {
    void *held[4096];
    size_t count;
    bool is_open;
} ledger;

static void *note(void *p)
{
    if (ledger.is_open && p != NULL) {
        assert_true(ledger.count < sizeof ledger.held / sizeof ledger.held[0]);
        ledger.held[ledger.count++] = p;
    }
    return p;
}

static void strike_out(const void *p)
{
    for (size_t i = ledger.is_open ? ledger.count : 0; i > 0; i--) {
        if (ledger.held[i - 1] == p) {
            ledger.held[i - 1] = ledger.held[--ledger.count];
            return;
        }
    }
}

static void close_ledger(void)
{
    for (size_t i = 0; i < ledger.count; i++) {
        free(ledger.held[i]);
    }
    ledger.count = 0;
    ledger.is_open = false;
}

static void *failing_malloc(size_t n)
{
    return fails_now() ? NULL : note(malloc(n));
}

static void *failing_realloc(void *p, size_t n)
{
    if (fails_now()) {
        return NULL;
    }
    strike_out(p);
    return note(realloc(p, n));
}

static char *failing_strdup(const char *text)
{
    return fails_now() ? NULL : note(strdup(text));
}

static void noting_free(void *p)
{
    strike_out(p);
    free(p);
}

/* True while there still was an allocation to fail. */
static bool write_with_failure(long n, bool is_persistent, int *successes)
{
    struct buf out = BUF_EMPTY;
    struct fault fault = {.text = ""};
    ledger.is_open = true;
    failing = (struct failing){n, is_persistent, false};
    struct xml *xml = xml_new();
    write_feed(xml);
    int rc = xml_finish(xml, &out, &fault);
    bool has_failed = failing.has_failed;
    failing = (struct failing){0, false, false};
    xmlResetLastError(); /* it outlives the document */
    close_ledger();
    if (rc == 0) {
        assert_string_equal(out.p, feed);
        *successes += has_failed;
    } else {
        assert_int_equal(out.n, 0);
        assert_true(fault.text[0] != '\0');
        assert_true(has_failed);
    }
    buf_free(&out);
    return has_failed;
}

static void silent(void *data, const char *format, ...)
{
    (void)data;
    (void)format;
}

static void test_failing_memory_never_alters_a_document(void **state)
{
    (void)state;
    xmlSetGenericErrorFunc(NULL, silent);
    for (int is_persistent = 0; is_persistent < 2; is_persistent++) {
        long n = 1;
        int successes = 0;
        while (write_with_failure(n, is_persistent == 1, &successes)) {
            n++;
        }
        assert_true(n > 50);
        print_message("# %ld allocations failed in turn, %d documents whole all the same\n", n - 1,
                      successes);
    }
}

static void *write_many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        struct buf out = BUF_EMPTY;
        struct fault fault;
        struct xml *xml = xml_new();
        write_feed(xml);
        bool is_good = xml_finish(xml, &out, &fault) == 0 && strcmp(out.p, feed) == 0;
        buf_free(&out);
        if (!is_good) {
            return NULL;
        }
    }
    return "good";
}

static void test_threads_do_not_meet(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, NULL), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
}

int main(void)
{
    xmlMemSetup(noting_free, failing_malloc, failing_realloc, failing_strdup);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_is_exact),
        cmocka_unit_test(test_mixed_content_gets_no_line_feeds),
        cmocka_unit_test(test_illegal_text_is_refused),
        cmocka_unit_test(test_misuse_is_a_fault),
        cmocka_unit_test(test_appends_to_what_is_there),
        cmocka_unit_test(test_record_sees_every_difference),
        cmocka_unit_test(test_scan_reads_the_plain_form_alone),
        cmocka_unit_test(test_scan_is_never_laxer_than_the_library),
        cmocka_unit_test(test_threads_do_not_meet),
        cmocka_unit_test(test_failing_memory_never_alters_a_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
