#include "commands/posting.h"

#include "base/parallel.h"
#include "commands/publication.h"
#include "commands/records.h"

#include <fcntl.h>
#include <stdio.h>

static struct place place_of(const struct record *record, const char *key)
{
    const struct record_field *field = record_field(record, str_of(key));
    return field != NULL ? field->place : (struct place){.path = record->path};
}

static void tell_withdrawn(const struct record *record, struct diag *diag)
{
    char date[DATE_TEXT_SIZE];
    const struct record_withdrawal *withdrawal = record->withdrawal;
    date_format(date, withdrawal->date);
    diag_add(diag, DIAG_NOTICE_WITHDRAWN, place_of(record, "withdrawn"),
             DIAG_WITH(str_of(date), withdrawal->reason, withdrawal->approved_by));
}

static void tell_day(const struct record *record, enum diag_code code, const char *key,
                     struct date day, struct diag *diag)
{
    char text[DATE_TEXT_SIZE];
    diag_add(diag, code, place_of(record, key), DIAG_WITH(str_of(date_format(text, day))));
}

/* Only a file that has the number in its bytes can name it; in UTF-16 it stands spaced by NULs. */
static bool may_name(struct str bytes, struct str index_number)
{
    return str_find(bytes, index_number) >= 0 || str_find_char(bytes, '\0') >= 0;
}

/* Does this record of the commit, unless it is hidden, withdraw that index number? */
static int read_order(bool *out, const struct site *site, struct str path, struct str index_number,
                      struct diag *diag, struct fault *fault)
{
    struct arena arena = {0};
    struct diag ignored = {0};
    struct record record;
    int rc = records_read(site, path, &arena, &record, &ignored, fault);
    if (rc == 0) {
        const struct record_field *withdraws = record_field(&record, STR("withdraws"));
        *out = withdraws != NULL && str_equal(withdraws->text, index_number) &&
               publication_of(&record, site->as_of) != PUBLICATION_HIDDEN;
    }
    if (rc == 0 && *out) {
        struct place place = place_of(&record, "withdraws");
        diag_add(diag, DIAG_NOTICE_WITHDRAWN_BY, place, DIAG_WITH(index_number));
    }
    diag_free(&ignored);
    arena_free(&arena);
    return rc;
}

/* The first record, in the order of paths, that withdraws this one. */
static int find_order(struct site *site, const struct record *record, struct diag *diag,
                      struct fault *fault)
{
    const struct record_field *field = record_field(record, STR("index"));
    struct buf bytes = BUF_EMPTY;
    bool is_withdrawn = false;
    int rc = 0;
    if (field == NULL || field->text.n == 0) {
        return 0;
    }
    if (source_unpack(site->source, &site->files, parallel_processors(), AT_FDCWD, P_tmpdir,
                      fault) != 0) {
        return -1;
    }
    for (size_t i = 0; rc == 0 && !is_withdrawn && i < site->record_count; i++) {
        const struct source_file *file = &site->files.items[site->records[i]];
        buf_clear(&bytes);
        rc = source_read(site->source, &bytes, file, fault);
        if (rc == 0 && !str_equal(file->path, record->path) &&
            may_name(buf_str(&bytes), field->text)) {
            rc = read_order(&is_withdrawn, site, file->path, field->text, diag, fault);
        }
    }
    buf_free(&bytes);
    return rc;
}

int posting_check(struct site *site, const struct record *record, struct diag *diag,
                  struct fault *fault)
{
    struct record published = *record;
    published.is_draft = false;
    published.publish_at = (struct date){0};
    enum publication publication = publication_of(&published, site->as_of);
    if (publication == PUBLICATION_WITHDRAWN) {
        tell_withdrawn(record, diag);
        return 0;
    }
    if (publication == PUBLICATION_EXPIRED) {
        tell_day(record, DIAG_NOTICE_EXPIRED, "depublish_at", record->depublish_at, diag);
        return 0;
    }
    if (record->is_draft) {
        diag_add(diag, DIAG_NOTICE_DRAFT, place_of(record, "draft"), DIAG_PLAIN);
    } else if (publication_of(record, site->as_of) == PUBLICATION_HIDDEN) {
        tell_day(record, DIAG_NOTICE_EARLY, "publish_at", record->publish_at, diag);
    }
    return find_order(site, record, diag, fault);
}
