/* The address of a search: what is decoded, what is refused and with which status. */
#include "cgi/request.h"
#include "cgi/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What request_read makes of a query string. */
static const struct {
    const char *name, *query_string;
    int http;
    const char *query, *org;
} reads[] = {
    {"nothing", "", 200, "", ""},
    {"a word", "q=abc", 200, "abc", ""},
    {"a blank as plus", "q=a+b", 200, "a b", ""},
    {"a blank as %20", "q=a%20b", 200, "a b", ""},
    {"a plus", "q=a%2Bb", 200, "a+b", ""},
    {"Chinese", "q=%E4%BD%8E%E4%BF%9D", 200, "低保", ""},
    {"lower-case digits", "q=%e4%bd%8e", 200, "低", ""},
    {"raw UTF-8", "q=\xe4\xbd\x8e", 200, "低", ""},
    {"two parameters", "org=a/b&q=x", 200, "x", "a/b"},
    {"an encoded name", "%71=x", 200, "x", ""},
    {"an equals sign in the value", "q=a=b", 200, "a=b", ""},
    {"an encoded ampersand", "q=a%26org=z", 200, "a&org=z", ""},
    {"a semicolon separates nothing", "q=a;org=z", 200, "a;org=z", ""},
    {"empty pairs", "&&q=x&&", 200, "x", ""},
    {"a name alone", "q", 200, "", ""},
    {"a tab is a blank", "q=a%09b", 200, "a b", ""},
    {"unknown parameters", "utm_source=x&q=y", 200, "y", ""},
    {"markup stays raw", "q=%3Cscript%3E", 200, "<script>", ""},
    {"a bare per cent", "q=100%", 400, NULL, NULL},
    {"a per cent with one digit", "q=%4", 400, NULL, NULL},
    {"no hexadecimal digits", "q=%G1", 400, NULL, NULL},
    {"a sign is no digit", "q=%+1", 400, NULL, NULL},
    {"a blank is no digit", "q=% 1", 400, NULL, NULL},
    {"%u is nothing", "q=%u4f4e", 400, NULL, NULL},
    {"NUL", "q=a%00b", 400, NULL, NULL},
    {"line feed", "q=a%0Ab", 400, NULL, NULL},
    {"carriage return", "q=a%0d%0aSet-Cookie:x", 400, NULL, NULL},
    {"escape", "q=%1B[31m", 400, NULL, NULL},
    {"delete", "q=%7F", 400, NULL, NULL},
    {"C1", "q=%C2%85", 400, NULL, NULL},
    {"overlong", "q=%C0%AF", 400, NULL, NULL},
    {"a surrogate", "q=%ED%A0%80", 400, NULL, NULL},
    {"past Unicode", "q=%F4%90%80%80", 400, NULL, NULL},
    {"cut off", "q=%E4%BD", 400, NULL, NULL},
    {"GB 18030", "q=%B5%CD%B1%A3", 400, NULL, NULL},
    {"twice", "q=a&q=a", 400, NULL, NULL},
    {"twice, one encoded", "q=a&%71=b", 400, NULL, NULL},
    {"an unknown one, wrongly encoded", "utm=%&q=a", 400, NULL, NULL},
    {"an unknown format", "q=a&format=xml", 400, NULL, NULL},
    {"an unknown order", "q=a&sort=up", 400, NULL, NULL},
    {"an unknown language", "q=a&lang=fr", 400, NULL, NULL},
    {"page 0", "q=a&page=0", 400, NULL, NULL},
    {"page -1", "q=a&page=-1", 400, NULL, NULL},
    {"page 1x", "q=a&page=1x", 400, NULL, NULL},
    {"a page too far", "q=a&page=99999999999999999999", 400, NULL, NULL},
};

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        struct arena arena = {0};
        struct request request;
        request_read(&request, &arena, STR("GET"), str_of(reads[i].query_string));
        if (request_status_http(request.status) != reads[i].http) {
            fail_msg("%s: %d", reads[i].name, request_status_http(request.status));
        }
        if (reads[i].query != NULL && (!str_equal(request.search.query, str_of(reads[i].query)) ||
                                       !str_equal(request.search.org, str_of(reads[i].org)))) {
            fail_msg("%s: [%.*s]", reads[i].name, STR_ARG(request.search.query));
        }
        arena_free(&arena);
    }
}

static const struct {
    const char *method;
    int http;
    bool is_head;
} methods[] = {
    {"GET", 200, false},   {"HEAD", 200, true},  {"POST", 405, false}, {"PUT", 405, false},
    {"get", 405, false},   {"GET ", 405, false}, {"", 405, false},     {"OPTIONS", 405, false},
    {"TRACE", 405, false}, {"GETT", 405, false},
};

static void test_method(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct arena arena = {0};
        struct request request;
        request_read(&request, &arena, str_of(methods[i].method), STR("q=a"));
        assert_int_equal(request_status_http(request.status), methods[i].http);
        assert_int_equal(request.is_head, methods[i].is_head);
        arena_free(&arena);
    }
}

/* The limit is exact, and past it nothing is read. */
static void test_length(void **state)
{
    (void)state;
    char text[2100];
    memset(text, 'a', sizeof text);
    struct arena arena = {0};
    struct request request;
    request_read(&request, &arena, STR("GET"), (struct str){text, 2048});
    assert_int_equal(request.status, REQUEST_STATUS_OK);
    request_read(&request, &arena, STR("GET"), (struct str){text, 2049});
    assert_int_equal(request_status_http(request.status), 414);
    arena_free(&arena);
}

/* A faulty request is still answered in the form that it asks for. */
static void test_format_of_faulty(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct request request;
    request_read(&request, &arena, STR("GET"), STR("q=%&format=json&lang=en"));
    assert_int_equal(request.status, REQUEST_STATUS_ENCODING);
    assert_int_equal(request.format, REQUEST_FORMAT_JSON);
    assert_true(str_equal(request.language, STR("en")));
    arena_free(&arena);
}

static void test_values(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct request request;
    request_read(&request, &arena, STR("GET"),
                 STR("q=x&sort=date&page=3&year=2026&from=2026-01-01&to=2026-12-31&kind=meeting"
                     "&item=caiwu&status=notice&format=csv"));
    assert_int_equal(request.status, REQUEST_STATUS_OK);
    assert_int_equal(request.search.sort, SEARCH_SORT_DATE);
    assert_int_equal(request.search.page, 3);
    assert_true(str_equal(request.search.year, STR("2026")));
    assert_true(str_equal(request.search.from, STR("2026-01-01")));
    assert_true(str_equal(request.search.to, STR("2026-12-31")));
    assert_true(str_equal(request.search.kind, STR("meeting")));
    assert_true(str_equal(request.search.item, STR("caiwu")));
    assert_true(str_equal(request.search.status, STR("notice")));
    assert_false(request.search.wants_facets);
    arena_free(&arena);
}

static const struct {
    const char *name, *query_string;
    enum request_parameter changed;
    const char *value, *want;
} urls[] = {
    {"nothing", "", REQUEST_PAGE, "", "/search.cgi"},
    {"a filter more", "q=a+b&page=4", REQUEST_KIND, "meeting", "/search.cgi?q=a%20b&kind=meeting"},
    {"a filter less", "q=x&org=a", REQUEST_ORG, "", "/search.cgi?q=x"},
    {"the next page", "org=a/b&q=%22x", REQUEST_PAGE, "2", "/search.cgi?q=%22x&org=a%2Fb&page=2"},
    {"what is unknown goes", "utm=1&q=x", REQUEST_SORT, "date", "/search.cgi?q=x&sort=date"},
};

/* Addresses that we write are read back to the same request. */
static void test_url(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct arena arena = {0};
        struct request request;
        struct buf url = BUF_EMPTY;
        request_read(&request, &arena, STR("GET"), str_of(urls[i].query_string));
        request_write_url(&url, &request, STR("/search.cgi"), urls[i].changed,
                          str_of(urls[i].value));
        assert_string_equal(url.p, urls[i].want);
        buf_free(&url);
        arena_free(&arena);
    }
}

/* Every sentence is there in both languages. */
static void test_texts(void **state)
{
    (void)state;
    for (int i = REQUEST_STATUS_METHOD; i <= REQUEST_STATUS_PAGE; i++) {
        struct str zh = request_status_text((enum request_status)i, LANGUAGE_ZH);
        struct str en = request_status_text((enum request_status)i, LANGUAGE_EN);
        assert_true(zh.n > 10 && (zh.p[0] & 0x80) != 0);
        assert_true(en.n > 10 && (en.p[0] & 0x80) == 0);
    }
}

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TAG "\"0123456789abcdef0123456789abcdef-" GONGKAI_VERSION "\""

static const struct {
    const char *name, *none_match, *since;
    bool is_held;
} validators[] = {
    {"nothing", "", "", false},
    {"the tag", TAG, "", true},
    {"the tag, weak", "W/" TAG, "", true},
    {"the tag in a list", "\"x\", " TAG, "", true},
    {"any", "*", "", true},
    {"another tag", "\"x\"", "", false},
    {"part of the tag", "\"0123456789abcdef\"", "", false},
    {"the date", "", "Thu, 01 Jan 1970 00:16:40 GMT", true},
    {"another date", "", "Thu, 01 Jan 1970 00:16:41 GMT", false},
    {"a wrong tag wins over the date", "\"x\"", "Thu, 01 Jan 1970 00:16:40 GMT", false},
    {"nonsense", "", "yesterday", false},
};

static void test_validators(void **state)
{
    (void)state;
    struct response response = RESPONSE_EMPTY;
    response_set(&response, 200, RESPONSE_HTML);
    response_set_validators(&response, STR(DIGEST), 1000, 2000);
    for (size_t i = 0; i < sizeof validators / sizeof validators[0]; i++) {
        bool is_held = response_is_held(&response, str_of(validators[i].none_match),
                                        str_of(validators[i].since));
        if (is_held != validators[i].is_held) {
            fail_msg("%s", validators[i].name);
        }
    }
    response_free(&response);
}

/* A database cannot put a line into the headers, and a time to come is not told. */
static void test_hostile_validators(void **state)
{
    (void)state;
    struct response response = RESPONSE_EMPTY;
    struct buf headers = BUF_EMPTY;
    response_set(&response, 200, RESPONSE_HTML);
    response_set_validators(&response, STR("0123456789abcdef\r\nSet-Cookie: x"), 3000, 2000);
    response_write_headers(&headers, &response);
    assert_null(strstr(headers.p, "Set-Cookie"));
    assert_null(strstr(headers.p, "Last-Modified"));
    assert_non_null(strstr(headers.p, "Cache-Control: no-store\r\n"));
    buf_free(&headers);
    response_free(&response);
}

static const char headers_of_html[] =
    "Status: 200 OK\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Length: 2\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Robots-Tag: noindex\r\n"
    "Cache-Control: public, max-age=60\r\n"
    "ETag: " TAG "\r\n"
    "Last-Modified: Thu, 01 Jan 1970 00:16:40 GMT\r\n"
    "\r\n";

static void test_headers(void **state)
{
    (void)state;
    struct response response = RESPONSE_EMPTY;
    struct buf headers = BUF_EMPTY;
    response_set(&response, 200, RESPONSE_HTML);
    response_set_validators(&response, STR(DIGEST), 1000, 2000);
    buf_add(&response.body, STR("ok"));
    response_write_headers(&headers, &response);
    assert_string_equal(headers.p, headers_of_html);
    buf_clear(&headers);
    response_set(&response, 405, RESPONSE_JSON);
    response_write_headers(&headers, &response);
    assert_non_null(strstr(headers.p, "Status: 405 Method Not Allowed\r\n"));
    assert_non_null(strstr(headers.p, "Allow: GET, HEAD\r\n"));
    assert_non_null(strstr(headers.p, "Access-Control-Allow-Origin: *\r\n"));
    buf_free(&headers);
    response_free(&response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),    cmocka_unit_test(test_method),
        cmocka_unit_test(test_length),  cmocka_unit_test(test_format_of_faulty),
        cmocka_unit_test(test_values),  cmocka_unit_test(test_url),
        cmocka_unit_test(test_texts),   cmocka_unit_test(test_validators),
        cmocka_unit_test(test_headers), cmocka_unit_test(test_hostile_validators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
