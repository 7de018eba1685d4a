#include "render/tally.h"

#include "base/date.h"
#include "search/facts.h"

#include <stdlib.h>

enum { TALLIES_MAX = 64, TALLIES_DAYS_MAX = 64 * 1024 /* kept of one render */ };

struct day {
    struct str date;
    int64_t count; /* of the day alone; once all are in their order, with all before it */
};

struct tally {
    const struct tally *next;     /* kept before it */
    size_t kept_count, kept_days; /* of the tallies from this one on */
    const struct dimension *dimension;
    struct str value;
    struct day *days; /* the oldest first */
    size_t count;
};

static const struct tally *find(const struct render *render, const struct dimension *dimension,
                                struct str value)
{
    const struct tally *tally = render->tallies;
    while (tally != NULL && (tally->dimension != dimension || !str_equal(tally->value, value))) {
        tally = tally->next;
    }
    return tally;
}

static void add_record(struct arena *arena, struct tally *tally, struct str date)
{
    if (tally->count == 0 || !str_equal(tally->days[tally->count - 1].date, date)) {
        tally->days = arena_grow(arena, tally->days, tally->count, sizeof *tally->days);
        tally->days[tally->count++] = (struct day){.date = arena_copy(arena, date)};
    }
    tally->days[tally->count - 1].count++;
}

static int compare_days(const void *a, const void *b)
{
    return str_compare(((const struct day *)a)->date, ((const struct day *)b)->date);
}

/* The organisations below one come one behind the other: the same day may be there many times. */
static void sort_days(struct tally *tally)
{
    size_t kept = 0;
    struct day *days = tally->days;
    bool is_sorted = true;
    for (size_t i = 1; i < tally->count && is_sorted; i++) {
        is_sorted = compare_days(&days[i - 1], &days[i]) < 0;
    }
    if (is_sorted) {
        return;
    }
    qsort(days, tally->count, sizeof *days, compare_days);
    for (size_t i = 1; i < tally->count; i++) {
        if (str_equal(days[kept].date, days[i].date)) {
            days[kept].count += days[i].count;
        } else {
            days[++kept] = days[i];
        }
    }
    tally->count = kept + 1;
}

static void read_rows(struct render *render, struct tally *tally)
{
    struct query *query = database_query(render->db, tally->dimension->days);
    query_bind_str(query, 1, tally->value);
    while (query_next(query)) {
        add_record(&render->tallied, tally, query_str(query, 0));
    }
    sort_days(tally);
}

/* Which facts are counted: all, or those of an organisation or item among `wanted`. */
struct filter {
    bool is_all, is_org;
    bool wanted[FACTS_IDS_MAX + 1];
};

/* False where the facts do not tell: of other dimensions, and of ids that they cannot hold. */
static bool filter_init(struct filter *out, struct render *render, const struct tally *tally)
{
    const char *sql = tally->dimension->ids;
    int64_t id = 0;
    out->is_all = dimension_is_all(tally->dimension);
    out->is_org = dimension_find(STR("org")) == tally->dimension;
    if (sql == NULL) {
        return out->is_all;
    }
    struct query *query = database_query(render->db, sql);
    query_bind_str(query, 1, tally->value);
    while (id < FACTS_IDS_MAX && query_next(query)) {
        id = query_int(query, 0);
        out->wanted[id < FACTS_IDS_MAX ? id : 0] = true;
    }
    query_reset(query);
    return id > 0 && id < FACTS_IDS_MAX;
}

/* How many records there are of each date, as facts write dates. */
struct dates {
    uint32_t *counts; /* of those from `first` to `last` */
    uint32_t first, last;
};

/* False where a date is none that facts hold. */
static bool dates_init(struct dates *out, struct render *render)
{
    struct query *query = database_query(render->db, "SELECT (SELECT min(date) FROM records),"
                                                     " (SELECT max(date) FROM records)");
    *out = (struct dates){.counts = NULL};
    if (query_next(query)) {
        out->first = facts_date(query_str(query, 0));
        out->last = facts_date(query_str(query, 1));
        query_reset(query);
    }
    if (out->first == 0 || out->last < out->first) {
        return false;
    }
    out->counts = calloc(out->last - out->first + 1, sizeof *out->counts);
    if (out->counts == NULL) {
        arena_out_of_memory();
    }
    return true;
}

static bool count_block(struct dates *dates, const struct filter *filter, struct str block)
{
    struct facts facts;
    for (size_t at = 0; at + FACTS_BYTES <= block.n; at += FACTS_BYTES) {
        facts_read(&facts, (const unsigned char *)block.p + at);
        uint32_t id = filter->is_org ? facts.org : facts.item;
        if (facts.kind == 0 || (!filter->is_all && (id == 0 || !filter->wanted[id]))) {
            continue;
        }
        if (facts.date < dates->first || facts.date > dates->last) {
            return false;
        }
        dates->counts[facts.date - dates->first]++;
    }
    return true;
}

static void add_dates(struct arena *arena, struct tally *tally, const struct dates *dates)
{
    char text[DATE_TEXT_SIZE];
    for (uint32_t at = dates->first; at <= dates->last; at++) {
        uint32_t count = dates->counts[at - dates->first];
        if (count > 0) {
            const struct date date = {(int)(at >> 9), (int)(at >> 5 & 15), (int)(at & 31)};
            tally->days = arena_grow(arena, tally->days, tally->count, sizeof *tally->days);
            tally->days[tally->count++] =
                (struct day){arena_copy(arena, str_of(date_format(text, date))), count};
        }
    }
}

/*
 * Sixteen bytes tell of a record what is asked here: SQLite takes fifty times as long to step
 * through as many rows. False, and nothing told, where they do not do.
 */
static bool read_facts(struct render *render, struct tally *tally)
{
    struct dates dates = {.counts = NULL};
    struct filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL) {
        arena_out_of_memory();
    }
    bool is_told = filter_init(filter, render, tally) && dates_init(&dates, render);
    struct query *query =
        database_query(render->db, "SELECT bytes FROM search_facts WHERE block >= 0");
    while (is_told && query_next(query)) {
        is_told = count_block(&dates, filter, query_blob(query, 0));
    }
    query_reset(query);
    if (is_told) {
        add_dates(&render->tallied, tally, &dates);
    }
    free(dates.counts);
    free(filter);
    return is_told;
}

static void read_days(struct render *render, struct tally *tally)
{
    if (!render->has_facts || !read_facts(render, tally)) {
        read_rows(render, tally);
    }
    for (size_t i = 1; i < tally->count; i++) {
        tally->days[i].count += tally->days[i - 1].count;
    }
}

const struct tally *tally_of(struct render *render, const struct dimension *dimension,
                             struct str value)
{
    const struct tally *kept = find(render, dimension, value);
    if (kept != NULL) {
        return kept;
    }
    const struct tally *last = render->tallies;
    if (last != NULL && (last->kept_count >= TALLIES_MAX || last->kept_days >= TALLIES_DAYS_MAX)) {
        arena_reset(&render->tallied);
        last = NULL;
    }
    struct tally *tally = arena_alloc(&render->tallied, sizeof *tally);
    tally->next = last;
    tally->dimension = dimension;
    tally->value = arena_copy(&render->tallied, value);
    read_days(render, tally);
    tally->kept_count = 1 + (last != NULL ? last->kept_count : 0);
    tally->kept_days = tally->count + (last != NULL ? last->kept_days : 0);
    render->tallies = tally;
    return tally;
}

/* The days before the period; where `with_it`, those in it too. */
static size_t days_before(const struct tally *tally, struct str period, bool with_it)
{
    size_t low = 0, high = tally->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(str_slice(tally->days[middle].date, 0, period.n), period);
        if (order < 0 || (order == 0 && with_it)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The records of the first `days` days. */
static int64_t records_until(const struct tally *tally, size_t days)
{
    return days == 0 ? 0 : tally->days[days - 1].count;
}

static struct tally_period period_of(const struct tally *tally, struct str name, size_t from,
                                     size_t to)
{
    return (struct tally_period){.name = name,
                                 .newest =
                                     to > from ? tally->days[to - 1].date : (struct str){"", 0},
                                 .count = records_until(tally, to) - records_until(tally, from)};
}

struct tally_period tally_period(const struct tally *tally, struct str period)
{
    return period_of(tally, period, days_before(tally, period, false),
                     days_before(tally, period, true));
}

int64_t tally_newer(const struct tally *tally, struct str period)
{
    return records_until(tally, tally->count) -
           records_until(tally, days_before(tally, period, true));
}

struct str tally_reach(const struct tally *tally, struct str period, int64_t count)
{
    size_t from = days_before(tally, period, false), to = days_before(tally, period, true);
    int64_t all = records_until(tally, to);
    for (size_t i = to; i > from; i--) {
        if (all - records_until(tally, i - 1) >= count) {
            return tally->days[i - 1].date;
        }
    }
    return period;
}

struct tally_walk tally_walk(const struct tally *tally, struct str period, size_t length)
{
    return (struct tally_walk){.tally = tally,
                               .length = length,
                               .from = days_before(tally, period, false),
                               .to = days_before(tally, period, true)};
}

bool tally_next(struct tally_period *out, struct tally_walk *walk)
{
    const struct tally *tally = walk->tally;
    if (walk->from >= walk->to) {
        return false;
    }
    struct str name = str_slice(tally->days[walk->to - 1].date, 0, walk->length);
    size_t first = days_before(tally, name, false);
    *out = period_of(tally, name, first, walk->to);
    walk->to = first;
    return true;
}
