/* RSS 2.0 feeds: of the site, and of each organisation, item and tag. */
#include "render/record_page.h"
#include "render/tally.h"

#include "xml/xml.h"

enum {
    CONTENT_MAX = 32 * 1024, /* bytes of a body that stands in a feed; longer ones are linked */
    CONTENTS_KEPT = 512,     /* of one render */
    CONTENTS_KEPT_BYTES = 1024 * 1024
};

struct listing {
    struct render *render;
    struct output_list *list;
    const struct output_kind *kind;
};

static int add_feed(void *context, const char *dimension, struct str value)
{
    const struct listing *listing = context;
    struct render *render = listing->render;
    struct str key = arena_printf(&render->arena, "%s\n%.*s", dimension, STR_ARG(value));
    struct str url = value.n == 0
                         ? page_url(render, "feed.xml")
                         : arena_printf(&render->arena, "%.*sfeed.xml",
                                        STR_ARG(archive_url(render, dimension, value, STR(""))));
    output_add_url(render, listing->list, listing->kind, key, url);
    return 0;
}

int feed_list(struct render *render, struct output_list *list, const struct output_kind *kind,
              const struct touch *touch)
{
    struct listing listing = {render, list, kind};
    return archive_visit_values(render, touch, RENDER_FEED_ITEMS, add_feed, &listing);
}

/* The head of an address: "https://host" of "https://host/base/". */
static struct str origin(const struct config *config)
{
    return str_slice(config->url, 0, config->url.n - config->base.n);
}

/* Has the address a scheme of its own? */
static bool is_absolute(struct str address)
{
    ptrdiff_t colon = str_find_char(address, ':'), slash = str_find_char(address, '/');
    return colon > 0 && (slash < 0 || colon < slash);
}

static void add_absolute(struct buf *out, struct render *render, struct str page,
                         struct str address)
{
    if (is_absolute(address) || address.n == 0) {
        buf_add(out, address);
    } else if (address.p[0] == '/') {
        buf_add(out, origin(render->site->config));
        buf_add(out, address);
    } else {
        buf_add(out, page);
        buf_add(out, address);
    }
}

/* Where the next href="" or src="" value begins; text never holds a raw quotation mark. */
static ptrdiff_t find_address(struct str html)
{
    ptrdiff_t href = str_find(html, STR(" href=\"")), src = str_find(html, STR(" src=\""));
    if (href >= 0 && (src < 0 || href < src)) {
        return href + 7;
    }
    return src < 0 ? -1 : src + 6;
}

/* A reader's feed program knows no base address: every link in the content is made absolute. */
static void make_absolute(struct buf *out, struct render *render, struct str page, struct str html)
{
    for (ptrdiff_t start; (start = find_address(html)) >= 0;) {
        buf_add(out, str_slice(html, 0, (size_t)start));
        html = str_from(html, (size_t)start);
        ptrdiff_t end = str_find_char(html, '"');
        size_t length = end < 0 ? html.n : (size_t)end;
        add_absolute(out, render, page, str_slice(html, 0, length));
        html = str_from(html, length);
    }
    buf_add(out, html);
}

struct item {
    int64_t id, created, updated;
    struct str path, url, title, date, org, summary;
    bool is_withdrawn; /* there is nothing of it but this line */
};

static size_t read_items(struct render *render, struct str dimension, struct str value,
                         struct item *items)
{
    struct arena *arena = &render->arena;
    size_t count = 0;
    const struct dimension *found = dimension_find(dimension);
    const struct tally *tally = tally_of(render, found, value);
    struct query *query = database_query(render->db, found->feed);
    query_bind_str(query, 1, value);
    query_bind_str(query, 2, tally_reach(tally, STR(""), RENDER_FEED_ITEMS));
    query_bind_str(query, 3, STR("~")); /* behind every date */
    while (count < RENDER_FEED_ITEMS && query_next(query)) {
        items[count++] = (struct item){
            .id = query_int(query, 0),
            .path = arena_copy(arena, query_str(query, 1)),
            .url = arena_copy(arena, query_str(query, 2)),
            .title = arena_copy(arena, query_str(query, 3)),
            .date = arena_copy(arena, query_str(query, 4)),
            .org = arena_copy(arena, query_str(query, 5)),
            .summary = arena_copy(arena, query_str(query, 6)),
            .created = query_int(query, 7),
            .updated = query_int(query, 8),
        };
    }
    query_reset(query);
    return count;
}

/* 已撤回：公开事项 9901011A3/2026-00029 */
static struct str withdrawn_title(struct render *render, struct str title, struct str kind,
                                  struct str index_number, bool is_expired)
{
    struct str name = page_kind_name(render, kind);
    const char *space = name.n > 0 && index_number.n > 0 ? " " : "";
    struct str what = title.n > 0 ? title
                                  : arena_printf(&render->arena, "%.*s%s%.*s", STR_ARG(name), space,
                                                 STR_ARG(index_number));
    const struct page_part parts[] = {
        {"what", what.n > 0 ? what : page_string(render, "tombstone_record")}};
    return page_compose(render, is_expired ? "feed_expired" : "feed_withdrawn", parts, 1);
}

/* Of tags and folders there are none. */
static struct query *withdrawals_query(struct render *render, struct str dimension,
                                       struct str value)
{
    struct query *query = database_query(
        render->db,
        "SELECT path, url, title, announced, org, reason, updated, kind, index_number, cause FROM"
        " withdrawals WHERE ?1 = 'all' OR (?1 = 'item' AND item = ?2 AND item <> '') OR (?1 = 'org'"
        " AND org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?2 || '/') > 0))"
        " ORDER BY announced DESC, path LIMIT ?3");
    query_bind_str(query, 1, dimension);
    query_bind_str(query, 2, value);
    query_bind_int(query, 3, RENDER_FEED_ITEMS);
    return query;
}

static size_t read_withdrawn(struct render *render, struct str dimension, struct str value,
                             struct item *items)
{
    struct arena *arena = &render->arena;
    size_t count = 0;
    struct query *query = withdrawals_query(render, dimension, value);
    while (query_next(query)) {
        items[count++] = (struct item){
            .path = arena_copy(arena, query_str(query, 0)),
            .url = arena_copy(arena, query_str(query, 1)),
            .title = withdrawn_title(render, query_str(query, 2), query_str(query, 7),
                                     query_str(query, 8),
                                     str_equal(query_str(query, 9), STR("expired"))),
            .date = arena_copy(arena, query_str(query, 3)),
            .org = arena_copy(arena, query_str(query, 4)),
            .summary = arena_copy(arena, query_str(query, 5)),
            .created = query_int(query, 6),
            .updated = query_int(query, 6),
            .is_withdrawn = true,
        };
    }
    return count;
}

/* Both in one order, the newest first; of one day the withdrawals stand first. */
static size_t read_all_items(struct render *render, struct str dimension, struct str value,
                             struct item *out)
{
    struct item records[RENDER_FEED_ITEMS], withdrawn[RENDER_FEED_ITEMS];
    size_t record_count = read_items(render, dimension, value, records), record = 0;
    size_t withdrawn_count = read_withdrawn(render, dimension, value, withdrawn), gone = 0;
    size_t count = 0;
    while (count < RENDER_FEED_ITEMS && (record < record_count || gone < withdrawn_count)) {
        bool is_gone = gone < withdrawn_count &&
                       (record == record_count ||
                        str_compare(withdrawn[gone].date, records[record].date) >= 0);
        out[count++] = is_gone ? withdrawn[gone++] : records[record++];
    }
    return count;
}

/*
 * When an item came out. A record tells its day; the time of day is that of its first commit where
 * the days agree, else one that only its path decides, early in the morning. Never later than the
 * commit that last changed it: a paper dated ahead is no item from the future. What its day took
 * down was told then, whenever it was written.
 */
static int64_t item_moment(const struct render *render, const struct item *item)
{
    enum { DAY = 86400, MORNING = 6 * 3600 };
    struct date date;
    int64_t moment = item->created;
    if (date_parse(&date, item->date)) {
        int64_t midnight = date_to_days(date) * DAY - render->site->config->utc_offset;
        unsigned hash = 2166136261u;
        for (size_t i = 0; i < item->path.n; i++) {
            hash = (hash ^ (unsigned char)item->path.p[i]) * 16777619u;
        }
        bool is_same_day = item->created >= midnight && item->created < midnight + DAY;
        moment = is_same_day ? item->created : midnight + hash % MORNING;
    }
    return moment > item->updated && !item->is_withdrawn ? item->updated : moment;
}

/* What feeds drew last, for others that hold the same records. */
struct feed_content {
    const struct feed_content *next;
    size_t count, bytes; /* kept, with all before it */
    int64_t id;
    struct str content;
};

static const struct feed_content *find_content(const struct render *render, int64_t id)
{
    const struct feed_content *content = render->feed_contents;
    while (content != NULL && content->id != id) {
        content = content->next;
    }
    return content;
}

static const struct feed_content *keep_content(struct render *render, int64_t id,
                                               struct str content)
{
    const struct feed_content *last = render->feed_contents;
    if (last != NULL && (last->count == CONTENTS_KEPT || last->bytes > CONTENTS_KEPT_BYTES)) {
        arena_reset(&render->fed);
        last = NULL;
    }
    struct feed_content *kept = arena_alloc(&render->fed, sizeof *kept);
    *kept = (struct feed_content){.next = last,
                                  .count = 1 + (last != NULL ? last->count : 0),
                                  .bytes = content.n + (last != NULL ? last->bytes : 0),
                                  .id = id,
                                  .content = arena_copy(&render->fed, content)};
    render->feed_contents = kept;
    return kept;
}

/* NULL with the render's fault. A body may have to be unpacked and parsed anew for it. */
static const struct feed_content *read_content(struct render *render, const struct item *item,
                                               struct str page)
{
    struct buf body = BUF_EMPTY, absolute = BUF_EMPTY;
    const struct feed_content *kept = NULL;
    const struct render_bytes *bytes = &render->site->bytes;
    if (bytes->body(bytes->context, item->id, item->path, &body, &render->fault) == 0) {
        if (body.n <= CONTENT_MAX) {
            make_absolute(&absolute, render, page, buf_str(&body));
        }
        kept = keep_content(render, item->id, buf_str(&absolute));
    }
    buf_free(&body);
    buf_free(&absolute);
    return kept;
}

static int write_content(struct xml *xml, struct render *render, const struct item *item,
                         struct str page)
{
    const struct feed_content *content = find_content(render, item->id);
    if (content == NULL) {
        content = read_content(render, item, page);
    }
    if (content != NULL && content->content.n > 0) {
        xml_element(xml, "content:encoded", content->content);
    }
    return content != NULL ? 0 : -1;
}

static int write_item(struct xml *xml, struct render *render, const struct item *item,
                      int64_t moment)
{
    char date[DATE_TEXT_SIZE];
    const struct config *config = render->site->config;
    const struct config_org *org = item->org.n == 0 ? NULL : config_org(config, item->org);
    struct str page = page_absolute(render, item->url);
    xml_start(xml, "item");
    xml_element(xml, "title", item->title);
    xml_element(xml, "link", page);
    xml_element(xml, "description", item->summary.n > 0 ? item->summary : item->title);
    xml_element(xml, "dc:creator", org == NULL ? render->site->title : org->name);
    xml_element(xml, "pubDate", str_of(date_format_rfc822(date, moment, config->utc_offset)));
    xml_start(xml, "guid");
    xml_attribute(xml, "isPermaLink", STR("false"));
    xml_text(xml, arena_printf(&render->arena, "%.*s:%.*s", STR_ARG(origin(config)),
                               STR_ARG(item->path)));
    xml_end(xml);
    int rc = item->is_withdrawn ? 0 : write_content(xml, render, item, page);
    xml_end(xml);
    return rc;
}

static void write_head(struct xml *xml, struct render *render, struct str title, struct str page,
                       struct str self)
{
    const struct config *config = render->site->config;
    bool is_zh = config_is_chinese(config);
    xml_element(xml, "title", title);
    xml_element(xml, "link", page_absolute(render, page));
    xml_element(xml, "description",
                config->description.n > 0 ? config->description : render->site->title);
    xml_element(xml, "language", is_zh ? STR("zh-cn") : STR("en"));
    xml_start(xml, "atom:link");
    xml_attribute(xml, "rel", STR("self"));
    xml_attribute(xml, "type", STR("application/rss+xml"));
    xml_attribute(xml, "href", page_absolute(render, self));
    xml_end(xml);
    if (config->licence_name.n > 0) {
        xml_element(xml, "copyright", config->licence_name);
    }
}

static int write_channel(struct xml *xml, struct render *render, struct str dimension,
                         struct str value)
{
    struct item items[RENDER_FEED_ITEMS];
    bool is_site = value.n == 0;
    struct str page =
        is_site ? page_url(render, "") : archive_url(render, dimension.p, value, STR(""));
    struct str self = arena_printf(&render->arena, "%.*sfeed.xml", STR_ARG(page));
    struct str name = archive_title(render, dimension, value);
    struct str site = render->site->title;
    struct str title =
        is_site ? site : arena_printf(&render->arena, "%.*s - %.*s", STR_ARG(name), STR_ARG(site));
    write_head(xml, render, title, page, self);
    size_t count = read_all_items(render, dimension, value, items);
    int64_t before = INT64_MAX;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        int64_t moment = item_moment(render, &items[i]);
        moment = moment < before ? moment : before - 1;
        before = moment;
        rc = write_item(xml, render, &items[i], moment);
    }
    return rc;
}

int feed_draw(struct render *render, struct str key, struct buf *out)
{
    struct str dimension, value = key;
    str_cut(&dimension, &value, '\n');
    dimension = arena_copy(&render->arena, dimension);
    struct xml *xml = xml_new();
    xml_start(xml, "rss");
    xml_attribute(xml, "version", STR("2.0"));
    xml_attribute(xml, "xmlns:atom", STR("http://www.w3.org/2005/Atom"));
    xml_attribute(xml, "xmlns:content", STR("http://purl.org/rss/1.0/modules/content/"));
    xml_attribute(xml, "xmlns:dc", STR("http://purl.org/dc/elements/1.1/"));
    xml_start(xml, "channel");
    int rc = write_channel(xml, render, dimension, value);
    xml_end(xml);
    xml_end(xml);
    if (rc != 0) {
        xml_free(xml);
        return rc;
    }
    return xml_finish(xml, out, &render->fault);
}
