/* The page of a source file: themes/README.md, record. */
#include "render/record_page.h"

#include "store/address.h"

#include <string.h>

#define RECORD_COLUMNS                                                                             \
    "id, path, url, kind, title, date, org, item, summary, fields, created, updated"

/* The root's own page is the home page. */
int record_page_list(struct render *render, struct output_list *list,
                     const struct output_kind *kind, const struct touch *touch)
{
    if (touch != NULL) {
        return output_add_touched(render, list, kind, &touch->records,
                                  "SELECT path, url FROM records WHERE path = ?1 AND"
                                  " url <> (SELECT value FROM meta WHERE key = 'base')");
    }
    struct query *query =
        database_query(render->db, "SELECT path, url FROM records WHERE url <> ?1 ORDER BY id");
    query_bind_str(query, 1, render->site->config->base);
    return output_add_rows(render, list, kind, query);
}

bool record_row_read(struct record_row *out, struct render *render, struct query *query)
{
    struct arena *arena = &render->arena;
    *out = (struct record_row){0};
    if (!query_next(query)) {
        return false;
    }
    out->id = query_int(query, 0);
    struct str *const columns[] = {&out->path, &out->url, &out->kind, &out->title,
                                   &out->date, &out->org, &out->item, &out->summary};
    for (int i = 0; i < (int)(sizeof columns / sizeof columns[0]); i++) {
        *columns[i] = arena_copy(arena, query_str(query, i + 1));
    }
    struct str json = arena_copy(arena, query_str(query, 9));
    out->created = query_int(query, 10);
    out->updated = query_int(query, 11);
    query_reset(query);
    out->fields = fields_read(render, json);
    return true;
}

bool record_row_find(struct record_row *out, struct render *render, struct str path)
{
    struct query *query =
        database_query(render->db, "SELECT " RECORD_COLUMNS " FROM records WHERE path = ?1");
    query_bind_str(query, 1, path);
    return record_row_read(out, render, query);
}

/* The record at `path`, a link of the front matter that is relative to `from`; NULL if none. */
struct value *record_link_value(struct render *render, struct str from, struct str path)
{
    struct str target;
    if (path.n == 0 || !path_resolve(&target, &render->arena, from, path)) {
        return NULL;
    }
    struct query *query =
        database_query(render->db, "SELECT" PAGE_LINK_COLUMNS "FROM records WHERE path = ?1");
    query_bind_str(query, 1, target);
    struct value *link = query_next(query) ? page_link(render, query) : NULL;
    query_reset(query);
    return link;
}

static void set_link(struct render *render, struct value *map, const char *key,
                     const struct record_row *row, struct str path)
{
    struct value *link = record_link_value(render, row->path, path);
    value_set(&render->arena, map, key, link == NULL ? value_bool(&render->arena, false) : link);
}

static void set_org(struct render *render, struct value *map, struct str key)
{
    const struct config_org *org = key.n == 0 ? NULL : config_org(render->site->config, key);
    if (org == NULL) {
        return;
    }
    struct value *value = value_map(&render->arena);
    value_set_text(&render->arena, value, "name", org->name);
    value_set_text(&render->arena, value, "url", archive_url(render, "org", org->key, STR("")));
    value_set(&render->arena, map, "org", value);
}

static void set_item(struct render *render, struct value *map, struct str key)
{
    const struct config_item *item = key.n == 0 ? NULL : config_item(render->site->config, key);
    if (item == NULL) {
        return;
    }
    struct value *value = value_map(&render->arena);
    value_set_text(&render->arena, value, "name", item->name);
    value_set_text(&render->arena, value, "url", archive_url(render, "item", item->key, STR("")));
    value_set_text(&render->arena, value, "category", item->category);
    value_set_text(&render->arena, value, "basis", item->basis);
    value_set(&render->arena, map, "item", value);
}

static bool set_figures(struct render *render, struct value *map, const struct record_row *row)
{
    static const char *const money[] = {"opening", "income", "expense", "closing", "amount"};
    struct arena *arena = &render->arena;
    struct value *figures = value_list(arena);
    const struct schema_kind *kind = schema_kind(render->site->schema, row->kind);
    bool has_closing = fields_text(&row->fields, "closing").n > 0, has_any = false;
    for (size_t i = 0; i < sizeof money / sizeof money[0]; i++) {
        struct str text = fields_text(&row->fields, money[i]);
        if (text.n == 0) {
            continue;
        }
        const struct schema_field *field =
            schema_field(render->site->schema, kind, str_of(money[i]));
        struct value *figure = value_map(arena);
        struct str zh = field == NULL ? STR("") : field->zh;
        value_set_text(arena, figure, "label", page_label(render, str_of(money[i]), zh));
        value_set_text(arena, figure, "amount", page_money(render, text));
        bool is_result = strcmp(money[i], has_closing ? "closing" : "amount") == 0;
        value_set_bool(arena, figure, "is_result", is_result);
        value_add(arena, figures, figure);
        has_any = true;
    }
    page_set_list(render, map, "figures", "has_figures", figures, has_any);
    return has_any;
}

static bool set_notice(struct render *render, struct value *map, const struct fields *fields)
{
    static const char *const keys[] = {"days", NULL};
    struct str start = fields_text(fields, "notice_start"), end = fields_text(fields, "notice_end");
    struct date first, last;
    if (!date_parse(&last, end) || !date_parse(&first, start)) {
        return false;
    }
    struct arena *arena = &render->arena;
    struct value *notice = value_map(arena);
    int64_t from = date_to_days(first), to = date_to_days(last);
    int64_t today = date_to_days(render->site->as_of);
    page_set_date(render, notice, "start", start);
    page_set_date(render, notice, "end", end);
    value_set_int(arena, notice, "days", to - from + 1);
    bool is_open = from <= today && today <= to;
    value_set_int(arena, notice, "days_left", is_open ? to - today + 1 : 0);
    value_set_bool(arena, notice, "is_open", is_open);
    value_set_bool(arena, notice, "is_over", today > to);
    value_set_bool(arena, notice, "is_future", today < from);
    page_set_defaults(render, notice, keys);
    value_set(arena, map, "notice", notice);
    return true;
}

static bool set_review(struct render *render, struct value *map, const struct record_row *row)
{
    static const char *const keys[] = {"date", NULL};
    const struct fields *fields = &row->fields;
    const struct field_node *review =
        fields->count == 0 ? NULL : fields_find(fields, &fields->nodes[0], STR("review"));
    bool is_owed = str_equal(row->kind, STR("disclosure")) && render->site->config->is_given;
    if (review == NULL) {
        value_set_bool(&render->arena, map, "lacks_review", is_owed);
        return is_owed;
    }
    struct value *value = value_map(&render->arena);
    value_set_text(&render->arena, value, "by", fields_text_in(fields, review, "by"));
    value_set_text(&render->arena, value, "opinion", fields_text_in(fields, review, "opinion"));
    page_set_date(render, value, "date", fields_text_in(fields, review, "date"));
    page_set_defaults(render, value, keys);
    value_set(&render->arena, map, "review", value);
    return true;
}

/* "86.9" of 40 in 46. */
static struct str percent(struct render *render, long part, long whole)
{
    long tenths = whole <= 0 ? 0 : (part * 1000 + whole / 2) / whole;
    return arena_printf(&render->arena, "%ld.%ld", tenths / 10, tenths % 10);
}

static bool set_meeting(struct render *render, struct value *map, const struct record_row *row)
{
    static const char *const keys[] = {"held", "due", "present", "percent", NULL};
    if (!str_equal(row->kind, STR("meeting"))) {
        return false;
    }
    struct arena *arena = &render->arena;
    struct value *meeting = value_map(arena);
    const struct fields *fields = &row->fields;
    page_set_date(render, meeting, "held", fields_text(fields, "held"));
    value_set_text(arena, meeting, "place", fields_text(fields, "place"));
    value_set_text(arena, meeting, "name",
                   record_choice_name(render, row->kind, "body", fields_text(fields, "body")));
    long due = str_number(fields_text(fields, "due"), 10000000);
    long present = str_number(fields_text(fields, "present"), 10000000);
    value_set_bool(arena, meeting, "has_attendance", due > 0 && present >= 0);
    if (due > 0 && present >= 0) {
        value_set_int(arena, meeting, "due", due);
        value_set_int(arena, meeting, "present", present);
        value_set_text(arena, meeting, "percent", percent(render, present, due));
    }
    page_set_defaults(render, meeting, keys);
    value_set(arena, map, "meeting", meeting);
    return true;
}

static void set_key_facts(struct render *render, struct value *map, const struct record_row *row)
{
    struct str decided_by = fields_text(&row->fields, "decided_by");
    struct str contact = fields_text(&row->fields, "contact");
    bool has_any = decided_by.n + contact.n > 0;
    has_any |= set_figures(render, map, row);
    has_any |= set_notice(render, map, &row->fields);
    has_any |= set_review(render, map, row);
    has_any |= set_meeting(render, map, row);
    has_any |= record_motions_set(render, map, row);
    set_link(render, map, "decided_by", row, decided_by);
    value_set_text(&render->arena, map, "contact", contact);
    value_set_bool(&render->arena, map, "has_key_facts", has_any);
}

/* What else the page says that comes from other rows: bounded, the newest first. */
static void set_links(struct render *render, struct value *map, const char *key,
                      const char *has_key, struct query *query)
{
    struct value *list = value_list(&render->arena);
    bool has_any = false;
    while (query_next(query)) {
        value_add(&render->arena, list, page_link(render, query));
        has_any = true;
    }
    page_set_list(render, map, key, has_key, list, has_any);
}

static void set_no_links(struct render *render, struct value *map, const char *key,
                         const char *has_key)
{
    page_set_list(render, map, key, has_key, value_list(&render->arena), false);
}

static void set_corrections(struct render *render, struct value *map, const struct record_row *row)
{
    if (fields_text(&row->fields, "index").n == 0) {
        set_no_links(render, map, "corrections", "has_corrections");
        return;
    }
    struct query *query = database_query(
        render->db, "SELECT" PAGE_LINK_COLUMNS "FROM records WHERE corrects = ?1 AND corrects <> ''"
                    " ORDER BY date DESC, path LIMIT 50");
    query_bind_str(query, 1, fields_text(&row->fields, "index"));
    set_links(render, map, "corrections", "has_corrections", query);
}

static struct value *corrected_link(struct render *render, struct str index_number,
                                    struct query *query)
{
    struct arena *arena = &render->arena;
    static const char *const keys[] = {"date", NULL};
    struct str title = arena_copy(arena, query_str(query, 0));
    struct value *link = value_map(arena);
    value_set_text(arena, link, "title", title.n > 0 ? title : index_number);
    value_set_text(arena, link, "url", arena_copy(arena, query_str(query, 1)));
    page_set_date(render, link, "date", arena_copy(arena, query_str(query, 2)));
    page_set_defaults(render, link, keys);
    return link;
}

/* What the record corrects or withdraws, by its index number; a withdrawn one has no title. */
static void set_named(struct render *render, struct value *map, const char *key,
                      const char *has_key, struct str index_number, const char *sql)
{
    struct value *list = value_list(&render->arena);
    bool has_any = false;
    struct query *query = index_number.n == 0 ? NULL : database_query(render->db, sql);
    if (query != NULL) {
        query_bind_str(query, 1, index_number);
    }
    while (query != NULL && query_next(query)) {
        value_add(&render->arena, list, corrected_link(render, index_number, query));
        has_any = true;
    }
    page_set_list(render, map, key, has_key, list, has_any);
}

static void set_what_it_ends(struct render *render, struct value *map, const struct record_row *row)
{
    set_named(render, map, "corrected", "has_corrected", fields_text(&row->fields, "corrects"),
              "SELECT title, url, date, path FROM records WHERE index_number = ?1 UNION ALL SELECT"
              " title, url, date, path FROM withdrawals WHERE index_number = ?1"
              " ORDER BY 4 LIMIT 50");
    set_named(render, map, "withdrawn", "has_withdrawn", fields_text(&row->fields, "withdraws"),
              "SELECT title, url, date, path FROM withdrawals WHERE index_number = ?1"
              " ORDER BY 4 LIMIT 50");
}

/* Most records are mentioned nowhere: a look at the index is a tenth of a sorted query. */
static bool is_mentioned(struct render *render, struct str path)
{
    struct query *query =
        database_query(render->db, "SELECT 1 FROM links WHERE target = ?1 LIMIT 1");
    query_bind_str(query, 1, path);
    bool is_so = query_next(query);
    query_reset(query);
    return is_so;
}

static void set_mentions(struct render *render, struct value *map, const struct record_row *row)
{
    if (!is_mentioned(render, row->path)) {
        set_no_links(render, map, "mentions", "has_mentions");
        return;
    }
    struct query *query = database_query(
        render->db, "SELECT" PAGE_LINK_COLUMNS "FROM records WHERE id IN (SELECT record FROM links"
                    " WHERE target = ?1) AND path <> ?1 ORDER BY date DESC, path LIMIT 50");
    query_bind_str(query, 1, row->path);
    set_links(render, map, "mentions", "has_mentions", query);
}

static void set_tags(struct render *render, struct value *map, const struct record_row *row)
{
    struct arena *arena = &render->arena;
    struct value *list = value_list(arena);
    bool has_any = false;
    struct query *query =
        database_query(render->db, "SELECT tag FROM tags WHERE record = ?1 ORDER BY tag");
    query_bind_int(query, 1, row->id);
    while (query_next(query)) {
        struct str name = arena_copy(arena, query_str(query, 0));
        struct value *tag = value_map(arena);
        value_set_text(arena, tag, "name", name);
        value_set_text(arena, tag, "url", archive_url(render, "tag", name, STR("")));
        value_add(arena, list, tag);
        has_any = true;
    }
    page_set_list(render, map, "tags", "has_tags", list, has_any);
}

static void set_moment(struct render *render, struct value *map, const char *key, int64_t moment)
{
    char text[DATE_TEXT_SIZE];
    struct date date = date_from_moment(moment, render->site->config->utc_offset);
    struct str iso = arena_copy(&render->arena, str_of(date_format(text, date)));
    page_set_date(render, map, key, iso);
}

/* Was it changed once it was public? What was held back until a day may change before it. */
static bool is_changed(const struct render *render, const struct record_row *row)
{
    struct date held_until;
    struct date last = date_from_moment(row->updated, render->site->config->utc_offset);
    bool was_held = date_parse(&held_until, fields_text(&row->fields, "publish_at")) &&
                    date_to_days(last) < date_to_days(held_until);
    return row->created != row->updated && !was_held;
}

static void set_history(struct render *render, struct value *map, const struct record_row *row)
{
    static const char *const keys[] = {"first", "last", NULL};
    struct value *history = value_map(&render->arena);
    set_moment(render, history, "first", row->created);
    set_moment(render, history, "last", row->updated);
    value_set_bool(&render->arena, history, "is_changed", is_changed(render, row));
    page_set_defaults(render, history, keys);
    value_set(&render->arena, map, "history", history);
}

static bool has_records_below(struct render *render, struct str folder)
{
    struct query *query = database_query(
        render->db, "SELECT 1 FROM records WHERE path >= ?1 || '/' AND path < ?1 || '0' LIMIT 1");
    query_bind_str(query, 1, folder);
    bool has_any = query_next(query);
    query_reset(query);
    return has_any;
}

/* A folder's own page lists what stands in the folder; so does a page whose folder has its name. */
static void set_contents(struct render *render, struct value *map, const struct record_row *row)
{
    struct str folder = address_own_key(row->path);
    struct value *contents = value_map(&render->arena);
    bool has_any =
        str_equal(page_folder_url(render, folder), row->url) && has_records_below(render, folder);
    if (has_any) {
        page_set_contents(render, contents, folder);
    }
    value_set(&render->arena, map, "contents", contents);
    value_set_bool(&render->arena, map, "has_contents", has_any);
}

/* Does the finished body begin with a level-one heading, and does it hold a table? */
int record_body_set(struct render *render, struct value *map, int64_t id, struct str path)
{
    struct buf body = BUF_EMPTY;
    const struct render_bytes *bytes = &render->site->bytes;
    int rc = bytes->body(bytes->context, id, path, &body, &render->fault);
    struct str html = buf_str(&body);
    value_set_bool(&render->arena, map, "has_title_in_body", str_starts(html, STR("<h1>")));
    value_set_bool(&render->arena, map, "has_table_in_body", str_find(html, STR("<table>")) >= 0);
    if (rc == 0 && html.n > 0) {
        struct markup markup = {arena_copy(&render->arena, html)};
        value_set(&render->arena, map, "body", value_markup(&render->arena, markup));
    }
    buf_free(&body);
    return rc;
}

static void set_article(struct render *render, struct page *page, const struct record_row *row)
{
    struct arena *arena = &render->arena;
    const struct config *config = render->site->config;
    const struct config_org *org = row->org.n == 0 ? NULL : config_org(config, row->org);
    struct value *article = value_map(arena);
    value_set_text(arena, article, "title", row->title);
    value_set_text(arena, article, "pub_date",
                   row->date.n == 0 ? STR("")
                                    : arena_printf(arena, "%.*s 00:00", STR_ARG(row->date)));
    value_set_text(arena, article, "source", org == NULL ? render->site->title : org->name);
    value_set_text(arena, article, "keywords", STR(""));
    value_set(arena, page->page, "article", article);
    value_set_text(arena, page->page, "description", row->summary);
}

static void add_crumbs(struct render *render, struct page *page, const struct record_row *row)
{
    const struct config *config = render->site->config;
    const struct config_org *org = row->org.n == 0 ? NULL : config_org(config, row->org);
    if (org != NULL) {
        struct str rest = org->lineage, key;
        while (str_cut(&key, &rest, '/')) {
            const struct config_org *above = key.n == 0 ? NULL : config_org(config, key);
            if (above != NULL) {
                page_add_crumb(render, page, above->name,
                               archive_url(render, "org", above->key, STR("")));
            }
        }
        return;
    }
    for (size_t i = 0; i < row->path.n; i++) {
        if (row->path.p[i] != '/') {
            continue;
        }
        struct str folder = str_slice(row->path, 0, i), url = page_folder_url(render, folder);
        if (!str_equal(url, row->url)) {
            page_add_crumb(render, page, path_name(folder), url);
        }
    }
}

int record_page_draw(struct render *render, struct str key, struct buf *out)
{
    static const char *const keys[] = {"date",   "org",          "item",    "body", "notice",
                                       "review", "lacks_review", "meeting", NULL};
    struct record_row row;
    if (!record_row_find(&row, render, key)) {
        return fault_set(&render->fault, "the record is gone");
    }
    struct arena *arena = &render->arena;
    struct page page = page_new(render, row.title, row.url);
    struct value *map = value_map(arena);
    value_set_text(arena, map, "title", row.title);
    value_set_text(arena, map, "kind", row.kind);
    value_set_text(arena, map, "kind_name", page_kind_name(render, row.kind));
    value_set_text(arena, map, "summary", fields_text(&row.fields, "summary"));
    value_set_text(arena, map, "path", row.path);
    page_set_date(render, map, "date", row.date);
    set_org(render, map, row.org);
    set_item(render, map, row.item);
    set_key_facts(render, map, &row);
    record_tables_set(render, map, &row);
    record_board_set(render, map, &row);
    record_details_set(render, map, &row);
    record_kind_set(render, map, &row);
    set_corrections(render, map, &row);
    set_what_it_ends(render, map, &row);
    set_mentions(render, map, &row);
    set_tags(render, map, &row);
    set_history(render, map, &row);
    set_contents(render, map, &row);
    int rc = record_body_set(render, map, row.id, row.path);
    page_set_defaults(render, map, keys);
    value_set(arena, page.root, "record", map);
    add_crumbs(render, &page, &row);
    set_article(render, &page, &row);
    return rc == 0 ? page_draw(render, &page, "record", out) : -1;
}
