/*
 * One narrow pass over all that matches: filters, counts for every facet, and what is left. A value
 * of a facet is counted where all other filters hold, so that a reader can change the one.
 */
#include "search/facet.h"

#include "base/date.h"
#include "base/utf8.h"
#include "search/segment.h"

static const struct str status_keys[NOTICE_STATE_COUNT] = {
    [NOTICE_NONE] = {"", 0},
    [NOTICE_UPCOMING] = {"upcoming", 8},
    [NOTICE_OPEN] = {"notice", 6},
    [NOTICE_ENDED] = {"ended", 5},
};

struct str facet_status_key(enum notice_state state)
{
    return status_keys[state];
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

static long status_number(struct str key)
{
    for (int i = 0; i < NOTICE_STATE_COUNT; i++) {
        if (str_equal(key, status_keys[i])) {
            return i;
        }
    }
    return WANTED_NOTHING;
}

bool facet_are_filters_valid(const struct search_request *request)
{
    return is_short(request->org) && is_short(request->kind) && is_short(request->item) &&
           (request->year.n == 0 ||
            (request->year.n == 4 && str_number(request->year, 9999) >= 0)) &&
           is_date(request->from) && is_date(request->to) &&
           status_number(request->status) != WANTED_NOTHING;
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
    for (size_t i = 0; i < pass->orgs->count; i++) {
        const struct organisation *other = &pass->orgs->v[i];
        if (organisation_is_within(org, other) &&
            (str_equal(other->key, name) || contains_folded(other->name, name))) {
            return true;
        }
    }
    return false;
}

static bool matches_operand(const struct pass *pass, const struct query_operand *operand,
                            size_t number)
{
    if (operand->field == QUERY_FIELD_KIND) {
        const struct kind *kind = &pass->kinds->v[number];
        return str_equal_nocase(operand->text, kind->key) ||
               (!str_equal(kind->name, kind->key) && contains_folded(kind->name, operand->text));
    }
    const struct organisation *org = facet_org(pass, number);
    return org != NULL && is_named(pass, org, operand->text);
}

/* Do the query's own operands on this field let the value through? */
static bool is_allowed(const struct pass *pass, enum query_field field, size_t number)
{
    for (size_t i = 0; i < pass->query->count; i++) {
        const struct query_group *group = &pass->query->groups[i];
        if (group->operands[0].field != field) {
            continue;
        }
        bool matches = false;
        for (size_t k = 0; k < group->count; k++) {
            matches = matches || matches_operand(pass, &group->operands[k], number);
        }
        if (matches == group->operands[0].is_excluded) {
            return false;
        }
    }
    return true;
}

/* Is it the organisation that is wanted, or one below it? */
static bool is_within_wanted(const struct pass *pass, size_t number)
{
    const struct organisation *org = facet_org(pass, number);
    const struct organisation *wanted = facet_org(pass, (size_t)pass->wanted[SEARCH_FACET_ORG]);
    return org != NULL && wanted != NULL && organisation_is_within(org, wanted);
}

/* Decides once for each value of a facet. */
static void judge(const struct pass *pass, enum search_facet_kind facet, size_t number,
                  struct value_count *value)
{
    long wanted = pass->wanted[facet];
    value->is_met = true;
    value->is_allowed = true;
    if (facet == SEARCH_FACET_ORG) {
        value->is_allowed = is_allowed(pass, QUERY_FIELD_ORG, number);
    } else if (facet == SEARCH_FACET_KIND) {
        value->is_allowed = is_allowed(pass, QUERY_FIELD_KIND, number);
    }
    value->is_wanted = wanted == WANTED_ANY || wanted == (long)number ||
                       (facet == SEARCH_FACET_ORG && wanted >= 0 && is_within_wanted(pass, number));
}

static enum notice_state notice_state_of(const struct pass *pass, const struct facts *facts)
{
    if (facts->notice_start == 0 || pass->as_of == 0) {
        return NOTICE_NONE;
    }
    if (pass->as_of < facts->notice_start) {
        return NOTICE_UPCOMING;
    }
    bool is_open = pass->as_of <= facts->notice_start + facts->notice_days;
    return is_open ? NOTICE_OPEN : NOTICE_ENDED;
}

static void add_hit(struct hits *hits, struct arena *arena, struct hit hit)
{
    hits->v = arena_grow(arena, hits->v, hits->count, sizeof(*hits->v));
    hits->v[hits->count++] = hit;
}

/* The value that the match has in each facet. */
static void find_values(struct pass *pass, const struct facts *facts,
                        struct value_count *out[SEARCH_FACET_COUNT])
{
    const size_t numbers[SEARCH_FACET_COUNT] = {
        [SEARCH_FACET_ORG] = facts->org,
        [SEARCH_FACET_KIND] = facts->kind,
        [SEARCH_FACET_ITEM] = facts->item,
        [SEARCH_FACET_YEAR] = facet_year_number(facts_year(facts->date)),
        [SEARCH_FACET_STATUS] = notice_state_of(pass, facts),
    };
    for (int i = 0; i < SEARCH_FACET_COUNT; i++) {
        out[i] = values_at(&pass->values[i], pass->arena, numbers[i]);
        if (!out[i]->is_met) {
            judge(pass, (enum search_facet_kind)i, numbers[i], out[i]);
        }
    }
}

static bool is_between(const struct pass *pass, uint32_t date)
{
    return (pass->from == 0 || date >= pass->from) &&
           (pass->to == 0 || (date > 0 && date <= pass->to));
}

static bool take_match(void *context, const struct match *match)
{
    struct pass *pass = context;
    struct hits *hits = pass->hits;
    struct value_count *values[SEARCH_FACET_COUNT];
    int failed = 0, last_failed = 0;
    find_values(pass, &match->facts, values);
    hits->matched++;
    for (int i = 0; i < SEARCH_FACET_COUNT; i++) {
        if (!values[i]->is_allowed) {
            return false;
        }
        failed += !values[i]->is_wanted;
        last_failed = values[i]->is_wanted ? last_failed : i;
    }
    hits->unfiltered++;
    if (failed > 1 || !is_between(pass, match->facts.date)) {
        return false;
    }
    if (failed == 1) {
        values[last_failed]->count++;
        return false;
    }
    for (int i = 0; i < SEARCH_FACET_COUNT; i++) {
        values[i]->count++;
    }
    add_hit(hits, pass->arena, (struct hit){match->id, 0, match->facts.date});
    return true;
}

static enum search_status take_all(struct pass *pass, const struct question *question)
{
    struct visit visit = {
        .search = pass->search, .take = take_match, .context = pass, .ranking = question->ranking};
    return question->fts.n > 0 ? visit_matches(&visit, question->fts) : visit_all(&visit);
}

static enum search_status place_orgs(struct pass *pass)
{
    for (size_t i = 0; i < pass->orgs->count; i++) {
        int64_t id = pass->orgs->v[i].id;
        if (id < 0 || id > FACTS_IDS_MAX) {
            return SEARCH_STATUS_CORRUPT;
        }
        pass->org_id_end = (size_t)id >= pass->org_id_end ? (size_t)id + 1 : pass->org_id_end;
    }
    pass->orgs_by_id =
        arena_array(pass->arena, pass->org_id_end + 1, sizeof(struct organisation *));
    for (size_t i = 0; i < pass->orgs->count; i++) {
        pass->orgs_by_id[pass->orgs->v[i].id] = &pass->orgs->v[i];
    }
    return SEARCH_STATUS_OK;
}

static long kind_number(const struct pass *pass, struct str key)
{
    size_t number = kinds_find(pass->kinds, key);
    return number > 0 ? (long)number : key.n > 0 ? WANTED_NOTHING : WANTED_ANY;
}

static long item_number(const struct pass *pass, struct str key, enum search_status *status)
{
    long number = key.n > 0 ? WANTED_NOTHING : WANTED_ANY;
    if (key.n > 0) {
        sqlite3_stmt *statement = statement_start(pass->search, STATEMENT_ITEM_ID);
        statement_bind(statement, 1, key);
        if (statement_step(pass->search, statement, status)) {
            number = (long)sqlite3_column_int64(statement, 0);
        }
        sqlite3_reset(statement);
    }
    return number;
}

static long org_number(const struct pass *pass, struct str key)
{
    const struct organisation *org = key.n > 0 ? organisations_find(pass->orgs, key) : NULL;
    return org != NULL ? (long)org->id : key.n > 0 ? WANTED_NOTHING : WANTED_ANY;
}

static long year_number(struct str year)
{
    long number = year.n > 0 ? str_number(year, 9999) : 0;
    if (number == 0) {
        return year.n > 0 ? WANTED_NOTHING : WANTED_ANY;
    }
    return (long)facet_year_number((unsigned)number);
}

/* What the request wants of each facet, as numbers. */
static enum search_status read_wanted(struct pass *pass)
{
    const struct search_request *request = pass->request;
    enum search_status status = SEARCH_STATUS_OK;
    pass->wanted[SEARCH_FACET_ORG] = org_number(pass, request->org);
    pass->wanted[SEARCH_FACET_KIND] = kind_number(pass, request->kind);
    pass->wanted[SEARCH_FACET_ITEM] = item_number(pass, request->item, &status);
    pass->wanted[SEARCH_FACET_YEAR] = year_number(request->year);
    pass->wanted[SEARCH_FACET_STATUS] =
        request->status.n > 0 ? status_number(request->status) : WANTED_ANY;
    pass->from = facts_date(request->from);
    pass->to = facts_date(request->to);
    pass->as_of = facts_day(search_meta(pass->search, STR("as_of")));
    return status;
}

enum search_status facet_pass(struct search *search, struct arena *arena,
                              const struct question *question, struct hits *hits,
                              struct search_result *out)
{
    const struct search_request *request = question->request;
    *hits = (struct hits){0};
    if (!facet_are_filters_valid(request)) {
        return SEARCH_STATUS_BAD_FILTER;
    }
    struct pass *pass = arena_alloc(arena, sizeof(*pass));
    *pass = (struct pass){.search = search,
                          .arena = arena,
                          .request = request,
                          .query = question->query,
                          .orgs = question->orgs,
                          .kinds = question->kinds,
                          .hits = hits};
    enum search_status status = place_orgs(pass);
    status = status == SEARCH_STATUS_OK ? read_wanted(pass) : status;
    status = status == SEARCH_STATUS_OK ? take_all(pass, question) : status;
    if (status == SEARCH_STATUS_OK && request->wants_facets) {
        status = facet_list(pass, out->facets);
    }
    return status;
}
