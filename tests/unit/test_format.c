/* format/: iCalendar as it is written, and as the strict reader takes it. */
#include "format/format.h"
#include "format/ical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_lines_are_folded(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", "SUMMARY:\r\n"},
        {"short", "公示", "SUMMARY:公示\r\n"},
        {"75 octets: 8 and 67",
         "1234567890123456789012345678901234567890123456789012345678901234567",
         "SUMMARY:1234567890123456789012345678901234567890123456789012345678901234567\r\n"},
        {"76 octets", "12345678901234567890123456789012345678901234567890123456789012345678",
         "SUMMARY:1234567890123456789012345678901234567890123456789012345678901234567\r\n 8\r\n"},
        {"a character ends on octet 75", "1路灯电费公示路灯电费公示路灯电费公示路灯电费公示路",
         "SUMMARY:1路灯电费公示路灯电费公示路灯电费公示路灯电费\r\n 公示路\r\n"},
        {"a character would end on 76", "12路灯电费公示路灯电费公示路灯电费公示路灯电费公示路",
         "SUMMARY:12路灯电费公示路灯电费公示路灯电费公示路灯电\r\n 费公示路\r\n"},
        {"a character would end on 77", "123路灯电费公示路灯电费公示路灯电费公示路灯电费公示路",
         "SUMMARY:123路灯电费公示路灯电费公示路灯电费公示路灯电\r\n 费公示路\r\n"},
        {"four octets", "1234567890123456789012345678901234567890123456789012345678901234𠮷",
         "SUMMARY:1234567890123456789012345678901234567890123456789012345678901234\r\n 𠮷\r\n"},
        {"two folds: 67, then 74",
         "1234567890123456789012345678901234567890123456789012345678901234567"
         "12345678901234567890123456789012345678901234567890123456789012345678901234x",
         "SUMMARY:1234567890123456789012345678901234567890123456789012345678901234567\r\n"
         " 12345678901234567890123456789012345678901234567890123456789012345678901234\r\n x\r\n"},
        {"escapes", "一,二;三\\四\n五：六，七\t八\x01",
         "SUMMARY:一\\,二\\;三\\\\四\\n五：六，七\t八 \r\n"},
        {"no escape is cut in two",
         "123456789012345678901234567890123456789012345678901234567890123456,x",
         "SUMMARY:123456789012345678901234567890123456789012345678901234567890123456\r\n \\,x\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf got = BUF_EMPTY;
        ical_text(&got, "SUMMARY", str_of(rows[i].text));
        if (strcmp(got.p, rows[i].want) != 0) {
            print_message("# %s: %s\n", rows[i].name, got.p);
        }
        assert_string_equal(got.p, rows[i].want);
        buf_free(&got);
    }
}

static void test_bytes_that_are_no_text_end(void **state)
{
    (void)state;
    char bytes[400];
    memset(bytes, 0x80, sizeof bytes);
    struct buf got = BUF_EMPTY;
    ical_line(&got, "URL", (struct str){bytes, sizeof bytes});
    assert_true(got.n > sizeof bytes && got.n < 2 * sizeof bytes);
    buf_free(&got);
}

/* What makes a calendar of lines: a line feed stands for CRLF. */
static void with_ends(struct buf *out, const char *lines)
{
    for (const char *p = lines; *p != '\0'; p++) {
        buf_add(out, *p == '\n' ? STR("\r\n") : (struct str){p, 1});
    }
}

#define HEAD "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a//b//ZH\n"
#define EVENT "BEGIN:VEVENT\nUID:a\nDTSTAMP:20260901T010203Z\nSUMMARY:公示\n"
#define DAY "DTSTART;VALUE=DATE:20260905\n"
#define END "END:VEVENT\nEND:VCALENDAR\n"
#define ZONE "BEGIN:VTIMEZONE\nTZID:Asia/Shanghai\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
#define ZONE_END "TZOFFSETTO:+0800\nEND:STANDARD\nEND:VTIMEZONE\n"

static void test_calendars_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line; /* 0: it is good */
        const char *what;
    } rows[] = {
        {HEAD EVENT DAY END, 0, NULL},
        {HEAD EVENT DAY "DTEND;VALUE=DATE:20260906\n" END, 0, NULL},
        {HEAD EVENT "DTSTART:20260905T063000Z\nDTEND:20260905T070000Z\n" END, 0, NULL},
        {HEAD EVENT DAY "DESCRIPTION:a\\, b\\; c\\\\ d\\n\n 续行\nURL:https://a.example/%E6/\n" END,
         0, NULL},
        {HEAD EVENT DAY "X-OWN;A=\"b;:,c\";D=e:f;g\n" END, 0, NULL},
        {HEAD ZONE "TZOFFSETFROM:+0800\n" ZONE_END "END:VCALENDAR\n", 0, NULL},
        {"", 0, "END:VCALENDAR"},
        {HEAD "END:VCALENDAR\n", 4, "VCALENDAR BEGIN"},
        {HEAD EVENT DAY END HEAD EVENT DAY END, 11, "BEGIN:VCALENDAR"},
        {HEAD EVENT DAY "END:VEVENT\n", 9, "END:VCALENDAR"},
        {HEAD EVENT DAY "END:VCALENDAR\n", 9, "END VCALENDAR"},
        {HEAD "BEGIN:VTODO\nEND:VTODO\n", 4, "BEGIN VTODO"},
        {" " HEAD EVENT DAY END, 1, "name"},
        {"VERSION:2.0\n" HEAD EVENT DAY END, 1, "BEGIN VERSION"},
        {"BEGIN:VCALENDAR\nPRODID:a\n" EVENT DAY END, 9, "VCALENDAR VERSION"},
        {"BEGIN:VCALENDAR\nVERSION:1.0\n" EVENT DAY END, 2, "VCALENDAR VERSION"},
        {HEAD "VERSION:2.0\n" EVENT DAY END, 4, "VCALENDAR VERSION"},
        {HEAD EVENT END, 8, "VEVENT DTSTART"},
        {HEAD EVENT DAY "NOTHING:x\n" END, 9, "VEVENT NOTHING"},
        {HEAD EVENT DAY DAY END, 9, "VEVENT DTSTART"},
        {HEAD EVENT "DTSTART:20260905\n" END, 8, "VEVENT DTSTART"},
        {HEAD EVENT "DTSTART:20260905T063000\n" END, 8, "VEVENT DTSTART"},
        {HEAD EVENT "DTSTART;VALUE=DATE:20260931\n" END, 8, "VEVENT DTSTART"},
        {HEAD EVENT "DTSTART:20260905T243000Z\n" END, 8, "VEVENT DTSTART"},
        {HEAD EVENT DAY "DTEND;VALUE=DATE:20260905\n" END, 10, "VEVENT DTEND"},
        {HEAD EVENT DAY "DTEND:20260906T000000Z\n" END, 10, "VEVENT DTEND"},
        {HEAD EVENT DAY "END:VEVENT\n" EVENT DAY END, 11, "VEVENT UID"},
        {HEAD EVENT DAY "LOCATION:村部,会议室\n" END, 9, "VEVENT LOCATION"},
        {HEAD EVENT DAY "LOCATION:村部;会议室\n" END, 9, "VEVENT LOCATION"},
        {HEAD EVENT DAY "LOCATION:村部\\会议室\n" END, 9, "VEVENT LOCATION"},
        {HEAD EVENT DAY "LOCATION:村部\\\n" END, 9, "VEVENT LOCATION"},
        {HEAD EVENT DAY "LOCATION:\n" END, 9, "VEVENT LOCATION"},
        {HEAD EVENT DAY "LOCATION 村部\n" END, 9, "name"},
        {HEAD EVENT DAY "LOCATION;A:村部\n" END, 9, "parameter LOCATION"},
        {HEAD EVENT DAY "LOCATION;A=\"b:村部\n" END, 9, "parameter LOCATION"},
        {HEAD EVENT DAY "URL:https://a.example/路灯/\n" END, 9, "VEVENT URL"},
        {HEAD EVENT DAY "URL:/a/\n" END, 9, "VEVENT URL"},
        {HEAD EVENT DAY "LOCATION:村\x02部\n" END, 9, "CONTROL"},
        {HEAD EVENT DAY "LOCATION:村\xe9\x83\n \xa8\n" END, 9, "UTF-8"},
        {HEAD EVENT DAY "LOCATION:村部\r" END, 9, "CONTROL"},
        {HEAD EVENT DAY
         "LOCATION:1234567890123456789012345678901234567890123456789012345678901234567\n" END,
         9, "75 octets"},
        {HEAD ZONE ZONE_END "END:VCALENDAR\n", 9, "STANDARD TZOFFSETFROM"},
        {HEAD ZONE "TZOFFSETFROM:+8\n" ZONE_END "END:VCALENDAR\n", 8, "STANDARD TZOFFSETFROM"},
        {HEAD "BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nEND:VCALENDAR\n", 6, "VTIMEZONE BEGIN"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf bytes = BUF_EMPTY;
        struct format_fault fault;
        with_ends(&bytes, rows[i].text);
        int rc = format_check(&fault, STR("archive/org/a/calendar.ics"), buf_str(&bytes));
        if (rc != (rows[i].what == NULL ? 0 : -1) ||
            (rc != 0 && strcmp(fault.what, rows[i].what) != 0)) {
            print_message("# row %zu: %d, line %zu %s\n%s", i, rc, fault.line, fault.what,
                          rows[i].text);
        }
        assert_int_equal(rc, rows[i].what == NULL ? 0 : -1);
        assert_string_equal(fault.what, rows[i].what == NULL ? "" : rows[i].what);
        assert_int_equal(fault.line, rows[i].line);
        buf_free(&bytes);
    }
}

static void test_files_of_others_are_left_alone(void **state)
{
    (void)state;
    struct format_fault fault;
    assert_int_equal(format_check(&fault, STR("calendar.ics"), STR("BEGIN:VCALENDAR\nEND")), -1);
    assert_string_equal(fault.what, "CRLF");
    assert_int_equal(format_check(&fault, STR("archive/org/a/calendar.ics"), STR("x")), -1);
    assert_int_equal(format_check(&fault, STR("柳湾/calendar.ics"), STR("x")), 0);
    assert_int_equal(format_check(&fault, STR("my-calendar.ics"), STR("x")), 0);
    assert_int_equal(format_check(&fault, STR("index.html"), STR("x")), 0);
}

static void test_json_is_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bad; /* the byte from which on it is none, from 1; 0: it is good */
    } rows[] = {
        {"{}", 0},
        {" [ 1 , -0.5e+10 , 0 , true , false , null , \"a\" ] \n", 0},
        {"{\"a\":{\"a\":[]},\"b\":[{}]}", 0},
        {"\"\\u00e9\\ud83d\\ude00\\n\\\"\\/路灯\"", 0},
        {"", 1},
        {"{", 2},
        {"[1,]", 4},
        {"{\"a\":1,}", 8},
        {"{\"a\":1,\"a\":2}", 11},
        {"{\"a\" 1}", 6},
        {"{a:1}", 2},
        {"[01]", 3},
        {"[+1]", 2},
        {"[1.]", 4},
        {"[.5]", 2},
        {"[1e]", 4},
        {"[- 1]", 3},
        {"[truth]", 2},
        {"[1] 2", 5},
        {"\"a", 3},
        {"\"\t\"", 2},
        {"\"\\x\"", 4},
        {"\"\\u12g4\"", 6},
        {"\"\\ud83d\"", 8},
        {"\"\\ud83d\\n\"", 8},
        {"\"\\ude00\"", 8},
        {"\"\xe8\xb7\"", 2},
        {"// no\n{}", 1},
        {"\xef\xbb\xbf{}", 1},
        {"'a'", 1},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 34},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct format_fault fault;
        int rc = format_check(&fault, STR("data/datapackage.json"), str_of(rows[i].text));
        size_t bad = rc != 0 && fault.wrong == FORMAT_WRONG_JSON ? fault.line : 0;
        if (bad != rows[i].bad) {
            print_message("# %s: byte %zu\n", rows[i].text, bad);
        }
        assert_int_equal(bad, rows[i].bad);
    }
}

#define CSVW(rest) "{\"@context\":[\"http://www.w3.org/ns/csvw\",{}]," rest "}"
#define TABLE(rest) CSVW("\"tables\":[{\"url\":\"table-1.csv\",\"tableSchema\":{" rest "}}]")
#define PACKAGE(rest)                                                                              \
    "{\"name\":\"a\",\"title\":\"b\",\"version\":\"c\",\"created\":\"d\"," rest "}"
#define HASH "0123456789012345678901234567890123456789012345678901234567890abc"

#define GRAPH(nodes) "{\"@context\":{},\"@graph\":[" nodes "]}"
#define AGENT "{\"@id\":\"a:p\",\"@type\":\"foaf:Agent\",\"foaf:name\":\"县\"}"
#define CATALOG                                                                                    \
    "{\"@id\":\"a:c\",\"@type\":\"dcat:Catalog\",\"dct:title\":\"a\",\"dct:description\":\"b\","   \
    "\"dct:publisher\":{\"@id\":\"a:p\"}}"

static void test_members_are_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text, *where, *what; /* what: NULL where it is good */
    } rows[] = {
        {"a/csv-metadata.json", TABLE("\"columns\":[{\"name\":\"a\",\"titles\":\"甲\"}]"), "",
         NULL},
        {"a/csv-metadata.json", "[]", "csvw", "@context"},
        {"a/csv-metadata.json", CSVW("\"tables\":[]"), "csvw", "tables"},
        {"a/csv-metadata.json", CSVW("\"null\":[1],\"tables\":[]"), "csvw", "null"},
        {"a/csv-metadata.json", CSVW("\"tables\":[{\"url\":\"/a.csv\"}]"), "tables[0]", "url"},
        {"a/csv-metadata.json", TABLE(""), "tables[0]", "tableSchema.columns"},
        {"a/csv-metadata.json", TABLE("\"columns\":[{\"titles\":\"甲\"}]"),
         "tables[0].tableSchema.columns[0]", "name"},
        {"a/csv-metadata.json", TABLE("\"columns\":[{\"name\":\"_a\",\"titles\":\"甲\"}]"),
         "tables[0].tableSchema.columns[0]", "name"},
        {"a/csv-metadata.json", TABLE("\"columns\":[{\"name\":\"a\",\"titles\":{}}]"),
         "tables[0].tableSchema.columns[0]", "titles"},
        {"a/csv-metadata.json",
         TABLE("\"columns\":[{\"name\":\"a\",\"titles\":\"甲\",\"datatype\":\"money\"}]"),
         "tables[0].tableSchema.columns[0]", "datatype"},
        {"a/csv-metadata.json",
         TABLE("\"columns\":[{\"name\":\"a\",\"titles\":\"甲\"}],\"primaryKey\":\"b\""),
         "tables[0].tableSchema", "primaryKey"},
        {"data/datapackage.json",
         PACKAGE(
             "\"resources\":[{\"name\":\"s\",\"path\":\"s.db\",\"bytes\":1,\"hash\":\"sha256:" HASH
             "\"}]"),
         "", NULL},
        {"data/datapackage.json", "{}", "datapackage", "name"},
        {"data/datapackage.json", PACKAGE("\"resources\":[]"), "datapackage", "resources"},
        {"data/datapackage.json", PACKAGE("\"licenses\":[{}]"), "licenses[0]", "path"},
        {"data/datapackage.json", PACKAGE("\"resources\":[{\"name\":\"s\",\"path\":\"../s.db\"}]"),
         "resources[0]", "path"},
        {"data/datapackage.json",
         PACKAGE("\"resources\":[{\"name\":\"s\",\"path\":\"s.db\",\"bytes\":\"1\"}]"),
         "resources[0]", "bytes"},
        {"data/catalog.jsonld", GRAPH(CATALOG "," AGENT), "", NULL},
        {"archive/catalog.jsonld", "{}", "JSON-LD", "@graph"},
        {"data/catalog.jsonld", GRAPH(AGENT), "@graph", "dcat:Catalog"},
        {"data/catalog.jsonld", GRAPH(CATALOG), "a:c", "dct:publisher"},
        {"data/catalog.jsonld", GRAPH(CATALOG "," AGENT "," AGENT), "a:p", "@id"},
        {"data/catalog.jsonld", GRAPH("{\"@id\":\"/c\",\"@type\":\"dcat:Catalog\"}"), "/c", "@id"},
        {"data/catalog.jsonld", GRAPH("{\"@id\":\"a:c\",\"@type\":\"dcat:Catalogue\"}"), "a:c",
         "@type"},
        {"data/catalog.jsonld", GRAPH("{\"@id\":\"a:c\",\"@type\":\"dcat:Catalog\"}"), "a:c",
         "dct:title"},
        {"data/catalog.jsonld",
         GRAPH("{\"@type\":\"dcat:Distribution\",\"dcat:accessURL\":{\"@id\":\"路灯\"},\"dcat:"
               "mediaType\":{\"@id\":\"a:m\"}}"),
         "路灯", "@id"},
        {"data/catalog.jsonld",
         GRAPH("{\"@type\":\"spdx:Checksum\",\"spdx:algorithm\":{\"@id\":\"a:b\"},\"spdx:"
               "checksumValue\":"
               "{\"@value\":\"AB\",\"@type\":\"xsd:hexBinary\"}}"),
         "xsd:hexBinary", "@value"},
        {"data/datapackage.json",
         PACKAGE("\"resources\":[{\"name\":\"s\",\"path\":\"s.db\",\"bytes\":1,\"hash\":\"sha256:"
                 "X\"}]"),
         "resources[0]", "hash"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct format_fault fault;
        int rc = format_check(&fault, str_of(rows[i].file), str_of(rows[i].text));
        assert_int_equal(rc, rows[i].what == NULL ? 0 : -1);
        assert_string_equal(fault.what, rows[i].what == NULL ? "" : rows[i].what);
        assert_string_equal(fault.where, rows[i].where);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_folded),
        cmocka_unit_test(test_bytes_that_are_no_text_end),
        cmocka_unit_test(test_calendars_are_read_strictly),
        cmocka_unit_test(test_files_of_others_are_left_alone),
        cmocka_unit_test(test_json_is_read_strictly),
        cmocka_unit_test(test_members_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
