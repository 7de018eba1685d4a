/*
 * status: why a search was not answered, each with its text. For search/, commands/ and site/cgi.
 */
#ifndef SEARCH_STATUS_H
#define SEARCH_STATUS_H

#include "base/diag.h"

/* name, HTTP status, Chinese, English; {1} is the limit. */
#define SEARCH_STATUS_ROWS(ROW)                                                                    \
    ROW(OK, 200, "", "")                                                                           \
    ROW(FAULT, 500, "搜索程序出错，请稍后再试。", "The search failed. Please try again later.")    \
    ROW(NOT_OURS, 503, "搜索数据库不存在或不能用，请告诉网站管理员。",                             \
        "The search database is missing or unusable. Please tell the site's keeper.")              \
    ROW(CORRUPT, 503, "搜索数据库已损坏，请告诉网站管理员。",                                      \
        "The search database is damaged. Please tell the site's keeper.")                          \
    ROW(OUT_OF_TIME, 503, "这次搜索用时过长，已停止。请换个更具体的词。",                          \
        "This search took too long and was stopped. Please try a more specific word.")             \
    ROW(OUT_OF_MEMORY, 503, "这次搜索用内存过多，已停止。请换个更具体的词。",                      \
        "This search took too much memory and was stopped. Please try a more specific word.")      \
    ROW(NOT_UTF8, 400, "搜索内容不是有效的 UTF-8 文字。", "The query is not valid UTF-8.")         \
    ROW(TOO_LONG, 400, "搜索内容太长：最多 {1} 个字节（约 85 个汉字）。",                          \
        "The query is too long: at most {1} bytes.")                                               \
    ROW(TOO_MANY_WORDS, 400, "词太多：一次最多 {1} 个词。",                                        \
        "Too many words: at most {1} in one query.")                                               \
    ROW(TOO_MANY_SINGLES, 400, "单个汉字和带 * 的词太多：一次最多 {1} 个，请写成更长的词。",       \
        "Too many single characters or words with *: at most {1}; write longer words.")            \
    ROW(ONLY_EXCLUSIONS, 400, "只有要排除的词：请再写一个要找的词。",                              \
        "Only excluded words: please add a word to look for.")                                     \
    ROW(BAD_FILTER, 400, "筛选条件写错了：请从网页上的选项里选。",                                 \
        "A filter is not understood: please choose one that the page offers.")                     \
    ROW(BAD_PAGE, 400, "页码不对：最多翻到第 {1} 页。", "No such page: at most page {1}.")

enum search_status {
#define ROW(name, http, zh, en) SEARCH_STATUS_##name,
    SEARCH_STATUS_ROWS(ROW)
#undef ROW
};

/* The HTTP status that says the same. */
int search_status_http(enum search_status status);

/* A sentence for the reader, with the limit in its place. */
struct str search_status_text(struct arena *arena, enum search_status status,
                              enum language language);

#endif
