#include "render/touch.h"

#include "render/record_page.h"
#include "store/address.h"

static void add_node(struct touch *touch, struct render *render, const char *dimension,
                     struct str value, struct str date)
{
    set_add(&touch->nodes, arena_printf(&render->arena, "%s\n%.*s\n%.*s", dimension, STR_ARG(value),
                                        STR_ARG(date)));
}

/* Every organisation from the top down to this one counts its records. */
static void add_orgs(struct touch *touch, struct render *render, const struct record_row *row)
{
    struct query *query =
        database_query(render->db, "SELECT lineage FROM organisations WHERE key = ?1");
    query_bind_str(query, 1, row->org);
    struct str lineage = query_next(query) ? query_str(query, 0) : STR(""), key;
    while (str_cut(&key, &lineage, '/')) {
        if (key.n > 0) {
            add_node(touch, render, "org", key, row->date);
        }
    }
    query_reset(query);
}

static void add_listings(struct touch *touch, struct render *render, const struct record_row *row)
{
    add_node(touch, render, "all", STR(""), row->date);
    add_node(touch, render, "section", path_folder(row->path), row->date);
    add_orgs(touch, render, row);
    if (row->item.n > 0) {
        add_node(touch, render, "item", row->item, row->date);
    }
    struct query *query = database_query(render->db, "SELECT tag FROM tags WHERE record = ?1");
    query_bind_int(query, 1, row->id);
    while (query_next(query)) {
        add_node(touch, render, "tag", query_str(query, 0), row->date);
    }
}

static void add_record_at(struct touch *touch, struct render *render, struct str url)
{
    struct query *query = database_query(render->db, "SELECT path FROM records WHERE url = ?1");
    query_bind_str(query, 1, url);
    if (query_next(query)) {
        set_add(&touch->records, query_str(query, 0));
    }
    query_reset(query);
}

/*
 * The folder and all above it show the record, or count it: on a page of their own or not. A folder
 * beside the record, of its name, has a page of its own where the record is not there.
 */
static void add_folders(struct touch *touch, struct render *render, struct str path)
{
    struct str folder = path;
    set_add(&touch->folders, address_own_key(path));
    do {
        folder = path_folder(folder);
        set_add(&touch->folders, folder);
        add_record_at(touch, render, page_folder_url(render, folder));
    } while (folder.n > 0);
}

static void add_paths(struct set *set, struct query *query)
{
    while (query_next(query)) {
        set_add(set, query_str(query, 0));
    }
}

/* Pages that link here show the title; pages linked from here show who mentions them. */
static void add_neighbours(struct touch *touch, struct render *render, const struct record_row *row)
{
    struct query *query = database_query(
        render->db, "SELECT DISTINCT path FROM links JOIN records ON records.id = links.record"
                    " WHERE target = ?1");
    query_bind_str(query, 1, row->path);
    add_paths(&touch->records, query);
    query = database_query(render->db, "SELECT target FROM links WHERE record = ?1");
    query_bind_int(query, 1, row->id);
    add_paths(&touch->records, query);
}

/* Records that some steps of one kind lead to, as many as a page follows and one more. */
static void add_steps(struct touch *touch, struct render *render, struct str path, const char *sql)
{
    struct set chain = {0};
    set_add(&chain, path);
    for (size_t depth = 0, from = 0; depth <= RECORD_STEPS_MAX; depth++) {
        size_t to = chain.count;
        for (; from < to; from++) {
            struct query *query = database_query(render->db, sql);
            query_bind_str(query, 1, chain.items[from]);
            add_paths(&chain, query);
        }
    }
    for (size_t i = 0; i < chain.count; i++) {
        set_add(&touch->records, chain.items[i]);
    }
    set_free(&chain);
}

/* A page shows the steps before its record, and those that came of it. */
static void add_chain(struct touch *touch, struct render *render, struct str path)
{
    add_steps(touch, render, path,
              "SELECT path FROM records WHERE id IN (SELECT record FROM links WHERE target = ?1)"
              " AND json_extract(fields, '$.previous') IS NOT NULL");
    add_steps(touch, render, path,
              "SELECT target FROM links WHERE record = (SELECT id FROM records WHERE path = ?1 AND"
              " json_extract(fields, '$.previous') IS NOT NULL)");
}

static void add_paths_of(struct touch *touch, struct render *render, const char *sql,
                         struct str value)
{
    if (value.n > 0) {
        struct query *query = database_query(render->db, sql);
        query_bind_str(query, 1, value);
        add_paths(&touch->records, query);
    }
}

/* A record that corrects another and the one that is corrected show each other. */
static void add_corrected(struct touch *touch, struct render *render, const struct record_row *row)
{
    add_paths_of(touch, render, "SELECT path FROM records WHERE index_number = ?1",
                 fields_text(&row->fields, "corrects"));
    add_paths_of(touch, render, "SELECT path FROM records WHERE corrects = ?1 AND corrects <> ''",
                 fields_text(&row->fields, "index"));
}

/* Feeds tell of it, and the records that correct it or withdrew it lead to it. */
static void add_withdrawal(struct touch *touch, struct render *render, struct str path)
{
    struct query *query = database_query(
        render->db, "SELECT org, item, index_number, by_record FROM withdrawals WHERE path = ?1");
    query_bind_str(query, 1, path);
    if (!query_next(query)) {
        return;
    }
    struct record_row row = {.org = arena_copy(&render->arena, query_str(query, 0)),
                             .date = STR("")};
    struct str item = arena_copy(&render->arena, query_str(query, 1));
    struct str index_number = arena_copy(&render->arena, query_str(query, 2));
    set_add(&touch->records, query_str(query, 3));
    query_reset(query);
    add_node(touch, render, "all", STR(""), row.date);
    add_orgs(touch, render, &row);
    if (item.n > 0) {
        add_node(touch, render, "item", item, row.date);
    }
    add_folders(touch, render, path);
    add_paths_of(touch, render, "SELECT path FROM records WHERE corrects = ?1 AND corrects <> ''",
                 index_number);
    query = database_query(render->db, "SELECT url FROM withdrawn_addresses WHERE path = ?1");
    query_bind_str(query, 1, path);
    add_paths(&touch->moved, query);
}

static void add_moved(struct touch *touch, struct render *render, const struct record_row *row)
{
    struct query *query = database_query(render->db, "SELECT url FROM moved WHERE record = ?1");
    query_bind_int(query, 1, row->id);
    add_paths(&touch->moved, query);
}

/* The page of what this record withdrew leads to it, as long as it is public itself. */
static void add_withdrawn(struct touch *touch, struct render *render, struct str path)
{
    add_paths_of(touch, render, "SELECT path FROM withdrawals WHERE by_record = ?1", path);
}

int touch_record(struct touch *touch, struct render *render, struct str path)
{
    struct record_row row;
    set_add(&touch->records, path);
    set_add(&touch->changed, path);
    if (record_row_find(&row, render, path)) {
        add_listings(touch, render, &row);
        add_folders(touch, render, row.path);
        add_neighbours(touch, render, &row);
        add_chain(touch, render, row.path);
        add_corrected(touch, render, &row);
        add_moved(touch, render, &row);
    }
    add_withdrawal(touch, render, path);
    add_withdrawn(touch, render, path);
    arena_reset(&render->arena);
    return database_check(render->db, &render->fault);
}

/*
 * A notice counts its days while it runs; a deadline passes. Both days belong to the span in which
 * something may read otherwise; so does the day of its start where that lies behind its end.
 */
int touch_due(struct touch *touch, struct render *render, struct date from, struct date to)
{
    char first[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
    bool is_forward = date_to_days(from) <= date_to_days(to);
    touch->is_other_day |= date_to_days(from) != date_to_days(to);
    date_format(first, is_forward ? from : to);
    date_format(last, is_forward ? to : from);
    struct set due = {0};
    struct query *query = database_query(
        render->db, "SELECT path FROM records WHERE (instr(fields, '\"notice_end\"') > 0"
                    " AND max(json_extract(fields, '$.notice_end'),"
                    " ifnull(json_extract(fields, '$.notice_start'), '')) >= ?1"
                    " AND min(json_extract(fields, '$.notice_end'),"
                    " ifnull(json_extract(fields, '$.notice_start'), '')) <= ?2)"
                    " OR instr(fields, '\"deadline\"') > 0");
    query_bind_str(query, 1, str_of(first));
    query_bind_str(query, 2, str_of(last));
    add_paths(&due, query);
    int rc = database_check(render->db, &render->fault);
    for (size_t i = 0; rc == 0 && i < due.count; i++) {
        rc = touch_record(touch, render, due.items[i]);
    }
    set_free(&due);
    return rc;
}

void touch_orgs(struct set *out, const struct touch *touch)
{
    for (size_t i = 0; i < touch->nodes.count; i++) {
        struct str rest = touch->nodes.items[i], dimension, org;
        if (str_cut(&dimension, &rest, '\n') && str_cut(&org, &rest, '\n') &&
            str_equal(dimension, STR("org"))) {
            set_add(out, org);
        }
    }
}

void touch_ready(struct touch *touch, bool is_after)
{
    set_sort(&touch->nodes);
    touch->slack = touch->changed.count * (is_after ? 2 : 1);
}

void touch_free(struct touch *touch)
{
    struct set *const sets[] = {&touch->records, &touch->changed, &touch->nodes,
                                &touch->folders, &touch->moved,   &touch->attachments};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        set_free(sets[i]);
    }
}
