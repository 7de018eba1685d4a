/*
 * One narrow pass over all that matches: filters, counts for every facet, and what is left. A value
 * of a facet is counted where all other filters hold, so that a reader can change the one.
 */
#include "search/internal.h"

#include "base/date.h"
#include "base/utf8.h"
#include "search/organisations.h"
#include "search/segment.h"
#include "search/tally.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE_ROWS = 4096 /* between two looks at the clock */ };

struct pass {
    struct search *search;
    struct arena *arena;
    const struct search_request *request;
    const struct query *query;
    struct organisations orgs;
    struct tally tallies[SEARCH_FACET_COUNT];
    int from, to; /* as YYYYMMDD */
    struct str as_of;
};

/* "2026-09-05" is 20260905; 0 for anything that does not look so. */
static int date_number(struct str date)
{
    int number = 0;
    for (size_t i = 0; i < date.n && date.n == 10; i++) {
        if (i != 4 && i != 7) {
            number = number * 10 + (date.p[i] - '0');
        }
    }
    return number;
}

static bool is_date(struct str text)
{
    struct date date;
    return text.n == 0 || date_parse(&date, text);
}

static bool is_short(struct str text)
{
    return text.n <= SEARCH_FILTER_BYTES_MAX && utf8_find_invalid(text) < 0;
}

static bool are_filters_valid(const struct search_request *request)
{
    return is_short(request->org) && is_short(request->kind) && is_short(request->item) &&
           (request->year.n == 0 ||
            (request->year.n == 4 && str_number(request->year, 9999) >= 0)) &&
           is_date(request->from) && is_date(request->to) &&
           (request->status.n == 0 || str_equal(request->status, STR("notice")));
}

/* Does the folded `text` contain the folded `part`? */
static bool contains_folded(struct str text, struct str part)
{
    struct segment_plain a = {0}, b = {0};
    segment_to_plain(&a, text);
    segment_to_plain(&b, part);
    bool is_there = str_find(buf_str(&a.text), buf_str(&b.text)) >= 0;
    segment_plain_free(&a);
    segment_plain_free(&b);
    return is_there;
}

/* Is the organisation, or one above it, what the operand names? */
static bool is_named(const struct pass *pass, const struct organisation *org, struct str name)
{
    for (size_t i = 0; i < pass->orgs.count; i++) {
        const struct organisation *other = &pass->orgs.v[i];
        if (organisation_is_within(org, other) &&
            (str_equal(other->key, name) || contains_folded(other->name, name))) {
            return true;
        }
    }
    return false;
}

static bool matches_operand(const struct pass *pass, const struct query_operand *operand,
                            struct str key)
{
    if (operand->field == QUERY_FIELD_KIND) {
        return str_equal_nocase(operand->text, key);
    }
    const struct organisation *org = organisations_find(&pass->orgs, key);
    return org != NULL && is_named(pass, org, operand->text);
}

/* Do the query's own operands on this field let the value through? */
static bool is_allowed(const struct pass *pass, enum query_field field, struct str key)
{
    for (size_t i = 0; i < pass->query->count; i++) {
        const struct query_group *group = &pass->query->groups[i];
        if (group->operands[0].field != field) {
            continue;
        }
        bool matches = false;
        for (size_t k = 0; k < group->count; k++) {
            matches = matches || matches_operand(pass, &group->operands[k], key);
        }
        if (matches == group->operands[0].is_excluded) {
            return false;
        }
    }
    return true;
}

static bool is_wanted_org(const struct pass *pass, struct str key)
{
    const struct organisation *org = organisations_find(&pass->orgs, key);
    const struct organisation *wanted = organisations_find(&pass->orgs, pass->request->org);
    return org != NULL && wanted != NULL && organisation_is_within(org, wanted);
}

/* Decides once for each value of a facet. */
static void judge(const struct pass *pass, enum search_facet_kind facet, struct tally_entry *entry)
{
    const struct search_request *request = pass->request;
    const struct str wanted[SEARCH_FACET_COUNT] = {request->org, request->kind, request->item,
                                                   request->year};
    entry->is_allowed = true;
    if (facet == SEARCH_FACET_ORG) {
        entry->is_allowed = is_allowed(pass, QUERY_FIELD_ORG, entry->key);
    } else if (facet == SEARCH_FACET_KIND) {
        entry->is_allowed = is_allowed(pass, QUERY_FIELD_KIND, entry->key);
    }
    entry->is_wanted = wanted[facet].n == 0 || str_equal(wanted[facet], entry->key);
    if (facet == SEARCH_FACET_ORG && wanted[facet].n > 0) {
        entry->is_wanted = is_wanted_org(pass, entry->key);
    }
}

static bool is_on_display(const struct pass *pass, int64_t id)
{
    enum search_status status;
    sqlite3_stmt *statement = statement_start(pass->search, STATEMENT_NOTICE);
    sqlite3_bind_int64(statement, 1, id);
    statement_bind(statement, 2, pass->as_of);
    bool is_there = statement_step(pass->search, statement, &status);
    sqlite3_reset(statement);
    return is_there;
}

/* The filters that are no facet. */
static bool passes_rest(const struct pass *pass, int64_t id, int date)
{
    return (pass->from == 0 || date >= pass->from) &&
           (pass->to == 0 || (date > 0 && date <= pass->to)) &&
           (pass->request->status.n == 0 || is_on_display(pass, id));
}

static void add_hit(struct hits *hits, struct arena *arena, struct hit hit)
{
    hits->v = arena_grow(arena, hits->v, hits->count, sizeof(*hits->v));
    hits->v[hits->count++] = hit;
}

static void take_row(struct pass *pass, sqlite3_stmt *row, struct hits *hits)
{
    int64_t id = sqlite3_column_int64(row, 0);
    struct str date = statement_text(row, 1);
    struct str keys[SEARCH_FACET_COUNT] = {statement_text(row, 2), statement_text(row, 3),
                                           statement_text(row, 4), str_slice(date, 0, 4)};
    struct tally_entry *entries[SEARCH_FACET_COUNT];
    int failed = 0, last_failed = 0;
    hits->matched++;
    bool is_new;
    for (int i = 0; i < SEARCH_FACET_COUNT; i++) {
        entries[i] = tally_find(&pass->tallies[i], pass->arena, keys[i], &is_new);
        if (is_new) {
            judge(pass, (enum search_facet_kind)i, entries[i]);
        }
        if (!entries[i]->is_allowed) {
            return;
        }
        failed += !entries[i]->is_wanted;
        last_failed = entries[i]->is_wanted ? last_failed : i;
    }
    hits->unfiltered++;
    if (failed > 1 || !passes_rest(pass, id, date_number(date))) {
        return;
    }
    if (failed == 1) {
        entries[last_failed]->count++;
        return;
    }
    for (int i = 0; i < SEARCH_FACET_COUNT; i++) {
        entries[i]->count++;
    }
    double rank = pass->search->is_ranked_whole ? sqlite3_column_double(row, 5) : 0;
    add_hit(hits, pass->arena, (struct hit){id, rank, date_number(date)});
}

static sqlite3_stmt *start_pass(struct pass *pass, struct str fts)
{
    struct search *search = pass->search;
    bool wants_ranks = fts.n > 0 && pass->request->sort == SEARCH_SORT_RELEVANCE;
    search->ranked = 0;
    search->is_ranked_whole = wants_ranks;
    if (fts.n == 0) {
        return statement_start(search, STATEMENT_ALL);
    }
    sqlite3_stmt *row = statement_start(search, wants_ranks ? STATEMENT_CLOSE : STATEMENT_HITS);
    statement_bind(row, 1, fts);
    return row;
}

static enum search_status take_all(struct pass *pass, struct str fts, struct hits *hits)
{
    struct search *search = pass->search;
    sqlite3_stmt *row = start_pass(pass, fts);
    enum search_status status;
    for (long count = 1; statement_step(search, row, &status); count++) {
        take_row(pass, row, hits);
        if (count % MINUTE_ROWS == 0 && search_now() > search->deadline) {
            sqlite3_reset(row);
            return SEARCH_STATUS_OUT_OF_TIME;
        }
    }
    hits->are_ranked = search->is_ranked_whole;
    for (size_t i = 0; i < hits->count && !hits->are_ranked; i++) {
        hits->v[i].rank = 0; /* of the first ones alone it is of no use */
    }
    return status;
}

static int compare_counts(const void *a, const void *b)
{
    const struct tally_entry *x = *(struct tally_entry *const *)a;
    const struct tally_entry *y = *(struct tally_entry *const *)b;
    if (x->count != y->count) {
        return x->count > y->count ? -1 : 1;
    }
    return str_compare(x->key, y->key);
}

static int compare_years(const void *a, const void *b)
{
    const struct tally_entry *x = *(struct tally_entry *const *)a;
    const struct tally_entry *y = *(struct tally_entry *const *)b;
    return str_compare(y->key, x->key);
}

static void list_entries(struct pass *pass, enum search_facet_kind facet, struct str chosen,
                         struct search_facet *out)
{
    size_t count;
    struct tally_entry **list = tally_list(&pass->tallies[facet], pass->arena, &count);
    qsort(list, count, sizeof(*list), facet == SEARCH_FACET_YEAR ? compare_years : compare_counts);
    out->count = count < SEARCH_FACET_ROWS_MAX ? count : SEARCH_FACET_ROWS_MAX;
    out->v = arena_array(pass->arena, out->count + 1, sizeof(*out->v));
    for (size_t i = 0; i < out->count; i++) {
        struct str name = {NULL, 0};
        if (facet == SEARCH_FACET_ITEM) {
            name = statement_lookup(pass->search, pass->arena, STATEMENT_ITEM_NAME, list[i]->key);
        }
        out->v[i] = (struct search_facet_row){
            .key = list[i]->key,
            .name = name.n > 0 ? name : list[i]->key,
            .count = list[i]->count,
            .is_chosen = str_equal(list[i]->key, chosen),
        };
    }
}

/* Gives each organisation the counts of all below it. */
static void sum_up(struct pass *pass)
{
    bool is_new;
    for (size_t i = 0; i < pass->orgs.count; i++) {
        struct str key = pass->orgs.v[i].key;
        long count = tally_find(&pass->tallies[SEARCH_FACET_ORG], pass->arena, key, &is_new)->count;
        for (size_t k = 0; count > 0 && k <= i; k++) {
            if (organisation_is_within(&pass->orgs.v[i], &pass->orgs.v[k])) {
                pass->orgs.v[k].count += count;
            }
        }
    }
}

static int compare_numbers(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return x == y ? 0 : x > y ? -1 : 1;
}

/* The count that an organisation must reach to be among the greatest that are listed. */
static long least_listed(const struct pass *pass)
{
    if (pass->orgs.count <= SEARCH_FACET_ROWS_MAX) {
        return 1;
    }
    long *counts = arena_array(pass->arena, pass->orgs.count, sizeof(*counts));
    for (size_t i = 0; i < pass->orgs.count; i++) {
        counts[i] = pass->orgs.v[i].count;
    }
    qsort(counts, pass->orgs.count, sizeof(*counts), compare_numbers);
    long least = counts[SEARCH_FACET_ROWS_MAX - 1];
    return least > 0 ? least : 1;
}

/* Parents first, as the tree has them; whoever is listed has those above it listed too. */
static void list_orgs(struct pass *pass, struct search_facet *out)
{
    sum_up(pass);
    long least = least_listed(pass);
    out->v = arena_array(pass->arena, SEARCH_FACET_ROWS_MAX + 1, sizeof(*out->v));
    for (size_t i = 0; i < pass->orgs.count && out->count < SEARCH_FACET_ROWS_MAX; i++) {
        const struct organisation *org = &pass->orgs.v[i];
        if (org->count >= least) {
            out->v[out->count++] = (struct search_facet_row){
                .key = org->key,
                .name = org->name,
                .count = org->count,
                .depth = org->depth,
                .is_chosen = str_equal(org->key, pass->request->org),
            };
        }
    }
}

enum search_status facet_pass(struct search *search, struct arena *arena,
                              const struct search_request *request, const struct query *query,
                              struct str fts, struct hits *hits, struct search_result *out)
{
    *hits = (struct hits){0};
    if (!are_filters_valid(request)) {
        return SEARCH_STATUS_BAD_FILTER;
    }
    struct pass pass = {.search = search, .arena = arena, .request = request, .query = query};
    pass.from = date_number(request->from);
    pass.to = date_number(request->to);
    pass.as_of = search_meta(search, STR("as_of"));
    enum search_status status = organisations_load(search, arena, &pass.orgs);
    if (status == SEARCH_STATUS_OK) {
        status = take_all(&pass, fts, hits);
    }
    if (status == SEARCH_STATUS_OK && request->wants_facets) {
        list_orgs(&pass, &out->facets[SEARCH_FACET_ORG]);
        list_entries(&pass, SEARCH_FACET_KIND, request->kind, &out->facets[SEARCH_FACET_KIND]);
        list_entries(&pass, SEARCH_FACET_ITEM, request->item, &out->facets[SEARCH_FACET_ITEM]);
        list_entries(&pass, SEARCH_FACET_YEAR, request->year, &out->facets[SEARCH_FACET_YEAR]);
    }
    return status;
}
