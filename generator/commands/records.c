#include "commands/records.h"

#include "base/parallel.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

/* One record on its way from bytes to rows; reused for every PARALLEL_SLOTSth record. */
struct slot {
    struct arena arena;
    struct buf bytes;
    struct record record;
    struct diag diag;
    struct fault fault;
};

/* Paths that links may not lead to: records that are not public yet. */
struct hidden {
    struct arena arena;
    struct str *paths; /* in byte order */
    size_t count;
};

struct job {
    const struct records_job *asked;
    struct slot *slots;
    struct hidden hidden;
    struct fault fault;
};

struct resolver_context {
    const struct site *site;
    const struct hidden *hidden; /* NULL: nothing is */
};

static int compare_paths(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    return str_compare(*x, *y);
}

static bool is_hidden(const struct hidden *hidden, struct str path)
{
    return hidden != NULL && hidden->count > 0 &&
           bsearch(&path, hidden->paths, hidden->count, sizeof path, compare_paths) != NULL;
}

/* Types that a browser would run as a program of this site are not published. */
static bool is_publishable(struct str path)
{
    static const struct str refused[] = {{".html", 5},  {".htm", 4}, {".xhtml", 6}, {".xht", 4},
                                         {".js", 3},    {".mjs", 4}, {".cgi", 4},   {".php", 4},
                                         {".shtml", 6}, {".swf", 4}};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (str_ends_nocase(path, refused[i])) {
            return false;
        }
    }
    return true;
}

static struct str resolve_address(void *context, struct arena *arena, struct str path)
{
    const struct resolver_context *resolver = context;
    if (is_hidden(resolver->hidden, path) || !is_publishable(path)) {
        return STR("");
    }
    return address_find(&resolver->site->addresses, arena, path);
}

/* The CSV files of `a/b.md`: a/b.csv, and a/b.NAME.csv for further tables. */
static size_t find_csv(const struct site *site, struct arena *arena, size_t index,
                       const struct source_file ***out)
{
    struct str stem = path_stem(site->paths[index]);
    struct str prefix = arena_printf(arena, "%.*s.", STR_ARG(stem));
    size_t count = 0, low = 0, high = site->files.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(site->paths[middle], prefix) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < site->files.count && str_starts(site->paths[low], prefix); low++) {
        if (str_ends_nocase(site->paths[low], STR(".csv")) &&
            str_find_char(str_from(site->paths[low], prefix.n), '/') < 0) {
            *out = arena_grow(arena, *out, count, sizeof **out);
            (*out)[count++] = &site->files.items[low];
        }
    }
    return count;
}

static int read_csv(const struct site *site, struct arena *arena, struct record_input *input,
                    size_t index, struct fault *fault)
{
    const struct source_file **files = NULL;
    size_t count = find_csv(site, arena, index, &files);
    struct record_file *read = arena_array(arena, count + 1, sizeof *read);
    struct buf bytes = BUF_EMPTY;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        buf_clear(&bytes);
        rc = source_read(site->source, &bytes, files[i], fault);
        read[i] = (struct record_file){files[i]->path, arena_copy(arena, buf_str(&bytes))};
    }
    buf_free(&bytes);
    input->csv_files = read;
    input->csv_count = count;
    return rc;
}

static int parse(const struct site *site, const struct hidden *hidden, size_t index,
                 struct slot *slot)
{
    const struct source_file *file = &site->files.items[index];
    arena_reset(&slot->arena);
    buf_clear(&slot->bytes);
    slot->diag.is_lenient = !site->config.is_given;
    struct resolver_context context = {site, hidden};
    struct record_input input = {.path = file->path,
                                 .schema = &site->schema,
                                 .config = &site->config,
                                 .resolver = {&context, resolve_address}};
    if (source_read(site->source, &slot->bytes, file, &slot->fault) != 0 ||
        read_csv(site, &slot->arena, &input, index, &slot->fault) != 0) {
        return -1;
    }
    input.bytes = buf_str(&slot->bytes);
    record_parse(&slot->record, &slot->arena, &input, &slot->diag);
    return 0;
}

static int work(void *context, int thread, size_t index, size_t slot)
{
    struct job *job = context;
    (void)thread;
    const struct site *site = job->asked->site;
    return parse(site, NULL, site->records[index], &job->slots[slot]);
}

static bool is_public(const struct site *site, const struct record *record)
{
    bool is_embargoed =
        record->publish_at.year > 0 && date_to_days(record->publish_at) > date_to_days(site->as_of);
    return !record->is_draft && !is_embargoed;
}

static void hide(struct hidden *hidden, struct str path)
{
    hidden->paths = arena_grow(&hidden->arena, hidden->paths, hidden->count, sizeof path);
    hidden->paths[hidden->count++] = arena_copy(&hidden->arena, path);
}

/* The day of a record that names none: of the commit that first had it. */
static void format_date(char out[DATE_TEXT_SIZE], const struct site *site,
                        const struct record *record, int64_t created)
{
    struct date date =
        record->date.year > 0 ? record->date : date_from_moment(created, site->config.utc_offset);
    date_format(out, date);
}

static int put(struct job *job, size_t index, struct slot *slot)
{
    const struct records_job *asked = job->asked;
    const struct site *site = asked->site;
    const struct source_file *file = &site->files.items[index];
    const struct history_entry *history = history_find(site->history, file->path);
    char date[DATE_TEXT_SIZE], blob[41];
    struct buf url = BUF_EMPTY;
    struct store_facts facts = {
        .created = history == NULL ? source_commit_time(site->source) : history->created,
        .updated = history == NULL ? source_commit_time(site->source) : history->updated,
    };
    format_date(date, site, &slot->record, facts.created);
    source_id_format(blob, &file->blob);
    address_url(&url, &site->addresses, file->path);
    facts.url = buf_str(&url);
    facts.date = str_of(date);
    facts.blob = str_of(blob);
    int64_t id = store_put_record(asked->store, &slot->record, &facts);
    buf_free(&url);
    if (spool_put(asked->spool, id, slot->record.html, &job->fault) != 0) {
        return -1;
    }
    return database_check(store_database(asked->store), &job->fault);
}

static int take(void *context, size_t index, size_t number)
{
    struct job *job = context;
    struct slot *slot = &job->slots[number];
    diag_merge(job->asked->diag, &slot->diag);
    if (!is_public(job->asked->site, &slot->record)) {
        hide(&job->hidden, slot->record.path);
        return 0;
    }
    return job->asked->store == NULL ? 0 : put(job, job->asked->site->records[index], slot);
}

/* Parses again what links to a hidden record: its address must not be on any page. */
static int put_again(struct job *job)
{
    const struct records_job *asked = job->asked;
    struct database *db = store_database(asked->store);
    for (size_t i = 0; i < job->hidden.count; i++) {
        struct query *query = database_query(
            db, "SELECT DISTINCT records.id, path FROM links JOIN records ON records.id ="
                " links.record WHERE target = ?1");
        query_bind_str(query, 1, job->hidden.paths[i]);
        while (query_next(query)) {
            ptrdiff_t index = address_index(&asked->site->addresses, query_str(query, 1));
            struct slot *slot = &job->slots[0];
            if (index < 0 || parse(asked->site, &job->hidden, (size_t)index, slot) != 0) {
                job->fault = slot->fault;
                return -1;
            }
            if (spool_put(asked->spool, query_int(query, 0), slot->record.html, &job->fault) != 0) {
                return -1;
            }
            diag_free(&slot->diag);
        }
        query = database_query(db, "DELETE FROM links WHERE target = ?1");
        query_bind_str(query, 1, job->hidden.paths[i]);
        query_run(query);
    }
    return database_check(db, &job->fault);
}

static void put_attachment(struct job *job, const struct source_file *file)
{
    char blob[41];
    struct buf url = BUF_EMPTY;
    source_id_format(blob, &file->blob);
    address_url(&url, &job->asked->site->addresses, file->path);
    store_put_attachment(job->asked->store, file->path, buf_str(&url), (int64_t)file->size,
                         str_of(blob));
    buf_free(&url);
}

/* Files that a record links to or shows, and that may be published. */
static int put_attachments(struct job *job)
{
    const struct site *site = job->asked->site;
    struct database *db = store_database(job->asked->store);
    struct query *query = database_query(db, "SELECT DISTINCT target FROM links ORDER BY target");
    while (query_next(query)) {
        const struct source_file *file = source_find(&site->files, query_str(query, 0));
        if (file != NULL && !address_is_markdown(file->path) && is_publishable(file->path)) {
            put_attachment(job, file);
        }
    }
    return database_check(db, &job->fault);
}

/* A renamed file leaves its old address behind, unless something else stands there now. */
static int put_moved(struct job *job)
{
    const struct site *site = job->asked->site;
    const struct history_rename *renames;
    size_t count = history_renames(site->history, &renames);
    struct address_book none = {.base = site->config.base};
    for (size_t i = 0; i < count; i++) {
        struct buf url = BUF_EMPTY;
        if (address_is_markdown(renames[i].from)) {
            address_url(&url, &none, renames[i].from);
            store_put_moved(job->asked->store, buf_str(&url), renames[i].to);
        }
        buf_free(&url);
    }
    return database_check(store_database(job->asked->store), &job->fault);
}

static int run(struct job *job)
{
    const struct records_job *asked = job->asked;
    const struct parallel parallel = {.count = asked->site->record_count,
                                      .threads = asked->threads,
                                      .context = job,
                                      .work = work,
                                      .take = take};
    if (parallel_run(&parallel) != 0) {
        return -1;
    }
    if (asked->store == NULL) {
        return 0;
    }
    if (put_again(job) != 0 || put_attachments(job) != 0 || put_moved(job) != 0) {
        return -1;
    }
    return spool_flush(asked->spool, &job->fault);
}

int records_run(const struct records_job *asked, struct fault *fault)
{
    struct job job = {.asked = asked};
    job.slots = calloc(PARALLEL_SLOTS, sizeof *job.slots);
    if (job.slots == NULL) {
        arena_out_of_memory();
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        job.slots[i].bytes = BUF_EMPTY;
    }
    int rc = run(&job);
    *fault = job.fault;
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        if (rc != 0 && fault->text[0] == '\0') {
            *fault = job.slots[i].fault;
        }
        arena_free(&job.slots[i].arena);
        buf_free(&job.slots[i].bytes);
        diag_free(&job.slots[i].diag);
    }
    free(job.slots);
    arena_free(&job.hidden.arena);
    return rc;
}
