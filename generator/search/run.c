#include "search/internal.h"

#include "search/kinds.h"
#include "search/snippet.h"

#include <stdlib.h>
#include <string.h>

enum {
    TEXT_BYTES = 64 << 10,   /* a text is looked through in parts of this size */
    TEXT_OVERLAP = 1024,     /* so much of a part is seen again in the next */
    TEXT_BYTES_MAX = 1 << 20 /* behind this no match is looked for; the beginning is shown */
};

/* One search, from its words to its results. */
struct run {
    struct search *search;
    struct arena *arena;
    const struct search_request *request;
    struct query query;
    struct str synonyms; /* FACTS_SYNONYMS */
    struct organisations orgs;
    struct kinds kinds;
    struct str fts;
    struct phrases phrases;
    struct ranking ranking;
    struct hits hits;
    struct snippet snippet;
    struct search_result *out;
};

static enum search_status check_request(const struct search_request *request)
{
    if (request->page < 1 || request->page > SEARCH_PAGE_MAX) {
        return SEARCH_STATUS_BAD_PAGE;
    }
    bool is_size_valid = request->per_page >= 1 && request->per_page <= SEARCH_PER_PAGE_MAX;
    return is_size_valid ? SEARCH_STATUS_OK : SEARCH_STATUS_BAD_PAGE;
}

static size_t count_operands(const struct query *query)
{
    size_t count = 0;
    for (size_t i = 0; i < query->count; i++) {
        count += query->groups[i].count;
    }
    return count;
}

static void add_synonyms(struct run *run, struct query_operand *operand)
{
    size_t share = QUERY_SYNONYMS_ALL / count_operands(&run->query);
    share = share < QUERY_SYNONYMS_MAX ? share : QUERY_SYNONYMS_MAX;
    segment_to_plain(&run->snippet.plain, operand->text);
    struct str plain = buf_str(&run->snippet.plain.text), rest = run->synonyms, line, word;
    while (operand->synonym_count < share && str_cut(&line, &rest, '\n')) {
        (void)str_cut(&word, &line, '\t');
        if (!str_equal(word, operand->text) && !str_equal(word, plain)) {
            continue;
        }
        if (operand->synonym_count == 0) {
            operand->synonyms = arena_array(run->arena, QUERY_SYNONYMS_MAX, sizeof(struct str));
        }
        operand->synonyms[operand->synonym_count++] = line;
    }
}

static void add_needles(struct run *run, const struct query_operand *operand)
{
    snippet_add_needle(&run->snippet, run->arena, operand->text, operand->is_prefix);
    for (size_t i = 0; i < operand->synonym_count; i++) {
        snippet_add_needle(&run->snippet, run->arena, operand->synonyms[i], false);
    }
}

/* Completes the operands on text; those that are wanted are what snippets mark. */
static enum search_status complete_query(struct run *run)
{
    enum search_status status = SEARCH_STATUS_OK;
    if (run->query.count > 0) {
        run->synonyms = statement_facts_row(run->search, run->arena, FACTS_SYNONYMS, &status);
    }
    for (size_t i = 0; i < run->query.count; i++) {
        struct query_group *group = &run->query.groups[i];
        for (size_t k = 0; k < group->count; k++) {
            if (!query_is_text(&group->operands[k])) {
                continue;
            }
            if (!group->operands[k].is_prefix && !group->operands[k].is_quoted) {
                add_synonyms(run, &group->operands[k]);
            }
            if (!group->operands[k].is_excluded) {
                add_needles(run, &group->operands[k]);
            }
        }
    }
    return status;
}

static struct str copy_and_free(struct arena *arena, struct buf *buf)
{
    struct str copy = arena_copy(arena, buf_str(buf));
    buf_free(buf);
    return copy;
}

/* Finds what matches run->fts; its hits are weighed where they are to be ranked. */
static enum search_status pass(struct run *run, const struct search_request *request,
                               bool wants_ranks)
{
    run->ranking = (struct ranking){.arena = run->arena};
    const struct question question = {.request = request,
                                      .query = &run->query,
                                      .orgs = &run->orgs,
                                      .kinds = &run->kinds,
                                      .fts = run->fts,
                                      .ranking = wants_ranks ? &run->ranking : NULL};
    return facet_pass(run->search, run->arena, &question, &run->hits, run->out);
}

/* Asks for records that have any of the rarest parts of the query, and ranks them. */
static enum search_status find_nearest(struct run *run)
{
    enum search_status status = nearest_find(run->search, run->arena, &run->query, &run->phrases);
    if (status != SEARCH_STATUS_OK || run->phrases.count == 0) {
        return status;
    }
    struct buf fts = BUF_EMPTY;
    for (size_t i = 0; i < run->phrases.count; i++) {
        struct str phrase = run->phrases.v[i];
        buf_add(&fts, i > 0 ? STR(" OR ") : STR(""));
        buf_add(&fts, phrase);
        snippet_add_needle(&run->snippet, run->arena,
                           str_slice(phrase, 1, (size_t)str_find_last_char(phrase, '"')),
                           str_ends(phrase, STR("*")));
    }
    run->fts = copy_and_free(run->arena, &fts);
    memset(run->out->facets, 0, sizeof(run->out->facets));
    struct search_request request = *run->request;
    request.wants_facets = false;
    status = pass(run, &request, true);
    run->out->is_nearest = run->hits.count > 0;
    return status;
}

/* The expression of the query, and its phrases. */
static void write_expression(struct run *run)
{
    struct buf fts = BUF_EMPTY, phrases = BUF_EMPTY;
    query_write_fts(&fts, &phrases, &run->query);
    run->fts = copy_and_free(run->arena, &fts);
    struct str rest = copy_and_free(run->arena, &phrases), phrase;
    while (str_cut(&phrase, &rest, '\n')) {
        run->phrases.v =
            arena_grow(run->arena, run->phrases.v, run->phrases.count, sizeof(*run->phrases.v));
        run->phrases.v[run->phrases.count++] = phrase;
    }
}

static enum search_status find_hits(struct run *run)
{
    bool wants_ranks = run->request->sort == SEARCH_SORT_RELEVANCE;
    write_expression(run);
    enum search_status status = organisations_load(run->search, run->arena, &run->orgs);
    status = status == SEARCH_STATUS_OK ? kinds_load(run->search, run->arena, &run->kinds) : status;
    status = status == SEARCH_STATUS_OK ? pass(run, run->request, wants_ranks) : status;
    run->out->total_unfiltered = run->hits.unfiltered;
    if (status == SEARCH_STATUS_OK && run->fts.n > 0 && run->hits.unfiltered == 0) {
        status = find_nearest(run);
    }
    return status;
}

/* The longest front of a valid text's first `n` bytes that does not end inside a character. */
static struct str whole_characters(struct str text, size_t n)
{
    while (n > 0 && n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80) {
        n--;
    }
    return str_slice(text, 0, n);
}

static size_t next_part(struct str part, size_t from)
{
    size_t at = from + part.n - TEXT_OVERLAP;
    for (int i = 0; i < 3 && ((unsigned char)part.p[at - from] & 0xc0) == 0x80; i++) {
        at--;
    }
    return at;
}

/* The part of the record's text that has the first match; else its beginning. */
static void cut_text(struct run *run, struct str all, struct search_pieces *out)
{
    for (size_t from = 0; from < all.n && from < TEXT_BYTES_MAX;) {
        size_t n = all.n - from < TEXT_BYTES ? all.n - from : TEXT_BYTES;
        struct str text = whole_characters(str_from(all, from), n);
        bool is_end = from + n == all.n || text.n <= TEXT_OVERLAP;
        struct str part = snippet_narrow(&run->snippet, text);
        struct str behind = str_from(text, (size_t)(part.p - text.p) + part.n);
        size_t found = snippet_find(&run->snippet, part);
        if (found > 0 || from == 0) {
            *out = snippet_cut(&run->snippet, run->arena, part, from == 0 && part.p == text.p,
                               is_end && str_trim(behind).n == 0);
        }
        if (found > 0 || is_end) {
            break;
        }
        from = next_part(text, from);
    }
}

static enum search_status load_hit(struct run *run, int64_t id, struct search_hit *hit)
{
    struct arena *arena = run->arena;
    enum search_status status;
    sqlite3_stmt *row = statement_start(run->search, STATEMENT_RECORD);
    sqlite3_bind_int64(row, 1, id);
    if (!statement_step(run->search, row, &status)) {
        return status == SEARCH_STATUS_OK ? SEARCH_STATUS_CORRUPT : status;
    }
    hit->path = statement_copy(arena, row, 0);
    hit->url = statement_copy(arena, row, 1);
    hit->kind = statement_copy(arena, row, 2);
    hit->title = statement_copy(arena, row, 3);
    hit->date = statement_copy(arena, row, 4);
    hit->org = statement_copy(arena, row, 5);
    cut_text(run, statement_text(row, 6), &hit->snippet);
    sqlite3_reset(row);
    const struct organisation *org =
        hit->org.n > 0 ? organisations_find(&run->orgs, hit->org) : NULL;
    hit->org_name = org != NULL ? org->name : (struct str){NULL, 0};
    hit->kind_name = run->kinds.v[kinds_find(&run->kinds, hit->kind)].name;
    hit->title_pieces = snippet_mark(&run->snippet, arena, hit->title);
    return SEARCH_STATUS_OK;
}

/* A slow disk takes its time within a single step of SQLite, where no progress is told. */
static enum search_status in_time(const struct run *run, enum search_status status)
{
    bool is_late = status == SEARCH_STATUS_OK && search_is_over(run->search);
    return is_late ? SEARCH_STATUS_OUT_OF_TIME : status;
}

static enum search_status load_page(struct run *run, struct order page)
{
    struct search_result *out = run->out;
    out->hits = arena_array(run->arena, page.to - page.from + 1, sizeof(*out->hits));
    enum search_status status = SEARCH_STATUS_OK;
    for (size_t i = page.from; i < page.to && status == SEARCH_STATUS_OK; i++) {
        status = load_hit(run, run->hits.v[i].id, &out->hits[out->hit_count]);
        out->hit_count += status == SEARCH_STATUS_OK;
        status = in_time(run, status);
    }
    return status;
}

/* The order that is asked for, or that time allows. */
static enum search_status sort_hits(struct run *run, struct order page)
{
    bool is_ranked =
        run->fts.n > 0 && (run->request->sort == SEARCH_SORT_RELEVANCE || run->out->is_nearest);
    if (is_ranked && run->hits.matched > SEARCH_RANKED_MAX) {
        run->out->is_by_date = !run->out->is_nearest;
        is_ranked = false;
    }
    enum search_status status = SEARCH_STATUS_OK;
    if (is_ranked) {
        status = bm25_rank(run->search, &run->ranking, &run->phrases, &run->hits);
    }
    return status == SEARCH_STATUS_OK ? rank_sort(run->search, run->arena, &run->hits, page)
                                      : status;
}

static enum search_status show_page(struct run *run)
{
    const struct search_request *request = run->request;
    struct search_result *out = run->out;
    size_t most = out->is_nearest ? SEARCH_NEAREST_MAX : run->hits.count;
    size_t count = run->hits.count < most ? run->hits.count : most;
    size_t size = (size_t)request->per_page;
    size_t pages = (count + size - 1) / size;
    out->total = (long)count;
    out->page = request->page;
    out->page_count = (long)(pages < SEARCH_PAGE_MAX ? pages : SEARCH_PAGE_MAX);
    struct order page = {.from = (size_t)(request->page - 1) * size};
    page.from = page.from < count ? page.from : count;
    page.to = page.from + size < count ? page.from + size : count;
    enum search_status status = sort_hits(run, page);
    return status == SEARCH_STATUS_OK ? load_page(run, page) : status;
}

enum search_status search_check(struct arena *arena, const struct search_request *request)
{
    struct query query;
    enum search_status status = check_request(request);
    if (status == SEARCH_STATUS_OK) {
        status = query_parse(&query, arena, request->query);
    }
    bool is_refused = status == SEARCH_STATUS_OK && !facet_are_filters_valid(request);
    return is_refused ? SEARCH_STATUS_BAD_FILTER : status;
}

enum search_status search_run(struct search *search, struct arena *arena,
                              const struct search_request *request, struct search_result *out)
{
    *out = (struct search_result){.page = request->page};
    struct run *run = arena_alloc(arena, sizeof(*run));
    *run = (struct run){.search = search, .arena = arena, .request = request, .out = out};
    search->deadline = search_now() + SEARCH_TIME_MS;
    search->is_late = false;
    search->is_running = true;
    enum search_status status = check_request(request);
    if (status == SEARCH_STATUS_OK) {
        status = query_parse(&run->query, arena, request->query);
    }
    if (status == SEARCH_STATUS_OK) {
        status = complete_query(run);
    }
    if (status == SEARCH_STATUS_OK) {
        status = in_time(run, find_hits(run));
    }
    if (status == SEARCH_STATUS_OK) {
        status = show_page(run);
    }
    search->is_running = false;
    snippet_free(&run->snippet);
    return status;
}
