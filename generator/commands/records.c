#include "commands/records_pass.h"

#include "base/path.h"
#include "check/attachment.h"
#include "commands/ages.h"
#include "commands/input.h"
#include "commands/publication.h"
#include "record/board.h"

#include <stdlib.h>
#include <string.h>

int records_parse(const struct site *site, const struct set *hidden, size_t index,
                  struct records_slot *slot)
{
    const struct source_file *file = &site->files.items[index];
    arena_reset(&slot->arena);
    buf_clear(&slot->bytes);
    slot->diag.is_lenient = !site->config.is_given;
    struct input_context context = {site, hidden};
    slot->input = (struct record_input){.path = file->path,
                                        .schema = &site->schema,
                                        .config = &site->config,
                                        .resolver = input_resolver(&context)};
    if (source_read(site->source, &slot->bytes, file, &slot->fault) != 0 ||
        input_read_csv(site, &slot->arena, &slot->input, index, &slot->fault) != 0) {
        return -1;
    }
    slot->input.bytes = buf_str(&slot->bytes);
    record_parse(&slot->record, &slot->arena, &slot->input, &slot->diag);
    rules_settle(&site->rules, &slot->diag);
    if (slot->record.withdrawal != NULL) {
        rules_settle_withdrawn(&slot->diag);
    }
    slot->input.resolver.context = NULL; /* it ends here */
    return 0;
}

static void check(const struct site *site, struct records_slot *slot)
{
    const struct check_input input = {.record = &slot->record,
                                      .arena = &slot->arena,
                                      .source = slot->diag.source,
                                      .files = slot->input.csv_files,
                                      .file_count = slot->input.csv_count};
    if (slot->record.withdrawal == NULL) { /* else nothing of it is published */
        rules_check_record(&site->rules, &slot->record, &slot->arena, &slot->diag);
    }
    check_clear(&slot->check);
    check_record(&slot->check, &input, &slot->diag);
}

/* The file is looked into once for each record that offers it: its exceptions are its own. */
static int check_link(const struct site *site, struct records_slot *slot,
                      const struct record_link *link)
{
    const struct source_file *file = source_find(&site->files, link->target);
    if (file == NULL || address_is_markdown(link->target)) {
        return 0;
    }
    if (!attachment_is_listed(link->target, !site->config.is_given)) {
        diag_add(&slot->diag, DIAG_ATTACHMENT_UNLISTED, link->place, DIAG_WITH(link->target));
        return 0;
    }
    struct buf bytes = BUF_EMPTY;
    int rc = source_read(site->source, &bytes, file, &slot->fault);
    if (rc == 0) {
        const struct attachment_input input = {.record = &slot->record,
                                               .arena = &slot->arena,
                                               .path = link->target,
                                               .bytes = buf_str(&bytes),
                                               .place = link->place};
        check_attachment(&slot->check, &input, &slot->diag);
    }
    buf_free(&bytes);
    return rc;
}

static int check_links(const struct site *site, struct records_slot *slot)
{
    struct set seen = {0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < slot->record.link_count; i++) {
        const struct record_link *link = &slot->record.links[i];
        if (link->is_attachment && !link->is_board && set_add(&seen, link->target)) {
            rc = check_link(site, slot, link);
        }
    }
    check_tell_excepted(&slot->check, &slot->record, &slot->arena, &slot->diag);
    set_free(&seen);
    return rc;
}

static int work(void *context, int thread, size_t index, size_t slot)
{
    struct records_pass *pass = context;
    (void)thread;
    if (records_parse(pass->asked->site, pass->hidden, pass->asked->indices[index],
                      &pass->slots[slot]) != 0) {
        return -1;
    }
    check(pass->asked->site, &pass->slots[slot]);
    return check_links(pass->asked->site, &pass->slots[slot]);
}

static void aside(void *context)
{
    struct records_pass *pass = context;
    if (pass->asked->store != NULL) {
        store_help(pass->asked->store);
    }
}

/* The day of a record that names none: of the commit that first had it. */
static void format_date(char out[DATE_TEXT_SIZE], const struct site *site,
                        const struct record *record, int64_t created)
{
    struct date date =
        record->date.year > 0 ? record->date : date_from_moment(created, site->config.utc_offset);
    date_format(out, date);
}

void records_hide_links(struct records_pass *pass, struct record *record)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->link_count; i++) {
        if (set_has(pass->hidden, record->links[i].target)) {
            memory_put_hidden_link(pass->asked->memory, record->links[i].target, record->path);
        } else {
            record->links[kept++] = record->links[i];
        }
    }
    record->link_count = kept;
}

/* Since when there is the file; of a tree that no git made, since its commit. Who changes a table
 * beside the record changes the record. */
static struct history_state history_of(const struct records_job *asked, struct records_slot *slot)
{
    int64_t now = source_commit_time(asked->site->source);
    struct history_state history = {.created = now, .updated = now}, table;
    if (asked->history == NULL ||
        !history_recall(asked->history, &slot->arena, slot->record.path, &history)) {
        return history;
    }
    for (size_t i = 0; i < slot->record.table_count; i++) {
        if (slot->record.tables[i].is_csv &&
            history_recall(asked->history, &slot->arena, slot->record.tables[i].source, &table) &&
            table.updated > history.updated) {
            history.updated = table.updated;
        }
    }
    return history;
}

/* A record that was public, or another way: what is told of it, and nothing that it says. */
static void put_withdrawal(struct records_pass *pass, struct records_slot *slot,
                           enum publication publication)
{
    const struct site *site = pass->asked->site;
    const struct record *record = &slot->record;
    struct buf url = BUF_EMPTY;
    address_url(&url, &site->addresses, record->path);
    struct store_withdrawal withdrawal = {.url = buf_str(&url)};
    publication_tell(&withdrawal, &slot->arena, record, publication,
                     history_of(pass->asked, slot).updated, &site->config);
    store_put_withdrawal(pass->asked->store, &withdrawal);
    buf_free(&url);
}

static size_t list_exceptions(struct store_exception out[CHECK_EXCEPTION_COUNT],
                              const struct check *check)
{
    size_t count = 0;
    for (int i = 0; i < CHECK_EXCEPTION_COUNT; i++) {
        if (check->excepted[i] > 0) {
            out[count++] = (struct store_exception){check_exception_rule((enum check_exception)i),
                                                    check->excepted[i]};
        }
    }
    return count;
}

static int put(struct records_pass *pass, size_t index, struct records_slot *slot)
{
    const struct records_job *asked = pass->asked;
    const struct site *site = asked->site;
    const struct source_file *file = &site->files.items[index];
    struct history_state history = history_of(asked, slot);
    char date[DATE_TEXT_SIZE], blob[41];
    struct buf url = BUF_EMPTY;
    struct store_facts facts = {.created = history.created, .updated = history.updated};
    format_date(date, site, &slot->record, facts.created);
    source_id_format(blob, &file->blob);
    address_url(&url, &site->addresses, file->path);
    facts.url = buf_str(&url);
    facts.date = str_of(date);
    facts.blob = str_of(blob);
    struct store_exception exceptions[CHECK_EXCEPTION_COUNT];
    facts.exceptions = exceptions;
    facts.exception_count = list_exceptions(exceptions, &slot->check);
    record_withhold(&slot->record, &slot->arena);
    records_hide_links(pass, &slot->record);
    if (asked->gate != NULL) {
        asked->gate->record = slot->record.path;
        if (gate_put_cleared(asked->gate, slot->record.path, &slot->check.cleared, &pass->fault) !=
            0) {
            buf_free(&url);
            return -1;
        }
    }
    int64_t id = store_put_record(asked->store, &slot->record, &facts);
    buf_free(&url);
    if (asked->gate != NULL) {
        asked->gate->record = STR("");
    }
    if (database_check(store_database(asked->store), &pass->fault) != 0) {
        return -1; /* the number is none */
    }
    return asked->spool == NULL ? 0 : spool_put(asked->spool, id, slot->record.html, &pass->fault);
}

void records_remember_links(struct records_pass *pass, const struct record *record, bool is_public)
{
    for (size_t i = 0; i < record->link_count; i++) {
        if (!is_public || record->is_board || record->links[i].is_board) {
            memory_put_hidden_link(pass->asked->memory, record->links[i].target, record->path);
        }
    }
}

/* Workers read the set of hidden paths: what is found is added once they are done. */
static void hide(struct records_pass *pass, const struct record *record)
{
    struct date until = record->is_draft ? (struct date){0} : record->publish_at;
    const struct record_field *number = record_field(record, STR("index"));
    memory_put_hidden(pass->asked->memory, record->path, until,
                      number != NULL ? number->text : STR(""));
}

/*
 * The tables of a record that is not public, and whatever hangs on the notice board, are not
 * published for another record that links to them either.
 */
static void withhold_files(struct records_pass *pass, const struct record *record,
                           enum publication publication)
{
    struct memory *memory = pass->asked->memory;
    for (size_t i = 0; i < record->table_count; i++) {
        const struct table *table = &record->tables[i];
        if (table->is_csv && (table->is_board || publication != PUBLICATION_PUBLIC)) {
            memory_put_withheld(memory, table->source, record->path);
        }
    }
    for (size_t i = 0; i < record->link_count; i++) {
        if (record->links[i].is_attachment && record->links[i].is_board &&
            source_find(&pass->asked->site->files, record->links[i].target) != NULL) {
            memory_put_withheld(memory, record->links[i].target, record->path);
        }
    }
}

/* Whatever becomes of the record itself, as long as it is not hidden. */
static void remember_order(struct records_pass *pass, struct records_slot *slot)
{
    const struct site *site = pass->asked->site;
    const struct record *record = &slot->record;
    const struct record_field *withdraws = record_field(record, STR("withdraws"));
    char date[DATE_TEXT_SIZE], created[DATE_TEXT_SIZE];
    if (withdraws == NULL || withdraws->text.n == 0) {
        return;
    }
    int64_t first = history_of(pass->asked, slot).created;
    format_date(date, site, record, first);
    date_format(created, date_from_moment(first, site->config.utc_offset));
    const struct memory_withdrawer order = {
        .path = record->path,
        .index_number = withdraws->text,
        .date = str_of(date),
        .announced = str_of(strcmp(date, created) > 0 ? date : created),
    };
    memory_put_withdraws(pass->asked->memory, &order);
}

static void note_linked(struct set *linked, const struct record *record)
{
    for (size_t i = 0; i < record->link_count; i++) {
        if (str_ends_nocase(record->links[i].target, STR(".csv"))) {
            set_add(linked, record->links[i].target);
        }
    }
}

/* A draft may come to have another number; what is embargoed comes by itself, with this one. */
static void hold_number(struct records_pass *pass, struct records_slot *slot)
{
    const struct record_field *number = record_field(&slot->record, STR("index"));
    struct database *db = store_database(pass->asked->store);
    if (number != NULL && number->text.n > 0) {
        rules_know_number(db, number->text);
    }
    if (!slot->record.is_draft && number != NULL && number->text.n > 0) {
        rules_hold_number(db, slot->record.path, number->text,
                          history_of(pass->asked, slot).created);
    }
}

/* What is embargoed comes by itself, and so does the number that it names. */
static void hold_named(struct records_pass *pass, const struct record *record)
{
    static const char *const keys[] = {"corrects", "withdraws"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct record_field *field = record_field(record, str_of(keys[i]));
        if (field != NULL && !record->is_draft) {
            rules_hold_named(store_database(pass->asked->store), record->path, keys[i],
                             field->text);
        }
    }
}

void records_know_hidden(const struct records_job *asked)
{
    if (asked->memory == NULL) {
        return;
    }
    struct query *query =
        database_query(memory_database(asked->memory),
                       "SELECT DISTINCT index_number FROM hidden WHERE index_number <> ''");
    while (query_next(query)) {
        rules_know_number(store_database(asked->store), query_str(query, 0));
    }
}

static int take(void *context, size_t index, size_t number)
{
    struct records_pass *pass = context;
    struct records_slot *slot = &pass->slots[number];
    if (pass->asked->linked != NULL) {
        note_linked(pass->asked->linked, &slot->record);
    }
    check_windows(&pass->first, &pass->arena, &slot->check, &slot->diag);
    diag_merge(pass->asked->diag, &slot->diag);
    if (pass->asked->store == NULL) {
        return 0;
    }
    enum publication publication = publication_of(&slot->record, pass->asked->site->as_of);
    if (pass->asked->memory == NULL && publication != PUBLICATION_PUBLIC) {
        hold_number(pass, slot); /* a check: of what is public alone, but for this */
        if (publication == PUBLICATION_HIDDEN) {
            hold_named(pass, &slot->record);
        }
        return 0;
    }
    if (pass->asked->memory == NULL) {
        return put(pass, pass->asked->indices[index], slot);
    }
    withhold_files(pass, &slot->record, publication);
    records_remember_links(pass, &slot->record, publication == PUBLICATION_PUBLIC);
    if (publication != PUBLICATION_HIDDEN) {
        remember_order(pass, slot);
    }
    switch (publication) {
    case PUBLICATION_PUBLIC:
        publication_remember_days(pass->asked->memory, &slot->record);
        return put(pass, pass->asked->indices[index], slot);
    case PUBLICATION_HIDDEN:
        hide(pass, &slot->record);
        return 0;
    default:
        put_withdrawal(pass, slot, publication);
        return 0;
    }
}

void records_pass_begin(struct records_pass *pass, const struct records_job *asked,
                        struct set *hidden)
{
    *pass = (struct records_pass){.asked = asked, .hidden = hidden, .first = asked->site->masks};
    pass->slots = calloc(PARALLEL_SLOTS, sizeof *pass->slots);
    if (pass->slots == NULL) {
        arena_out_of_memory();
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        pass->slots[i].bytes = BUF_EMPTY;
    }
}

void records_pass_end(struct records_pass *pass, int rc, struct fault *fault)
{
    if (rc != 0) {
        *fault = pass->fault;
    }
    for (size_t i = 0; i < PARALLEL_SLOTS; i++) {
        if (rc != 0 && fault->text[0] == '\0') {
            *fault = pass->slots[i].fault;
        }
        arena_free(&pass->slots[i].arena);
        buf_free(&pass->slots[i].bytes);
        diag_free(&pass->slots[i].diag);
        check_clear(&pass->slots[i].check);
    }
    arena_free(&pass->arena);
    free(pass->slots);
}

/* What was found not to be public, and who links to it: those are parsed again. */
static int hide_found(const struct records_job *asked, struct set *hidden, struct fault *fault)
{
    struct set found = {0}, linking = {0};
    struct query *query =
        database_query(memory_database(asked->memory),
                       "SELECT path FROM hidden UNION SELECT path FROM withheld ORDER BY path");
    while (query_next(query)) {
        if (set_add(hidden, query_str(query, 0))) {
            set_add(&found, query_str(query, 0));
        }
    }
    for (size_t i = 0; i < found.count; i++) {
        query = database_query(store_database(asked->store),
                               "SELECT DISTINCT path FROM links JOIN records ON records.id ="
                               " links.record WHERE target = ?1");
        query_bind_str(query, 1, found.items[i]);
        while (query_next(query)) {
            set_add(&linking, query_str(query, 0));
            set_add(asked->drawn_in, query_str(query, 0));
        }
    }
    int rc = database_check(memory_database(asked->memory), fault);
    if (rc == 0) {
        rc = records_relink(asked, &linking, hidden, fault);
    }
    set_free(&found);
    set_free(&linking);
    return rc;
}

int records_run(const struct records_job *asked, struct set *hidden, struct fault *fault)
{
    struct records_pass pass;
    records_pass_begin(&pass, asked, hidden);
    const struct parallel parallel = {.count = asked->count,
                                      .threads = asked->threads,
                                      .context = &pass,
                                      .work = work,
                                      .take = take,
                                      .aside = aside};
    int rc = parallel_run(&parallel);
    records_pass_end(&pass, rc, fault);
    if (rc != 0 || asked->memory == NULL) {
        return rc;
    }
    if (publication_withdraw_others(asked->store, asked->memory, asked->drawn_in, fault) != 0 ||
        hide_found(asked, hidden, fault) != 0) {
        return -1;
    }
    return spool_flush(asked->spool, fault);
}
