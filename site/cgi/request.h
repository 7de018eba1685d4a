/*
 * request: the address of a search, read strictly. For site/cgi and its tests.
 *
 *     struct request request;
 *     request_read(&request, &arena, str_of(method), str_of(query_string));
 *     if (request.status == REQUEST_STATUS_OK) ... request.search ...
 *
 * A pair is `name=value`; pairs stand between "&". "+" is a blank, "%" and two hexadecimal digits
 * are a byte, and nothing else is encoding. What comes out must be UTF-8 without control
 * characters, but for a tab, which is a blank. A parameter may stand once; an empty one is as good
 * as none; unknown ones, which other sites add to addresses, are ignored once they are well formed.
 * Everything that is wrong has a status; format and language are read as far as they can be, so
 * that the answer to a faulty request comes in the form that was asked for.
 */
#ifndef CGI_REQUEST_H
#define CGI_REQUEST_H

#include "search/search.h"

/* name, HTTP status, Chinese, English. */
#define REQUEST_STATUS_ROWS(ROW)                                                                   \
    ROW(OK, 200, "", "")                                                                           \
    ROW(METHOD, 405, "这里只接受 GET 和 HEAD 请求。", "Only GET and HEAD are answered here.")      \
    ROW(TOO_LONG, 414, "网址太长。请在搜索框里重新输入要找的词。",                                 \
        "The address is too long. Please type your words into the search form.")                   \
    ROW(ENCODING, 400, "网址里的百分号编码不对。请在搜索框里重新输入要找的词。",                   \
        "The address is not percent-encoded correctly. Please type your words into the form.")     \
    ROW(CHARACTER, 400, "网址里有控制字符。请在搜索框里重新输入要找的词。",                        \
        "The address has a control character in it. Please type your words into the form.")        \
    ROW(NOT_UTF8, 400, "网址不是有效的 UTF-8 文字。请在搜索框里重新输入要找的词。",                \
        "The address is not valid UTF-8. Please type your words into the search form.")            \
    ROW(TWICE, 400, "网址里有重复的参数。请在搜索框里重新输入要找的词。",                          \
        "A parameter stands twice in the address. Please type your words into the form.")          \
    ROW(VALUE, 400, "网址里有不认识的参数值。请从网页上的选项里选。",                              \
        "A parameter has an unknown value. Please choose one that the page offers.")               \
    ROW(PAGE, 400, "没有这一页。请回到第一页。",                                                   \
        "There is no such page. Please go back to the first.")

enum request_status {
#define ROW(name, http, zh, en) REQUEST_STATUS_##name,
    REQUEST_STATUS_ROWS(ROW)
#undef ROW
};

enum request_format { REQUEST_FORMAT_HTML, REQUEST_FORMAT_JSON, REQUEST_FORMAT_CSV };

/* Every parameter, in the order in which our own addresses have them. */
enum request_parameter {
    REQUEST_Q,
    REQUEST_ORG,
    REQUEST_KIND,
    REQUEST_ITEM,
    REQUEST_YEAR,
    REQUEST_FROM,
    REQUEST_TO,
    REQUEST_STATE,
    REQUEST_SORT,
    REQUEST_LANG,
    REQUEST_FORMAT,
    REQUEST_PAGE,
    REQUEST_PARAMETER_COUNT /* not a parameter */
};

struct request {
    enum request_status status;
    bool is_head;
    enum request_format format;
    struct str language; /* "zh-CN", "en", or empty: the site's */
    struct search_request search;
    struct str values[REQUEST_PARAMETER_COUNT]; /* decoded; empty where not given */
};

/* Fills `out`, in the arena; its status says whether the request can be answered. */
void request_read(struct request *out, struct arena *arena, struct str method,
                  struct str query_string);

/* Decodes one name or value. */
enum request_status request_decode(struct str *out, struct arena *arena, struct str raw);

/* The name of the parameter: "q", "org" and so on. */
const char *request_parameter_name(enum request_parameter parameter);

int request_status_http(enum request_status status);

/* A sentence for the reader: what is wrong and what to do. */
struct str request_status_text(enum request_status status, enum language language);

/*
 * Appends the address of this request with one parameter changed: `base` + program, then "?" and
 * what is not empty, encoded. Any change but of the page goes back to the first page.
 */
void request_write_url(struct buf *out, const struct request *request, struct str program,
                       enum request_parameter changed, struct str value);

#endif
