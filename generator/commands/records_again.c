/* Records that are read again: for links, for rules, for their bodies, by other commands. */
#include "commands/ages.h"
#include "commands/input.h"
#include "commands/records_pass.h"
#include "record/board.h"

static int64_t find_record(struct store *store, struct str path)
{
    struct query *query =
        database_query(store_database(store), "SELECT id FROM records WHERE path = ?1");
    query_bind_str(query, 1, path);
    int64_t id = query_next(query) ? query_int(query, 0) : 0;
    query_reset(query);
    return id;
}

/* Its faults were told when it was read. */
static bool was_read(const struct records_job *asked, size_t index)
{
    size_t first = 0, end = asked->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (asked->indices[middle] < index) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < asked->count && asked->indices[first] == index;
}

static int relink(struct records_pass *pass, struct str path)
{
    const struct records_job *asked = pass->asked;
    ptrdiff_t index = address_index(&asked->site->addresses, path);
    int64_t id = find_record(asked->store, path);
    struct records_slot *slot = &pass->slots[0];
    if (index < 0 || id == 0) {
        return 0;
    }
    if (records_parse(asked->site, pass->hidden, (size_t)index, slot) != 0) {
        return -1;
    }
    if (was_read(asked, (size_t)index)) {
        diag_free(&slot->diag);
    }
    diag_merge(asked->diag, &slot->diag);
    memory_remove_hidden_links(asked->memory, path);
    records_remember_links(pass, &slot->record, true);
    record_withhold(&slot->record, &slot->arena);
    records_hide_links(pass, &slot->record);
    store_put_links_again(asked->store, id, &slot->record);
    return spool_put(asked->spool, id, slot->record.html, &pass->fault);
}

int records_relink(const struct records_job *asked, const struct set *paths,
                   const struct set *hidden, struct fault *fault)
{
    struct records_pass pass;
    struct set known = *hidden; /* read only */
    records_pass_begin(&pass, asked, &known);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < paths->count; i++) {
        rc = relink(&pass, paths->items[i]);
    }
    records_pass_end(&pass, rc, fault);
    if (rc == 0) {
        rc = spool_flush(asked->spool, fault);
    }
    return rc == 0 ? database_check(store_database(asked->store), fault) : rc;
}

/* One fault between records, at its field. */
static void tell(const struct records_job *asked, struct records_slot *slot, struct str source,
                 const struct rules_finding *finding)
{
    struct diag *diag = &slot->diag;
    diag_free(diag); /* what else is wrong with the record was told before */
    diag_set_source(diag, finding->path, source);
    struct place place = finding->place;
    if (place.path.n == 0) {
        place = rules_place(&slot->record, finding->field);
    }
    diag_add_at(diag, finding->code, finding->level, place, finding->args);
    check_mask(diag);
    diag_merge(asked->diag, diag);
}

/* A record is read again once for all its findings, which follow each other. */
static int tell_all(struct records_pass *pass, const struct rules_findings *found)
{
    const struct site *site = pass->asked->site;
    struct records_slot *slot = &pass->slots[0];
    struct str read = {NULL, 0}, source = {NULL, 0};
    for (size_t i = 0; i < found->count && i < DIAG_LIMIT; i++) {
        const struct rules_finding *finding = &found->items[i];
        ptrdiff_t index = address_index(&site->addresses, finding->path);
        if (finding->place.path.n > 0 || index < 0) {
            slot->record = (struct record){.path = finding->path};
            read = source = (struct str){NULL, 0};
        } else if (!str_equal(read, finding->path)) {
            if (records_parse(site, pass->hidden, (size_t)index, slot) != 0) {
                return -1;
            }
            read = finding->path;
            source = slot->diag.source;
        }
        tell(pass->asked, slot, source, finding);
    }
    return 0;
}

int records_check_whole(const struct records_job *asked, const struct set *touched,
                        const struct set *hidden, struct fault *fault)
{
    struct arena arena = {0};
    struct rules_findings found;
    struct ages ages;
    struct records_pass pass;
    struct set known = *hidden; /* read only */
    const struct rules_ages asking = {&ages, ages_find, ages_is_new};
    int status = ages_open(&ages, asked->site, asked->base, asked->history, fault);
    if (status == 0) {
        records_know_hidden(asked);
        status = rules_check_whole(&asked->site->rules, store_database(asked->store), touched,
                                   &asking, &arena, &found, fault);
    }
    ages_close(&ages);
    if (status != 0) {
        arena_free(&arena);
        return -1;
    }
    records_pass_begin(&pass, asked, &known);
    int rc = tell_all(&pass, &found);
    records_pass_end(&pass, rc, fault);
    arena_free(&arena);
    return rc;
}

int records_body(const struct site *site, const struct set *hidden, struct str path,
                 struct buf *out, struct fault *fault)
{
    ptrdiff_t index = address_index(&site->addresses, path);
    if (index < 0) {
        return fault_set(fault, "the commit has no file %.*s", STR_ARG(path));
    }
    struct records_slot slot = {.bytes = BUF_EMPTY};
    int rc = records_parse(site, hidden, (size_t)index, &slot);
    if (rc == 0) {
        record_withhold(&slot.record, &slot.arena);
        buf_add(out, slot.record.html);
    } else {
        *fault = slot.fault;
    }
    arena_free(&slot.arena);
    buf_free(&slot.bytes);
    diag_free(&slot.diag);
    return rc;
}

int records_read(const struct site *site, struct str path, struct arena *arena, struct record *out,
                 struct diag *diag, struct fault *fault)
{
    ptrdiff_t index = address_index(&site->addresses, path);
    if (index < 0) {
        return fault_set(fault, "the commit has no file %.*s", STR_ARG(path));
    }
    struct set hidden = {0};
    struct input_context context = {site, &hidden};
    struct buf bytes = BUF_EMPTY;
    struct diag found = {.is_lenient = !site->config.is_given};
    struct record_input input = {.path = site->files.items[index].path,
                                 .keeps_board = true,
                                 .schema = &site->schema,
                                 .config = &site->config,
                                 .resolver = input_resolver(&context)};
    int rc = source_read(site->source, &bytes, &site->files.items[index], fault);
    if (rc == 0) {
        rc = input_read_csv(site, arena, &input, (size_t)index, fault);
    }
    if (rc == 0) {
        input.bytes = arena_copy(arena, buf_str(&bytes));
        record_parse(out, arena, &input, &found);
        diag_merge(diag, &found);
    }
    buf_free(&bytes);
    diag_free(&found);
    return rc;
}
