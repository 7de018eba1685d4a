/*
 * search-feed.cgi: a search as an RSS 2.0 feed: the newest records that match. A program of its
 * own, so that search.cgi need not load libxml2. It takes the parameters of search.cgi; sort, page
 * and format mean nothing here. site/README.md documents both.
 */
#include "base/arena.h"
#include "base/date.h"
#include "base/utf8.h"
#include "cgi/host.h"
#include "cgi/request.h"
#include "cgi/sandbox.h"
#include "xml/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEED_ITEMS = 50, EAST_OF_GREENWICH = 8 * 3600, DAY = 86400, MORNING = 6 * 3600 };

struct feed {
    struct host *host;
    struct arena *arena;
    const struct request *request;
    struct str base, url; /* "/base/" and "https://host/base/" */
    int64_t newest;       /* no item is later: the commit that the site is built from */
};

/* Without the characters that XML cannot hold: a query may have them. */
static struct str xml_text_of(struct feed *feed, struct str text)
{
    struct buf clean = BUF_EMPTY;
    uint32_t c;
    while (utf8_next(&c, &text)) {
        if (utf8_is_xml(c)) {
            utf8_add(&clean, c);
        }
    }
    struct str copy = arena_copy(feed->arena, buf_str(&clean));
    buf_free(&clean);
    return copy;
}

/* The absolute address of one from the site's root. */
static struct str absolute(struct feed *feed, struct str url)
{
    return arena_printf(feed->arena, "%.*s%.*s", STR_ARG(feed->url),
                        STR_ARG(str_from(url, feed->base.n)));
}

static struct str own_url(struct feed *feed, const char *program)
{
    struct buf url = BUF_EMPTY;
    struct str whole = arena_printf(feed->arena, "%.*s%s", STR_ARG(feed->url), program);
    request_write_url(&url, feed->request, whole, REQUEST_FORMAT, (struct str){"", 0});
    struct str copy = arena_copy(feed->arena, buf_str(&url));
    buf_free(&url);
    return copy;
}

/*
 * A record tells its day; the time of day comes from its path, early in the morning, so that items
 * of one day keep apart. Never later than the commit, so never in the future.
 */
static int64_t item_moment(const struct feed *feed, const struct search_hit *hit)
{
    struct date date;
    int64_t moment = feed->newest;
    if (date_parse(&date, hit->date)) {
        uint32_t hash = 2166136261u;
        for (size_t i = 0; i < hit->path.n; i++) {
            hash = (hash ^ (unsigned char)hit->path.p[i]) * 16777619u;
        }
        moment = date_to_days(date) * DAY - EAST_OF_GREENWICH + hash % MORNING;
    }
    return moment > feed->newest ? feed->newest : moment;
}

static struct str snippet_text(struct feed *feed, const struct search_hit *hit)
{
    struct buf text = BUF_EMPTY;
    for (size_t i = 0; i < hit->snippet.count; i++) {
        buf_add(&text, hit->snippet.v[i].text);
    }
    struct str copy = arena_copy(feed->arena, buf_str(&text));
    buf_free(&text);
    return copy.n > 0 ? copy : hit->title;
}

static void write_item(struct xml *xml, struct feed *feed, const struct search_hit *hit,
                       int64_t moment)
{
    char date[DATE_TEXT_SIZE];
    struct str origin = str_slice(feed->url, 0, feed->url.n - feed->base.n);
    xml_start(xml, "item");
    xml_element(xml, "title", hit->title);
    xml_element(xml, "link", absolute(feed, hit->url));
    xml_element(xml, "description", snippet_text(feed, hit));
    if (hit->org_name.n > 0) {
        xml_element(xml, "dc:creator", hit->org_name);
    }
    xml_element(xml, "pubDate", str_of(date_format_rfc822(date, moment, EAST_OF_GREENWICH)));
    xml_start(xml, "guid");
    xml_attribute(xml, "isPermaLink", STR("false"));
    xml_text(xml, arena_printf(feed->arena, "%.*s:%.*s", STR_ARG(origin), STR_ARG(hit->path)));
    xml_end(xml);
    xml_end(xml);
}

static void write_head(struct xml *xml, struct feed *feed)
{
    struct str site = host_meta(feed->host, "title");
    struct str query = xml_text_of(feed, feed->request->search.query);
    bool is_zh = str_starts(host_meta(feed->host, "language"), STR("zh"));
    struct str title =
        query.n == 0 ? site
                     : arena_printf(feed->arena, "%.*s - %.*s", STR_ARG(query), STR_ARG(site));
    xml_element(xml, "title", title);
    xml_element(xml, "link", own_url(feed, "search.cgi"));
    xml_element(xml, "description", title);
    xml_element(xml, "language", is_zh ? STR("zh-cn") : STR("en"));
    xml_start(xml, "atom:link");
    xml_attribute(xml, "rel", STR("self"));
    xml_attribute(xml, "type", STR("application/rss+xml"));
    xml_attribute(xml, "href", own_url(feed, "search-feed.cgi"));
    xml_end(xml);
}

static int write_feed(struct buf *out, struct feed *feed, const struct search_result *result)
{
    struct fault fault;
    struct xml *xml = xml_new();
    xml_start(xml, "rss");
    xml_attribute(xml, "version", STR("2.0"));
    xml_attribute(xml, "xmlns:atom", STR("http://www.w3.org/2005/Atom"));
    xml_attribute(xml, "xmlns:dc", STR("http://purl.org/dc/elements/1.1/"));
    xml_start(xml, "channel");
    write_head(xml, feed);
    int64_t before = INT64_MAX;
    /* The nearest records are for a person to judge, not for a subscription. */
    for (size_t i = 0; !result->is_nearest && i < result->hit_count; i++) {
        int64_t moment = item_moment(feed, &result->hits[i]);
        before = moment < before ? moment : before - 1;
        write_item(xml, feed, &result->hits[i], before);
    }
    xml_end(xml);
    xml_end(xml);
    if (xml_finish(xml, out, &fault) != 0) {
        host_log("feed", fault.text);
        return -1;
    }
    return 0;
}

static void answer_search_status(struct feed *feed, struct response *response,
                                 enum search_status status)
{
    int http = search_status_http(status);
    if (http >= 500 && feed->host->search != NULL) {
        host_log("search", search_last_error(feed->host->search));
    }
    host_write_plain(response, http, RESPONSE_TEXT,
                     search_status_text(feed->arena, status, LANGUAGE_ZH),
                     search_status_text(feed->arena, status, LANGUAGE_EN));
}

/* What a feed asks: the newest first, all on one page, without facets. */
static struct search_request question_of(const struct request *request)
{
    struct search_request question = request->search;
    question.sort = SEARCH_SORT_DATE;
    question.page = 1;
    question.per_page = FEED_ITEMS;
    question.wants_facets = false;
    return question;
}

static void answer_search(struct feed *feed, struct response *response)
{
    struct search_result result;
    struct search_request question = question_of(feed->request);
    response_set(response, 200, RESPONSE_RSS);
    host_set_validators(feed->host, response);
    if (host_is_held(response) && search_check(feed->arena, &question) == SEARCH_STATUS_OK) {
        response->status = 304;
        return;
    }
    enum search_status status = search_run(feed->host->search, feed->arena, &question, &result);
    if (status != SEARCH_STATUS_OK) {
        answer_search_status(feed, response, status);
    } else if (write_feed(&response->body, feed, &result) != 0) {
        answer_search_status(feed, response, SEARCH_STATUS_FAULT);
    }
}

static void read_site(struct feed *feed)
{
    feed->base = host_meta(feed->host, "base");
    feed->base = feed->base.n == 0 ? STR("/") : feed->base;
    feed->url = host_meta(feed->host, "url");
    feed->url = feed->url.n < feed->base.n ? feed->base : feed->url;
    feed->newest = str_number(host_meta(feed->host, "modified"), 253402300799L);
}

static void answer_request(struct feed *feed, struct response *response)
{
    enum request_status status = feed->request->status;
    if (status != REQUEST_STATUS_OK) {
        host_write_plain(response, request_status_http(status), RESPONSE_TEXT,
                         request_status_text(status, LANGUAGE_ZH),
                         request_status_text(status, LANGUAGE_EN));
    } else if (feed->host->status != SEARCH_STATUS_OK) {
        answer_search_status(feed, response, feed->host->status);
    } else {
        read_site(feed);
        answer_search(feed, response);
    }
}

static int serve(void)
{
    struct host host;
    struct arena arena = {0};
    struct request request = {.status = REQUEST_STATUS_OK};
    struct response response = RESPONSE_EMPTY;
    struct feed feed = {.host = &host, .arena = &arena, .request = &request};
    if (host_begin(&host) != 0) {
        answer_search_status(&feed, &response, SEARCH_STATUS_FAULT);
    } else {
        request_read(&request, &arena, host_variable("REQUEST_METHOD"),
                     host_variable("QUERY_STRING"));
        answer_request(&feed, &response);
    }
    int rc = host_end(&host, &response, request.is_head);
    arena_free(&arena);
    return rc;
}

int main(int argc, char **argv)
{
    bool is_by_hand = getenv("GATEWAY_INTERFACE") == NULL;
    if (is_by_hand && argc == 2 && strcmp(argv[1], "--self-test") == 0) {
        return sandbox_test();
    }
    return serve();
}
