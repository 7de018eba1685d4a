#include "render/output.h"

#include "store/address.h"

#include <string.h>

#define ROW(name, is_late)                                                                         \
    {                                                                                              \
#name, is_late, name##_list, name##_draw                                                   \
    }

/* Adding an output is adding a row here and a file with its two functions. */
static const struct output_kind kinds[] = {
    ROW(record_page, false),    ROW(home_page, false),     ROW(section_page, false),
    ROW(archive_page, false),   ROW(orgs_page, false),     ROW(tags_page, false),
    ROW(catalogue_page, false), ROW(search_page, false),   ROW(notfound_page, false),
    ROW(tombstone, false),      ROW(redirect_page, false), ROW(table_csv, false),
    ROW(attachment, false),     ROW(feed, false),          ROW(calendar, false),
    ROW(sitemap, false),        ROW(opensearch, false),    ROW(robots, false),
    ROW(stylesheet, false),     ROW(csvw, false),          ROW(datasets, false),
    ROW(catalog, true),         ROW(data_page, true),      ROW(checksums, true),
    ROW(datapackage, true),
};

void output_add(struct output_list *list, const struct output_kind *kind, struct str key,
                struct str file)
{
    list->items = arena_grow(&list->arena, list->items, list->count, sizeof *list->items);
    list->items[list->count++] =
        (struct output){kind, arena_copy(&list->arena, key), arena_copy(&list->arena, file)};
}

void output_add_url(struct render *render, struct output_list *list, const struct output_kind *kind,
                    struct str key, struct str url)
{
    struct buf file = BUF_EMPTY;
    address_file(&file, render->site->config->base, url);
    output_add(list, kind, key, buf_str(&file));
    buf_free(&file);
}

int output_add_rows(struct render *render, struct output_list *list, const struct output_kind *kind,
                    struct query *query)
{
    while (query_next(query)) {
        output_add_url(render, list, kind, query_str(query, 0), query_str(query, 1));
    }
    return 0;
}

int output_add_touched(struct render *render, struct output_list *list,
                       const struct output_kind *kind, const struct set *touched, const char *sql)
{
    for (size_t i = 0; i < touched->count; i++) {
        struct query *query = database_query(render->db, sql);
        query_bind_str(query, 1, touched->items[i]);
        output_add_rows(render, list, kind, query);
    }
    return 0;
}

static int list_outputs(struct output_list *out, struct render *render, const struct touch *touch,
                        bool is_late, struct fault *fault)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].is_late != is_late) {
            continue;
        }
        int rc = kinds[i].list(render, out, &kinds[i], touch);
        arena_reset(&render->arena);
        if (rc != 0) {
            *fault = render->fault;
            return -1;
        }
    }
    return database_check(render->db, fault);
}

int output_list_all(struct output_list *out, struct render *render, bool is_late,
                    struct fault *fault)
{
    return list_outputs(out, render, NULL, is_late, fault);
}

int output_list_touched(struct output_list *out, struct render *render, const struct touch *touch,
                        bool is_late, struct fault *fault)
{
    return list_outputs(out, render, touch, is_late, fault);
}

void output_list_free(struct output_list *list)
{
    arena_free(&list->arena);
    *list = (struct output_list){0};
}

void render_free(struct render *render)
{
    arena_free(&render->arena);
    arena_free(&render->kept);
    arena_free(&render->tallied);
    arena_free(&render->parted);
    arena_free(&render->fed);
    render->site_value = NULL;
    render->tallies = NULL;
    render->parts = NULL;
    render->feed_contents = NULL;
}

int output_draw(struct buf *out, struct render *render, const struct output *output,
                struct fault *fault)
{
    int rc = output->kind->draw(render, output->key, out);
    arena_reset(&render->arena);
    if (database_check(render->db, fault) != 0) {
        return -1;
    }
    if (rc != 0) {
        return fault_set(fault, "%s: %s", output->file.p, render->fault.text);
    }
    return 0;
}

const char *output_kind_name(const struct output *output)
{
    return output->kind->name;
}
